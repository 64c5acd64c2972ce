//! The letter that the person would get, before anything is done: the verb runs, the letter is
//! written from what it made, and all of it is undone.

use std::sync::Arc;

use jiff::Timestamp;
use kept_base::store::{Error, Tx};

use super::refusal::Stopped;
use crate::app::App;
use crate::letters;
use crate::messaging::Kind;
use crate::scheduling::Appointment;

/// What they would read.
pub(super) struct Preview {
    pub subject: String,
    /// Empty when they cannot be written to.
    pub text: String,
}

/// Writes the letter about `appointment` as it stands in this transaction.
pub(super) fn preview(
    tx: &Tx<'_>,
    app: &App,
    kind: Kind,
    appointment: &Appointment,
    before: Option<Timestamp>,
) -> Stopped {
    match write(tx, app, kind, appointment, before) {
        Ok(preview) => Stopped::Letter(preview),
        Err(error) => error.into(),
    }
}

fn write(
    tx: &Tx<'_>,
    app: &App,
    kind: Kind,
    appointment: &Appointment,
    before: Option<Timestamp>,
) -> Result<Preview, Error> {
    let desk = letters::Desk {
        texts: letters::Texts::load().map_err(|_| Error::Decode("texts of letters"))?,
        zones: Arc::clone(&app.zones),
        catalogs: Arc::clone(&app.catalogs),
        base_url: app.base_url.clone(),
        mail_on: true,
    };
    let letter = letters::preview(tx, &desk, kind, appointment, before)?;
    Ok(match letter {
        Some(letter) => Preview {
            subject: letter.subject,
            text: letter.text,
        },
        None => Preview {
            subject: String::new(),
            text: String::new(),
        },
    })
}
