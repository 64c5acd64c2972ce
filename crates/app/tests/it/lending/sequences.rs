//! Whatever operators do, in whatever order: what was planted is read under a living grant that covers
//! it, and under no other.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{ADDRESS, House, PERSON, account, vet};
use crate::console::{Browser, operator, set_state};
use crate::support::TestApp;
use crate::support::desk::Staffer;
use kept_base::store::{OperatorState, Vetting};

/// One step of an operator, of the organization, or of time.
#[derive(Debug, Clone)]
enum Step {
    Ask,
    Grant { people: bool, hours: u8 },
    End,
    Enter,
    Look(usize),
    Console(usize),
    Wait { minutes: u16 },
    Suspend(bool),
    Vet(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Ask),
        (any::<bool>(), 1..4_u8).prop_map(|(people, hours)| Step::Grant { people, hours }),
        Just(Step::End),
        Just(Step::Enter),
        (0..PAGES.len()).prop_map(Step::Look),
        (0..PAGES.len()).prop_map(Step::Look),
        (0..CONSOLE.len()).prop_map(Step::Console),
        (1..90_u16).prop_map(|minutes| Step::Wait { minutes }),
        any::<bool>().prop_map(Step::Suspend),
        any::<bool>().prop_map(Step::Vet),
    ]
}

const PAGES: &[&str] = &[
    "/",
    "/calendar?date=2026-11-24",
    "SHEET",
    "/people",
    "/access",
];
const CONSOLE: &[&str] = &[
    "/operator",
    "/operator/organizations/riverside",
    "/operator/organizations/riverside/access",
    "/operator/access",
    "/operator/operators",
    "/operator/jobs",
];

/// What should be so, kept beside what is.
struct Model {
    house: House,
    robin: Browser,
    inside: Option<(String, Staffer)>,
    /// Loans that were not ended, the newest last: whether each shows people, and until when it lives.
    loans: Vec<(String, bool, jiff::Timestamp)>,
    suspended: bool,
    vetted: bool,
}

impl Model {
    fn may_see_people(&self) -> bool {
        let now = super::now(&self.house.test);
        let Some((entered, _)) = &self.inside else {
            return false;
        };
        let by = self.loans.iter().find(|(loan, ..)| loan == entered);
        let covers = by.is_some_and(|(_, people, until)| *people && now < *until);
        covers && !self.suspended && self.vetted
    }

    async fn take(&mut self, step: &Step) {
        let test = &self.house.test;
        match step {
            Step::Ask => {
                let wish = [
                    ("people", "full"),
                    ("reason", "x"),
                    ("ticket", "T"),
                    ("hours", "1"),
                ];
                let path = "/operator/organizations/riverside/access";
                let page = self.robin.post(path, &wish).await;
                blind(&page.body);
            }
            Step::Grant { people, hours } => {
                let parts = if *people {
                    "calendar:view people:view"
                } else {
                    "calendar:full"
                };
                let text = hours.to_string();
                let before = loans(test).await;
                let page = self
                    .house
                    .grant("robin", "live", parts, &[("hours", &text)])
                    .await;
                if page.status.is_redirection() && page.location().contains("granted") {
                    let all = loans(test).await;
                    let new = all.into_iter().find(|id| !before.contains(id));
                    let minutes = i64::from(*hours) * 60;
                    let until = kept_base::kit::time::plus_minutes(super::now(test), minutes);
                    self.loans.push((new.expect("is lent"), *people, until));
                }
            }
            Step::End => {
                if let Some((loan, ..)) = self.loans.pop() {
                    self.house
                        .owner
                        .post(&format!("/access/grants/{loan}/end"), &[])
                        .await;
                }
            }
            Step::Enter => {
                if let Some((loan, ..)) = self.loans.last().cloned() {
                    let path = format!("/operator/access/{loan}/entry");
                    let page = self.robin.post(&path, &[]).await;
                    if let Some(cookie) = page.header("set-cookie") {
                        let inside = Staffer::with_cookie(test, "riverside", cookie);
                        self.inside = Some((loan, inside));
                    }
                }
            }
            Step::Look(page) => {
                let Some((_, inside)) = &self.inside else {
                    return;
                };
                let path = PAGES[*page].replace("SHEET", &self.house.sheet());
                let page = inside.get(&path).await;
                if !self.may_see_people() {
                    blind(&page.body);
                }
            }
            Step::Console(page) => blind(&self.robin.get(CONSOLE[*page]).await.body),
            Step::Wait { minutes } => test.clock.advance_minutes(i64::from(*minutes)),
            Step::Suspend(suspended) => {
                let state = if *suspended {
                    OperatorState::Suspended
                } else {
                    OperatorState::Active
                };
                if self.suspended != *suspended {
                    set_state(test, "robin", state).await;
                }
                self.suspended = *suspended;
            }
            Step::Vet(vetted) => {
                if *vetted {
                    vet(test, "robin").await;
                } else {
                    let known = account(test, "robin").await.vetting;
                    let none = Vetting {
                        qualified_until: None,
                        ..known
                    };
                    super::say(test, "robin", none).await;
                }
                self.vetted = *vetted;
            }
        }
    }
}

/// The ids of what was lent to robin.
async fn loans(test: &TestApp) -> Vec<String> {
    let id = account(test, "robin").await.id;
    let lent = test.app.store.lent_to(id).await.expect("is listed");
    let loans = lent.into_iter().filter(|one| one.id.starts_with("lon_"));
    loans.map(|one| one.id).collect()
}

fn blind(body: &str) {
    for planted in [PERSON, "Ottilie", ADDRESS] {
        assert!(!body.contains(planted), "{planted} was read");
    }
}

#[test]
fn no_sequence_of_acts_reads_without_a_living_grant() {
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let steps = prop::collection::vec(step(), 8..24);
    let run = TestRunner::new(config).run(&steps, |steps| {
        runtime.block_on(async {
            let house = House::new().await;
            let robin = house.robin.clone();
            let mut model = Model {
                house,
                robin,
                inside: None,
                loans: Vec::new(),
                suspended: false,
                vetted: true,
            };
            for step in &steps {
                model.take(step).await;
            }
        });
        Ok(())
    });
    run.expect("holds");
    // And under one it is read: the test would see it.
    runtime.block_on(async {
        let house = House::new().await;
        let (_, inside) = house.inside("calendar:view people:view").await;
        assert!(inside.get(&house.sheet()).await.body.contains(PERSON));
        operator(&house.test, "ash").await;
    });
}
