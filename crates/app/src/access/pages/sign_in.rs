//! `/o/{org}/sign-in`: by mail address and password, which lead in or to the next step, or by a passkey
//! alone. Nobody learns
//! from the answer or from the clock whether an address has an account.

use axum::http::{StatusCode, header};
use axum::response::Response;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Actor, Email, Secret};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::cookies;
use super::door::Door;
use super::door_passkey::Ways;
use crate::access::attempts::Attempt;
use crate::access::{self, Admitted, Browser, Member, PasswordHash, Stage};
use crate::desk::{self, Answer, Desk, DeskTo, ended_cookie, session_cookie};
use crate::ids::MemberId;
use crate::page::{Frame, see_other};
use crate::policy::rights::UseAccount;

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
    /// How a passkey is used.
    ways: Option<Ways>,
    /// What the provider is called, and where its form is sent.
    provider: Option<Provider>,
}

/// The provider's button.
struct Provider {
    text: String,
    action: String,
    is_only_way: bool,
}

pub(super) async fn page(door: Door) -> Answer {
    shown(&door, StatusCode::OK, "", None)
}

/// The sign-in page, with what was typed and the id of what is wrong.
///
/// # Errors
/// 500 when the template fails.
pub fn shown(door: &Door, status: StatusCode, email: &str, trouble: Option<&str>) -> Answer {
    let words = door.words();
    let notice = door.query.filled("done").map(|code| format!("done-{code}"));
    let page = SignInPage {
        f: door.frame(&words.say("sign-in")),
        action: door.step("/sign-in"),
        forgot_url: door.url("/forgot"),
        email: email.to_owned(),
        trouble: trouble.map(|id| words.say(id)),
        ways: Ways::of(door),
        provider: door.provider.as_ref().map(|provider| Provider {
            text: words.with("provider-sign-in", args!["provider" => &provider.name]),
            action: door.step("/sign-in/provider"),
            is_only_way: provider.is_only_way,
        }),
        notice: notice.filter(|id| words.has(id)).map(|id| words.say(&id)),
    };
    door.app.look.respond(status, &page.f.nonce, &page)
}

pub(super) async fn sign_in(door: Door, Form(form): Form) -> Answer {
    let email = form.filled("email").unwrap_or_default();
    let attempt = Attempt {
        organization: Some(door.organization),
        account: email,
        from: door.from,
    };
    let begun = door.app.attempts.begin(&door.app.store, attempt).await?;
    let Some(begun) = begun else {
        return shown(
            &door,
            StatusCode::TOO_MANY_REQUESTS,
            email,
            Some("sign-in-often"),
        );
    };
    let (member, right) = recognized(&door, &form).await?;
    let tried = member.as_ref().map(|member| member.id);
    let admitted = match tried.zip(right) {
        // Another one may have been set, or they suspended, while it was checked.
        Some(whose) => admitted(&door, whose, &door.browser).await?,
        None => None,
    };
    let Some(admitted) = admitted else {
        begun.failed().await;
        note_failure(&door, tried).await;
        return shown(
            &door,
            StatusCode::UNPROCESSABLE_ENTITY,
            email,
            Some("sign-in-wrong"),
        );
    };
    // Whoever owes a code has not succeeded: or a known password would forgive any number of codes.
    if !matches!(admitted, Admitted::Next(_, Stage::Code)) {
        begun.succeeded().await;
    }
    Ok(answer(&door, &admitted, None))
}

/// Whether it was written down or not, the sign-in failed.
async fn note_failure(door: &Door, member: Option<MemberId>) {
    let store = &door.app.store;
    if !door
        .app
        .attempts
        .may_note(door.organization, store.clock().now())
    {
        return;
    }
    let verb = move |tx: &Tx<'_>| access::note_failed_sign_in(tx, member);
    let noted = store.write(door.organization, Actor::VISITOR, verb);
    if let Err(error) = noted.await {
        tracing::warn!(error = %error, "A failed sign-in was not noted");
    }
}

/// Whose address that is, and the hash of their password where it is theirs.
async fn recognized(
    door: &Door,
    form: &Fields,
) -> Result<(Option<Member>, Option<PasswordHash>), Problem> {
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
    let right = access::verify_password(password, hash.clone()).await;
    let right = right.map_err(|error| Problem::busy().because(&error))?;
    Ok((member, hash.filter(|_| right)))
}

/// Lets a member in whose password was right or just set, as far as that goes; `None` when it is another one by
/// now.
pub(super) async fn admitted(
    door: &Door,
    (id, password): (MemberId, PasswordHash),
    browser: &Browser,
) -> Result<Option<Admitted>, Problem> {
    let browser = browser.clone();
    let verb = move |tx: &Tx<'_>| access::admit(tx, id, &password, &browser);
    let done = door
        .app
        .store
        .write(door.organization, Actor::member(id), verb);
    Ok(done.await?)
}

/// On to `next`, to where the door leads or to the day's page when the member is in; to the next
/// step otherwise.
#[must_use]
pub fn answer(door: &Door, admitted: &Admitted, next: Option<&str>) -> Response {
    let url = match admitted {
        Admitted::In { grants, .. } => {
            let home = || desk::home_of(&door.slug, grants);
            next.or(door.next()).map_or_else(home, str::to_owned)
        }
        Admitted::Next(_, Stage::Code) => door.step("/sign-in/code"),
        Admitted::Next(_, Stage::SetUp) => door.step("/sign-in/factor"),
        Admitted::Next(_, Stage::Passkey) => door.step("/sign-in/passkey"),
        Admitted::Next(_, Stage::Password) => door.step("/sign-in/password"),
        Admitted::Next(_, Stage::Outside) => door.step("/sign-in/outside"),
        Admitted::Refused => return begin_anew(door, "provider-only"),
    };
    with_cookies(door, admitted, see_other(&url))
}

/// Sets the cookies of what a step led to.
pub(super) fn with_cookies(door: &Door, admitted: &Admitted, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |cookie| headers.append(header::SET_COOKIE, cookie);
    match admitted {
        Admitted::In {
            session, browser, ..
        } => {
            set(session_cookie(&door.slug, session));
            set(cookies::browser(&door.slug, browser));
            if door.pending.is_some() {
                set(cookies::no_pending(&door.slug));
            }
        }
        Admitted::Next(token, _) => {
            set(cookies::pending(&door.slug, token));
        }
        Admitted::Refused => {}
    }
    response
}

/// Back to the beginning: there is no sign-in that waits for this step.
#[must_use]
pub fn begin_anew(door: &Door, done: &str) -> Response {
    let mut response = see_other(&door.step_after("/sign-in", Some(done)));
    if door.pending.is_some() {
        let cookie = cookies::no_pending(&door.slug);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// `POST /o/{org}/sign-out`.
pub(super) async fn sign_out(desk: DeskTo<UseAccount>) -> Answer {
    let session = desk.session;
    desk.write(move |tx, _, _| {
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
