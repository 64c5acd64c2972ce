//! An organization made to be booked without a pause: two on the staff who serve together, and a
//! room, every five minutes of the day. One appointment takes three claims.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use kept_app::offering::{self, OfferingError};
use kept_app::organization::{self, Organization, Sender};
use kept_app::{manifest, migrations};
use kept_base::kit::{Actor, Clock as _, Email, Entropy, SystemClock};
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Options, Place, RootKeyFile, Store, Tx};
use kept_slots::{Rules, Staffing};
use serde_json::{Value, json};

use crate::support::clinic;
use crate::support::may;

pub const SLUG: &str = "rush";
pub const APPOINTMENTS: &str = "/api/v1/orgs/rush/appointments";
pub const HOLDS: &str = "/api/v1/orgs/rush/holds";
const STEP_MINUTES: u16 = 5;

/// What must never be in the tables, each as a count.
const FAULTS: &[(&str, &str)] = &[
    (
        "claims of appointments that are not there or do not stand",
        "select count(*) from claim where appointment_id is not null and appointment_id not in
             (select id from appointment where status = 'confirmed')",
    ),
    (
        "claims of holds that are not there",
        "select count(*) from claim where hold_id is not null
             and hold_id not in (select id from hold)",
    ),
    (
        "holds without their three claims",
        "select count(*) from hold
         where (select count(*) from claim where hold_id = hold.id) <> 3",
    ),
    (
        "appointments that stand without their three claims",
        "select count(*) from appointment where status = 'confirmed'
             and (select count(*) from claim where appointment_id = appointment.id) <> 3",
    ),
    (
        "claims at another time than their appointment",
        "select count(*) from claim join appointment on appointment.id = appointment_id
         where claim.starts_at <> appointment.starts_at or claim.ends_at <> appointment.ends_at",
    ),
    (
        "claims that overlap",
        "select count(*) from claim one join claim other on one.resource_id = other.resource_id
             and one.starts_at < other.starts_at and other.starts_at < one.ends_at",
    ),
    (
        "cancellations without a canceled appointment, or the other way round",
        "select count(*) from appointment
         where (status = 'canceled') <> (id in (select appointment_id from cancellation))",
    ),
    (
        "appointments without both on the staff",
        "select count(*) from appointment
         where (select count(*) from appointment_staff where appointment_id = appointment.id) <> 2",
    ),
    (
        "changes without their record, message or act",
        "select count(*) from appointment where
         revision <> (select count(*) from rescheduling where appointment_id = appointment.id)
             + (select count(*) from cancellation where appointment_id = appointment.id)
         or revision + 1 <> (select count(*) from message
             where appointment_id = appointment.id and audience = 'person')
         or revision + 1 <> (select count(*) from act
             where subject = appointment.id and act like 'appointment.%')",
    ),
    (
        "appointments that nobody has a link to, or of nobody",
        "select count(*) from appointment
         where id not in (select appointment_id from capability)
             or person_id not in (select person_id from contact_point)",
    ),
    (
        "gaps in the record of acts",
        "select coalesce(max(sequence), 0) - count(*) from act",
    ),
];

pub struct Rush {
    folder: tempfile::TempDir,
}

/// The start of the `number`th time: five minutes after the one before.
pub fn start_of(number: u32) -> String {
    // The day after tomorrow, as seen by whoever looks first.
    static FIRST: OnceLock<i64> = OnceLock::new();
    let first = *FIRST.get_or_init(|| (SystemClock.now().as_second() / 86_400 + 2) * 86_400);
    let at = Timestamp::from_second(first).expect("a time of our days");
    (at + SignedDuration::from_mins(i64::from(number) * i64::from(STEP_MINUTES))).to_string()
}

/// The body that books the `number`th time.
pub fn booking(number: u32, client: usize, hold: Option<Value>) -> Value {
    let mut body = json!({
        "service": "visit",
        "starts_at": start_of(number),
        "person": {"name": format!("Client {client}"), "email": format!("client-{client}-{number}@example.org")},
    });
    if let Some(hold) = hold {
        body["hold"] = hold;
    }
    body
}

impl Rush {
    /// A data folder that `kept demo --data-dir` opens.
    pub fn prepare() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("data")).expect("a folder");
        let rush = Self { folder };
        rush.open(|store| async move {
            let zones = Zones::bundled();
            let made = store.create_organization(SLUG, Actor::OPERATOR, move |tx| fill(tx, &zones));
            made.await.expect("is made");
        });
        rush
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What is wrong in the tables, looked at while nobody serves them.
    pub fn faults(&self) -> Vec<String> {
        self.open(|store| async move {
            let id = store
                .find_organization(SLUG)
                .await
                .expect("opens")
                .expect("is there");
            let mut faults = store.faults(id).await.expect("the file can be read");
            let counted = store.read(id, Actor::SYSTEM, |tx| {
                let mut found = Vec::new();
                for (what, sql) in FAULTS {
                    let count = tx
                        .query_opt(sql, &[], |row| row.get::<i64>(0))?
                        .unwrap_or(0);
                    if count != 0 {
                        found.push(format!("{count} {what}"));
                    }
                }
                Ok::<_, Error>(found)
            });
            faults.extend(counted.await.expect("the tables can be read"));
            faults
        })
    }

    fn open<T, W: Future<Output = T>>(&self, work: impl FnOnce(Arc<Store>) -> W) -> T {
        let data: PathBuf = self.folder().join("data");
        let entropy = Arc::new(Entropy::from_system().expect("randomness"));
        let root = RootKeyFile(self.folder().join("root.key"));
        let root = root.load_or_create(&entropy).expect("a root key");
        let options = Options {
            organization_migrations: migrations::ORGANIZATION,
            erase: manifest::erase,
            group_commit: true,
        };
        let clock = Arc::new(SystemClock);
        let store =
            Store::open(&Place::folder(&data), root, options, clock, entropy).expect("opens");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(work(Arc::new(store)))
    }
}

fn fill(tx: &Tx<'_>, zones: &Zones) -> Result<(), OfferingError> {
    let settings = Organization {
        id: tx.organization(),
        slug: SLUG.to_owned(),
        name: "Rush".to_owned(),
        zone: "UTC".to_owned(),
        locale: "en".to_owned(),
        sender: Sender {
            name: "Rush".to_owned(),
            address: Email::parse("desk@example.org").expect("an address"),
            reply_to: None,
        },
    };
    organization::create(tx, &settings)?;
    let hall = offering::add_location(tx, &may(), zones, "Hall", "", "UTC")?;
    let room = offering::add_room(tx, &may(), hall, "Room")?;
    let one = offering::add_staff(tx, &may(), "One", "", None)?;
    let other = offering::add_staff(tx, &may(), "Other", "", None)?;
    for member in [one, other] {
        for day in Weekday::Monday.cycle_forward().take(7) {
            offering::add_hours(tx, &may(), member, hall, day, (0, 1_440))?;
        }
    }
    let rules = Rules {
        step_minutes: STEP_MINUTES,
        notice_minutes: 0,
        ..clinic::rules(STEP_MINUTES)
    };
    let mut visit = clinic::service("visit", "Visit", rules, &[one, other]);
    visit.staffing = Staffing::AllOf;
    visit.rooms = vec![room];
    offering::add_service(tx, &may(), &visit)?;
    Ok(())
}
