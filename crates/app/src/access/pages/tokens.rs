//! `/o/{org}/tokens`: the tokens by which programs come in: made, shown once, replaced, revoked.

use std::collections::HashMap;

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::Form;
use kept_base::kit::Token;
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Error;

use crate::access::{
    self, ENDED_TOKEN_DAYS, MAX_TOKENS, NewToken, Scope, TOKEN_DAYS, TokenEntry, TokenError,
    TokenKind, TokenState,
};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::{MemberId, TokenId};
use crate::policy::rights::ManageTokens;

const HERE: &str = "/tokens";
/// The lives that the form offers, in days.
const LIVES: [u32; 5] = [7, 30, TOKEN_DAYS, 180, 365];
/// The overlaps that the form offers, in days.
const OVERLAPS: [u32; 4] = [0, 1, 3, 7];

/// A token as the page shows it.
struct Row {
    id: String,
    name: String,
    kind: String,
    scopes: Vec<String>,
    state: String,
    is_alive: bool,
    can_rotate: bool,
    /// Since when and by whom, its end, its last use.
    facts: Vec<String>,
}

/// Something that can be chosen.
struct Choice {
    value: String,
    text: String,
    about: String,
    chosen: bool,
}

/// A secret that was just made.
struct Fresh {
    name: String,
    secret: String,
}

#[derive(Default)]
struct Typed {
    name: String,
    kind: Option<TokenKind>,
    scopes: Vec<Scope>,
    days: Option<u32>,
    trouble: Option<&'static str>,
    fresh: Option<Fresh>,
}

#[derive(askama::Template)]
#[template(path = "access/tokens.html")]
struct TokensPage<'p> {
    d: DeskFrame<'p>,
    rows: Vec<Row>,
    fresh: Option<Fresh>,
    trouble: Option<String>,
    proof: Option<String>,
    name: String,
    kinds: Vec<Choice>,
    scopes: Vec<Choice>,
    lives: Vec<Choice>,
    overlaps: Vec<Choice>,
}

pub(super) async fn page(desk: DeskTo<ManageTokens>) -> Answer {
    shown(&desk, StatusCode::OK, Typed::default()).await
}

