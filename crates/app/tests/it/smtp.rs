//! A real SMTP server to deliver to: its own process, its own reading of what arrives.
//!
//! `smtp/server.py` runs on Debian's aiosmtpd and parses each message with Python's own mail
//! package, so that what we write is read by somebody else's code. Tests wait for its ready line
//! and for its messages, never for a length of time.

mod tests;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Turns a server that never starts, or a message that never comes, into a failure.
const WITHIN: Duration = Duration::from_secs(60);

/// The account that a server with [`Manner::Submission`] knows.
pub const USER: &str = "kept@example.com";
pub const PASSWORD: &str = "correct horse battery staple";

/// How a server treats its clients.
#[derive(Clone, Copy)]
pub enum Manner {
    /// Takes everything, without TLS or a password.
    Open,
    /// As a provider does: STARTTLS with a certificate that [`Server::authority`] vouches for,
    /// then [`USER`] and [`PASSWORD`].
    Submission,
    /// The same with TLS from the first byte.
    Submissions,
    /// Refuses this many messages with 451, then takes what comes.
    Refusing { first: u32 },
    /// Knows no recipient: 550.
    Rejecting,
    /// Takes a message and never answers, so that nobody knows whether it was delivered.
    Hanging,
}

/// A server that listens on a port of 127.0.0.1; it ends when this is dropped, or when the tests
/// end in any other way.
pub struct Server {
    child: Child,
    lines: Receiver<Line>,
    port: u16,
    certificate: Option<Certificate>,
}

/// One message as the server saw it.
#[derive(Debug, Deserialize)]
pub struct Message {
    /// Whether the server said that it took responsibility for it.
    pub accepted: bool,
    /// The envelope, which need not agree with the headers.
    pub sender: String,
    pub recipients: Vec<String>,
    pub tls: bool,
    /// Who signed in, if somebody had to.
    pub user: Option<String>,
    /// The bytes of the message, as base64.
    raw: String,
    /// Decoded, in order.
    pub headers: Vec<(String, String)>,
    /// The leaves of its tree, decoded, in order.
    pub parts: Vec<Part>,
}

/// One part that is not itself a multipart.
#[derive(Debug, Deserialize)]
pub struct Part {
    pub content_type: String,
    /// Of the content type, such as `method` and `charset`.
    pub parameters: BTreeMap<String, String>,
    pub filename: Option<String>,
    pub text: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Port { port: u16 },
    Message(Box<Message>),
}

impl Message {
    /// The first header of that name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The only part of this type, such as `text/calendar`.
    pub fn part(&self, content_type: &str) -> &Part {
        let mut found = self
            .parts
            .iter()
            .filter(|part| part.content_type == content_type);
        match (found.next(), found.next()) {
            (Some(part), None) => part,
            _ => panic!("not exactly one {content_type} among {:?}", self.parts),
        }
    }

    /// The message as it came over the wire.
    pub fn raw(&self) -> Vec<u8> {
        data_encoding::BASE64
            .decode(self.raw.as_bytes())
            .expect("the server writes base64")
    }
}

impl Server {
    /// Starts a server and waits until it listens.
    ///
    /// # Panics
    ///
    /// When there is no Python with aiosmtpd, naming the command that installs it.
    pub fn start(manner: Manner) -> Self {
        let with_tls = matches!(manner, Manner::Submission | Manner::Submissions);
        let certificate = with_tls.then(Certificate::make);
        let options = options(manner, certificate.as_ref());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/smtp/server.py");
        let mut child = Command::new(python())
            .arg(script)
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python was started a moment ago");
        let lines = lines_of(child.stdout.take().expect("standard output is piped"));
        let Ok(Line::Port { port }) = lines.recv_timeout(WITHIN) else {
            panic!("the SMTP server did not say its port");
        };
        Self {
            child,
            lines,
            port,
            certificate,
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The file, in PEM, of the authority that signed the server's certificate. It is made for
    /// this one server and vouches for `localhost` and 127.0.0.1.
    pub fn authority(&self) -> &Path {
        &self
            .certificate
            .as_ref()
            .expect("only a submission server has a certificate")
            .authority
    }

    /// Waits for the next message, accepted or not, in the order in which they arrived.
    pub fn next_message(&self) -> Message {
        match self.lines.recv_timeout(WITHIN) {
            Ok(Line::Message(message)) => *message,
            Ok(Line::Port { .. }) => panic!("the SMTP server said its port twice"),
            Err(error) => panic!("no message: {error}"),
        }
    }

    /// The messages that have arrived and were not asked for yet.
    pub fn rest(&self) -> Vec<Message> {
        let message = |line| match line {
            Line::Message(message) => Some(*message),
            Line::Port { .. } => None,
        };
        self.lines.try_iter().filter_map(message).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail when it has ended by itself, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What `smtp/server.py` is told; the meaning of each key stands there.
fn options(manner: Manner, certificate: Option<&Certificate>) -> Value {
    match manner {
        Manner::Open => json!({}),
        Manner::Submission | Manner::Submissions => {
            let certificate = certificate.expect("made for this manner");
            json!({ "certificate": certificate.chain, "key": certificate.key,
                    "implicit": matches!(manner, Manner::Submissions),
                    "user": USER, "password": PASSWORD })
        }
        Manner::Refusing { first } => json!({ "refuse": first }),
        Manner::Rejecting => json!({ "reject": true }),
        Manner::Hanging => json!({ "hang": true }),
    }
}

/// An interpreter that has aiosmtpd; Debian's own has Debian's packages, whatever is on PATH.
fn python() -> &'static str {
    let has_aiosmtpd = |python: &&&str| {
        let mut import = Command::new(python);
        import.args(["-c", "import aiosmtpd"]).stderr(Stdio::null());
        import.status().is_ok_and(|status| status.success())
    };
    let known = ["/usr/bin/python3", "python3"];
    known.iter().find(has_aiosmtpd).expect(
        "the tests of mail need Python with aiosmtpd: run `cargo xtask test`, which installs it",
    )
}

fn lines_of(stdout: impl Read + Send + 'static) -> Receiver<Line> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let line = serde_json::from_str(&line).expect("the server writes what we read");
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// A certificate for one server of one test, and the authority that signed it, both made on the
/// spot: no key lies in the repository and none expires there.
struct Certificate {
    authority: PathBuf,
    chain: PathBuf,
    key: PathBuf,
    _folder: TempDir,
}

impl Certificate {
    fn make() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let script = "set -e
            new='openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2'
            $new -subj /CN=test-authority -keyout authority.key -out authority.pem \
                -addext basicConstraints=critical,CA:TRUE
            $new -subj /CN=localhost -keyout server.key -out server.pem \
                -CA authority.pem -CAkey authority.key \
                -addext basicConstraints=critical,CA:FALSE \
                -addext subjectAltName=DNS:localhost,IP:127.0.0.1";
        let made = Command::new("sh")
            .args(["-c", script])
            .current_dir(&folder)
            .output()
            .expect("there is a shell");
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(
            made.status.success(),
            "no test certificate (`cargo xtask test` installs openssl): {said}"
        );
        let path = |name| folder.path().join(name);
        Self {
            authority: path("authority.pem"),
            chain: path("server.pem"),
            key: path("server.key"),
            _folder: folder,
        }
    }
}
