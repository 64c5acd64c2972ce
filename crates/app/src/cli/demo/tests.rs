use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use kept_base::kit::{Actor, Entropy, ManualClock};
use kept_base::page::zone::Zones;
use kept_base::store::{Key, Options, Place, Store, Tx};

use super::seed;
use crate::audit::{self, Act};
use crate::offering::{Catalog, Catalogs};
use crate::scheduling::{self, Appointment, Filter, MAX_PAGE_ROWS, SchedulingError, Status};
use crate::{manifest, messaging, migrations};

struct Seeded {
    _folder: tempfile::TempDir,
    store: Store,
    catalogs: Arc<Catalogs>,
}

const NOW: &str = "2026-11-23T09:20:00Z";

async fn seeded() -> Seeded {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = Options {
        organization_migrations: migrations::ORGANIZATION,
        erase: manifest::erase,
        group_commit: true,
    };
    let zones = Arc::new(Zones::bundled());
    let now: Timestamp = NOW.parse().expect("an instant");
    let root = Key::from_bytes([7; 32]);
    seed(folder.path(), root.clone(), options, &zones, now)
        .await
        .expect("a full demo");
    let (clock, entropy) = (
        Arc::new(ManualClock::new(now)),
        Arc::new(Entropy::seeded(1)),
    );
    Seeded {
        store: Store::open(&Place::folder(folder.path()), root, options, clock, entropy)
            .expect("opens again"),
        catalogs: Arc::new(Catalogs::new(zones)),
        _folder: folder,
    }
}

impl Seeded {
    async fn ask<T: Send + 'static>(
        &self,
        slug: &str,
        question: impl FnOnce(&Tx<'_>, &Catalogs) -> Result<T, SchedulingError> + Send + 'static,
    ) -> T {
        let id = self
            .store
            .find_organization(slug)
            .await
            .expect("opens")
            .expect("is there");
        let catalogs = Arc::clone(&self.catalogs);
        let answer = self
            .store
            .read(id, Actor::SYSTEM, move |tx| question(tx, &catalogs));
        answer.await.expect("an answer")
    }

    async fn appointments(&self, slug: &str) -> (Arc<Catalog>, Vec<Appointment>) {
        self.ask(slug, |tx, catalogs| {
            let mut all: Vec<Appointment> = Vec::new();
            loop {
                let after = all.last().map(|last| (last.starts_at, last.id));
                let filter = Filter {
                    after,
                    ..Filter::default()
                };
                let page = scheduling::appointments(tx, &filter, MAX_PAGE_ROWS)?;
                if page.is_empty() {
                    return Ok((catalogs.get(tx)?, all));
                }
                all.extend(page);
            }
        })
        .await
    }
}

/// Minutes that staff work from `from` to before `to` by their usual week, closed days left out.
fn working_minutes(catalog: &Catalog, from: Date, to: Date) -> i64 {
    let days = from
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day < to);
    days.flat_map(|day| {
        catalog.staff.iter().flat_map(move |member| {
            let spans = member
                .hours
                .weekly
                .iter()
                .filter(move |w| w.weekday == day.weekday());
            spans.map(move |weekly| (day, weekly.span))
        })
    })
    .filter(|(day, span)| {
        !catalog.locations[usize::from(span.place)]
            .place
            .closed_days
            .contains(day)
    })
    .map(|(_, span)| i64::from(span.closes - span.opens))
    .sum()
}

fn fill_percent(catalog: &Catalog, all: &[Appointment], from: Date, to: Date) -> i64 {
    let day_of = |a: &&Appointment| catalog.zone.to_datetime(a.starts_at).date();
    let taken: i64 = all
        .iter()
        .filter(|a| a.status == Status::Confirmed && (from..to).contains(&day_of(a)))
        .map(|a| {
            let rules = catalog.service(a.service).expect("known").rules;
            let buffers = rules.buffer_before_minutes + rules.buffer_after_minutes;
            let minutes = (a.ends_at.as_second() - a.starts_at.as_second()) / 60;
            (minutes + i64::from(buffers)) * i64::try_from(a.staff.len()).expect("few")
        })
        .sum();
    taken * 100 / working_minutes(catalog, from, to)
}

// Filling takes seconds where nothing is optimized, so that two of them serve all questions.
#[tokio::test]
async fn the_demo_is_believable_and_the_same_for_everybody_on_one_day() {
    let (one, other) = (seeded().await, seeded().await);
    let riverside = one.appointments("riverside").await;
    is_a_believable_clinic(&riverside);
    let (catalog, all) = one.appointments("northgate").await;
    assert_eq!((catalog.services.len(), catalog.staff.len()), (2, 2));
    assert!(all.len() > 100);
    let times = |(_, all): &(Arc<Catalog>, Vec<Appointment>)| -> Vec<(Timestamp, Timestamp)> {
        all.iter().map(|a| (a.starts_at, a.booked_at)).collect()
    };
    let again = other.appointments("riverside").await;
    assert_eq!(times(&riverside), times(&again));
    only_the_last_letters_wait(&one).await;
}

fn is_a_believable_clinic((catalog, all): &(Arc<Catalog>, Vec<Appointment>)) {
    assert_eq!(
        (
            catalog.locations.len(),
            catalog.services.len(),
            catalog.staff.len()
        ),
        (2, 5, 4)
    );
    let near = fill_percent(catalog, all, date(2026, 11, 24), date(2026, 12, 1));
    let far = fill_percent(catalog, all, date(2026, 12, 28), date(2027, 1, 8));
    assert!((60..=75).contains(&near), "near days are {near} % full");
    assert!((5..=30).contains(&far), "far days are {far} % full");
    let now: Timestamp = NOW.parse().expect("an instant");
    let past = all.iter().filter(|a| a.starts_at < now).count();
    let canceled = all.iter().filter(|a| a.status == Status::Canceled).count();
    let changed = all.iter().filter(|a| a.revision > 0).count();
    assert!(past > 100 && canceled > 10 && changed > canceled + 10);
    for service in &catalog.services {
        let booked = all.iter().filter(|a| a.service == service.id).count();
        assert!(booked > 10, "{} is booked {booked} times", service.slug);
    }
}

async fn only_the_last_letters_wait(demo: &Seeded) {
    let id = demo
        .store
        .find_organization("riverside")
        .await
        .expect("opens")
        .expect("is there");
    let lease = |tx: &Tx<'_>| messaging::lease(tx, 5_000);
    let waiting = demo
        .store
        .write(id, Actor::SYSTEM, lease)
        .await
        .expect("a lease")
        .len();
    let acts = demo
        .ask("riverside", |tx, _| Ok(audit::after(tx, 0, 100_000)?))
        .await;
    let dropped = acts
        .iter()
        .filter(|act| act.act == Act::MessageSettled.code())
        .count();
    assert!((1..100).contains(&waiting), "{waiting} letters wait");
    assert!(dropped > 1_000, "{dropped} were dropped");
}
