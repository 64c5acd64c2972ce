//! Northgate: a college's advising office in Vancouver, one location, two on the staff.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use kept_base::kit::Email;
use kept_base::page::zone::Zones;
use kept_base::store::Tx;
use kept_slots::{Rules, Staffing};

use super::holidays;
use super::seed::{Script, owner};
use super::wish::{Demand, Pace};
use crate::lending::sandbox::{EXAMPLES, Region};
use crate::offering::{
    FieldKind, NewField, NewService, OfferingError, add_closed_day, add_field, add_hours,
    add_location, add_service, add_staff,
};
use crate::organization::{self, Organization, Sender};

const SLUG: &str = "northgate";
const ZONE: &str = "America/Vancouver";

/// What it is, and how much is asked for on a day that would be full.
pub(super) const SCRIPT: Script = Script {
    slug: SLUG,
    zone: ZONE,
    open,
    region: Region {
        domains: EXAMPLES,
        zone: ZONE,
        locales: &["en"],
        // 555-0100 to 555-0199: kept for fiction by the North American Numbering Plan.
        phone: ("+1604555", 100, 200),
    },
    pace: Pace {
        people: 60,
        demands: &[
            Demand {
                service: "advising",
                a_day: 14,
                named_percent: 40,
            },
            Demand {
                service: "essay-review",
                a_day: 5,
                named_percent: 0,
            },
        ],
        reasons: &["My class was moved.", "I found the answer in the handbook."],
        answers: &[(
            "course",
            &["History 210", "Biology 101", "Comparative Literature 330"],
        )],
    },
};

fn open(tx: &Tx<'_>, zones: &Zones, today: Date) -> Result<(), OfferingError> {
    let by = &owner()?;
    let email = |text| Email::parse(text).map_err(|_| OfferingError::Invalid("address"));
    organization::create(
        tx,
        &Organization {
            id: tx.organization(),
            slug: SLUG.to_owned(),
            name: "Northgate College Advising".to_owned(),
            zone: ZONE.to_owned(),
            locale: "en".to_owned(),
            sender: Sender {
                name: "Northgate Advising".to_owned(),
                address: email("advising@northgate.example")?,
                reply_to: None,
            },
        },
    )?;
    let address = "1200 Northgate Way, Vancouver, BC V5K 0A1";
    let office = add_location(tx, by, zones, "Student Center", address, ZONE)?;
    let priya = email("priya.nair@northgate.example")?;
    let priya = add_staff(tx, by, "Priya Nair", "Academic advisor", Some(&priya))?;
    let tom = add_staff(tx, by, "Tom MacKenzie", "Writing advisor", None)?;
    for day in Weekday::Monday.cycle_forward().take(5) {
        add_hours(tx, by, priya, office, day, (9 * 60, 16 * 60))?;
        add_hours(tx, by, tom, office, day, (10 * 60, 15 * 60))?;
    }
    let (from, to) = (today - 30.days(), today + 90.days());
    for (day, name) in (from.year()..=to.year()).flat_map(holidays::british_columbia) {
        if (from..=to).contains(&day) {
            add_closed_day(tx, by, None, day, name)?;
        }
    }
    let advising = NewService {
        slug: "advising".to_owned(),
        name: "Advising".to_owned(),
        description: "Courses, deadlines, changing programs: half an hour with somebody who \
            knows the rules."
            .to_owned(),
        rules: Rules {
            length_minutes: 30,
            step_minutes: 30,
            notice_minutes: 60,
            horizon_days: 60,
            ..Rules::default()
        },
        staffing: Staffing::AnyOf,
        staff: vec![priya, tom],
        rooms: Vec::new(),
        price: None,
        move_until_minutes: 60,
        cancel_until_minutes: 60,
    };
    let essays = NewService {
        slug: "essay-review".to_owned(),
        name: "Essay review".to_owned(),
        description: "Bring a draft of up to ten pages, on paper or on a laptop.".to_owned(),
        rules: Rules {
            length_minutes: 45,
            step_minutes: 15,
            ..advising.rules
        },
        staff: vec![tom],
        ..advising.clone()
    };
    add_service(tx, by, &advising)?;
    let essays = add_service(tx, by, &essays)?;
    let draft = NewField {
        key: "course".to_owned(),
        kind: FieldKind::Text,
        label: "For which course is it?".to_owned(),
        reason: "Departments differ in what they expect; we look it up before.".to_owned(),
        choices: Vec::new(),
        required: true,
    };
    add_field(tx, by, essays, &draft)?;
    Ok(())
}
