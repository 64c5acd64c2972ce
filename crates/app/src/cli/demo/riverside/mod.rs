//! Riverside: a clinic in Berlin with two locations, four on the staff and five services.

mod services;

use jiff::civil::{Date, Weekday};
use jiff::{ToSpan as _, civil};
use kept_base::kit::Email;
use kept_base::page::zone::Zones;
use kept_base::store::Tx;
use kept_slots::Window;

use crate::cli::demo::holidays;
use crate::cli::demo::seed::{Script, owner};
use crate::cli::demo::wish::{Demand, Pace};
use crate::ids::{LocationId, RoomId, StaffId};
use crate::lending::sandbox::{EXAMPLES, Region};
use crate::offering::{
    OfferingError, add_closed_day, add_hours, add_location, add_override, add_room, add_staff,
    add_time_off,
};
use crate::organization::{self, Organization, Sender};

const SLUG: &str = "riverside";
const ZONE: &str = "Europe/Berlin";

/// What it is, and how much is asked for on a day that would be full.
pub(super) const SCRIPT: Script = Script {
    slug: SLUG,
    zone: ZONE,
    open,
    region: Region {
        domains: EXAMPLES,
        zone: ZONE,
        locales: &["de", "de", "en"],
        // 030 23125 000 to 999: kept for film and television by the Bundesnetzagentur.
        phone: ("+493023125", 0, 1_000),
    },
    pace: Pace {
        people: 260,
        demands: &[
            Demand {
                service: "first-visit",
                a_day: 9,
                named_percent: 20,
            },
            Demand {
                service: "check-up",
                a_day: 16,
                named_percent: 50,
            },
            Demand {
                service: "physiotherapy",
                a_day: 11,
                named_percent: 35,
            },
            Demand {
                service: "vaccination",
                a_day: 14,
                named_percent: 0,
            },
            Demand {
                service: "joint-assessment",
                a_day: 4,
                named_percent: 0,
            },
        ],
        reasons: &[
            "I have a cold and would rather not bring it along.",
            "Mir ist beruflich etwas dazwischengekommen.",
            "The problem went away by itself.",
            "Ich bin an dem Tag doch verreist.",
        ],
        answers: &[
            (
                "concern",
                &[
                    "My knee hurts when I go down stairs.",
                    "Seit ein paar Wochen schlafe ich schlecht.",
                    "A second opinion on the results from last month.",
                    "Rückenschmerzen, vor allem morgens.",
                ],
            ),
            (
                "where",
                &["Left knee", "Rechte Schulter", "Lower back", "Right hip"],
            ),
        ],
    },
};

struct Places {
    mitte: LocationId,
    treptow: LocationId,
}

struct Team {
    amara: StaffId,
    jonas: StaffId,
    mei: StaffId,
    fatma: StaffId,
}

fn open(tx: &Tx<'_>, zones: &Zones, today: Date) -> Result<(), OfferingError> {
    let by = &owner()?;
    let address = |text| Email::parse(text).map_err(|_| OfferingError::Invalid("address"));
    organization::create(
        tx,
        &Organization {
            id: tx.organization(),
            slug: SLUG.to_owned(),
            name: "Riverside Clinic".to_owned(),
            zone: ZONE.to_owned(),
            locale: "en".to_owned(),
            sender: Sender {
                name: "Riverside Clinic".to_owned(),
                address: address("appointments@riverside.example")?,
                reply_to: Some(address("desk@riverside.example")?),
            },
        },
    )?;
    let places = Places {
        mitte: add_location(
            tx,
            by,
            zones,
            "Riverside Mitte",
            "Uferzeile 14, 10179 Berlin",
            ZONE,
        )?,
        treptow: add_location(
            tx,
            by,
            zones,
            "Riverside Treptow",
            "Am Wehr 3, 12435 Berlin",
            ZONE,
        )?,
    };
    let rooms = rooms(tx, &places)?;
    let team = Team {
        amara: staff(tx, "Dr. Amara Okafor", "Physician", "amara.okafor")?,
        jonas: staff(tx, "Dr. Jonas Lindqvist", "Physician", "jonas.lindqvist")?,
        mei: staff(tx, "Mei-Ling Chen", "Physiotherapist", "mei-ling.chen")?,
        fatma: staff(tx, "Fatma Yıldız", "Nurse practitioner", "fatma.yildiz")?,
    };
    hours(tx, &places, &team)?;
    services::add(tx, &team, &rooms)?;
    exceptions(tx, zones, &places, &team, today)
}

