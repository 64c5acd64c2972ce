//! Whatever names a thing of another organization is answered as what names nothing: in paths, in
//! queries, in bodies. Which names there are is read from the pages themselves.

use std::collections::{BTreeMap, BTreeSet};

use kept_app::http::desk_routes;
use kept_base::store::{Error, Tx};

use super::crawl::{Ask, ids, walk, without_ids};
use super::world::{Side, World};
use crate::support::TestApp;
use crate::support::desk::Staffer;
use crate::support::visitor::Page;

/// Routes about a thing that no page of [`World`] leads to, each with why.
const NOT_REACHED: &[(&str, &str)] = &[
    (
        "/o/{org}/undo/{id}",
        "offered after a change; asked for below by its own",
    ),
    (
        "/o/{org}/members/{id}/factor-removal",
        "nobody here has a second factor; the tests of second factors do it",
    ),
    ("/o/{org}/account/passkeys/{id}/name", PASSKEY),
    ("/o/{org}/account/passkeys/{id}/removal", PASSKEY),
    ("/o/{org}/access/grants/{id}/end", LOAN),
    ("/o/{org}/access/requests/{id}/decline", LOAN),
    ("/o/{org}/access/uses/{id}", LOAN),
    ("/o/{org}/address/{token}", LINK),
    ("/o/{org}/members/{id}/provider-removal", PROVIDER),
];

const PASSKEY: &str = "a passkey is made by a device; the tests of passkeys have one";
const LINK: &str = "its link goes by mail; the tests of addresses ask with another member's";
const PROVIDER: &str = "a provider links a member; the tests of their own accounts there do";
const LOAN: &str = "an operator asks first; the tests of lending ask about those of others";

/// Parameters that name no thing.
const NO_THINGS: &[&str] = &["{org}", "{locale}", "{kind}", "{reader}"];

/// The never-used id of a kind.
pub fn never(prefix: &str) -> String {
    format!("{prefix}_7zzzzzzzzzzzzzzzzzzzzzzzzz")
}

/// What an answer says, without what differs from one to the next anyway.
fn said(page: &Page) -> String {
    let headers = page.headers.iter();
    let headers = headers.filter(|(name, _)| *name != "x-request-id" && *name != "content-length");
    let mut lines = vec![page.status.to_string()];
    lines.extend(headers.map(|(name, value)| format!("{name}: {value:?}")));
    lines.push(page.body.clone());
    let text = lines.join("\n");
    let nonce = page.body.split("nonce=\"").nth(1);
    let nonce = nonce.and_then(|rest| rest.split('"').next());
    let text = match nonce {
        Some(nonce) if !nonce.is_empty() => text.replace(nonce, "NONCE"),
        _ => without_nonce(&text),
    };
    without_ids(&text)
}

fn without_nonce(text: &str) -> String {
    let mut plain = String::new();
    for (number, piece) in text.split("'nonce-").enumerate() {
        let rest = piece.split_once('\'').map_or(piece, |(_, rest)| rest);
        plain.push_str(if number == 0 { piece } else { rest });
    }
    plain
}

/// Where the id of something else is put.
const MARK: &str = "{id}";

/// The ask with [`MARK`] in place of one of its ids, for each of them, with the kind of the id.
pub fn variants(ask: &Ask) -> Vec<(String, Ask)> {
    let mut all = Vec::new();
    let mut add = |id: &str, marked: Ask| all.push((id[..3].to_owned(), marked));
    for id in ids(&ask.path) {
        let path = ask.path.replace(id, MARK);
        add(
            id,
            Ask {
                path,
                ..ask.clone()
            },
        );
    }
    for (field, (name, _)) in ask.fields.iter().enumerate() {
        for id in ids(name) {
            let mut marked = ask.clone();
            marked.fields[field].0 = name.replace(id, MARK);
            add(id, marked);
        }
    }
    let given = ask.fields.iter().map(|(_, value)| value).enumerate();
    let choices = ask.choices.iter().map(|(field, value)| (*field, value));
    for (field, value) in given.chain(choices) {
        for id in ids(value) {
            let mut marked = ask.clone();
            marked.fields[field].1 = value.replace(id, MARK);
            add(id, marked);
        }
    }
    all
}

