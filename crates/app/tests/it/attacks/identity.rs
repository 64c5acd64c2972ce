//! Who somebody is, and what they may: never from what they send.

use kept_app::access::{self, Member, MemberState, Role};
use kept_app::audit::{self, Entry};
use kept_base::store::{Error, Tx};

use crate::access::door::DOOR;
use crate::matrix::crawl::{Ask, walk};
use crate::support::clinic;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::{Page, Visitor};
use crate::support::{Clinic, TestApp};

/// What of a member nobody changes by themselves.
fn standing(member: &Member) -> String {
    format!(
        "{} {} {:?} {:?} {:?} {:?}",
        member.id,
        member.email.expose(),
        member.role,
        member.state,
        member.staff,
        member.locations
    )
}

async fn standings(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    let all = test.read::<_, Error, _>(clinic.id, access::members).await;
    all.iter().map(standing).collect()
}

async fn acts_after(test: &TestApp, clinic: &Clinic, sequence: i64) -> Vec<Entry> {
    let read = move |tx: &Tx<'_>| audit::after(tx, sequence, 1_000);
    test.read(clinic.id, read).await
}

/// A form with fields beside its own that say who asks and what they are.
fn with_identity(ask: &Ask, owner: &str) -> Ask {
    let mut ask = ask.clone();
    let names = ask
        .fields
        .iter()
        .map(|(name, _)| name.clone())
        .collect::<Vec<_>>();
    for (name, value) in [
        ("id", owner),
        ("member", owner),
        ("member_id", owner),
        ("user", owner),
        ("user_id", owner),
        ("author", owner),
        ("actor", owner),
        ("session", owner),
        ("email", "owner@riverside.example"),
        ("role", "owner"),
        ("roles", "owner"),
        ("state", "active"),
        ("scopes", "people.see"),
        ("locations", "all"),
        ("is_admin", "true"),
        ("org", "northgate"),
        ("organization", "northgate"),
        ("organization_id", "northgate"),
        ("tenant", "northgate"),
    ] {
        if !names.iter().any(|known| known == name) {
            ask.fields.push((name.to_owned(), value.to_owned()));
        }
    }
    ask
}

/// Cal.com CVE-2026-23478 (identity from the client), Rallly (the author's name from the client), Amelia
/// CVE-2026-5465 and Bookly (an account linked by whoever asks): every form that a role has, with fields
/// that say who they would rather be.
#[tokio::test]
async fn session_identity_no_form_says_who_asks_or_what_they_may() {
    for role in [Role::Staff, Role::FrontDesk, Role::Manager, Role::Auditor] {
        let (test, clinic) = TestApp::with_clinic().await;
        let owner = Staffer::named(&test, &clinic, Role::Owner, "owner@riverside.example").await;
        let member = Staffer::named(&test, &clinic, role, "robin@riverside.example").await;
        member.serve_as(&test, &clinic, clinic.shah).await;
        let before = standings(&test, &clinic).await;
        let began = acts_after(&test, &clinic, 0).await.len();
        let (_, asks) = walk(&member, "/o/riverside/account").await;
        let forms: Vec<_> = asks
            .iter()
            .filter(|ask| ask.method == "POST" && !ask.path.ends_with("/sign-out"))
            .collect();
        assert!(forms.len() >= 4, "{role:?} {}", forms.len());
        for form in forms {
            let page = with_identity(form, &owner.id.to_string())
                .send(&member)
                .await;
            assert!(!page.status.is_server_error(), "{form:?}");
        }
        assert_eq!(standings(&test, &clinic).await, before, "{role:?}");
        let page = member.get("/account").await;
        assert!(page.text().contains("robin@riverside.example"), "{role:?}");
        let themselves = format!("member:{}", member.id);
        let acts = acts_after(&test, &clinic, i64::try_from(began).expect("a number")).await;
        assert!(!acts.is_empty());
        for act in acts {
            // A wrong password is nobody's act yet.
            let is_try = act.act == "sign_in.failed" && act.actor == "visitor";
            assert!(
                act.actor == themselves || is_try,
                "{role:?} {} {}",
                act.actor,
                act.act
            );
        }
    }
}

/// The link in a page of members by which somebody joins.
fn join_link(page: &Page) -> String {
    let (_, rest) = page.body.split_once("/join/").expect("a link");
    let token = rest.split(['"', '<']).next().expect("its end");
    format!("/join/{token}")
}

async fn signs_in(test: &TestApp, email: &str, password: &str) -> bool {
    let form = [("email", email), ("password", password)];
    let page = Visitor::of(test).post(DOOR, &form).await;
    page.status.is_redirection()
}

