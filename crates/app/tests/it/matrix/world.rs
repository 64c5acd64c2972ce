//! Two organizations that have one of everything, so that each route has something to be asked about
//! and each has something of the other's to be refused.

use std::sync::Arc;

use axum::body::Body;
use axum::http::StatusCode;
use jiff::civil::date;
use kept_app::access::{self, Member, MemberError, Role};
use kept_app::ids::PersonId;
use kept_app::jobs::Worker;
use kept_app::messaging::transport::{Capture, Transport};
use kept_app::offering::{self, OfferingError};
use kept_app::people::{self, PeopleError};
use kept_base::kit::Note;
use kept_slots::Window;

use super::crawl::Ask;
use super::form::read;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::{Clinic, TestApp, at, clinic};

/// One of the two, and its owner, who serves and gave the password just now.
pub struct Side {
    pub clinic: Clinic,
    pub owner: Staffer,
}

/// Both.
pub struct World {
    pub test: TestApp,
    pub ours: Side,
    pub theirs: Side,
}

impl World {
    pub async fn new() -> Self {
        let test = TestApp::empty();
        let ours = side(&test, "riverside").await;
        let theirs = side(&test, "northgate").await;
        let transport = Transport::Capture(Capture::default()).into();
        Arc::new(Worker::new(&test.app, transport)).run_due().await;
        Self { test, ours, theirs }
    }
}

async fn side(test: &TestApp, slug: &str) -> Side {
    let clinic = clinic::create(test, slug).await;
    let owner = Staffer::named(test, &clinic, Role::Owner, &format!("owner@{slug}.example")).await;
    serves(test, &clinic, &owner).await;
    owner.prove(test, &clinic).await;
    let other = format!("jo@{slug}.example");
    Staffer::named(test, &clinic, Role::Manager, &other).await;
    offered(test, &clinic).await;
    let person = known(test, &clinic).await;
    booked(&owner, &clinic, person).await;
    kept(&owner).await;
    Side { clinic, owner }
}

/// The owner is Dr. Vogt.
async fn serves(test: &TestApp, clinic: &Clinic, owner: &Staffer) {
    let (id, vogt) = (owner.id, clinic.vogt);
    test.write(clinic.id, move |tx| {
        // Another browser of theirs.
        access::start_session(tx, id, access::Device::UNKNOWN)?;
        let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
        let after = Member {
            staff: Some(vogt),
            ..before
        };
        access::change_member(tx, &may(), &after)
    })
    .await;
}

async fn offered(test: &TestApp, clinic: &Clinic) {
    let catalogs = test.app.catalogs.clone();
    let (harbor, shah, vogt) = (clinic.harbor, clinic.shah, clinic.vogt);
    test.write::<_, OfferingError, _>(clinic.id, move |tx| {
        offering::add_skill(tx, &may(), &*catalogs.get(tx)?, "Ultrasound")?;
        offering::add_closed_day(tx, &may(), Some(harbor), date(2026, 12, 24), "Eve")?;
        for staff in [shah, vogt] {
            offering::add_override(
                tx,
                &may(),
                staff,
                date(2026, 12, 7),
                Some((harbor, 600, 900)),
            )?;
            let away = Window::new(at("2026-12-14T00:00:00Z"), at("2026-12-16T00:00:00Z"));
            offering::add_time_off(tx, &may(), staff, away.expect("a window"))?;
        }
        Ok(())
    })
    .await;
}

/// Two people who look alike, one with a note.
async fn known(test: &TestApp, clinic: &Clinic) -> PersonId {
    let people = [
        clinic::person("Ama Okafor", "ama@example.org"),
        clinic::person("Ama Okafor", "ama.okafor@example.org"),
    ];
    test.write::<_, PeopleError, _>(clinic.id, move |tx| {
        let first = people::record(tx, &people[0])?;
        people::record(tx, &people[1])?;
        people::add_remark(
            tx,
            &may(),
            first,
            &Note::parse("Comes by train").expect("a note"),
        )?;
        Ok(first)
    })
    .await
}

async fn booked(owner: &Staffer, clinic: &Clinic, person: PersonId) {
    let (service, staff) = (clinic.checkup.to_string(), clinic.vogt.to_string());
    let person = person.to_string();
    let wish = [
        ("service", service.as_str()),
        ("date", "2026-11-24"),
        ("time", "10:00"),
        ("staff", &staff),
        ("person", &person),
        ("sent", "yes"),
    ];
    done(owner, "/calendar/new", &wish).await;
    let reserved = [
        ("label", "Team"),
        ("date", "2026-11-25"),
        ("time", "13:00"),
        ("until", "14:00"),
        ("who", &staff),
    ];
    done(owner, "/calendar/reserve", &reserved).await;
    let set = [("name", "Both"), ("who", staff.as_str())];
    done(owner, "/calendar/sets", &set).await;
    done(owner, "/calendar/feeds", &[]).await;
}

/// What is asked for on the pages: a field, a list, a package, somebody who was invited.
async fn kept(owner: &Staffer) {
    let invited = [
        ("name", "Mara Holt"),
        ("email", "mara@invited.example"),
        ("role", "staff"),
    ];
    done(owner, "/members", &invited).await;
    let field = [
        ("kind", "text"),
        ("label", "Insurance"),
        ("reason", "To bill."),
        ("choices", ""),
    ];
    done(owner, "/people/fields", &field).await;
    let list = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\
        Content-Type: text/csv\r\n\r\nFirst name;E-Mail\nZoe;zoe@example.org\nLiu;liu@\n\r\n--x--\r\n";
    let kind = "multipart/form-data; boundary=x";
    let page = owner.send_as("POST", "/people/import", kind, Body::from(list));
    let address = page.await.location();
    let columns = read(
        &Ask::of("GET", &address, Vec::new()),
        &owner.get(&address).await.body,
    );
    let columns = columns.iter().find(|ask| ask.path.ends_with("/columns"));
    columns.expect("a form").send(owner).await.location();
    let network = [
        ("network", "192.0.2.0/24"),
        ("role", "auditor"),
        ("note", "Harbor"),
    ];
    done(owner, "/settings/networks", &network).await;
    let lock = [
        ("passphrase", "quiet copper morning"),
        ("again", "quiet copper morning"),
        ("recipient", ""),
        ("reason", "We move to another town."),
    ];
    done(owner, "/export", &lock).await;
}

/// Sends a form, and it did its work.
pub async fn done(owner: &Staffer, path: &str, fields: &[(&str, &str)]) {
    let page = owner.post(path, fields).await;
    let is_done = page.status == StatusCode::OK || page.status == StatusCode::SEE_OTHER;
    assert!(is_done, "{path}: {}", page.text());
}
