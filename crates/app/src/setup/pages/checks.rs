//! What is live, asked of the slices themselves.

use kept_base::store::{Error, Tx};

use crate::app::App;
use crate::messaging;
use crate::scheduling::{self, SchedulingError, Wanted};

/// What there is.
pub(super) struct Live {
    pub services: usize,
    pub places: usize,
    pub staff: usize,
    /// Some service has a time that can be booked.
    pub can_book: bool,
    /// A mail server took a message of this organization.
    pub mail_sent: bool,
}

/// Looks.
pub(super) fn live(tx: &Tx<'_>, app: &App) -> Result<Live, Error> {
    let catalog = app.catalogs.get(tx)?;
    let mut can_book = false;
    for service in &catalog.services {
        let wanted = Wanted {
            service: service.id,
            staff: None,
            location: None,
        };
        can_book = match scheduling::first(tx, &app.catalogs, &wanted, tx.now()) {
            Ok(found) => found.is_some(),
            Err(SchedulingError::Store(error)) => return Err(error),
            Err(_) => false,
        };
        if can_book {
            break;
        }
    }
    Ok(Live {
        services: catalog.services.len(),
        places: catalog.locations.len(),
        staff: catalog.staff.len(),
        can_book,
        mail_sent: messaging::any_sent(tx)?,
    })
}