fn staff(tx: &Tx<'_>, name: &str, title: &str, local: &str) -> Result<StaffId, OfferingError> {
    let by = &owner()?;
    let email = Email::parse(&format!("{local}@riverside.example"));
    add_staff(tx, by, name, title, email.ok().as_ref())
}

fn rooms(tx: &Tx<'_>, places: &Places) -> Result<Vec<RoomId>, OfferingError> {
    let by = &owner()?;
    [
        (places.mitte, "Room 1"),
        (places.mitte, "Room 2"),
        (places.mitte, "Room 3"),
        (places.treptow, "Garden room"),
        (places.treptow, "Studio"),
    ]
    .into_iter()
    .map(|(place, name)| add_room(tx, by, place, name))
    .collect()
}

fn hours(tx: &Tx<'_>, places: &Places, team: &Team) -> Result<(), OfferingError> {
    let by = &owner()?;
    use Weekday::{Friday, Monday, Saturday, Thursday, Tuesday, Wednesday};
    let (mitte, treptow) = (places.mitte, places.treptow);
    let morning = (8 * 60, 12 * 60);
    let afternoon = (13 * 60, 16 * 60 + 30);
    let late = (12 * 60, 19 * 60);
    for (who, place, days, stretches) in [
        (
            team.amara,
            mitte,
            &[Monday, Tuesday, Wednesday][..],
            &[morning, afternoon][..],
        ),
        (
            team.amara,
            treptow,
            &[Thursday],
            &[(9 * 60, 13 * 60), (14 * 60, 18 * 60)],
        ),
        (team.amara, mitte, &[Friday], &[(8 * 60, 13 * 60)]),
        (
            team.jonas,
            treptow,
            &[Monday, Tuesday],
            &[morning, afternoon],
        ),
        (
            team.jonas,
            mitte,
            &[Wednesday, Friday],
            &[morning, afternoon],
        ),
        (team.jonas, mitte, &[Thursday], &[late]),
        (
            team.mei,
            mitte,
            &[Monday, Wednesday, Friday],
            &[(9 * 60, 13 * 60), (14 * 60, 17 * 60)],
        ),
        (
            team.mei,
            treptow,
            &[Tuesday, Thursday],
            &[(11 * 60, 15 * 60), (15 * 60 + 30, 19 * 60)],
        ),
        (
            team.fatma,
            mitte,
            &[Monday, Tuesday, Thursday, Friday],
            &[(7 * 60 + 30, 14 * 60)],
        ),
        (
            team.fatma,
            treptow,
            &[Wednesday],
            &[(10 * 60, 14 * 60), (15 * 60, 18 * 60)],
        ),
        (team.fatma, mitte, &[Saturday], &[(9 * 60, 13 * 60)]),
    ] {
        for (day, stretch) in days
            .iter()
            .flat_map(|day| stretches.iter().map(move |s| (day, s)))
        {
            add_hours(tx, by, who, place, *day, *stretch)?;
        }
    }
    Ok(())
}

/// What differs from the usual week: holidays, a closed location, an evening, a week away.
fn exceptions(
    tx: &Tx<'_>,
    zones: &Zones,
    places: &Places,
    team: &Team,
    today: Date,
) -> Result<(), OfferingError> {
    let by = &owner()?;
    let (from, to) = (today - 30.days(), today + 90.days());
    for (day, name) in (from.year()..=to.year()).flat_map(holidays::berlin) {
        if (from..=to).contains(&day) {
            add_closed_day(tx, by, None, day, name)?;
        }
    }
    let works_on = today + 12.days();
    add_closed_day(
        tx,
        by,
        Some(places.treptow),
        works_on,
        "The lift is repaired",
    )?;
    let evening = next(today + 7.days(), Weekday::Tuesday);
    add_override(
        tx,
        by,
        team.amara,
        evening,
        Some((places.mitte, 13 * 60, 20 * 60)),
    )?;
    let monday = next(today + 16.days(), Weekday::Monday);
    let zone = zones.get(ZONE).ok_or(OfferingError::Invalid("zone"))?;
    let midnight =
        |day: Date| zone.to_ambiguous_timestamp(day.to_datetime(civil::Time::midnight()));
    let (start, end) = (
        midnight(monday).compatible(),
        midnight(monday + 5.days()).compatible(),
    );
    if let (Ok(start), Ok(end)) = (start, end) {
        add_time_off(tx, by, team.jonas, Window { start, end })?;
    }
    Ok(())
}

/// The first `weekday` on or after `from`.
fn next(from: Date, weekday: Weekday) -> Date {
    let days = from.weekday().until(weekday);
    from + i64::from(days).days()
}
