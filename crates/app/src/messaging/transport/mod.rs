//! How letters leave: by SMTP, into memory for the demo, or not at all.

mod capture;
mod settings;
mod smtp;

use std::future::Future;

pub use capture::{Capture, Captured, MAX_CAPTURED_LETTERS, MAX_CAPTURED_ORGANIZATIONS};
pub use settings::{Credentials, MAX_TIMEOUT_SECONDS, SettingsError, Smtp, Tls};
pub use smtp::{ANSWER_PATIENCE, IDLE_SECONDS, MAX_CONNECTIONS, SERVER_PAUSE_SECONDS, SmtpServer};

use super::letter::Letter;
use super::rules::{Code, Outcome};

/// Messages taken at once where nothing is waited for.
const MAX_QUICK_BATCH: usize = 32;

/// Where letters go.
pub enum Transport {
    /// Nowhere: the gate drops every message.
    Off,
    /// Into memory, for the demo.
    Capture(Capture),
    /// To a mail server.
    Smtp(SmtpServer),
}

/// The letter was not handed over after all: the caller's own check said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Withheld;

impl Transport {
    /// Whether letters leave at all.
    #[must_use]
    pub fn is_on(&self) -> bool {
        !matches!(self, Self::Off)
    }

    /// How many messages to take at once: no more than can be worked on without delay.
    #[must_use]
    pub fn batch(&self) -> usize {
        match self {
            Self::Off | Self::Capture(_) => MAX_QUICK_BATCH,
            Self::Smtp(_) => MAX_CONNECTIONS,
        }
    }

    /// Hands one letter over and tells how it ended. `hand_over` runs when everything is ready but
    /// the letter itself: it records the intent durably, and answers `false` to stop.
    ///
    /// # Errors
    /// [`Withheld`] when `hand_over` answered `false`; nothing was sent then.
    pub async fn deliver<F>(
        &self,
        letter: &Letter,
        hand_over: impl FnOnce() -> F + Send,
    ) -> Result<Outcome, Withheld>
    where
        F: Future<Output = bool> + Send,
    {
        let mail = match letter.mail() {
            Ok(mail) => mail,
            Err(unsendable) => return Ok(Outcome::Dead(Code::word(unsendable.0))),
        };
        match self {
            Self::Off => Ok(Outcome::Dropped(super::rules::DropReason::MailOff)),
            Self::Smtp(server) => server.deliver(&mail, hand_over).await,
            Self::Capture(capture) => {
                if !hand_over().await {
                    return Err(Withheld);
                }
                capture.keep(letter);
                Ok(Outcome::Sent)
            }
        }
    }

    /// Says goodbye to servers that are still connected.
    pub async fn close(&self) {
        if let Self::Smtp(server) = self {
            server.close().await;
        }
    }
}
