//! A client that sends exactly the bytes it is told to.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::net::TcpStream;

/// Long enough for any answer; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// The one value of that header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(found, _)| found == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} stands twice");
        value
    }

    /// The code of the problem document in the body.
    pub fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        self.json()["code"].as_str().expect("a code").to_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

impl Wire {
    pub async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address)
            .await
            .expect("the server listens");
        Self {
            stream,
            read: Vec::new(),
        }
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.write(bytes.as_ref()).await.expect("the server reads");
    }

    /// Sends what the other side may no longer take.
    pub async fn offer(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.write(bytes.as_ref()).await;
    }

    async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.stream.writable().await?;
            match self.stream.try_write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The next answer, `None` when the connection is closed before one begins. The answer to a
    /// HEAD has no body.
    pub async fn answer_to(&mut self, method: &str) -> Option<Answer> {
        tokio::time::timeout(PATIENCE, self.read_answer(method))
            .await
            .expect("an answer or the end of the connection")
    }

    pub async fn answer(&mut self) -> Answer {
        self.answer_to("GET").await.expect("an answer")
    }

    /// Whether an answer begins within `time`.
    pub async fn answers_within(&mut self, time: Duration) -> bool {
        tokio::time::timeout(time, self.read_more()).await.is_ok()
    }

    /// Waits for the end of the connection; gives what came before it.
    pub async fn closed(&mut self) -> Vec<u8> {
        let all = async { while self.read_more().await {} };
        tokio::time::timeout(PATIENCE, all)
            .await
            .expect("the end of the connection");
        std::mem::take(&mut self.read)
    }

    /// Reads some bytes; `false` at the end, however it came.
    async fn read_more(&mut self) -> bool {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            if self.stream.readable().await.is_err() {
                return false;
            }
            match self.stream.try_read(&mut bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Ok(0) | Err(_) => return false,
                Ok(count) => {
                    self.read.extend_from_slice(&bytes[..count]);
                    return true;
                }
            }
        }
    }

    async fn read_answer(&mut self, method: &str) -> Option<Answer> {
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            if !self.read_more().await {
                return None;
            }
        };
        let head = String::from_utf8(self.read[..end].to_vec()).expect("ASCII");
        self.read.drain(..end + 4);
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().expect("a status");
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").expect("a header field"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length: usize = length.map_or(0, |(_, value)| value.parse().expect("a length"));
        let length = if method == "HEAD" { 0 } else { length };
        while self.read.len() < length && self.read_more().await {}
        let body = self.read.drain(..length.min(self.read.len())).collect();
        Some(Answer {
            status,
            headers,
            body: String::from_utf8(body).expect("UTF-8"),
        })
    }
}

/// Asks once, on a connection of its own.
pub async fn ask(address: SocketAddr, request: impl AsRef<[u8]>) -> Answer {
    let mut wire = Wire::connect(address).await;
    wire.offer(request).await;
    wire.answer().await
}

/// A request without a body. `fields` are whole lines, each ended by CR LF.
pub fn request(method: &str, target: &str, fields: &str) -> String {
    format!("{method} {target} HTTP/1.1\r\nhost: book.example\r\n{fields}\r\n")
}

pub fn get(target: &str) -> String {
    request("GET", target, "")
}

/// A POST of a body of that type.
pub fn post(target: &str, media_type: &str, body: &str) -> String {
    let length = body.len();
    let fields = format!("content-type: {media_type}\r\ncontent-length: {length}\r\n");
    request("POST", target, &fields) + body
}
