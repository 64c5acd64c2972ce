//! Invented people with invented appointments, booked by the same verb as everybody's.

use std::sync::Arc;

use jiff::ToSpan as _;
use kept_base::kit::{Actor, OrganizationId};
use kept_base::store::{Error, Store, Tx};

use super::{
    Chance, MAX_SANDBOX_APPOINTMENTS, Region, SANDBOX_DAYS, SANDBOX_PEOPLE, people::invent,
};
use crate::offering::{Catalog, Catalogs, FieldKind, Service};
use crate::people::NewPerson;
use crate::scheduling::{self, NewAppointment, SchedulingError, Wanted, rules};

/// Appointments of one service on one day.
const A_DAY: usize = 2;
/// What is answered to a question for text.
const ANSWER: &str = "Invented";
/// What is answered to a question for a date.
const DATE: &str = "1990-01-01";
/// A number kept for fiction.
const PHONE: &str = "+493023125001";

/// Fills a new sandbox, in one transaction.
pub(super) async fn fill(
    app: &Store,
    catalogs: &Arc<Catalogs>,
    id: OrganizationId,
) -> Result<(), Error> {
    let catalogs = Arc::clone(catalogs);
    let fill = move |tx: &Tx<'_>| book_all(tx, &catalogs);
    app.write(id, Actor::SYSTEM, fill).await
}

fn book_all(tx: &Tx<'_>, catalogs: &Catalogs) -> Result<(), Error> {
    let catalog = catalogs.get(tx)?;
    let chance = Chance::new(tx.now().as_second().unsigned_abs());
    let people = invented(&catalog, &chance);
    let today = tx.now().to_zoned(catalog.zone.clone()).date();
    let mut booked = 0;
    for ahead in 0..SANDBOX_DAYS {
        let day = today.saturating_add(i64::from(ahead).days());
        for service in catalog.services.iter().filter(|service| !service.archived) {
            for _ in 0..A_DAY {
                if booked >= MAX_SANDBOX_APPOINTMENTS || people.is_empty() {
                    return Ok(());
                }
                let person = &people[booked % people.len()];
                let one = || book(tx, catalogs, (&catalog, service), day, person, &chance);
                // What does not fit is left out: a sandbox is not worse for it.
                match tx.attempt(one) {
                    Ok(true) => booked += 1,
                    Err(SchedulingError::Store(error))
                        if !matches!(error, Error::Constraint(_)) =>
                    {
                        return Err(error);
                    }
                    Ok(false) | Err(_) => {}
                }
            }
        }
    }
    Ok(())
}

fn invented(catalog: &Catalog, chance: &Chance) -> Vec<NewPerson> {
    let settings = &catalog.organization;
    let region = Region {
        zone: &settings.zone,
        locales: &[&settings.locale],
        domains: &["example.invalid"],
        phone: ("+493023125", 0, 1_000),
    };
    invent(SANDBOX_PEOPLE, &region, chance)
}

fn book(
    tx: &Tx<'_>,
    catalogs: &Catalogs,
    (catalog, service): (&Catalog, &Service),
    day: jiff::civil::Date,
    person: &NewPerson,
    chance: &Chance,
) -> Result<bool, SchedulingError> {
    let wanted = Wanted {
        service: service.id,
        staff: None,
        location: None,
    };
    let offers = scheduling::times(tx, catalogs, &wanted, day, &catalog.zone, None)?;
    let Some(offer) = offers.get(chance.below(offers.len().max(1))) else {
        return Ok(false);
    };
    let Ok(answers) = rules::check_answers(&service.fields, &answers(service)) else {
        return Ok(false);
    };
    let new = NewAppointment {
        wanted,
        starts_at: offer.starts_at,
        hold: None,
        person: person.clone(),
        answers,
    };
    scheduling::book(tx, catalogs, &new)?;
    Ok(true)
}

/// An answer to each question that wants one.
fn answers(service: &Service) -> Vec<(String, String)> {
    let required = service.fields.iter().filter(|field| field.required);
    let answered = required.filter_map(|field| {
        let answer = match field.kind {
            FieldKind::Choice => field.choices.first().cloned()?,
            FieldKind::Check => "yes".to_owned(),
            FieldKind::Phone => PHONE.to_owned(),
            FieldKind::Text | FieldKind::LongText => ANSWER.to_owned(),
            FieldKind::Date => DATE.to_owned(),
        };
        Some((field.key.clone(), answer))
    });
    answered.collect()
}