pub fn with(marked: &Ask, id: &str) -> Ask {
    let mut ask = marked.clone();
    ask.path = ask.path.replace(MARK, id);
    for (name, value) in &mut ask.fields {
        *name = name.replace(MARK, id);
        *value = value.replace(MARK, id);
    }
    ask
}

/// What an owner could take back.
async fn undo_of(test: &TestApp, side: &Side) -> String {
    let sql = "select id from undo order by id limit 1";
    let read = move |tx: &Tx<'_>| tx.query_opt(sql, &[], |row| row.get::<String>(0));
    test.read::<_, Error, _>(side.clinic.id, read)
        .await
        .expect("something")
}

/// One id of each kind that stands on somebody's pages.
fn of_each_kind(pages: &[(Ask, Page)]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (_, page) in pages {
        for id in ids(&page.body) {
            all.entry(id[..3].to_owned())
                .or_insert_with(|| id.to_owned());
        }
    }
    all
}

pub fn matches(path: &str, pattern: &str) -> bool {
    let (path, pattern): (Vec<_>, Vec<_>) =
        (path.split('/').collect(), pattern.split('/').collect());
    path.len() == pattern.len()
        && path
            .iter()
            .zip(&pattern)
            .all(|(is, wants)| wants.starts_with('{') || is == wants)
}

#[tokio::test]
async fn what_names_a_thing_of_others_is_answered_as_what_names_nothing() {
    let World { ours, theirs, test } = World::new().await;
    let (_, mut asks) = walk(&ours.owner, "/o/riverside").await;
    let (pages, _) = walk(&theirs.owner, "/o/northgate").await;
    let mut foreign = of_each_kind(&pages);
    foreign.insert("und".to_owned(), undo_of(&test, &theirs).await);
    let undo = format!("/o/riverside/undo/{}", undo_of(&test, &ours).await);
    asks.push(Ask::of("POST", &undo, Vec::new()));
    let before = test.rows(theirs.clinic.id).await;
    let (mut tried, mut kinds, mut told_apart) = (0, BTreeSet::new(), Vec::new());
    for ask in asks.iter().filter(|ask| !ask.path.ends_with("/sign-out")) {
        for (kind, marked) in variants(ask) {
            let theirs = foreign.get(&kind);
            let theirs = theirs.unwrap_or_else(|| panic!("the other one shows no {kind}"));
            let (of_theirs, of_nobody) = (with(&marked, theirs), with(&marked, &never(&kind)));
            if !is_same(&ours.owner, &of_theirs, &of_nobody).await {
                told_apart.push(of_theirs);
            }
            kinds.insert(kind);
            tried += 1;
        }
    }
    assert_eq!(told_apart, Vec::new());
    assert!(tried > 100, "{tried}");
    assert_eq!(test.rows(theirs.clinic.id).await, before);
    let named =
        "apt blk clo con fed fld imp loc mem nte off per pfd pkg rom ses set skl stf svc und";
    for kind in named.split(' ') {
        assert!(kinds.contains(kind), "nothing names a {kind}");
    }
}

pub async fn is_same(owner: &Staffer, of_theirs: &Ask, of_nobody: &Ask) -> bool {
    let nobody = said(&of_nobody.send(owner).await);
    let theirs = said(&of_theirs.send(owner).await);
    // What the first one did may be why the second one differs: once more the first.
    theirs == nobody || theirs == said(&of_nobody.send(owner).await)
}

#[tokio::test]
async fn every_route_that_names_a_thing_is_asked_about_one() {
    let World { ours, test, .. } = World::new().await;
    let (_, asks) = walk(&ours.owner, "/o/riverside").await;
    let mut missing = Vec::new();
    for route in desk_routes().list() {
        let mut parameters = route.path.split('/').filter(|part| part.starts_with('{'));
        let names_one = parameters.any(|part| !NO_THINGS.contains(&part));
        let is_reached = asks.iter().any(|ask| {
            ask.method.eq_ignore_ascii_case(route.method) && matches(&ask.path, &route.path)
        });
        let is_listed = NOT_REACHED.iter().any(|(path, _)| *path == route.path);
        if names_one && is_reached == is_listed {
            missing.push(format!("{} {}", route.method, route.path));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
    // Its data is gone with it.
    drop(test);
}
