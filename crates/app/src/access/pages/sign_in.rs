//! `/o/{org}/sign-in`: by mail address and password. Nobody learns from the answer or from the
//! clock whether an address has an account.

use axum::http::{StatusCode, header};
use axum::response::Response;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Actor, Email, Secret};
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::door::Door;
use crate::access::attempts::Attempt;
use crate::access::{self, Member};
use crate::desk::{self, Answer, Desk, ended_cookie, session_cookie};
use crate::page::{Frame, see_other};

#[derive(askama::Template)]
#[template(path = "access/sign_in.html")]
struct SignInPage<'p> {
    f: Frame<'p>,
    action: String,
    forgot_url: String,
    email: String,
    trouble: Option<String>,
    /// What was just done: signed out, a password set.
    notice: Option<String>,
}

pub(super) async fn page(door: Door) -> Answer {
    shown(&door, StatusCode::OK, "", None)
}

fn shown(door: &Door, status: StatusCode, email: &str, trouble: Option<&str>) -> Answer {
    let words = door.words();
    let notice = door.query.filled("done").map(|code| format!("done-{code}"));
    let page = SignInPage {
        f: door.frame(&words.say("sign-in")),
        action: action(door),
        forgot_url: door.url("/forgot"),
        email: email.to_owned(),
        trouble: trouble.map(|id| words.say(id)),
        notice: notice.filter(|id| words.has(id)).map(|id| words.say(&id)),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

fn action(door: &Door) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(next) = door.next() {
        query.append_pair("next", next);
    }
    format!("{}?{}", door.url("/sign-in"), query.finish())
}

pub(super) async fn sign_in(door: Door, Form(form): Form) -> Answer {
    let email = form.filled("email").unwrap_or_default();
    let attempt = Attempt {
        organization: Some(door.organization),
        account: email,
        from: door.from,
    };
    let now = door.app.store.clock().now();
    let Some(begun) = door.app.attempts.begin(attempt, now) else {
        return shown(
            &door,
            StatusCode::TOO_MANY_REQUESTS,
            email,
            Some("sign-in-often"),
        );
    };
    let Some(member) = recognized(&door, &form).await? else {
        begun.failed(now);
        return shown(
            &door,
            StatusCode::UNPROCESSABLE_ENTITY,
            email,
            Some("sign-in-wrong"),
        );
    };
    begun.succeeded();
    signed_in(&door, &member, door.next().map(str::to_owned)).await
}

async fn recognized(door: &Door, form: &Fields) -> Result<Option<Member>, Problem> {
    let password = Secret::new(form.get("password").unwrap_or_default().to_owned());
    let email = form
        .filled("email")
        .and_then(|email| Email::parse(email).ok());
    let found = match email {
        None => None,
        Some(email) => {
            let asked = door
                .app
                .store
                .read(door.organization, Actor::VISITOR, move |tx| {
                    access::sign_in_data(tx, &email)
                });
            asked.await?
        }
    };
    let (member, hash) = found.map_or((None, None), |(member, hash)| (Some(member), hash));
    let right = access::verify_password(password, hash).await;
    let right = right.map_err(|error| Problem::busy().because(&error))?;
    Ok(member.filter(|_| right))
}

/// Starts a session for `member` and goes on to `next`, or to the day's page.
pub(super) async fn signed_in(door: &Door, member: &Member, next: Option<String>) -> Answer {
    let id = member.id;
    let started = door
        .app
        .store
        .write(door.organization, Actor::member(id), move |tx| {
            tx.keep_revision();
            let token = access::start_session(tx, id)?;
            Ok::<_, Error>((token, access::limits(tx)?))
        });
    let (token, limits) = started.await?;
    let home = || desk::home_of(&door.slug, &member.grants(limits));
    let mut response = see_other(&next.unwrap_or_else(home));
    let cookie = session_cookie(&door.slug, &token);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `POST /o/{org}/sign-out`.
pub(super) async fn sign_out(desk: Desk) -> Answer {
    let session = desk.session;
    desk.write(move |tx, _| {
        tx.keep_revision();
        access::end_session(tx, session)
    })
    .await??;
    Ok(signed_out(&desk))
}

fn signed_out(desk: &Desk) -> Response {
    let mut response = see_other(&format!("{}?done=signed-out", desk.url("/sign-in")));
    let cookie = ended_cookie(&desk.slug);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}
