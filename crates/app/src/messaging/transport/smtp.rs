//! SMTP submission (RFC 5321, RFC 6409), one step at a time, because what a silence means depends
//! on the step: before `DATA` a letter was certainly not taken, after it nobody knows.

use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{self, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::{Instant, timeout};

use super::Withheld;
use super::settings::{Credentials, SettingsError, Smtp, Tls};
use crate::messaging::letter::Mail;
use crate::messaging::rules::{Code, Outcome};

/// Connections to the mail server at once.
pub const MAX_CONNECTIONS: usize = 4;
/// After a failed connection, how long the server is left alone, in seconds: what is to be sent
/// meanwhile fails at once instead of waiting for it one after another.
pub const SERVER_PAUSE_SECONDS: u64 = 5;
/// How long an unused connection is kept, in seconds. Servers hang up after five minutes (RFC
/// 5321, 4.5.3.2.7).
pub const IDLE_SECONDS: u64 = 60;
/// The answer to a whole letter is waited for this many times longer than others: servers look
/// into it first (RFC 5321, 4.5.3.2.6), and giving up leaves a letter whose fate is unknown.
pub const ANSWER_PATIENCE: u32 = 5;

/// A mail server with connections to it that are kept for a while.
pub struct SmtpServer {
    settings: Smtp,
    tls: Option<TlsParameters>,
    hello: ClientId,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
    failed: Mutex<Option<(Instant, Code)>>,
}

impl SmtpServer {
    /// Prepares, without connecting.
    ///
    /// # Errors
    /// Every [`SettingsError`] at once.
    pub fn new(settings: Smtp) -> Result<Self, Vec<SettingsError>> {
        let tls = settings.prepare()?;
        Ok(Self {
            settings,
            tls,
            hello: ClientId::default(),
            idle: Mutex::default(),
            failed: Mutex::default(),
        })
    }

    /// Connects, signs in and says goodbye: for `kept doctor`.
    ///
    /// # Errors
    /// The code of what failed.
    pub async fn probe(&self) -> Result<(), Code> {
        let mut connection = self.connect().await?;
        // It has answered everything that matters.
        let _ = timeout(self.settings.timeout, connection.quit()).await;
        Ok(())
    }

    pub(super) async fn deliver<F>(
        &self,
        mail: &Mail,
        hand_over: impl FnOnce() -> F + Send,
    ) -> Result<Outcome, Withheld>
    where
        F: Future<Output = bool> + Send,
    {
        let mut connection = match self.connection().await {
            Ok(connection) => connection,
            Err(code) => return Ok(Outcome::Retry(code)),
        };
        if let Err(outcome) = self.announce(&mut connection, mail).await {
            return Ok(outcome);
        }
        if !hand_over().await {
            return Err(Withheld);
        }
        if let Err(outcome) = self.ask(connection.command(Data)).await {
            return Ok(outcome);
        }
        let patience = self.settings.timeout * ANSWER_PATIENCE;
        let outcome = match timeout(patience, connection.message(&mail.bytes)).await {
            Ok(Ok(_)) => {
                self.keep(connection);
                Outcome::Sent
            }
            Ok(Err(error)) => after_the_letter(&error),
            Err(_) => Outcome::Unknown(TIMEOUT),
        };
        Ok(outcome)
    }

    /// `MAIL` and `RCPT`.
    async fn announce(
        &self,
        connection: &mut AsyncSmtpConnection,
        mail: &Mail,
    ) -> Result<(), Outcome> {
        let mut options = Vec::new();
        let beyond_ascii = |address: &lettre::Address| !AsRef::<str>::as_ref(address).is_ascii();
        if mail.envelope.from().is_some_and(beyond_ascii)
            || mail.envelope.to().iter().any(beyond_ascii)
        {
            if !connection
                .server_info()
                .supports_feature(Extension::SmtpUtfEight)
            {
                return Err(Outcome::Dead(Code::word("no_smtputf8")));
            }
            options.push(MailParameter::SmtpUtfEight);
        }
        let from = MailFrom::new(mail.envelope.from().cloned(), options);
        self.ask(connection.command(from)).await?;
        for recipient in mail.envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), Vec::new());
            self.ask(connection.command(recipient)).await?;
        }
        Ok(())
    }

    /// Waits for the answer to a command before the letter itself.
    async fn ask<T>(
        &self,
        command: impl Future<Output = Result<T, Error>> + Send,
    ) -> Result<(), Outcome> {
        match timeout(self.settings.timeout, command).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(before_the_letter(&error)),
            Err(_) => Err(Outcome::Retry(TIMEOUT)),
        }
    }

    /// A kept connection that still answers, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Code> {
        while let Some((mut connection, since)) = self.pop() {
            let fresh = since.elapsed() < Duration::from_secs(IDLE_SECONDS);
            let answers = timeout(self.settings.timeout, connection.test_connected());
            if fresh && answers.await.unwrap_or(false) {
                return Ok(connection);
            }
        }
        if let Some(code) = self.failed_just_now() {
            return Err(code);
        }
        let connected = self.connect().await;
        if let Err(code) = &connected {
            tracing::error!(mail.code = code.as_str(), "The mail server cannot be used");
        }
        *lock(&self.failed) = match &connected {
            Ok(_) => None,
            Err(code) => Some((Instant::now(), code.clone())),
        };
        connected
    }

    fn failed_just_now(&self) -> Option<Code> {
        let pause = Duration::from_secs(SERVER_PAUSE_SECONDS);
        lock(&self.failed)
            .as_ref()
            .filter(|(at, _)| at.elapsed() < pause)
            .map(|(_, code)| code.clone())
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Code> {
        match timeout(self.settings.timeout, self.greet()).await {
            Ok(connected) => connected,
            Err(_) => Err(TIMEOUT),
        }
    }

    async fn greet(&self) -> Result<AsyncSmtpConnection, Code> {
        let Smtp {
            host,
            port,
            credentials,
            ..
        } = &self.settings;
        let implicit = self
            .tls
            .clone()
            .filter(|_| self.settings.tls == Tls::Implicit);
        let server = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, None, &self.hello, implicit, None)
                .await
                .map_err(|error| failed("connect", &error))?;
        if let Some(tls) = self
            .tls
            .clone()
            .filter(|_| self.settings.tls == Tls::StartTls)
        {
            connection
                .starttls(tls, &self.hello)
                .await
                .map_err(|error| failed("starttls", &error))?;
        }
        if let Some(Credentials { user, password }) = credentials {
            let account =
                authentication::Credentials::new(user.clone(), password.expose().to_owned());
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], &account)
                .await
                .map_err(|error| failed("sign_in", &error))?;
        }
        Ok(connection)
    }

    fn pop(&self) -> Option<(AsyncSmtpConnection, Instant)> {
        lock(&self.idle).pop()
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = lock(&self.idle);
        if idle.len() < MAX_CONNECTIONS {
            idle.push((connection, Instant::now()));
        }
    }

    pub(super) async fn close(&self) {
        while let Some((mut connection, _)) = self.pop() {
            // A server that does not answer a goodbye has gone already.
            let _ = timeout(self.settings.timeout, connection.quit()).await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

const TIMEOUT: Code = Code::word("timeout");

/// Connecting is no message's fault, so that whatever failed may be repaired and tried again.
fn failed(step: &'static str, error: &Error) -> Code {
    error
        .status()
        .map_or_else(|| Code::word(step), |code| Code::reply(code.into()))
}

fn before_the_letter(error: &Error) -> Outcome {
    match error.status() {
        Some(code) if error.is_permanent() => Outcome::Dead(Code::reply(code.into())),
        Some(code) => Outcome::Retry(Code::reply(code.into())),
        None => Outcome::Retry(Code::word("connection_lost")),
    }
}

fn after_the_letter(error: &Error) -> Outcome {
    match before_the_letter(error) {
        Outcome::Retry(_) if error.status().is_none() => {
            Outcome::Unknown(Code::word("connection_lost"))
        }
        told => told,
    }
}
