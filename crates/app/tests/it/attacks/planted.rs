//! Stored injection (Cal.com CVE-2024-58353, Easy!Appointments CVE-2026-52838, Hi.Events
//! CVE-2026-60119, LibreBooking PR 462): hostile texts in every field of every form, then a walk over all
//! pages, letters and files.

use std::net::TcpListener;
use std::sync::Arc;

use axum::http::StatusCode;
use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};

use super::hostile::{MARK, became_more, harm, texts};
use super::written::{formulas, in_letters};
use crate::api::{Api, Ask as ApiAsk};
use crate::matrix::crawl::{Ask, walk, without_ids};
use crate::matrix::form::read_all;
use crate::matrix::world::World;
use crate::support::visitor::{Page, Visitor};

/// Ends of paths that are left alone: they take away what the others are tried on, or who tries.
const LEFT_ALONE: &[&str] = &[
    "/archive",
    "/end",
    "/passwords",
    "/remove",
    "/removal",
    "/revocation",
    "/sandbox",
    "/sign-out",
];

/// Most public pages at one address, with different things chosen.
const MAX_ALIKE: usize = 6;

/// Days on which a clinic is open, one for each hostile text.
const DAYS: &[&str] = &[
    "2026-11-26",
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-10",
    "2026-12-17",
    "2026-12-21",
    "2026-12-22",
    "2026-12-23",
];

/// A port of this machine at which nobody may ever knock, whatever is typed into a form.
fn trap() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener
        .set_nonblocking(true)
        .expect("is asked, not waited for");
    let address = listener.local_addr().expect("an address").to_string();
    (listener, address)
}

/// Whether a field takes what somebody types, by what the reader of forms put there.
fn is_free(value: &str) -> bool {
    value.is_empty() || value.contains([' ', '@']) || value.chars().any(char::is_uppercase)
}

/// `ask` with `text` in one field, or in all that are free.
fn with(ask: &Ask, field: Option<usize>, text: &str) -> Ask {
    let mut changed = ask.clone();
    for (number, (_, value)) in changed.fields.iter_mut().enumerate() {
        let is_meant = field.map_or_else(|| is_free(value), |field| field == number);
        if is_meant {
            text.clone_into(value);
        }
    }
    changed
}

/// Those of the hostile texts that are tried in each field alone as well: markup, the end of an attribute with
/// a template, lines of a header.
const ALONE: [usize; 3] = [0, 2, 6];

/// Every way in which `ask` is tried: each text in all free fields at once, some in each free field alone, and
/// the first in each field that takes a choice.
fn tries(ask: &Ask, texts: &[String]) -> Vec<Ask> {
    let mut all: Vec<Ask> = texts.iter().map(|text| with(ask, None, text)).collect();
    for (number, (_, value)) in ask.fields.iter().enumerate() {
        let most = if is_free(value) { ALONE.len() } else { 1 };
        let some = ALONE.iter().take(most).filter_map(|at| texts.get(*at));
        all.extend(some.map(|text| with(ask, Some(number), text)));
    }
    all.sort();
    all.dedup();
    all
}

/// Adds what became of a hostile text, once for each kind of request.
fn note(found: &mut Vec<String>, ask: &Ask, page: &Page) {
    for what in harm(page) {
        let line = format!("{}: {what}", ask.kind());
        if !found.contains(&line) {
            found.push(line);
        }
    }
}

/// Sends every form that members have with hostile texts; how many were taken.
async fn plant(world: &World, texts: &[String], found: &mut Vec<String>) -> usize {
    let owner = &world.ours.owner;
    let (_, asks) = walk(owner, "/o/riverside").await;
    let mut taken = 0;
    let forms = asks.iter().filter(|ask| {
        ask.method == "POST" && !LEFT_ALONE.iter().any(|end| ask.path.ends_with(end))
    });
    for form in forms {
        for ask in tries(form, texts) {
            let page = ask.send(owner).await;
            note(found, &ask, &page);
            if page.status == StatusCode::SEE_OTHER {
                taken += 1;
                // What was kept, on the page of the very thing that it was kept for.
                let shown = Ask::of("GET", &page.location(), Vec::new());
                let page = shown.send(owner).await;
                note(found, &shown, &page);
            }
        }
    }
    taken
}

/// Somebody without an account books, with hostile texts in every field; how many got an appointment.
async fn book(world: &World, texts: &[String], found: &mut Vec<String>) -> usize {
    let visitor = Visitor::of(&world.test);
    let mut taken = 0;
    for (text, day) in texts.iter().zip(DAYS) {
        let at = format!("{day}T10:00:00Z");
        let held = visitor
            .post("/northgate/therapy/hold", &[("at", &at)])
            .await;
        let here = Ask::of("GET", &held.location(), Vec::new());
        let page = visitor.get(&held.location()).await;
        let forms = read_all(&here, &page.body);
        let form = forms.iter().find(|ask| ask.method == "POST");
        let form = form.expect("the form of the details");
        for mut ask in tries(form, std::slice::from_ref(text)) {
            for (name, value) in &mut ask.fields {
                // So that one field alone does not spoil what is typed into the others.
                if name == "phone" && !value.contains(MARK) {
                    "+4930123456".clone_into(value);
                }
            }
            let (address, body) = ask.written();
            let page = visitor.send("POST", &address, body.into()).await;
            note(found, &ask, &page);
            if page.status == StatusCode::SEE_OTHER {
                taken += 1;
                let own = Ask::of("GET", &page.location(), Vec::new());
                note(found, &own, &visitor.get(&page.location()).await);
                break;
            }
        }
    }
    taken
}

