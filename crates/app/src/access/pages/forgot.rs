//! `/o/{org}/forgot`: asks for a link to set a new password. The answer is the same whether the
//! address has an account or not, and takes as long.

use std::time::Duration;

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::kit::{Actor, Email};
use kept_base::store::Error;

use super::door::Door;
use crate::access::attempts::Attempt;
use crate::access::{self, MemberState};
use crate::desk::Answer;
use crate::messaging::{self, Notice};
use crate::page::Frame;

/// An answer takes so long, in milliseconds, unless the store takes longer: a letter is written down
/// for an account alone, which a stranger could tell from the clock.
pub const FORGOT_ANSWER_MS: u64 = 50;

#[derive(askama::Template)]
#[template(path = "access/forgot.html")]
struct ForgotPage<'p> {
    f: Frame<'p>,
    action: String,
    email: String,
    error: Option<String>,
    /// The letter is on its way, if there is an account.
    sent: bool,
}

pub(super) async fn page(door: Door) -> Answer {
    shown(&door, StatusCode::OK, "", None, false)
}

fn shown(door: &Door, status: StatusCode, email: &str, error: Option<&str>, sent: bool) -> Answer {
    let words = door.words();
    let page = ForgotPage {
        f: door.frame(&words.say("forgot-title")),
        action: format!("{}?lang={}", door.url("/forgot"), door.locale),
        email: email.to_owned(),
        error: error.map(|id| words.say(id)),
        sent,
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

pub(super) async fn ask(door: Door, Form(form): Form) -> Answer {
    let typed = form.filled("email").unwrap_or_default();
    let Ok(email) = Email::parse(typed) else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return shown(&door, status, typed, Some("setup-email-wrong"), false);
    };
    // Counted as tries to sign in are, so that nobody fills another's mailbox.
    let account = format!("forgot {}", email.expose());
    let attempt = Attempt {
        organization: Some(door.organization),
        account: &account,
        from: door.from,
    };
    let begun = door.app.attempts.begin(&door.app.store, attempt).await?;
    let Some(begun) = begun else {
        let status = StatusCode::TOO_MANY_REQUESTS;
        return shown(&door, status, typed, Some("forgot-often"), false);
    };
    begun.failed().await;
    let answered = tokio::time::sleep(Duration::from_millis(FORGOT_ANSWER_MS));
    let asked = door
        .app
        .store
        .write(door.organization, Actor::VISITOR, move |tx| {
            tx.keep_revision();
            let member = access::member_by_email(tx, &email)?;
            let active = member.filter(|member| member.state == MemberState::Active);
            if let Some(member) = active {
                messaging::notify(tx, Notice::Reset, member.id)?;
            }
            Ok::<_, Error>(())
        });
    asked.await?;
    answered.await;
    shown(&door, StatusCode::OK, typed, None, true)
}
