//! The operator's own certificate and key, read again when their files change.

use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Certificates, Pair, PairError};

/// How often the files are looked at, in seconds.
const LOOK_SECONDS: u64 = 10;

/// The two files, and what was last found in them.
#[derive(Debug)]
pub struct Files {
    certificate: PathBuf,
    key: PathBuf,
    certificates: Arc<Certificates>,
    taken: Option<Stamp>,
    refused: Option<PairError>,
}

/// When each file was last changed, and its length.
type Stamp = [(SystemTime, u64); 2];

/// What a look at the files found.
#[derive(Debug, PartialEq, Eq)]
pub enum Looked {
    /// They are as they were.
    Same,
    /// They have changed, and are shown from now on.
    Taken,
    /// They have changed and will not do; what was shown before is shown still.
    Refused(PairError),
}

impl Files {
    /// Reads both for the first time and shows them by `certificates`.
    ///
    /// # Errors
    /// [`PairError`] when they will not do.
    pub fn open(
        certificate: PathBuf,
        key: PathBuf,
        certificates: Arc<Certificates>,
    ) -> Result<(Self, Pair), PairError> {
        let mut files = Self {
            certificate,
            key,
            certificates,
            taken: None,
            refused: None,
        };
        // Before reading: a change meanwhile is then seen at the next look.
        files.taken = files.stamp().ok();
        let pair = Pair::load(&files.certificate, &files.key)?;
        files.certificates.show(&pair);
        Ok((files, pair))
    }

    /// Looks at them until `stop` is ready.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(Duration::from_secs(LOOK_SECONDS)) => {}
            }
            let looking = tokio::task::spawn_blocking(move || {
                self.look_and_say();
                self
            });
            match looking.await {
                Ok(files) => self = files,
                Err(_) => return tracing::error!("The files of the certificate are not looked at"),
            }
        }
    }

    /// Looks once. Two files are rarely changed at one moment, so what does not fit together now is
    /// looked at again the next time.
    pub fn look(&mut self) -> Looked {
        let stamp = self.stamp().ok();
        if stamp.is_some() && stamp == self.taken {
            self.refused = None;
            return Looked::Same;
        }
        match Pair::load(&self.certificate, &self.key) {
            Ok(pair) => {
                self.certificates.show(&pair);
                (self.taken, self.refused) = (stamp, None);
                Looked::Taken
            }
            Err(error) => Looked::Refused(error),
        }
    }

    /// Says what changed; the same fault is said once.
    fn look_and_say(&mut self) {
        match self.look() {
            Looked::Same => {}
            Looked::Taken => tracing::info!("The certificate was replaced"),
            Looked::Refused(error) => {
                if self.refused.as_ref() != Some(&error) {
                    tracing::error!(%error, "The new certificate will not do; the old one is kept");
                }
                self.refused = Some(error);
            }
        }
    }

    fn stamp(&self) -> io::Result<Stamp> {
        let one = |path: &PathBuf| {
            let metadata = std::fs::metadata(path)?;
            Ok::<_, io::Error>((metadata.modified()?, metadata.len()))
        };
        Ok([one(&self.certificate)?, one(&self.key)?])
    }
}
