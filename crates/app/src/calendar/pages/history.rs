//! What was done to an appointment, by whom and when: read from the record of acts.

use kept_base::args;
use kept_base::page::when;
use kept_base::store::{Error, Tx};

use crate::access;
use crate::audit::{self, Entry};
use crate::desk::Desk;
use crate::ids::AppointmentId;
use crate::page::Words;
use crate::scheduling::Status;

/// Most acts that are shown of one appointment, the newest.
const MAX_SHOWN_ACTS: u32 = 30;

/// An act, and what its author is called when that is a member who is still there.
pub(super) type Done = (Entry, Option<String>);

/// Reads what was done.
pub(super) fn read(tx: &Tx<'_>, id: AppointmentId) -> Result<Vec<Done>, Error> {
    let acts = audit::of(tx, &id.to_string(), MAX_SHOWN_ACTS)?;
    let named = acts.into_iter().map(|entry| {
        let author = access::author(tx, &entry.actor)?;
        Ok((entry, author.map(|name| name.expose().to_owned())))
    });
    named.collect()
}

/// One line of text for each act.
pub(super) fn lines(desk: &Desk, acts: &[Done]) -> Vec<String> {
    let words = desk.words();
    let line = |(entry, author): &Done| {
        let at = when::date_time(words.locale(), entry.at, &desk.catalog.zone);
        let who = match author {
            Some(name) => name.clone(),
            None => words.say(&format!("history-by-{}", kind(&entry.actor))),
        };
        let what = what(words, entry);
        words.with(
            "history-line",
            args!["when" => &at, "what" => &what, "who" => &who],
        )
    };
    acts.iter().map(line).collect()
}

/// Of which kind an actor is, as its code.
fn kind(actor: &str) -> &str {
    actor.split_once(':').map_or(actor, |(kind, _)| kind)
}

fn what(words: Words<'_>, entry: &Entry) -> String {
    let mut parts = entry.detail.split(' ');
    let text = match entry.act.as_str() {
        "appointment.booked" => words.say("history-booked"),
        "appointment.rescheduled" => match parts.next() {
            Some("resized") => words.say("history-resized"),
            Some("reassigned") => words.say("history-reassigned"),
            _ => words.say("history-moved"),
        },
        "appointment.canceled" => words.say("history-canceled"),
        _ => match parts.nth(1).and_then(Status::from_code) {
            Some(status) => words.say(&format!("state-{}", status.code())),
            None => words.say("history-changed"),
        },
    };
    let has = |sought: &str| entry.detail.split(' ').any(|part| part.starts_with(sought));
    let mut said = vec![text];
    if has("override:undo") {
        said.push(words.say("history-undone"));
    } else if has("override:") {
        said.push(words.say("history-override"));
    }
    if has("untold") {
        said.push(words.say("history-untold"));
    }
    said.join(", ")
}
