//! A browser for a provider elsewhere: keeps cookies, follows redirects of that provider, sends forms.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION)?.to_str().ok()
    }

    /// The value of `attribute` in the first tag that has `mark` in it.
    pub fn attribute(&self, mark: &str, attribute: &str) -> Option<String> {
        let tag = self.body.split('<').find(|tag| tag.contains(mark))?;
        let value = tag.split_once(&format!("{attribute}=\""))?.1;
        Some(value.split('"').next()?.replace("&amp;", "&"))
    }
}

/// It.
pub struct Agent {
    authority: String,
    jar: BTreeMap<String, String>,
}

impl Agent {
    pub fn new(issuer: &str) -> Self {
        let authority = issuer.strip_prefix("http://").expect("plain HTTP");
        Self {
            authority: authority.to_owned(),
            jar: BTreeMap::new(),
        }
    }

    /// Asks, and follows where that leads within the provider. The address that leads out of it is the error.
    pub async fn ask(&mut self, url: &str, form: Option<&str>) -> Result<Answer, String> {
        let (mut url, mut form) = (url.to_owned(), form);
        for _ in 0..10 {
            let home = format!("http://{}", self.authority);
            let path = match url.strip_prefix(&home) {
                Some(path) => path.to_owned(),
                None if url.starts_with('/') => url.clone(),
                None => return Err(url),
            };
            let answer = self.once(&path, form.take()).await;
            match answer.location().filter(|_| answer.status.is_redirection()) {
                Some(next) => url = next.to_owned(),
                None => return Ok(answer),
            }
        }
        panic!("it leads round and round: {url}");
    }

    async fn once(&mut self, path: &str, form: Option<&str>) -> Answer {
        let stream = TcpStream::connect(&self.authority).await.expect("is there");
        let handshake = http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.expect("HTTP");
        tokio::spawn(connection);
        let pairs = self
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let request = Request::builder()
            .method(if form.is_some() { "POST" } else { "GET" })
            .uri(path)
            .header(header::HOST, &self.authority)
            .header(header::COOKIE, pairs.collect::<Vec<_>>().join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.unwrap_or_default().to_owned()))
            .expect("a request");
        let answer = sender.send_request(request).await.expect("an answer");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').expect("a pair");
            if value.is_empty() {
                self.jar.remove(name);
            } else {
                self.jar.insert(name.to_owned(), value.to_owned());
            }
        }
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}