/// Cal.com's chain of January 2026: whoever signs up by an invitation takes over an account that is there.
#[tokio::test]
async fn invitation_an_account_that_is_there_is_not_taken_over() {
    let (test, clinic) = TestApp::with_clinic().await;
    let northgate = clinic::create(&test, "northgate").await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let elsewhere = Staffer::of(&test, &northgate, Role::Owner).await;
    let email = "robin@riverside.example";
    Staffer::named(&test, &clinic, Role::Staff, email).await;
    let before = standings(&test, &clinic).await;
    let again = [
        ("name", "Robin Vale"),
        ("email", "ROBIN@riverside.example"),
        ("role", "admin"),
    ];
    assert_eq!(owner.post("/members", &again).await.status, 409);
    assert_eq!(standings(&test, &clinic).await, before);

    // Another organization may invite the address: what is set there holds there.
    elsewhere.post("/members", &again).await.location();
    let invited = elsewhere
        .member_id(&test, &northgate, "ROBIN@riverside.example")
        .await;
    let link = join_link(
        &elsewhere
            .post(&format!("/members/{invited}/link"), &[])
            .await,
    );
    let other = "copper window seventeen";
    let joins = [
        ("name", "Robin Vale"),
        ("password", other),
        ("again", other),
        ("email", "owner@riverside.example"),
        ("role", "owner"),
        ("member", &owner.id.to_string()),
    ];
    let joined = Visitor::of(&test)
        .post(&format!("/o/northgate{link}"), &joins)
        .await;
    assert!(joined.status.is_redirection(), "{}", joined.text());
    assert!(signs_in(&test, email, PASSWORD).await, "as before");
    assert!(
        !signs_in(&test, email, other).await,
        "not by what was set elsewhere"
    );
    assert!(signs_in(&test, "owner@riverside.example", PASSWORD).await);
    assert_eq!(standings(&test, &clinic).await, before);
    let all = test
        .read::<_, Error, _>(northgate.id, access::members)
        .await;
    let joined = all
        .iter()
        .find(|member| member.id == invited)
        .expect("is there");
    assert_eq!(
        (joined.role, joined.state),
        (Role::Admin, MemberState::Active)
    );
}

/// Booked CVE-2023-24058 (a booking in somebody's name), LatePoint CVE-2026-1537 and Bookly CVE-2026-2519
/// (a price that the client says): what a stranger's form says beyond its questions is not read.
#[tokio::test]
async fn booking_for_another_or_at_another_price_is_not_possible() {
    let (test, clinic) = TestApp::with_clinic().await;
    let ama = clinic::person("Ama Okafor", "ama@example.org");
    let known = test
        .write::<_, Error, _>(clinic.id, move |tx| kept_app::people::record(tx, &ama))
        .await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    let visitor = Visitor::of(&test);
    let details = crate::pages::hold(&visitor, "checkup", "2026-12-01T09:00:00Z").await;
    let person = known.to_string();
    let author = format!("member:{}", owner.id);
    let form = [
        ("name", "Noah Brandt"),
        ("email", "noah@example.org"),
        ("phone", "+4930765432"),
        ("person", &person),
        ("person_id", &person),
        ("author", &author),
        ("status", "arrived"),
        ("price", "-100"),
        ("price_minor", "-10000"),
        ("tip", "-100"),
        ("override", "rules"),
        ("ends_at", "2026-12-01T18:00:00Z"),
    ];
    let done = visitor.post(&details, &form).await.location();
    let page = visitor.get(&done).await.text();
    assert!(
        page.contains("Noah Brandt") && page.contains("10:00–10:30"),
        "{page}"
    );
    assert!(
        page.contains("You are booked") && !page.contains("-100"),
        "{page}"
    );
    let of_ama = owner.get(&format!("/people/{person}")).await.text();
    assert!(!of_ama.contains("Check-up"), "{of_ama}");
    let booked = acts_after(&test, &clinic, 0).await;
    let booked = booked.iter().find(|act| act.act == "appointment.booked");
    assert_eq!(booked.expect("is booked").actor, "visitor");
    // Nor does a price below nothing get into the offering.
    let service = format!("/services/{}", clinic.checkup);
    let from = Ask::of("GET", &format!("/o/riverside{service}"), Vec::new());
    let forms = crate::matrix::form::read(&from, &owner.get(&service).await.body);
    let mut form = forms
        .into_iter()
        .find(|ask| ask.fields.iter().any(|(name, _)| name == "price"));
    for (name, value) in &mut form.as_mut().expect("a form").fields {
        match name.as_str() {
            "price" => "-80".clone_into(value),
            "currency" => "EUR".clone_into(value),
            _ => {}
        }
    }
    let refused = form.expect("a form").send(&owner).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
}
