//! A clinic with two locations in Berlin, three people on the staff, two rooms and three services:
//! `checkup` (30 min, any of Vogt and Shah, no room, buffers), `therapy` (60 min, any of Shah and
//! Liu, a room, at most four a day, asks questions), `review` (60 min, Vogt and Shah together).

use jiff::civil::Weekday;
use kept_app::access::{self, Scope};
use kept_app::ids::{LocationId, RoomId, ServiceId, StaffId};
use kept_app::offering::{self, FieldKind, NewField, NewService, OfferingError};
use kept_app::organization::{self, Organization, Sender};
use kept_app::people::NewPerson;
use kept_app::scheduling::{NewAppointment, Wanted};
use kept_base::kit::{Actor, Email, OrganizationId, PersonName};
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Tx};
use kept_slots::{Rules, Staffing};

use super::may;
use super::{TestApp, at};

/// The ids of what is in it, and an API token with every scope.
#[derive(Clone)]
pub struct Clinic {
    pub id: OrganizationId,
    pub slug: String,
    pub token: String,
    pub harbor: LocationId,
    pub hill: LocationId,
    pub room_1: RoomId,
    pub room_2: RoomId,
    pub vogt: StaffId,
    pub shah: StaffId,
    pub liu: StaffId,
    pub checkup: ServiceId,
    pub therapy: ServiceId,
    pub review: ServiceId,
}

impl Clinic {
    /// What somebody wants who takes whoever is free.
    pub fn wants(&self, service: ServiceId) -> Wanted {
        Wanted {
            service,
            staff: None,
            location: None,
        }
    }

    /// A booking of `service` at `starts_at` for an invented person.
    pub fn booking(&self, service: ServiceId, starts_at: &str) -> NewAppointment {
        NewAppointment {
            wanted: self.wants(service),
            starts_at: at(starts_at),
            hold: None,
            person: person("Ama Okafor", "ama@example.org"),
            answers: Vec::new(),
        }
    }
}

pub fn person(name: &str, email: &str) -> NewPerson {
    NewPerson {
        name: PersonName::parse(name).expect("a name"),
        email: Some(Email::parse(email).expect("an address")),
        phone: None,
        zone: "Europe/Berlin".to_owned(),
        locale: "en".to_owned(),
    }
}

pub fn rules(length_minutes: u16) -> Rules {
    Rules {
        length_minutes,
        buffer_before_minutes: 0,
        buffer_after_minutes: 0,
        step_minutes: 30,
        step_offset_minutes: 0,
        notice_minutes: 120,
        horizon_days: 60,
        daily_limit: None,
    }
}

pub fn service(slug: &str, name: &str, rules: Rules, staff: &[StaffId]) -> NewService {
    NewService {
        slug: slug.to_owned(),
        name: name.to_owned(),
        description: format!("{name}, calmly."),
        rules,
        staffing: Staffing::AnyOf,
        staff: staff.to_vec(),
        rooms: Vec::new(),
        price: None,
        move_until_minutes: 24 * 60,
        cancel_until_minutes: 24 * 60,
    }
}

pub async fn create(test: &TestApp, slug: &str) -> Clinic {
    let (name, zones) = (slug.to_owned(), test.app.zones.clone());
    let created = test
        .app
        .store
        .create_organization(slug, Actor::OPERATOR, move |tx| {
            settings(tx, &name)?;
            build(tx, &zones, &name)
        });
    created.await.expect("the clinic is made").1
}

fn settings(tx: &Tx<'_>, slug: &str) -> Result<(), Error> {
    let settings = Organization {
        id: tx.organization(),
        slug: slug.to_owned(),
        name: "Riverside Clinic".to_owned(),
        zone: "Europe/Berlin".to_owned(),
        locale: "en".to_owned(),
        sender: Sender {
            name: "Riverside Clinic".to_owned(),
            address: Email::parse("desk@riverside.example").expect("an address"),
            reply_to: None,
        },
    };
    organization::create(tx, &settings)
}

