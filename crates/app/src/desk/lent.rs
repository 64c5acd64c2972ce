//! What of the desk can be lent to an operator, route by route; the cookie that lets one in; what is
//! written down of a request.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, Method};
use kept_base::args;
use kept_base::kit::{Email, PersonName, Token, TokenHash};
use kept_base::problem::Problem;
use kept_base::store::{Error, OPERATOR_SESSION_HOURS, Tx};

use super::token_in_cookie;
use crate::access::{self, Level, Member, MemberState, Part, Right, Role, Standpoint, Terms, Way};
use crate::app::App;
use crate::ids::MemberId;
use crate::lending::{MAX_SHOWN_PEOPLE, NewUse};
use crate::page::Words;

const PURPOSE: &str = "operator entry";
/// Pages of settings that can be lent: others, and those yet to come, cannot, whatever their right.
const LENT_SETTINGS: &[&str] = &[
    "/settings",
    "/checklist",
    "/embed",
    "/people/fields",
    "/look",
];
/// What belongs to one's own account or makes a lasting door, though its right can be lent.
const NEVER_LENT: &[&str] = &["/calendar/feeds", "/calendar/sets"];
/// What is about a person by name, though its right is that of the calendar.
const ABOUT_PEOPLE: &[&str] = &["/calendar/new"];
/// What shows nothing, and is not written down.
const NOT_WRITTEN_DOWN: &str = "/calendar/live";
/// What every id in an address begins with, and how long it is at most, in bytes.
const MAX_ID_BYTES: usize = 40;

/// The rights that a loan must cover for a route of the desk; none for what is never lent.
#[must_use]
pub fn lent_rights(route: &str, right: Right) -> Option<Vec<Right>> {
    let path = route.strip_prefix("/o/{org}").unwrap_or(route);
    let below = |start: &str| {
        let rest = path.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    Part::of(right)?;
    let is_exactly_settings = path == "/settings";
    let is_lent_setting = match LENT_SETTINGS.iter().find(|start| below(start)) {
        Some(&"/settings") => is_exactly_settings,
        found => found.is_some(),
    };
    if right == Right::ChangeSettings && !is_lent_setting || NEVER_LENT.iter().any(|one| below(one))
    {
        return None;
    }
    let mut rights = vec![right];
    if ABOUT_PEOPLE.iter().any(|one| below(one)) {
        rights.push(Right::ChangePeople);
    }
    Some(rights)
}

/// The cookie that lets an operator's browser in. `None` in place of a token ends it.
#[must_use]
pub fn entry_cookie(slug: &str, token: Option<&Token>) -> HeaderValue {
    let (text, seconds) = match token {
        Some(token) => (token.expose(), OPERATOR_SESSION_HOURS * 3_600),
        None => ("", 0),
    };
    let text = format!(
        "{}={text}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Strict",
        cookie_name(slug)
    );
    HeaderValue::from_str(&text).expect("slugs and tokens are letters, digits, - and _")
}

/// Not beginning as members' cookies do: a slug may begin with anything.
fn cookie_name(slug: &str) -> String {
    format!("__Host-on-grant-{slug}")
}

/// The hash under which an entry is known.
#[must_use]
pub(crate) fn entry_hash(token: &Token) -> TokenHash {
    token.hash(PURPOSE)
}

pub(super) fn token_of(headers: &HeaderMap, slug: &str) -> Option<Token> {
    token_in_cookie(headers, &cookie_name(slug))
}

/// A form of a right to look, such as a search, changes nothing.
pub(super) fn way(method: &Method, right: Right) -> Way {
    let changes = Part::of(right).is_some_and(|(_, changes)| changes);
    if changes && method != Method::GET && method != Method::HEAD {
        Way::Change
    } else {
        Way::See
    }
}

pub(super) fn written_down(
    method: &Method,
    route: &str,
    parameters: &[(String, String)],
) -> Option<NewUse> {
    if route.ends_with(NOT_WRITTEN_DOWN) {
        return None;
    }
    let ids = parameters.iter().filter(|(name, value)| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        name != "org" && value.len() <= MAX_ID_BYTES && value.bytes().all(plain)
    });
    Some(NewUse {
        method: if method == Method::POST {
            "post"
        } else {
            "get"
        },
        route: route.strip_prefix("/o/{org}").unwrap_or(route).to_owned(),
        subjects: ids.map(|(_, value)| value.clone()).collect(),
    })
}

/// Terms as people read them: "Calendar, Settings (to look at)".
pub(crate) fn terms_in_words(words: Words<'_>, terms: &Terms) -> String {
    let one = |(part, level): &(Part, Level)| {
        let name = words.say(&format!("lent-{}", part.code()));
        match level {
            Level::Full => name,
            Level::View | Level::None => words.with("lent-to-look-at", args!["part" => &name]),
        }
    };
    let all: Vec<String> = terms.parts().iter().map(one).collect();
    all.join(", ")
}

/// Whether operators come in from there: what holds for all roles holds for them.
pub(super) fn is_inside(tx: &Tx<'_>, from: Option<IpAddr>) -> Result<bool, Error> {
    access::is_let_in(tx, Standpoint { role: None, from })
}

/// Nobody among the members: pages that ask who is signed in are told the operator's name.
pub(super) fn stand_in(app: &App, name: &str, locale: &str) -> Member {
    Member {
        id: MemberId::new(app.store.clock().now(), app.store.entropy()),
        name: PersonName::from_store(name.to_owned()),
        email: Email::from_store("operator@example.invalid".to_owned()),
        role: Role::Auditor,
        state: MemberState::Active,
        staff: None,
        locations: Vec::new(),
        locale: locale.to_owned(),
    }
}

/// What would show more people than can be written down.
pub(super) fn too_many_shown() -> Problem {
    Problem::forbidden().detail(format!(
        "On a grant a page shows {MAX_SHOWN_PEOPLE} people at most. Look for fewer of them."
    ))
}
