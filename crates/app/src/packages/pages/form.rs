//! Reading what is asked for.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::Secret;
use kept_base::problem::Problem;

use super::list;
use crate::desk::{Answer, Desk, DeskTo};
use crate::export::{Lock, MAX_PASSPHRASE_CHARS, MIN_PASSPHRASE_CHARS};
use crate::packages::{
    self, LockKind, MAX_PACKAGE_REASON_CHARS, MAX_PACKAGES_A_DAY, PackageError, Wanted,
};
use crate::policy::rights::ExportOrganization;

/// What was typed, but for passphrases, which are typed again; and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub reason: String,
    pub recipient: String,
    pub reason_error: Option<String>,
    pub passphrase_error: Option<String>,
    pub recipient_error: Option<String>,
    pub trouble: Option<String>,
}

/// `POST /export`.
pub(super) async fn ask(desk: DeskTo<ExportOrganization>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof("/export").await? {
        return Ok(proof);
    }
    let mut typed = Typed {
        reason: form.get("reason").unwrap_or_default().trim().to_owned(),
        recipient: form.get("recipient").unwrap_or_default().trim().to_owned(),
        ..Typed::default()
    };
    let Some(wanted) = read(&desk, &form, &mut typed) else {
        return list::shown(&desk, StatusCode::UNPROCESSABLE_ENTITY, typed).await;
    };
    let member = desk.member.id;
    let asked = desk.write(move |tx, _, by| packages::ask(tx, by, member, &wanted));
    let words = desk.words();
    typed.trouble = match asked.await? {
        Ok(_) => return Ok(desk.done("/export", "export-asked", None)),
        Err(PackageError::AtWork) => Some(words.say("export-at-work")),
        Err(PackageError::TooMany) => {
            Some(words.with("export-too-many", args!["most" => MAX_PACKAGES_A_DAY]))
        }
        Err(error) => return Err(Problem::from(error)),
    };
    list::shown(&desk, StatusCode::CONFLICT, typed).await
}

fn read(desk: &Desk, form: &Fields, typed: &mut Typed) -> Option<Wanted> {
    let words = desk.words();
    let reason_fits = (1..=MAX_PACKAGE_REASON_CHARS).contains(&typed.reason.chars().count());
    if !reason_fits || typed.reason.contains(char::is_control) {
        let most = args!["most" => MAX_PACKAGE_REASON_CHARS];
        typed.reason_error = Some(words.with("export-reason-wrong", most));
    }
    let first = form.get("passphrase").unwrap_or_default();
    let again = form.get("again").unwrap_or_default();
    let lock = match (
        first.is_empty() && again.is_empty(),
        typed.recipient.as_str(),
    ) {
        (true, "") => {
            typed.passphrase_error = Some(words.say("export-lock-none"));
            None
        }
        (true, recipient) => {
            if Lock::recipient(recipient).is_err() {
                typed.recipient_error = Some(words.say("export-recipient-wrong"));
            }
            Some((LockKind::Recipient, recipient))
        }
        (false, "") => {
            typed.passphrase_error = if Lock::passphrase(first).is_err() {
                let bounds = args!["least" => MIN_PASSPHRASE_CHARS, "most" => MAX_PASSPHRASE_CHARS];
                Some(words.with("export-passphrase-wrong", bounds))
            } else if first != again {
                Some(words.say("export-passphrase-differs"))
            } else {
                None
            };
            Some((LockKind::Passphrase, first))
        }
        (false, _) => {
            typed.passphrase_error = Some(words.say("export-lock-both"));
            None
        }
    };
    let is_wrong = typed.reason_error.is_some()
        || typed.passphrase_error.is_some()
        || typed.recipient_error.is_some();
    let (lock, secret) = lock.filter(|_| !is_wrong)?;
    Some(Wanted {
        lock,
        secret: Secret::new(secret.to_owned()),
        reason: typed.reason.clone(),
    })
}
