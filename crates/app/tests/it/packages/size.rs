//! What a package of a large organization takes: a measurement, not part of the suite.

use std::sync::Arc;
use std::time::Instant;

use jiff::ToSpan as _;
use kept_app::offering::{self, OfferingError};
use kept_app::packages::State;
use kept_app::scheduling::staff::{self, Manner, NewBooking, StaffError, Whose, Wish};
use kept_base::kit::Actor;

use super::{DOWNLOAD, Office, address};
use crate::support::at;
use crate::support::clinic::{person, rules, service};
use crate::support::desk::anything;
use crate::support::may;

const APPOINTMENTS: usize = 20_000;
const AT_ONCE: usize = 250;
const STAFF: usize = 50;

/// Most memory that the process had since it was asked last, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    std::fs::write("/proc/self/clear_refs", "5").expect("ours to reset");
    kib.and_then(|kib| kib.parse::<u64>().ok())
        .expect("a number")
        / 1024
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement of minutes: docs/benchmarks.md says how it is run"]
async fn a_package_of_twenty_thousand_appointments() {
    let office = Office::new().await;
    let (test, clinic) = (&office.test, &office.clinic);
    let made = test.app.store.write(clinic.id, Actor::OPERATOR, |tx| {
        let staff = (0..STAFF).map(|index| {
            let name = format!("Clinician {index}");
            offering::add_staff(tx, &may(), &name, "", None)
        });
        let staff = staff.collect::<Result<Vec<_>, OfferingError>>()?;
        let visit = service("visit", "Visit", rules(45), &staff);
        Ok::<_, OfferingError>((offering::add_service(tx, &may(), &visit)?, staff))
    });
    let (visit, members) = made.await.expect("is made");
    for first in (0..APPOINTMENTS).step_by(AT_ONCE) {
        let (catalogs, members) = (Arc::clone(&test.app.catalogs), members.clone());
        let filled = test.app.store.write(clinic.id, Actor::OPERATOR, move |tx| {
            for index in first..first + AT_ONCE {
                let hours = i64::try_from(index / STAFF).expect("few");
                let new = NewBooking {
                    wish: Wish {
                        service: visit,
                        staff: vec![members[index % STAFF]],
                        location: None,
                        room: None,
                        starts_at: at("2026-11-24T00:00:00Z") + hours.hours(),
                        minutes: 45,
                    },
                    whose: Whose::New(person(
                        &format!("Customer Number {index}"),
                        &format!("customer-{index}@example.org"),
                    )),
                    awaiting: false,
                };
                let manner = Manner {
                    override_rules: true,
                    tell: false,
                };
                staff::book(tx, &anything(), &catalogs, &new, manner)?;
            }
            Ok::<_, StaffError>(())
        });
        filled.await.expect("all fit");
    }
    peak();
    let before = peak();
    let id = office.ask().await;
    let begun = Instant::now();
    office.worker.run_due().await;
    let (took, making) = (begun.elapsed(), peak());
    let package = office.newest().await;
    assert_eq!(package.state, State::Ready);
    let begun = Instant::now();
    let (_, _, bytes) = office.owner.fetch(&address(id, DOWNLOAD)).await;
    assert_eq!(bytes.expect("is whole").len() as u64, package.bytes);
    println!(
        "{} rows, {} KiB: made in {took:.1?}, fetched in {:.1?}; {before} MiB before, {making} MiB making",
        package.progress.1,
        package.bytes / 1024,
        begun.elapsed()
    );
}