/// All pages that strangers reach from `start`.
async fn public(world: &World, start: &str) -> Vec<(Ask, Page)> {
    let visitor = Visitor::of(&world.test);
    let mut next = vec![Ask::of("GET", start, Vec::new())];
    let (mut kinds, mut pages) = (std::collections::BTreeMap::new(), Vec::new());
    while let Some(ask) = next.pop() {
        let (address, _) = ask.written();
        let page = visitor.get(&address).await;
        let own = format!("{start}/");
        let links = read_all(&ask, &page.body).into_iter();
        next.extend(links.filter(|found| {
            let count: &mut usize = kinds.entry(without_ids(&found.path)).or_default();
            *count += 1;
            found.method == "GET"
                && *count <= MAX_ALIKE
                && (found.path == start || found.path.starts_with(&own))
        }));
        pages.push((ask, page));
    }
    pages
}

#[tokio::test]
async fn stored_injection_stays_text_on_every_page_in_letters_and_in_lists() {
    let (trap, listening) = trap();
    let world = World::new().await;
    let texts = texts(&listening);
    let tables = world.test.rows(world.ours.clinic.id).await;
    let mut found = Vec::new();
    let planted = plant(&world, &texts, &mut found).await;
    let booked = book(&world, &texts, &mut found).await;
    assert!(planted > 150, "{planted} were kept");
    assert!(booked >= 4, "{booked} were booked");

    let (pages, _) = walk(&world.ours.owner, "/o/riverside").await;
    let (theirs, _) = walk(&world.theirs.owner, "/o/northgate").await;
    let (strangers, more) = (
        public(&world, "/riverside").await,
        public(&world, "/northgate").await,
    );
    let all = [&pages, &theirs, &strangers, &more];
    let all: Vec<_> = all.into_iter().flatten().collect();
    for (ask, page) in &all {
        note(&mut found, ask, page);
    }
    let shown = all
        .iter()
        .filter(|(_, page)| page.body.contains(MARK))
        .count();
    assert!(
        shown > 40,
        "{shown} of {} pages show what was planted",
        all.len()
    );
    let in_public = strangers
        .iter()
        .filter(|(_, page)| page.body.contains(MARK))
        .count();
    assert!(
        in_public > 3,
        "{in_public} of {} public pages",
        strangers.len()
    );

    let transport = Arc::new(Transport::Capture(Capture::default()));
    let worker = Arc::new(Worker::new(&world.test.app, Arc::clone(&transport)));
    worker.ask_for_all().await;
    worker.run_due().await;
    let Transport::Capture(capture) = &*transport else {
        panic!("letters are captured")
    };
    let mut letters = capture.letters(world.ours.clinic.id);
    letters.extend(capture.letters(world.theirs.clinic.id));
    let hostile = letters
        .iter()
        .filter(|letter| letter.text.contains(MARK))
        .count();
    assert!(hostile > 3, "{hostile} of {} letters", letters.len());
    found.extend(in_letters(&letters));

    for owner in [&world.ours.owner, &world.theirs.owner] {
        let list = owner
            .post("/people/export", &[("q", ""), ("kind", "csv")])
            .await;
        assert_eq!(list.status, StatusCode::OK);
        found.extend(
            formulas(&list.body)
                .into_iter()
                .map(|cell| format!("a formula: {cell}")),
        );
        let log = owner.post("/audit-log/file", &[]).await;
        found.extend(
            formulas(&log.body)
                .into_iter()
                .map(|cell| format!("a formula: {cell}")),
        );
    }
    assert_eq!(found, Vec::<String>::new());
    let after = world.test.rows(world.ours.clinic.id).await;
    assert!(tables.keys().eq(after.keys()), "a table is gone");
    let knocked = trap.accept();
    assert!(
        knocked.is_err(),
        "somebody asked at an address that was typed"
    );
}

#[tokio::test]
async fn json_with_hostile_texts_is_no_page() {
    let world = World::new().await;
    let text = "</script><zqzq7x>\u{2028}";
    let named = [("name", text), ("description", text)];
    let made = world.ours.owner.post("/services/new", &named).await;
    assert!(
        made.status.is_redirection() || made.status.is_client_error(),
        "{}",
        made.status
    );
    let api = Api::of(world.test, world.ours.clinic.clone());
    for ask in [
        ApiAsk::get("services"),
        ApiAsk::get("slots?service=%3Czqzq7x%3E"),
        ApiAsk::get("people?cursor=%3Czqzq7x%3E").bearer(&world.ours.clinic.token),
        ApiAsk::get("/api/v1/orgs/%3Czqzq7x%3E/services"),
    ] {
        let answer = api.send(ask).await;
        let kind = answer.headers["content-type"].to_str().expect("text");
        assert!(kind.starts_with("application/"), "{kind}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        let policy = answer.headers["content-security-policy"]
            .to_str()
            .expect("text");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(
            !answer.text().contains("zqzq7x>") || answer.status == 200,
            "an error repeats it"
        );
    }
    let page = Visitor::of(&api.test).get("/%22%3E%3Czqzq7x%3E").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(became_more(&page.body), Vec::<String>::new());
}
