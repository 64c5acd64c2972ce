//! What opens something is shown once, to whoever it is for, and stands nowhere else.

use axum::http::StatusCode;
use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use kept_app::access::{self, LinkPurpose, Role};
use kept_app::calendar;
use kept_app::http::open_routes;
use kept_app::page::Door;
use kept_base::kit::{Actor, Token};
use kept_base::store::{Error, Tx};

use crate::api::{Api, Ask};
use crate::matrix::crawl::walk;
use crate::matrix::world::World;
use crate::pages::book;
use crate::support::TestApp;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::visitor::Visitor;

/// Every hash that stands in a column of that name, in the writings in which one could be shown.
async fn hashes(world: &World) -> Vec<String> {
    let hashes = world.test.read::<_, Error, _>(world.ours.clinic.id, |tx| {
        let mut all: Vec<Vec<u8>> = Vec::new();
        for sql in [
            "select token_hash from session",
            "select token_hash from capability",
            "select token_hash from member_link",
            "select token_hash from feed",
            "select token_hash from token",
        ] {
            all.extend(tx.query(sql, &[], |row| row.get::<Vec<u8>>(0))?);
        }
        Ok(all)
    });
    let hashes = hashes.await;
    assert!(hashes.len() > 5, "{}", hashes.len());
    let written = hashes.iter().flat_map(|hash| {
        [
            BASE64.encode(hash),
            BASE64URL_NOPAD.encode(hash),
            HEXLOWER.encode(hash),
        ]
    });
    written.collect()
}

/// Tokens of each kind that riverside gave out.
async fn tokens(world: &World) -> Vec<String> {
    let (staff, member) = (world.ours.clinic.vogt, world.ours.owner.id);
    let made = world.test.write(world.ours.clinic.id, move |tx| {
        tx.recognize(Actor::member(member));
        let link = |purpose| access::issue_link(tx, purpose, Some(member));
        let feed = calendar::make_feed(tx, &may(), staff)?
            .ok_or_else(|| Error::Damaged("no room".to_owned()))?;
        Ok::<_, Error>(vec![
            link(LinkPurpose::Join)?,
            link(LinkPurpose::Reset)?,
            feed.1,
            access::start_session(tx, member, access::Device::UNKNOWN)?,
        ])
    });
    let made = made.await;
    let mut all: Vec<String> = made.iter().map(|token| token.expose().to_owned()).collect();
    all.push(world.ours.clinic.token.clone());
    let cookie = world.ours.owner.cookie();
    let (_, own) = cookie.split_once('=').expect("a cookie");
    all.push(own.to_owned());
    all
}

/// Easy!Appointments CVE-2026-55651 (a search that shows what manages appointments), Fides CVE-2024-35189
/// (secrets sent back) and CVE-2023-46125 (settings shown): no page, no list and no answer has a token or
/// its hash in it.
#[tokio::test]
async fn secrets_no_page_and_no_list_shows_what_lets_anybody_in() {
    let world = World::new().await;
    let (tokens, hashes) = (tokens(&world).await, hashes(&world).await);
    let (pages, _) = walk(&world.ours.owner, "/o/riverside").await;
    let mut texts: Vec<String> = pages.iter().map(|(_, page)| page.body.clone()).collect();
    let owner = &world.ours.owner;
    for (path, form) in [
        ("/people/search", &[("q", "ama")][..]),
        ("/people/export", &[("q", ""), ("kind", "csv")]),
        ("/audit-log/file", &[]),
    ] {
        let page = owner.post(path, form).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        texts.push(page.body);
    }
    let clinic = world.ours.clinic.clone();
    let api = Api::of(world.test, clinic);
    for path in ["appointments", "people", "staff", "services", "locations"] {
        texts.push(api.get_as_clinic(path).await.text());
    }
    let ama = serde_json::json!({"email": "ama@example.org"});
    texts.push(api.post_as_clinic("people/search", ama).await.text());
    assert!(texts.len() > 70, "{}", texts.len());
    for secret in tokens.iter().chain(&hashes) {
        let shown = texts
            .iter()
            .filter(|text| text.contains(secret.as_str()))
            .count();
        assert_eq!(shown, 0, "a secret is shown");
    }
}

