//! Changing an organization's own words so that it can be taken back.

use kept_base::page::Locale;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::template::{Reader, Template, TemplateError, remove_template, set_template, template};
use crate::ids::UndoId;
use crate::messaging::Kind;
use crate::policy::May;
use crate::policy::rights::ChangeSettings;
use crate::undo;

/// The kind of our record in what can be taken back.
const UNDO_TEMPLATE: &str = "letters.template";
const UNDO_WHAT: &str = "template";

/// A template from before a change.
#[derive(Serialize, Deserialize)]
struct Before {
    kind: String,
    reader: String,
    locale: Locale,
    template: Option<Template>,
}

/// Sets a template, or goes back to our words with `None`; answers how to take it back.
///
/// # Errors
/// As [`set_template`].
pub fn change_template(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    (kind, reader, locale): (Kind, Reader, Locale),
    wanted: Option<&Template>,
) -> Result<UndoId, TemplateError> {
    let before = Before {
        kind: kind.code().to_owned(),
        reader: reader.code().to_owned(),
        locale,
        template: template(tx, kind, reader, locale)?,
    };
    match wanted {
        Some(wanted) => set_template(tx, kind, reader, locale, wanted)?,
        None => {
            remove_template(tx, kind, reader, locale)?;
        }
    }
    Ok(undo::offer(tx, UNDO_TEMPLATE, &before)?)
}

/// Takes back a change of a template.
///
/// # Errors
/// [`Error::Decode`] when the record is none of ours; as [`set_template`].
pub fn undo(tx: &Tx<'_>, what: &str, payload: &serde_json::Value) -> Result<(), TemplateError> {
    let broken = || Error::Decode("change of a template");
    let before = serde_json::from_value(payload.clone()).ok();
    let before: Before = before.filter(|_| what == UNDO_WHAT).ok_or_else(broken)?;
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.code() == before.kind);
    let reader = Reader::ALL
        .into_iter()
        .find(|reader| reader.code() == before.reader);
    let (kind, reader) = kind.zip(reader).ok_or_else(broken)?;
    match before.template {
        Some(template) => set_template(tx, kind, reader, before.locale, &template),
        None => {
            remove_template(tx, kind, reader, before.locale)?;
            Ok(())
        }
    }
}
