//! Certificates that are ordered by ACME (RFC 8555) and renewed before they end.
//!
//! A name is shown to be ours by HTTP-01: the certificate authority asks for a text on the plain
//! listener ([`Challenges`]). Account and certificate stand in a folder of their own beside the data,
//! for their owner only. Several processes with one name would order each for itself, and the
//! question may reach another process than the one that ordered: then a proxy does TLS.

mod keep;
mod outgoing;

use std::future::Future;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use instant_acme::{
    Account, AuthorizationStatus, ChallengeType, Identifier, NewAccount, NewOrder, Order,
    OrderStatus, RetryPolicy,
};
use kept_base::kit::Clock;

use super::{Certificates, Challenges, Pair, PairError};
use crate::config;
pub use keep::ACME_FOLDER;
use keep::Folder;
use outgoing::Outgoing;

/// How long one order may take, in seconds.
const ORDER_SECONDS: u64 = 300;
/// How long the certificate authority has to look at a name, or to make a certificate, in seconds.
const POLL_SECONDS: u64 = 120;
/// How often the certificate's end is looked at, in minutes.
const LOOK_MINUTES: u64 = 60;
/// How long after an order that failed the next is made, in minutes; twice as long after each
/// further one..
const FIRST_RETRY_MINUTES: u64 = 10;
/// ..up to this, in minutes.
const LAST_RETRY_MINUTES: u64 = 12 * 60;

/// Orders certificates, and shows them.
pub struct Acme {
    settings: config::Acme,
    folder: Folder,
    certificates: Arc<Certificates>,
    challenges: Arc<Challenges>,
    clock: Arc<dyn Clock>,
    kept: Option<Pair>,
}

