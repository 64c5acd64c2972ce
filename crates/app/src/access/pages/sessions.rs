//! One's own sessions, as the account's page lists them: which browser, since when; ending one or all
//! others. And staying signed in while something is written.

use axum::response::IntoResponse as _;
use kept_base::args;
use kept_base::input::Form;
use kept_base::page::{Caching, when};
use kept_base::problem::Problem;
use kept_base::store::Error;

use crate::access::{self, Device, SessionEntry};
use crate::desk::{Answer, Desk, DeskTo};
use crate::ids::SessionId;
use crate::page::Words;
use crate::policy::rights::UseAccount;

/// A session as the page shows it.
pub(super) struct Line {
    pub device: String,
    /// Since when, and when it was used last.
    pub about: String,
    pub is_this: bool,
    pub end_url: String,
}

/// One line of the list.
pub(super) fn line(desk: &Desk, entry: &SessionEntry, this: SessionId) -> Line {
    let words = desk.words();
    let at = |instant| when::date_time(desk.locale(), instant, &desk.catalog.zone);
    let (began, seen) = (at(entry.began_at), at(entry.seen_at));
    Line {
        device: device(&words, entry.device),
        about: words.with("session-times", args!["began" => &began, "seen" => &seen]),
        is_this: entry.id == this,
        end_url: desk.url(&format!("/account/sessions/{}/end", entry.id)),
    }
}

fn device(words: &Words<'_>, device: Device) -> String {
    match device.names() {
        (Some(browser), Some(platform)) => words.with(
            "session-device",
            args!["browser" => browser, "platform" => platform],
        ),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => words.say("session-device-unknown"),
    }
}

/// `POST /o/{org}/account/sessions/{id}/end`.
pub(super) async fn end(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    let id = desk.segment("id").parse::<SessionId>();
    let id = id.map_err(|_| Problem::not_found())?;
    let member = desk.member.id;
    let ended = desk.write(move |tx, _, by| {
        tx.keep_revision();
        access::end_own_session(tx, by, member, id)
    });
    if !ended.await?? {
        return Err(Problem::not_found());
    }
    Ok(desk.done("/account", "session-ended", None))
}

/// `POST /o/{org}/account/sessions/end`: all but this one.
pub(super) async fn end_others(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    let (member, session) = (desk.member.id, desk.session);
    let ended = desk.write(move |tx, _, _| {
        tx.keep_revision();
        access::end_sessions(tx, member, Some(session))
    });
    ended.await??;
    Ok(desk.done("/account", "others-ended", None))
}

/// `POST /o/{org}/account/stay`: the session was used just now. The answer is how many seconds it has
/// left, in digits alone, for the script that says so in time.
pub(super) async fn stay(desk: DeskTo<UseAccount>) -> Answer {
    let session = desk.session;
    let noted = desk.write(move |tx, _, _| {
        access::note_session(tx, session)?;
        let ends_at = access::session_ends_at(tx, session)?;
        Ok::<_, Error>(ends_at.map_or(0, |at| at.as_second() - tx.now().as_second()))
    });
    let seconds = noted.await??.to_string();
    let headers = desk.app.look.headers.data(Caching::NoStore);
    Ok((headers, seconds).into_response())
}
