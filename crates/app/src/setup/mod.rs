//! Setting up: from nothing to the first time that can be booked. A starter kit fills in what most
//! of its kind would choose; five answers do the rest, and everything can be changed later.

mod first_run;
mod kits;
pub mod pages;

use jiff::civil::Weekday;
use kept_base::page::zone::Zones;
use kept_base::store::{Error, Tx};
use kept_slots::{Rules, Staffing};

pub use first_run::FirstRun;
pub use kits::{Kit, Weekly};

use crate::access::{self, MemberError};
use crate::ids::MemberId;
use crate::offering::{self, NewService, OfferingError};
use crate::organization;
use crate::policy::May;
use crate::policy::rights::ChangeSettings;

/// What the first service needs.
#[derive(Debug, Clone)]
pub struct FirstService {
    /// What the place is called.
    pub place: String,
    /// Where it is; may be empty.
    pub address: String,
    /// What the service is called.
    pub service: String,
    /// How long it takes, in minutes.
    pub length_minutes: u16,
    /// On which days somebody serves.
    pub days: Vec<Weekday>,
    /// From and until which minute of the day.
    pub hours: (u16, u16),
    /// Name of whoever serves.
    pub staff: String,
}

/// Why the first service was not set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// There is a service already: it is changed on its own page.
    #[error("there is a service already")]
    Done,
    /// Whoever sets it up may not change what is offered.
    #[error("whoever sets it up may not change what is offered")]
    Forbidden,
    /// The offering refuses a value.
    #[error(transparent)]
    Offering(#[from] OfferingError),
    /// The member cannot be changed.
    #[error(transparent)]
    Member(#[from] MemberError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Makes the first place, service, staff member and hours, and lets `member` be that staff member.
///
/// # Errors
/// [`SetupError`]; nothing is left behind.
pub fn set_up_first_service(
    tx: &Tx<'_>,
    by: &May<ChangeSettings>,
    zones: &Zones,
    member: MemberId,
    first: &FirstService,
) -> Result<(), SetupError> {
    let by_offering = &by.grants().may().ok_or(SetupError::Forbidden)?;
    if offering::has_services(tx)? {
        return Err(SetupError::Done);
    }
    let settings = organization::load(tx)?;
    let known = access::member(tx, member)?.ok_or(MemberError::Unknown)?;
    let place = offering::add_location(
        tx,
        by_offering,
        zones,
        &first.place,
        &first.address,
        &settings.zone,
    )?;
    let staff = offering::add_staff(tx, by_offering, &first.staff, "", Some(&known.email))?;
    for day in &first.days {
        offering::add_hours(tx, by_offering, staff, place, *day, first.hours)?;
    }
    let slug = slug_of(&first.service);
    offering::add_service(tx, by_offering, &new_service(first, slug, staff))?;
    access::serve_as(tx, by, member, staff)?;
    Ok(())
}

fn new_service(first: &FirstService, slug: String, staff: crate::ids::StaffId) -> NewService {
    NewService {
        slug,
        name: first.service.clone(),
        description: String::new(),
        rules: Rules {
            length_minutes: first.length_minutes,
            step_minutes: if first.length_minutes.is_multiple_of(30) {
                30
            } else {
                15
            },
            notice_minutes: 120,
            horizon_days: 60,
            ..Rules::default()
        },
        staffing: Staffing::AnyOf,
        staff: vec![staff],
        rooms: Vec::new(),
        price: None,
        move_until_minutes: 24 * 60,
        cancel_until_minutes: 24 * 60,
    }
}

/// A name in addresses made of what something is called: letters and digits of it, with hyphens.
#[must_use]
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'à' | 'á' | 'â' | 'å' => slug.push('a'),
            'è' | 'é' | 'ê' => slug.push('e'),
            'ì' | 'í' => slug.push('i'),
            'ò' | 'ó' | 'ô' => slug.push('o'),
            'ù' | 'ú' => slug.push('u'),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.truncate(organization::MAX_SLUG_BYTES);
    let slug = slug.trim_end_matches('-');
    if organization::check_slug(slug).is_ok() {
        slug.to_owned()
    } else {
        format!("my-{}", if slug.is_empty() { "bookings" } else { slug })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_a_name() {
        for (name, slug) in [
            ("Riverside Clinic", "riverside-clinic"),
            ("Müllers Café & Söhne", "muellers-cafe-soehne"),
            ("  Dr. Vogt  ", "dr-vogt"),
            ("API", "my-api"),
            ("診療所", "my-bookings"),
        ] {
            assert_eq!(slug_of(name), slug, "{name}");
        }
    }
}