/// Cal.com's `calendars/events/{uid}` and `slots/reservations`: what stands in a calendar file or a letter
/// names an appointment and opens nothing.
#[tokio::test]
async fn names_in_calendar_files_and_letters_open_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let visitor = Visitor::of(&test);
    let (own, page) = book(&visitor, "2026-12-01T09:00:00Z").await;
    let own = own.split('?').next().expect("a path").to_owned();
    let file = visitor.get(&format!("{own}/calendar.ics")).await;
    let lines = file.body.replace("\r\n ", "");
    let uid = lines
        .lines()
        .find_map(|line| line.strip_prefix("UID:"))
        .expect("a uid");
    let id = test.read::<_, Error, _>(clinic.id, |tx: &Tx<'_>| {
        tx.query_opt("select id from appointment", &[], |row| {
            row.get::<String>(0)
        })
    });
    let id = id.await.expect("an appointment");
    let reference = page
        .body
        .split("BK-")
        .nth(1)
        .and_then(|rest| rest.get(..7))
        .expect("a reference");
    let reference = format!("BK-{reference}");
    let local = uid.split('@').next().unwrap_or_default();
    let names = [uid, local, &id, &reference, &id[4..]];
    let open = open_routes();
    let mut tried = 0;
    for route in open.list().iter().filter(|route| route.door == Door::Link) {
        let method = route.method.to_uppercase();
        for name in names {
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let path = route
                .path
                .replace("{org}", "riverside")
                .replace("{token}", &name);
            let answer = visitor.send(&method, &path, "".into()).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}");
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried}");
    let api = Api::of(test, clinic);
    for name in [&id, &reference] {
        for ask in [
            Ask::get(format!("appointments/{name}")),
            Ask::post(
                format!("appointments/{name}/cancellation"),
                &serde_json::json!({}),
            ),
            Ask::get(format!("appointments/{name}")).bearer(name),
            Ask::get(format!("appointments/{name}")).bearer(local),
        ] {
            assert_eq!(api.send(ask).await.status, 401);
        }
    }
    assert!(visitor.get(&own).await.text().contains("Confirmed"));
}

/// Easy!Appointments CVE-2026-52837 (the whole record in the page for moving) and Rallly CVE-2025-66027: the
/// pages behind a link say what the link is for, and nothing else of the person.
#[tokio::test]
async fn links_show_an_appointment_and_nothing_of_the_record() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let visitor = Visitor::of(&test);
    let details = crate::pages::hold(&visitor, "therapy", "2026-12-01T09:00:00Z").await;
    let form = [
        ("name", "Ama Okafor"),
        ("email", "ama.planted@example.org"),
        ("phone", "+4930123456"),
        ("answer-concern", "Planted concern"),
        ("answer-insurance", "Private"),
        ("answer-born-day", "5"),
        ("answer-born-month", "6"),
        ("answer-born-year", "1987"),
    ];
    let own = visitor.post(&details, &form).await.location();
    let own = own.split('?').next().expect("a path").to_owned();
    let person = test.read::<_, Error, _>(clinic.id, |tx: &Tx<'_>| {
        tx.query_opt("select id from person", &[], |row| row.get::<String>(0))
    });
    let person = person.await.expect("a person");
    let note = [("note", "Planted remark")];
    owner
        .post(&format!("/people/{person}/notes"), &note)
        .await
        .location();
    for path in [
        "",
        "/move",
        "/move?day=2026-12-02",
        "/cancel",
        "/calendar.ics",
        "?zone=America/New_York",
    ] {
        let page = visitor.get(&format!("{own}{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for planted in [
            "ama.planted",
            "30123456",
            "Planted concern",
            "1987",
            "5 Jun",
            "Planted remark",
            &person,
            "vogt@",
            "shah@",
        ] {
            assert!(!page.body.contains(planted), "{path} shows {planted}");
        }
    }
}

/// Cal.com's `verifyBookingEmail` and Fides CVE-2024-45052: who forgot a password is answered the same,
/// whether there is an account or not.
#[tokio::test]
async fn enumeration_a_forgotten_password_is_answered_the_same_of_everybody() {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let gone = Staffer::named(&test, &clinic, Role::Staff, "gone0@riverside.example").await;
    let suspended = owner
        .post(&format!("/members/{}", gone.id), &[("state", "suspended")])
        .await;
    suspended.location();
    let invited = [
        ("name", "Noah Berg"),
        ("email", "newer@riverside.example"),
        ("role", "staff"),
    ];
    owner.post("/members", &invited).await.location();
    let visitor = Visitor::of(&test);
    let mut answers = Vec::new();
    for email in [
        "owner@riverside.example",
        "gone0@riverside.example",
        "newer@riverside.example",
        "never@riverside.example",
    ] {
        let page = visitor
            .post("/o/riverside/forgot", &[("email", email)])
            .await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.headers.get("set-cookie").is_none());
        answers.push(page.text().replace(email, "ADDRESS"));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}

/// Rallly CVE-2025-47781 and every guess at a link: what opens something has at least 128 random bits.
#[test]
fn guessing_what_opens_something_is_long() {
    let entropy = kept_base::kit::Entropy::from_system().expect("randomness");
    for (token, prefix) in [
        (Token::new("", &entropy), ""),
        (Token::session(&entropy), ""),
        (Token::checked("kept_api_", &entropy), "kept_api_"),
    ] {
        let random = token.expose().strip_prefix(prefix).expect("a prefix").len();
        // Six bits a character.
        assert!(random * 6 >= 192, "{random} characters");
    }
}