fn build(tx: &Tx<'_>, zones: &Zones, slug: &str) -> Result<Clinic, OfferingError> {
    let harbor = offering::add_location(
        tx,
        &may(),
        zones,
        "Harbor",
        "Hafenstr. 12, Berlin",
        "Europe/Berlin",
    )?;
    let hill = offering::add_location(
        tx,
        &may(),
        zones,
        "Hill",
        "Bergweg 3, Berlin",
        "Europe/Berlin",
    )?;
    let room_1 = offering::add_room(tx, &may(), harbor, "Room 1")?;
    let room_2 = offering::add_room(tx, &may(), hill, "Room 2")?;
    let member = |name: &str, email: &str| {
        offering::add_staff(
            tx,
            &may(),
            name,
            "Clinician",
            Email::parse(email).ok().as_ref(),
        )
    };
    let vogt = member("Dr. Vogt", "vogt@riverside.example")?;
    let shah = member("Priya Shah", "shah@riverside.example")?;
    let liu = member("Liu Wei", "")?;
    for weekday in [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
    ] {
        offering::add_hours(tx, &may(), vogt, harbor, weekday, (9 * 60, 12 * 60))?;
        offering::add_hours(tx, &may(), vogt, harbor, weekday, (13 * 60, 17 * 60))?;
        offering::add_hours(tx, &may(), shah, harbor, weekday, (10 * 60, 16 * 60))?;
    }
    offering::add_hours(tx, &may(), liu, hill, Weekday::Tuesday, (9 * 60, 15 * 60))?;

    let checkup_rules = Rules {
        buffer_after_minutes: 10,
        ..rules(30)
    };
    let checkup = offering::add_service(
        tx,
        &may(),
        &service("checkup", "Check-up", checkup_rules, &[vogt, shah]),
    )?;
    let therapy_rules = Rules {
        daily_limit: Some(4),
        ..rules(60)
    };
    let mut therapy = service("therapy", "Therapy", therapy_rules, &[shah, liu]);
    therapy.rooms = vec![room_1, room_2];
    let therapy = offering::add_service(tx, &may(), &therapy)?;
    let mut review = service("review", "Joint review", rules(60), &[vogt, shah]);
    review.staffing = Staffing::AllOf;
    let review = offering::add_service(tx, &may(), &review)?;
    fields(tx, therapy)?;

    let (_, token) = access::create_token(tx, "tests", &Scope::ALL)?;
    let (id, token) = (tx.organization(), token.expose().to_owned());
    let slug = slug.to_owned();
    Ok(Clinic {
        id,
        slug,
        token,
        harbor,
        hill,
        room_1,
        room_2,
        vogt,
        shah,
        liu,
        checkup,
        therapy,
        review,
    })
}

fn fields(tx: &Tx<'_>, service: ServiceId) -> Result<(), OfferingError> {
    let field = |key: &str, kind, label: &str, choices: &[&str], required| NewField {
        key: key.to_owned(),
        kind,
        label: label.to_owned(),
        reason: "So that we can prepare.".to_owned(),
        choices: choices.iter().map(ToString::to_string).collect(),
        required,
    };
    let insurance = ["Public", "Private", "None"];
    offering::add_field(
        tx,
        &may(),
        service,
        &field("concern", FieldKind::LongText, "What hurts?", &[], true),
    )?;
    offering::add_field(
        tx,
        &may(),
        service,
        &field(
            "insurance",
            FieldKind::Choice,
            "Insurance",
            &insurance,
            true,
        ),
    )?;
    offering::add_field(
        tx,
        &may(),
        service,
        &field("first_visit", FieldKind::Check, "First visit", &[], false),
    )?;
    offering::add_field(
        tx,
        &may(),
        service,
        &field("born", FieldKind::Date, "Date of birth", &[], false),
    )?;
    Ok(())
}
