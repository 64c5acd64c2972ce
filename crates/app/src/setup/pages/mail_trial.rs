//! `/o/{org}/mail-trial`: sends oneself a mail, and says how it went.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::problem::Problem;

use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::MessageId;
use crate::messaging::{self, Notice, State};
use crate::page::see_other;
use crate::policy::rights::ChangeSettings;

/// How a mail to oneself went.
pub(super) struct Trial {
    pub heading: String,
    /// What to do now.
    pub advice: String,
    /// The server's answer as a code, such as `smtp_550`.
    pub code: Option<String>,
    /// It is still on its way: the page looks again by itself.
    pub waiting: bool,
}

#[derive(askama::Template)]
#[template(path = "setup/mail_trial.html")]
struct MailTrialPage<'p> {
    d: DeskFrame<'p>,
    email: String,
    sender: String,
    trial: Option<Trial>,
}

pub(super) async fn page(desk: DeskTo<ChangeSettings>) -> Answer {
    let trial = trial(&desk).await?;
    let page = MailTrialPage {
        d: desk.frame(&desk.words().say("mail-trial"), Section::Settings),
        email: desk.member.email.expose().to_owned(),
        sender: desk.catalog.organization.sender.address.expose().to_owned(),
        trial,
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

/// The trial that the page's query names, when it is the member's own.
pub(super) async fn trial(desk: &Desk) -> Result<Option<Trial>, Problem> {
    let id = desk.query.filled("message");
    let Some(id) = id.and_then(|id| id.parse::<MessageId>().ok()) else {
        return Ok(None);
    };
    let member = desk.member.id;
    let found = desk
        .read(move |tx, _| messaging::notice_state(tx, id, member))
        .await??;
    let words = desk.words();
    Ok(found.map(|(state, code)| {
        let id = match state {
            State::Pending | State::Sending => "waiting",
            State::Sent => "sent",
            State::Dead => "dead",
            State::Unknown => "unknown",
            State::Dropped => "dropped",
        };
        let id = format!("mail-trial-{id}");
        Trial {
            heading: words.say(&id),
            advice: words.say(&format!("{id}.advice")),
            waiting: matches!((state, &code), (State::Pending, None) | (State::Sending, _)),
            code,
        }
    }))
}

/// `POST /o/{org}/mail-trial`: sends it, and goes back to where it was asked for.
pub(super) async fn send(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let member = desk.member.id;
    let sent = desk.write(move |tx, _, _| {
        tx.keep_revision();
        messaging::notify(tx, Notice::Trial, member)
    });
    let id = sent.await??;
    let back = match form.get("back") {
        Some("checklist") => "/checklist",
        _ => "/mail-trial",
    };
    Ok(see_other(&format!("{}?message={id}", desk.url(back))))
}
