//! A chain of certificates with the key of its first, from PEM files.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use kept_base::store::keys::weak_mode;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use zeroize::Zeroizing;

use crate::config::read_bounded;

/// Largest file with certificates or a key, in bytes.
pub const MAX_PEM_BYTES: u64 = 256 * 1024;

/// With less of its life left than this, in days, a certificate is about to end..
const SHORT_DAYS: i64 = 14;
/// ..or with less than one part of so many, where it lives for days rather than for months.
const SHORT_PART: i64 = 6;

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// Certificates and their key, which belong together.
#[derive(Debug)]
pub struct Pair {
    pub(super) certified: Arc<CertifiedKey>,
    /// From when until when the first certificate holds.
    pub validity: Validity,
}

/// From when until when a certificate holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// Not before.
    pub from: Timestamp,
    /// Not after.
    pub until: Timestamp,
}

/// Why a pair will not do. The text follows the name of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairError {
    /// The file with the certificates.
    #[error("the certificates {0}")]
    Certificate(String),
    /// The file with the key. Nothing of what is in it is repeated.
    #[error("the key {0}")]
    Key(String),
}

impl Pair {
    /// Reads and compares both files.
    ///
    /// # Errors
    /// [`PairError`]: what is wrong with which of them.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, PairError> {
        let chain = read_bounded(certificate, MAX_PEM_BYTES).map_err(PairError::Certificate)?;
        let secret = read_bounded(key, MAX_PEM_BYTES).map_err(PairError::Key)?;
        Self::from_pem(&chain, &Zeroizing::new(secret))
    }

    /// As [`Pair::load`], from texts.
    ///
    /// # Errors
    /// As [`Pair::load`].
    pub fn from_pem(chain: &str, key: &str) -> Result<Self, PairError> {
        let certificate = |what: &str| PairError::Certificate(what.to_owned());
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| certificate("are not PEM that can be read"))?;
        let first = chain
            .first()
            .ok_or_else(|| certificate("are not there: no BEGIN CERTIFICATE is in the file"))?;
        let validity = Validity::of(first)
            .ok_or_else(|| certificate("begin with one that cannot be understood"))?;
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| {
            PairError::Key(
                "is not there: no private key in PEM without a passphrase is in the file"
                    .to_owned(),
            )
        })?;
        let provider = rustls::crypto::ring::default_provider();
        let signing = provider.key_provider.load_private_key(key).map_err(|_| {
            PairError::Key("is of a kind that is not used: RSA, P-256, P-384 or Ed25519".to_owned())
        })?;
        let certified = CertifiedKey::new(chain, signing);
        match certified.keys_match() {
            Ok(()) => {}
            Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
                let what = "does not belong to the first certificate";
                return Err(PairError::Key(what.to_owned()));
            }
            Err(_) => return Err(certificate("begin with one that no server can show")),
        }
        Ok(Self {
            certified: Arc::new(certified),
            validity,
        })
    }

    /// Whether browsers take it for that host: a name or an address, without a port.
    #[must_use]
    pub fn is_for(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let Ok(name) = ServerName::try_from(host) else {
            return false;
        };
        let first = self.certified.cert.first();
        let parsed = first.and_then(|first| ParsedCertificate::try_from(first).ok());
        parsed.is_some_and(|parsed| rustls::client::verify_server_name(&parsed, &name).is_ok())
    }

    /// What an operator should know about both at `now`; they serve all the same.
    #[must_use]
    pub fn warnings(&self, key: &Path, host: Option<&str>, now: Timestamp) -> Vec<String> {
        let metadata = std::fs::metadata(key).ok();
        let weakness = metadata.as_ref().and_then(weak_mode);
        let weakness = weakness.map(|weakness| format!("the key {} {weakness}", key.display()));
        weakness.into_iter().chain(self.faults(host, now)).collect()
    }

    /// What keeps browsers from taking the certificate for `host` at `now`.
    #[must_use]
    pub fn faults(&self, host: Option<&str>, now: Timestamp) -> Vec<String> {
        let foreign = host.filter(|host| !self.is_for(host));
        let foreign = foreign.map(|host| format!("the certificate is not for {host}"));
        let Validity { from, until } = self.validity;
        let age = if until <= now {
            Some(format!("the certificate expired at {until}"))
        } else if from > now {
            Some(format!("the certificate does not hold before {from}"))
        } else {
            None
        };
        foreign.into_iter().chain(age).collect()
    }
}

impl Validity {
    fn of(certificate: &CertificateDer<'_>) -> Option<Self> {
        let parsed = Certificate::from_der(certificate).ok()?;
        let validity = parsed.tbs_certificate.validity;
        let instant = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
            Timestamp::from_second(seconds).ok()
        };
        Some(Self {
            from: instant(validity.not_before)?,
            until: instant(validity.not_after)?,
        })
    }

    /// Whole days that it holds on from `now`; negative once it has expired.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> i64 {
        (self.until.as_second() - now.as_second()).div_euclid(SECONDS_PER_DAY)
    }

    /// Whether somebody should see to another one: two weeks before the end, or in the last sixth
    /// of a life that is shorter than three months.
    #[must_use]
    pub fn is_about_to_end(&self, now: Timestamp) -> bool {
        let life = self.until.as_second() - self.from.as_second();
        let short = (SHORT_DAYS * SECONDS_PER_DAY).min(life / SHORT_PART);
        self.until.as_second() - now.as_second() < short
    }

    /// Whether a machine should get another one: in the last third of its life.
    #[must_use]
    pub fn is_to_be_renewed(&self, now: Timestamp) -> bool {
        let life = self.until.as_second() - self.from.as_second();
        self.until.as_second() - now.as_second() <= life / 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn the_end_comes_near_by_days_or_by_parts_of_a_short_life() {
        let quarter = Validity {
            from: at("2026-09-01T00:00:00Z"),
            until: at("2026-11-30T00:00:00Z"),
        };
        assert_eq!(quarter.days_left(at("2026-11-20T00:00:00Z")), 10);
        assert_eq!(quarter.days_left(at("2026-11-29T00:00:01Z")), 0);
        assert_eq!(quarter.days_left(at("2026-11-30T00:00:01Z")), -1);
        assert!(!quarter.is_about_to_end(at("2026-11-16T00:00:00Z")));
        assert!(quarter.is_about_to_end(at("2026-11-16T00:00:01Z")));
        assert!(!quarter.is_to_be_renewed(at("2026-10-30T23:59:59Z")));
        assert!(quarter.is_to_be_renewed(at("2026-10-31T00:00:00Z")));
        let six_days = Validity {
            from: at("2026-11-01T00:00:00Z"),
            until: at("2026-11-07T00:00:00Z"),
        };
        assert!(!six_days.is_about_to_end(at("2026-11-06T00:00:00Z")));
        assert!(six_days.is_about_to_end(at("2026-11-06T00:00:01Z")));
        assert!(six_days.is_to_be_renewed(at("2026-11-05T00:00:00Z")));
    }

    #[test]
    fn what_is_no_certificate_is_told_by_what_it_is() {
        let says = |chain: &str, key: &str| match Pair::from_pem(chain, key) {
            Ok(_) => "good".to_owned(),
            Err(error) => error.to_string(),
        };
        assert_eq!(
            says("", ""),
            "the certificates are not there: no BEGIN CERTIFICATE is in the file"
        );
        assert_eq!(
            says("-----BEGIN CERTIFICATE-----\nAAAA\n", ""),
            "the certificates are not PEM that can be read"
        );
        let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(
            says(nonsense, ""),
            "the certificates begin with one that cannot be understood"
        );
    }
}
