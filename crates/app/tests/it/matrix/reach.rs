//! Within one organization: what a manager's locations do not reach is answered as what never was. Which names
//! there are is read from the owner's pages, and where they can be put from the manager's.

use std::collections::{BTreeMap, BTreeSet};

use kept_app::access::{self, Member, MemberError, Role};
use kept_base::kit::Actor;

use super::crawl::{Ask, ids, walk};
use super::foreign::{is_same, never, variants, with};
use super::world::{Side, World, done};
use crate::support::TestApp;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::visitor::Page;

/// Kinds of things that belong to no location, so that a manager may name each of them.
const OF_EVERYBODY: &[&str] = &["per", "svc"];

/// Most things of one kind that are tried.
const MAX_OF_A_KIND: usize = 3;

/// A manager of Hill alone, where something is booked and reserved too.
async fn of_hill(test: &TestApp, side: &Side) -> Staffer {
    let (service, liu) = (side.clinic.therapy.to_string(), side.clinic.liu.to_string());
    let wish = [
        ("service", service.as_str()),
        ("date", "2026-11-24"),
        ("time", "10:00"),
        ("staff", &liu),
        ("name", "Noor Haddad"),
        ("email", "noor@example.org"),
        ("override", "yes"),
        ("sent", "yes"),
    ];
    done(&side.owner, "/calendar/new", &wish).await;
    let reserved = [
        ("label", "Team"),
        ("date", "2026-11-24"),
        ("time", "13:00"),
        ("until", "14:00"),
        ("who", liu.as_str()),
    ];
    done(&side.owner, "/calendar/reserve", &reserved).await;
    let manager = Staffer::named(test, &side.clinic, Role::Manager, "hill@riverside.example").await;
    let (id, hill) = (manager.id, side.clinic.hill);
    let changed = test
        .app
        .store
        .write(side.clinic.id, Actor::OPERATOR, move |tx| {
            let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
            let locations = vec![hill];
            access::change_member(
                tx,
                &may(),
                &Member {
                    locations,
                    ..before
                },
            )
        });
    changed.await.expect("is changed");
    manager
}

fn named(pages: &[(Ask, Page)]) -> BTreeSet<String> {
    let all = pages.iter().flat_map(|(_, page)| ids(&page.body));
    all.map(str::to_owned).collect()
}

#[tokio::test]
async fn what_a_manager_does_not_reach_is_answered_as_what_never_was() {
    let World { test, ours, .. } = World::new().await;
    let manager = of_hill(&test, &ours).await;
    let (all, _) = walk(&ours.owner, "/o/riverside").await;
    let mut pages = Vec::new();
    let mut asks = Vec::new();
    for start in [
        "/o/riverside",
        "/o/riverside/calendar?date=2026-11-24&view=agenda",
    ] {
        let (seen, found) = walk(&manager, start).await;
        pages.extend(seen);
        asks.extend(found);
    }
    let (known, reached) = (named(&all), named(&pages));
    let mut beyond: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for id in known.difference(&reached) {
        let of_kind = beyond.entry(&id[..3]).or_default();
        if of_kind.len() < MAX_OF_A_KIND {
            of_kind.push(id);
        }
    }
    for kind in ["apt", "blk"] {
        assert!(beyond.contains_key(kind), "everything is reached: {kind}");
        assert!(
            reached.iter().any(|id| id.starts_with(kind)),
            "no {kind} is reached"
        );
    }
    let before = test.rows(ours.clinic.id).await;
    let (mut tried, mut told_apart) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    for ask in asks.iter().filter(|ask| !ask.path.ends_with("/sign-out")) {
        for (kind, marked) in variants(ask) {
            if OF_EVERYBODY.contains(&kind.as_str()) {
                continue;
            }
            for id in beyond.get(kind.as_str()).into_iter().flatten() {
                let (there, nowhere) = (with(&marked, id), with(&marked, &never(&kind)));
                if !is_same(&manager, &there, &nowhere).await {
                    told_apart.insert(format!("{kind}: {}", marked.kind()));
                }
                *tried.entry(kind.clone()).or_default() += 1;
            }
        }
    }
    assert_eq!(told_apart, BTreeSet::new());
    assert!(
        tried.get("apt").is_some_and(|count| *count > 3),
        "{tried:?}"
    );
    // Nothing of what was asked for was done.
    let after = test.rows(ours.clinic.id).await;
    for table in ["appointment", "claim", "block", "hold"] {
        assert_eq!(after.get(table), before.get(table), "{table}");
    }
}
