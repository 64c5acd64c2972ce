//! A letter that is shown to the staff before it is sent, or instead.

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

use super::{Desk, matter, render};
use crate::ids::MessageId;
use crate::messaging::letter::Letter;
use crate::messaging::{About, Audience, Kind, Leased};
use crate::scheduling::Appointment;

/// The letter that the person would get about `found` as this transaction sees it; `None` when they
/// have no address. Its link is left out: there is none before it is sent.
///
/// # Errors
/// Those of the store.
pub fn preview(
    tx: &Tx<'_>,
    desk: &Desk,
    kind: Kind,
    found: &Appointment,
    previous_starts_at: Option<Timestamp>,
) -> Result<Option<Letter>, Error> {
    let message = Leased {
        id: MessageId::new(tx.now(), tx.entropy()),
        kind,
        audience: Audience::Person,
        about: About {
            appointment: found.id,
            person: found.person,
            revision: found.revision,
            previous_starts_at,
        },
        attempt: 1,
    };
    let matter = matter::gather(tx, desk, &message, found, None)?;
    Ok(matter.map(|matter| render(&desk.texts, &matter)))
}
