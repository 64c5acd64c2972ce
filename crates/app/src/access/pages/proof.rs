//! `/o/{org}/account/proof`: the password, a passkey or a code again, before an act that would let a stranger at
//! an open screen stay.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::Form;
use kept_base::kit::Secret;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::code;
use super::door::is_inside;
use super::door_passkey::Ways;
use super::passkey;
use crate::access::attempts::{Attempt, Try};
use crate::access::{self, Checked, FactorState};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::page::see_other;
use crate::policy::rights::UseAccount;

/// What came of a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// It is theirs.
    Given,
    /// It is another one.
    Wrong,
    /// There were too many wrong ones.
    TooOften,
}

#[derive(askama::Template)]
#[template(path = "access/proof.html")]
struct ProofPage<'p> {
    d: DeskFrame<'p>,
    action: String,
    email: String,
    has_factor: bool,
    /// How a passkey is used, for whoever has one.
    ways: Option<Ways>,
    /// The provider's button, for whoever is linked: its text, and where its form is sent.
    provider: Option<(String, String)>,
    trouble: Option<String>,
}

pub(super) async fn page(desk: DeskTo<UseAccount>) -> Answer {
    shown(&desk, StatusCode::OK, None).await
}

/// Where to go then: a page of this organization, and nothing else.
fn next(desk: &Desk) -> Option<&str> {
    let next = desk.query.filled("next")?;
    is_inside(&desk.url("/"), next).then_some(next)
}

async fn shown(desk: &Desk, status: StatusCode, trouble: Option<&str>) -> Answer {
    let id = desk.member.id;
    let state = desk.read(move |tx, _| {
        let has_passkey = !access::passkeys_of(tx, id)?.is_empty();
        let is_linked = !access::identities_of(tx, id)?.is_empty();
        let provider = access::provider_door(tx)?.filter(|_| is_linked);
        Ok::<_, Error>((access::factor_state(tx, id)?, has_passkey, provider))
    });
    let (factor, has_passkey, provider) = state.await??;
    let has_factor = factor == FactorState::On;
    let words = desk.words();
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(next) = next(desk) {
        query.append_pair("next", next);
    }
    let query = query.finish();
    let page = ProofPage {
        has_factor,
        ways: has_passkey.then(|| Ways {
            ask: desk.url("/account/proof/passkey/begin"),
            action: format!("{}?{query}", desk.url("/account/proof/passkey")),
        }),
        provider: provider.map(|door| {
            let text = words.with("provider-prove", args!["provider" => &door.name]);
            let action = format!("{}?{query}", desk.url("/account/proof/provider"));
            (text, action)
        }),
        d: desk
            .frame(&words.say("proof-title"), Section::Account)
            .script("passkey.js"),
        action: format!("{}?{query}", desk.url("/account/proof")),
        email: desk.member.email.expose().to_owned(),
        trouble: trouble.map(|id| words.say(id)),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

/// `POST /o/{org}/account/proof/passkey`.
pub(super) async fn give_passkey(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    let party = passkey::party(&desk.app)?;
    let Some(begun) = begin(&desk).await? else {
        let status = StatusCode::TOO_MANY_REQUESTS;
        return shown(&desk, status, Some("proof-often")).await;
    };
    let proved = match passkey::used(&form) {
        Some(used) => {
            let (id, session) = (desk.member.id, desk.session);
            let proved = desk.write(move |tx, _, by| {
                access::prove_by_passkey(tx, by, id, session, (&used, &party))
            });
            proved.await??
        }
        None => None,
    };
    if let Some(token) = proved {
        begun.succeeded().await;
        let home = desk.url("/account");
        let back = see_other(next(&desk).unwrap_or(&home));
        return Ok(desk.go_on_by(&token, back));
    }
    begun.failed().await;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    shown(&desk, status, Some("passkey-wrong")).await
}

/// `POST /o/{org}/account/proof`.
pub(super) async fn give(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    let proof = match form.get("password").filter(|typed| !typed.is_empty()) {
        Some(typed) => password(&desk, Secret::new(typed.to_owned())).await?,
        None => factor(&desk, code::given(&form)).await?,
    };
    match proof {
        Proof::Given => {}
        Proof::Wrong => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return shown(&desk, status, Some("proof-wrong")).await;
        }
        Proof::TooOften => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            return shown(&desk, status, Some("proof-often")).await;
        }
    }
    let session = desk.session;
    let proved = desk.write(move |tx, _, _| access::prove_session(tx, session));
    let token = proved.await??;
    let home = desk.url("/account");
    let back = see_other(next(&desk).unwrap_or(&home));
    Ok(desk.go_on_by(&token, back))
}

/// A session that was left open is no way to guess at leisure: tries count together with those at
/// the door.
async fn begin(desk: &Desk) -> Result<Option<Try<'_>>, Problem> {
    let attempt = Attempt {
        organization: Some(desk.organization),
        account: desk.member.email.expose(),
        from: desk.from,
    };
    Ok(desk.app.attempts.begin(&desk.app.store, attempt).await?)
}

/// Whether it is the member's password.
pub(super) async fn password(desk: &Desk, typed: Secret) -> Result<Proof, Problem> {
    let Some(begun) = begin(desk).await? else {
        return Ok(Proof::TooOften);
    };
    let email = desk.member.email.clone();
    let known = desk
        .read(move |tx, _| access::sign_in_data(tx, &email))
        .await??;
    let hash = known.and_then(|(_, hash)| hash);
    let right = access::verify_password(typed, hash).await;
    if right.map_err(|error| Problem::busy().because(&error))? {
        begun.succeeded().await;
        return Ok(Proof::Given);
    }
    begun.failed().await;
    Ok(Proof::Wrong)
}

/// Whether it is a code of the member's second factor.
async fn factor(desk: &DeskTo<UseAccount>, given: access::Given) -> Result<Proof, Problem> {
    let Some(begun) = begin(desk).await? else {
        return Ok(Proof::TooOften);
    };
    let id = desk.member.id;
    let checked = desk.write(move |tx, _, _| {
        tx.keep_revision();
        access::check_factor(tx, id, &given)
    });
    Ok(match checked.await?? {
        Checked::Right => {
            begun.succeeded().await;
            Proof::Given
        }
        Checked::Wrong => {
            begun.failed().await;
            Proof::Wrong
        }
        Checked::Locked => Proof::TooOften,
    })
}
