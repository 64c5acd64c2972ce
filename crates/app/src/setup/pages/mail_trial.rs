//! `/o/{org}/mail-trial`: sends oneself a mail, and says how it went.

use axum::http::StatusCode;
use kept_base::input::Form;

use crate::desk::{Answer, Desk, DeskFrame, Section};
use crate::ids::MessageId;
use crate::messaging::{self, Notice, State};
use crate::page::see_other;

#[derive(askama::Template)]
#[template(path = "setup/mail_trial.html")]
struct MailTrialPage<'p> {
    d: DeskFrame<'p>,
    email: String,
    sender: String,
    /// How it stands: the heading and what to do.
    state: Option<(String, String)>,
    /// The server's answer as a code, such as `smtp_550`.
    code: Option<String>,
    /// It is still on its way: the page looks again by itself.
    waiting: bool,
}

pub(super) async fn page(desk: Desk) -> Answer {
    let id = desk
        .query
        .filled("message")
        .and_then(|id| id.parse::<MessageId>().ok());
    let member = desk.member.id;
    let found = desk.read(move |tx, _| match id {
        Some(id) => messaging::notice_state(tx, id, member),
        None => Ok(None),
    });
    let found = found.await??;
    let words = desk.words();
    let text = |state: State| {
        let id = match state {
            State::Pending | State::Sending => "waiting",
            State::Sent => "sent",
            State::Dead => "dead",
            State::Unknown => "unknown",
            State::Dropped => "dropped",
        };
        let id = format!("mail-trial-{id}");
        (words.say(&id), words.say(&format!("{id}.advice")))
    };
    let waiting = matches!(&found, Some((State::Pending, None) | (State::Sending, _)));
    let page = MailTrialPage {
        d: desk.frame(&words.say("mail-trial"), Section::Settings),
        email: desk.member.email.expose().to_owned(),
        sender: desk.catalog.organization.sender.address.expose().to_owned(),
        state: found.as_ref().map(|(state, _)| text(*state)),
        code: found.and_then(|(_, code)| code),
        waiting,
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

pub(super) async fn send(desk: Desk, Form(_): Form) -> Answer {
    let member = desk.member.id;
    let sent = desk.write(move |tx, _| {
        tx.keep_revision();
        messaging::notify(tx, Notice::Trial, member)
    });
    let id = sent.await??;
    Ok(see_other(&format!(
        "{}?message={id}",
        desk.url("/mail-trial")
    )))
}