/// Why there is no new certificate.
#[derive(Debug, thiserror::Error)]
pub enum AcmeError {
    /// The certificate authority refused, or was not understood.
    #[error("the certificate authority: {0}")]
    Authority(#[from] instant_acme::Error),
    /// A name could not be shown to be ours.
    #[error("{domain} was not shown to be ours: {why}")]
    NotOurs {
        /// The name.
        domain: String,
        /// What the certificate authority found.
        why: String,
    },
    /// It takes too long.
    #[error("the order was not done within {ORDER_SECONDS} seconds")]
    TooLong,
    /// What came is no pair.
    #[error(transparent)]
    Pair(#[from] PairError),
    /// A file beside the data cannot be used, or the one with the authority to trust.
    #[error("{0}")]
    File(String),
}

/// What was ordered before, if anything was.
#[must_use]
pub fn kept(data: &Path, settings: &config::Acme) -> Option<Pair> {
    Folder::of(data).pair(&settings.directory)
}

impl Acme {
    /// Shows what was ordered before, if anything was.
    ///
    /// # Errors
    /// [`AcmeError::File`] when the folder cannot be used.
    pub fn open(
        settings: config::Acme,
        data: &Path,
        certificates: Arc<Certificates>,
        challenges: Arc<Challenges>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AcmeError> {
        let folder = Folder::make(data)?;
        let kept = folder.pair(&settings.directory);
        if let Some(pair) = &kept {
            certificates.show(pair);
        }
        Ok(Self {
            settings,
            folder,
            certificates,
            challenges,
            clock,
            kept,
        })
    }

    /// Orders when it is time, until `stop` is ready.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let mut failures = 0;
        loop {
            // An order that is cut off here is made anew at the next start.
            let done = tokio::select! {
                () = &mut stop => return,
                done = self.renew_if_due() => done,
            };
            let minutes = match done {
                Ok(is_new) => {
                    failures = 0;
                    if is_new {
                        tracing::info!("A certificate was ordered and is shown");
                    }
                    LOOK_MINUTES
                }
                Err(error) => {
                    failures += 1;
                    let minutes = retry_minutes(failures);
                    tracing::error!(%error, "No certificate; tried again in {minutes} minutes");
                    minutes
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(Duration::from_secs(minutes * 60)) => {}
            }
        }
    }

    /// Orders a certificate when there is none, not for all names, or in the last third of its
    /// life. Whether there is a new one.
    ///
    /// # Errors
    /// [`AcmeError`]; what was shown is shown still.
    pub async fn renew_if_due(&mut self) -> Result<bool, AcmeError> {
        let now = self.clock.now();
        let is_good = self.kept.as_ref().is_some_and(|pair| {
            let domains = &self.settings.domains;
            !pair.validity.is_to_be_renewed(now) && domains.iter().all(|name| pair.is_for(name))
        });
        if is_good {
            return Ok(false);
        }
        let ordering = tokio::time::timeout(Duration::from_secs(ORDER_SECONDS), self.order());
        let ordered = ordering.await.unwrap_or(Err(AcmeError::TooLong));
        self.challenges.clear();
        let (chain, key) = ordered?;
        let pair = Pair::from_pem(&chain, &key)?;
        self.folder
            .keep_pair(&self.settings.directory, &chain, &key)?;
        self.certificates.show(&pair);
        self.kept = Some(pair);
        Ok(true)
    }

    /// The chain and the key, as PEM.
    async fn order(&self) -> Result<(String, String), AcmeError> {
        let account = self.account().await?;
        let names = self.settings.domains.iter().cloned();
        let names: Vec<Identifier> = names.map(Identifier::Dns).collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        self.answer(&mut order).await?;
        let patience = RetryPolicy::new().timeout(Duration::from_secs(POLL_SECONDS));
        match order.poll_ready(&patience).await {
            Ok(OrderStatus::Ready) => {}
            // The order itself says only that some name failed.
            Ok(_) | Err(instant_acme::Error::Api(_)) => return Err(refusal(&mut order).await?),
            Err(error) => return Err(error.into()),
        }
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&patience).await?;
        Ok((chain, key))
    }

    async fn account(&self) -> Result<Account, AcmeError> {
        let builder = || {
            let outgoing = Outgoing::new(self.settings.ca_file.as_deref())?;
            Ok::<_, AcmeError>(Account::builder_with_http(Box::new(outgoing)))
        };
        let directory = &self.settings.directory;
        if let Some(known) = self.folder.account(directory)? {
            return Ok(builder()?.from_credentials(known).await?);
        }
        let contact = self.settings.contact.as_ref();
        let contact = contact.map(|address| format!("mailto:{address}"));
        let contact: Vec<&str> = contact.iter().map(String::as_str).collect();
        let asked = NewAccount {
            contact: &contact,
            terms_of_service_agreed: true,
            only_return_existing: false,
        };
        let made = builder()?.create(&asked, directory.clone(), None).await?;
        let (account, credentials) = made;
        self.folder.keep_account(directory, &credentials)?;
        Ok(account)
    }

    /// Puts an answer where each name is asked, and says that it is there.
    async fn answer(&self, order: &mut Order) -> Result<(), AcmeError> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let domain = authorization.identifier().to_string();
            let Some(mut challenge) = authorization.challenge(ChallengeType::Http01) else {
                let why = "HTTP-01 is not offered".to_owned();
                return Err(AcmeError::NotOurs { domain, why });
            };
            let answer = challenge.key_authorization().as_str().to_owned();
            self.challenges.put(challenge.token.clone(), answer);
            challenge.set_ready().await?;
        }
        Ok(())
    }
}

/// Which name failed, and why.
async fn refusal(order: &mut Order) -> Result<AcmeError, AcmeError> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization?;
        let state = authorization.refresh().await?;
        let mut errors = state.challenges.iter().filter_map(|one| one.error.as_ref());
        if let Some(error) = errors.next() {
            return Ok(AcmeError::NotOurs {
                domain: state.identifier().to_string(),
                why: error.to_string(),
            });
        }
    }
    Ok(AcmeError::NotOurs {
        domain: "a name".to_owned(),
        why: "no reason was given".to_owned(),
    })
}

/// Pauses grow, because certificate authorities count failures by the hour.
fn retry_minutes(failures: u32) -> u64 {
    let doublings = failures.saturating_sub(1).min(16);
    (FIRST_RETRY_MINUTES << doublings).min(LAST_RETRY_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_half_a_day() {
        let pauses: Vec<u64> = (1..=8).map(retry_minutes).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 720]);
        assert_eq!(retry_minutes(u32::MAX), 720);
    }
}
