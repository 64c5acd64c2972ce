//! What a package brings is held to what this program would have let in: above all whatever reaches
//! a page, a letter or a browser as more than text.

use data_encoding::HEXLOWER;
use kept_base::kit::Email;
use kept_base::page::Locale;
use kept_base::page::zone::Zones;
use kept_base::store::{Tx, Value};
use sha2::{Digest as _, Sha256};

use super::ExportError;
use super::package::Row;
use crate::letters::{self, Reader, Template};
use crate::look::{self, Picture};
use crate::messaging::Kind;
use crate::organization::MAX_ORGANIZATION_NAME_CHARS;
use crate::{access, offering, organization, packages};

/// Longest id, in bytes.
const MAX_ID_BYTES: usize = 64;

/// Checks the values of a row; names the first column that is not as it must be.
pub(super) fn row(table: &str, row: &Row, zones: &Zones) -> Result<(), String> {
    for (column, value) in &row.0 {
        let Value::Text(text) = value else { continue };
        let is_fine = !text.contains('\0')
            && match (table, column.as_str()) {
                (_, "zone") => zones.parse_zone(text).is_some(),
                ("organization" | "look_word" | "look_text" | "look_link", "locale") => {
                    Locale::from_tag(text).is_some()
                }
                ("organization", "name" | "sender_name") => is_line(text),
                ("organization", "sender_address" | "reply_to") | ("staff" | "member", "email") => {
                    Email::parse(text).is_ok()
                }
                ("look_link", "url") => look::is_web_address(text),
                ("look", "origins") => look::are_origins(text),
                ("look", "color") => text.parse::<kept_base::page::color::Rgb>().is_ok(),
                ("service", "video_link") => offering::is_video_link(text),
                ("service", "slug") => is_name(text),
                (_, column) if column == "id" || column.ends_with("_id") => is_name(text),
                _ => true,
            };
        if !is_fine {
            return Err(column.escape_default().take(MAX_ID_BYTES).collect());
        }
    }
    if table == "letter_template" && !is_template(row) {
        return Err("body".to_owned());
    }
    Ok(())
}

/// Reads what every page and letter needs, as they will.
pub(super) fn whole(tx: &Tx<'_>) -> Result<(), ExportError> {
    let own = organization::load(tx)?;
    if own.id != tx.organization() {
        return Err(ExportError::package(
            "its settings are another organization's",
        ));
    }
    look::load(tx)?;
    access::members(tx)?;
    packages::packages(tx)?;
    Ok(())
}

/// The hash and the kind that name a picture.
pub(super) fn picture_name(row: &Row) -> Result<(String, String), ExportError> {
    let text = |name: &str| {
        let found = row.0.iter().find(|(column, _)| column == name);
        match found {
            Some((_, Value::Text(text))) if is_name(text) => Ok(text.to_string()),
            _ => Err(ExportError::package(format!("a picture's {name}"))),
        }
    };
    Ok((text("hash")?, text("kind")?))
}

/// Checks that a file is the picture of that name, and nothing but a picture.
pub(super) fn picture(file: &[u8], hash: &str, kind: &str) -> Result<(), ExportError> {
    let read = Picture::read(file);
    let is_itself = read.is_ok_and(|read| {
        read.bytes == file
            && read.kind.code() == kind
            && HEXLOWER.encode(&Sha256::digest(file)) == hash
    });
    if is_itself {
        Ok(())
    } else {
        Err(ExportError::package(
            "a picture is not the one it is named after",
        ))
    }
}

fn is_line(text: &str) -> bool {
    let chars = text.chars().count();
    (1..=MAX_ORGANIZATION_NAME_CHARS).contains(&chars) && !text.contains(char::is_control)
}

/// Whether a text can stand in an address and in the name of a file.
fn is_name(text: &str) -> bool {
    let plain = |c: u8| c.is_ascii_alphanumeric() || c == b'_' || c == b'-';
    (1..=MAX_ID_BYTES).contains(&text.len()) && text.bytes().all(plain)
}

fn is_template(row: &Row) -> bool {
    let text = |name: &str| {
        let found = row.0.iter().find(|(column, _)| column == name);
        match found {
            Some((_, Value::Text(text))) => text.as_ref(),
            _ => "",
        }
    };
    let reader = (Reader::ALL.into_iter()).find(|reader| reader.code() == text("audience"));
    let (Some(kind), Some(reader)) = (Kind::from_code(text("kind")), reader) else {
        return false;
    };
    let template = Template {
        subject: text("subject").to_owned(),
        body: text("body").to_owned(),
    };
    Locale::from_tag(text("locale")).is_some() && letters::check(kind, reader, &template).is_ok()
}
