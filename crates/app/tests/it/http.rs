//! A small blocking HTTP/1.1 client: what a test asks of a server over a real connection.
//!
//! It keeps one connection alive, follows no redirect and hides nothing of the answer. A server
//! that dies in the middle is an error to look at, not a panic, because some tests kill it.

mod tests;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long a test waits for bytes before it calls the server hung.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// One client with at most one open connection.
pub struct Http {
    authority: String,
    always: Vec<(String, String)>,
    connection: Option<BufReader<TcpStream>>,
}

/// A request in the making: a method, a path with its query, headers and a body.
pub struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// What came back, whatever its status.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new("POST", path)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// A form as a browser sends it.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
            .collect();
        self.body(
            "application/x-www-form-urlencoded",
            pairs.join("&").into_bytes(),
        )
    }

    pub fn body(mut self, content_type: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", content_type)
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; a test that gets anything else wants to see what it was.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{} with no JSON: {error}\n{}", self.status, self.text())
        })
    }
}

impl Http {
    /// A client for `base_url`, such as `http://127.0.0.1:8080`; a path in it is ignored.
    pub fn new(base_url: &str) -> Self {
        let rest = base_url
            .strip_prefix("http://")
            .expect("tests talk plain HTTP on loopback");
        let authority = rest.split('/').next().unwrap_or_default().to_owned();
        Self {
            authority,
            always: Vec::new(),
            connection: None,
        }
    }

    /// Sends `token` with every request.
    pub fn bearer(self, token: &str) -> Self {
        self.always("authorization", &format!("Bearer {token}"))
    }

    /// Sends this header with every request.
    pub fn always(mut self, name: &str, value: &str) -> Self {
        self.always.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path))
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send(Request::post(path).json(body))
    }

    /// Sends a request to a server that is expected to answer.
    pub fn send(&mut self, request: Request) -> Answer {
        let line = format!("{} {}", request.method, request.path);
        self.try_send(request)
            .unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    /// Sends a request to a server that may be gone.
    ///
    /// # Errors
    ///
    /// When the connection cannot be made or ends before the whole answer is there. The server
    /// may have acted all the same. A GET on a connection that the server had closed in the
    /// meantime is tried once more.
    pub fn try_send(&mut self, request: Request) -> io::Result<Answer> {
        let reused = self.connection.is_some();
        let outcome = self.exchange(&request);
        match outcome {
            Err(_) if reused && request.method == "GET" => self.exchange(&request),
            outcome => outcome,
        }
    }

    fn exchange(&mut self, request: &Request) -> io::Result<Answer> {
        // Taken out, so that a failure leaves no half-used connection behind.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(&self.authority)?,
        };
        let head = self.head_of(request);
        let stream = connection.get_mut();
        stream.write_all(&[head.as_bytes(), &request.body].concat())?;
        let answer = read_answer(&mut connection, request.method == "HEAD")?;
        if !answer
            .header("connection")
            .is_some_and(|word| word.eq_ignore_ascii_case("close"))
        {
            self.connection = Some(connection);
        }
        Ok(answer)
    }

    fn head_of(&self, request: &Request) -> String {
        let Request {
            method,
            path,
            headers,
            body,
        } = request;
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.authority);
        for (name, value) in self.always.iter().chain(headers) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || *method == "POST" {
            head.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        head + "\r\n"
    }
}

fn connect(authority: &str) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(READ_TIMEOUT))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

fn read_answer(from: &mut impl BufRead, head_only: bool) -> io::Result<Answer> {
    let status_line = read_line(from)?;
    let status = status_line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| invalid(&status_line))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(from)?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid(&line))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut answer = Answer {
        status,
        headers,
        body: Vec::new(),
    };
    if !head_only && status >= 200 && status != 204 && status != 304 {
        answer.body = read_body(from, &answer)?;
    }
    Ok(answer)
}

fn read_body(from: &mut impl BufRead, answer: &Answer) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if answer
        .header("transfer-encoding")
        .is_some_and(|word| word.eq_ignore_ascii_case("chunked"))
    {
        loop {
            let line = read_line(from)?;
            let size = u64::from_str_radix(&line, 16).map_err(|_| invalid(&line))?;
            read_exactly(from, size, &mut body)?;
            read_line(from)?;
            if size == 0 {
                return Ok(body);
            }
        }
    }
    match answer.header("content-length").map(str::parse) {
        Some(Ok(length)) => read_exactly(from, length, &mut body)?,
        Some(Err(_)) => return Err(invalid("content-length")),
        None => drop(from.read_to_end(&mut body)?),
    }
    Ok(body)
}

fn read_exactly(from: &mut impl Read, length: u64, into: &mut Vec<u8>) -> io::Result<()> {
    let read = from.take(length).read_to_end(into)?;
    if read as u64 == length {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn read_line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    let whole = line
        .strip_suffix('\n')
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(whole.strip_suffix('\r').unwrap_or(whole).to_owned())
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("not an HTTP answer: {what:?}"),
    )
}

/// Percent-encodes everything but the characters that RFC 3986 leaves unreserved.
pub fn percent(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect()
}
