//! How long the certificate still holds, and whether it is the right one.

use kept_base::kit::{Clock as _, SystemClock};

use super::Report;
use crate::config::{Config, Tls, host_of};
use crate::tls::{Pair, acme};

/// Looks at what is shown, or would be.
pub(super) fn look(config: &Config, report: &mut Report) {
    const WHAT: &str = "certificate";
    let Some(tls) = &config.server.tls else {
        return report.good(WHAT, "none is set: a proxy is to speak TLS");
    };
    let now = SystemClock.now();
    let host = config.server.base_url.as_deref().map(host_of);
    let (pair, warnings) = match tls {
        Tls::Files { certificate, key } => match Pair::load(certificate, key) {
            Ok(pair) => {
                let warnings = pair.warnings(key, host, now);
                (pair, warnings)
            }
            Err(error) => return report.bad(WHAT, error),
        },
        Tls::Acme(settings) => match acme::kept(&config.data.folder, settings) {
            Some(pair) => {
                let warnings = pair.faults(host, now);
                (pair, warnings)
            }
            None => {
                return report.bad(WHAT, "none was ordered yet; the log of kept serve says why");
            }
        },
    };
    let is_well = warnings.is_empty() && !pair.validity.is_about_to_end(now);
    for warning in warnings {
        report.bad(WHAT, warning);
    }
    let days = pair.validity.days_left(now);
    let left = format!("{days} days left, until {}", pair.validity.until);
    if is_well {
        report.good(WHAT, left);
    } else {
        report.bad(WHAT, left);
    }
}