async fn shown(desk: &Desk, status: StatusCode, typed: Typed) -> Answer {
    let read = desk.read(|tx, _| {
        let names = access::members(tx)?.into_iter();
        let names = names.map(|member| (member.id, member.name.expose().to_owned()));
        Ok::<_, Error>((
            access::tokens(tx)?,
            names.collect::<HashMap<MemberId, String>>(),
        ))
    });
    let (tokens, names) = read.await??;
    let words = desk.words();
    let days = |count: u32| words.with("token-days", args!["count" => count]);
    let chosen_days = typed.days.unwrap_or(TOKEN_DAYS);
    let kind = typed.kind.unwrap_or(TokenKind::Api);
    let page = TokensPage {
        rows: tokens
            .iter()
            .map(|token| row(desk, token, &names))
            .collect(),
        proof: desk.proof_url(HERE).await?,
        kinds: (TokenKind::OFFERED.into_iter())
            .map(|one| {
                choice(
                    desk,
                    one.code(),
                    &format!("token-kind-{}", one.code()),
                    one == kind,
                )
            })
            .collect(),
        scopes: (Scope::API.into_iter())
            .map(|one| {
                choice(
                    desk,
                    one.code(),
                    &scope_id(one),
                    typed.scopes.contains(&one),
                )
            })
            .collect(),
        lives: (LIVES.into_iter())
            .map(|life| Choice {
                value: life.to_string(),
                text: days(life),
                about: String::new(),
                chosen: life == chosen_days,
            })
            .collect(),
        overlaps: (OVERLAPS.into_iter())
            .map(|overlap| Choice {
                value: overlap.to_string(),
                text: match overlap {
                    0 => words.say("token-overlap-none"),
                    overlap => days(overlap),
                },
                about: String::new(),
                chosen: overlap == 1,
            })
            .collect(),
        fresh: typed.fresh,
        name: typed.name,
        trouble: typed.trouble.map(|id| words.say(id)),
        d: desk
            .frame(&words.say("tokens-title"), Section::Settings)
            .script("look.js"),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn choice(desk: &Desk, code: &str, id: &str, chosen: bool) -> Choice {
    Choice {
        value: code.to_owned(),
        text: desk.words().say(id),
        about: desk.words().say(&format!("{id}.about")),
        chosen,
    }
}

/// The name of a scope among the texts.
fn scope_id(scope: Scope) -> String {
    format!("scope-{}", scope.code().replace(':', "-"))
}

fn row(desk: &Desk, token: &TokenEntry, names: &HashMap<MemberId, String>) -> Row {
    let words = desk.words();
    let at = |instant| when::date_time(desk.locale(), instant, &desk.catalog.zone);
    let by = match token.made_by {
        None => words.say("token-by-operator"),
        Some(by) => (names.get(&by)).map_or_else(|| words.say("token-by-gone"), Clone::clone),
    };
    let made = at(token.created_at);
    let mut facts = vec![words.with("token-made", args!["when" => &made, "by" => &by])];
    facts.push(match token.ends_at.map(at) {
        None => words.say("token-endless"),
        Some(end) if token.state == TokenState::Ended => {
            words.with("token-ended", args!["when" => &end])
        }
        Some(end) if token.is_replaced => words.with("token-replaced", args!["when" => &end]),
        Some(end) => words.with("token-ends", args!["when" => &end]),
    });
    facts.push(match token.last_used_at.map(at) {
        None => words.say("token-never-used"),
        Some(used) => words.with("token-used", args!["when" => &used]),
    });
    let state = match token.state {
        TokenState::Alive => "token-alive",
        TokenState::Stopped => "token-stopped",
        TokenState::Ended => "token-over",
    };
    let is_alive = token.state != TokenState::Ended;
    Row {
        id: token.id.to_string(),
        name: token.name.clone(),
        kind: words.say(&format!("token-kind-{}", token.kind.code())),
        scopes: (token.scopes.iter())
            .filter(|scope| Scope::API.contains(scope))
            .map(|scope| words.say(&scope_id(*scope)))
            .collect(),
        state: words.say(state),
        is_alive,
        can_rotate: is_alive && !token.is_replaced,
        facts,
    }
}

/// `POST /o/{org}/tokens`: makes one, and shows its secret this once.
pub(super) async fn make(desk: DeskTo<ManageTokens>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let kind = form.filled("kind").and_then(TokenKind::from_code);
    let kind = kind.filter(|kind| TokenKind::OFFERED.contains(kind));
    let mut typed = Typed {
        name: form.filled("name").unwrap_or_default().to_owned(),
        kind,
        scopes: form.get_all("scope").filter_map(Scope::from_code).collect(),
        days: form.filled("days").and_then(|days| days.parse().ok()),
        ..Typed::default()
    };
    let kind = kind.unwrap_or(TokenKind::Api);
    let new = NewToken {
        name: typed.name.clone(),
        kind,
        // What a directory needs is one thing.
        scopes: match kind {
            TokenKind::Scim => kind.scopes().to_vec(),
            TokenKind::Api | TokenKind::Calendar => typed.scopes.clone(),
        },
        days: typed.days.unwrap_or(0),
    };
    let maker = desk.member.id;
    let made = desk.write(move |tx, _, by| access::make_token(tx, by, maker, &new));
    match made.await? {
        Ok((_, token)) => fresh(&desk, typed.name, &token).await,
        Err(error) => {
            let (status, trouble) = trouble(error)?;
            typed.trouble = Some(trouble);
            shown(&desk, status, typed).await
        }
    }
}

/// `POST /o/{org}/tokens/{id}/rotation`: a new secret; the old one goes on for a while.
pub(super) async fn rotate(desk: DeskTo<ManageTokens>, Form(form): Form) -> Answer {
    let id = token_id(&desk)?;
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let overlap = form.filled("overlap").and_then(|days| days.parse().ok());
    let (maker, overlap) = (desk.member.id, overlap.unwrap_or(u32::MAX));
    let rotated = desk.write(move |tx, _, by| {
        let (id, token) = access::rotate_token(tx, by, maker, id, overlap)?;
        let all = access::tokens(tx)?;
        let name = all.into_iter().find(|one| one.id == id);
        Ok::<_, TokenError>((name.map(|one| one.name).unwrap_or_default(), token))
    });
    match rotated.await? {
        Ok((name, token)) => fresh(&desk, name, &token).await,
        Err(error) => {
            let (status, trouble) = trouble(error)?;
            let typed = Typed {
                trouble: Some(trouble),
                ..Typed::default()
            };
            shown(&desk, status, typed).await
        }
    }
}

/// The page itself and no redirect: the secret must not stand in an address.
async fn fresh(desk: &Desk, name: String, token: &Token) -> Answer {
    let secret = token.expose().to_owned();
    let typed = Typed {
        fresh: Some(Fresh { name, secret }),
        ..Typed::default()
    };
    shown(desk, StatusCode::OK, typed).await
}

/// `POST /o/{org}/tokens/{id}/revocation`: it is dead at once, for good.
pub(super) async fn revoke(desk: DeskTo<ManageTokens>, Form(_): Form) -> Answer {
    let id = token_id(&desk)?;
    let revoked = desk.write(move |tx, _, by| access::revoke_token(tx, by, id));
    if revoked
        .await?
        .map_err(|error: Error| Problem::from(error))?
    {
        Ok(desk.done(HERE, "token-revoked", None))
    } else {
        Err(Problem::not_found())
    }
}

fn token_id(desk: &Desk) -> Result<TokenId, Problem> {
    desk.segment("id").parse().map_err(|_| Problem::not_found())
}

fn trouble(error: TokenError) -> Result<(StatusCode, &'static str), Problem> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(match error {
        TokenError::Name => (wrong, "token-wrong-name"),
        TokenError::Scopes => (wrong, "token-wrong-scopes"),
        TokenError::Days => (wrong, "token-wrong-days"),
        TokenError::Overlap => (wrong, "token-wrong-overlap"),
        TokenError::TooMany => (StatusCode::CONFLICT, "token-too-many"),
        TokenError::Unknown => return Err(Problem::not_found()),
        TokenError::Store(error) => return Err(error.into()),
    })
}

// The texts say these numbers.
const _: () = assert!(MAX_TOKENS == 50 && ENDED_TOKEN_DAYS == 30);
