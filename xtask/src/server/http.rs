//! Just enough HTTP/1.1 to ask a server that is known, on a connection that is kept open.

use std::io::{Error, ErrorKind, Read as _, Result, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Largest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 4 * 1024 * 1024;
/// Bytes read at once, at first.
const READ_BYTES: usize = 16 * 1024;

/// A connection, opened when it is needed.
pub struct Connection {
    address: SocketAddr,
    patience: Duration,
    stream: Option<TcpStream>,
}

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The lines of its header but for the first.
    pub head: String,
    pub body: String,
}

impl Answer {
    /// A field of the header.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Connection {
    /// `patience` is how long to wait for a connection, and for each piece of an answer.
    pub fn new(address: SocketAddr, patience: Duration) -> Self {
        Self {
            address,
            patience,
            stream: None,
        }
    }

    /// Asks for a page.
    ///
    /// # Errors
    ///
    /// When there is no whole answer in time. The next question opens a fresh connection.
    pub fn get(&mut self, path: &str, fields: &str) -> Result<Answer> {
        self.ask("GET", path, fields, "")
    }

    /// Sends a body. `fields` are whole lines of the header, each with `\r\n` behind it.
    ///
    /// # Errors
    ///
    /// As [`Connection::get`]; whether the server did what was asked is unknown then.
    pub fn post(&mut self, path: &str, fields: &str, body: &str) -> Result<Answer> {
        self.ask("POST", path, fields, body)
    }

    fn ask(&mut self, verb: &str, path: &str, fields: &str, body: &str) -> Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.open()?,
        };
        let (host, length) = (self.address, body.len());
        let request = format!(
            "{verb} {path} HTTP/1.1\r\nhost: {host}\r\n{fields}content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        let answer = read(&mut stream)?;
        let closes = answer.field("connection") == Some("close");
        if !closes && answer.field("content-length").is_some() {
            self.stream = Some(stream);
        }
        Ok(answer)
    }

    fn open(&self) -> Result<TcpStream> {
        let stream = TcpStream::connect_timeout(&self.address, self.patience)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(self.patience))?;
        stream.set_write_timeout(Some(self.patience))?;
        Ok(stream)
    }
}

fn read(stream: &mut TcpStream) -> Result<Answer> {
    let mut read = Vec::with_capacity(READ_BYTES);
    let mut piece = [0; READ_BYTES];
    loop {
        if let Some(answer) = parse(&read, false)? {
            return Ok(answer);
        }
        match stream.read(&mut piece)? {
            0 => {
                let cut =
                    || Error::new(ErrorKind::UnexpectedEof, "the server closed the connection");
                return parse(&read, true)?.ok_or_else(cut);
            }
            more => read.extend_from_slice(&piece[..more]),
        }
        if read.len() > MAX_ANSWER_BYTES {
            return Err(Error::other("the answer is too long"));
        }
    }
}

/// An answer once it is whole: by its length or, without one, when the connection `ended`.
fn parse(read: &[u8], ended: bool) -> Result<Option<Answer>> {
    let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&read[..end]).map_err(Error::other)?;
    let (first, head) = head.split_once("\r\n").unwrap_or((head, ""));
    let status = first.get(9..12).and_then(|digits| digits.parse().ok());
    let status = status.ok_or_else(|| Error::other("an answer without a status"))?;
    let body = &read[end + 4..];
    let mut answer = Answer {
        status,
        head: head.to_owned(),
        body: String::new(),
    };
    let length = answer.field("content-length").map(str::parse);
    let length = length.transpose().map_err(Error::other)?;
    let whole = match length {
        Some(length) => body.get(..length),
        None => ended.then_some(body),
    };
    Ok(whole.map(|body| {
        answer.body = String::from_utf8_lossy(body).into_owned();
        answer
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_once_it_is_whole() {
        let whole = b"HTTP/1.1 201 Created\r\nDate: x\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(
            parse(&whole[..whole.len() - 1], true).expect("fine so far"),
            None
        );
        let answer = parse(whole, false).expect("fine").expect("whole");
        assert_eq!((answer.status, answer.body.as_str()), (201, "hello"));
        assert_eq!(answer.field("date"), Some("x"));
        assert!(parse(b"HTTP/1.1 \r\n\r\n", false).is_err());
    }

    #[test]
    fn without_a_length_the_end_of_the_connection_is_the_end() {
        let whole = b"HTTP/1.0 200 OK\r\nServer: x\r\n\r\n{}";
        assert_eq!(parse(whole, false).expect("fine so far"), None);
        assert_eq!(parse(whole, true).expect("fine").expect("whole").body, "{}");
    }
}
