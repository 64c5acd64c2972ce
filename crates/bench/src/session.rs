//! What it costs to know who asks and what they may: a session found by its cookie, with the member, the
//! rules of signing in and what the organization takes from their role; then one decision of the policy.

use std::hint::black_box;
use std::time::Instant;

use kept_app::access::{self, Device, Grants, Member, MemberState, NewMember, Right, Role, Shown};
use kept_base::kit::{Actor, Email, OrganizationId, PersonName, Token};
use kept_base::store::{Store, Tx};

use crate::ground::Ground;
use crate::prepare::may;
use crate::prepare::{self, Anything, Error};
use crate::report::{Row, number};

/// The organization that is asked.
const CLINIC: &str = "session";
/// Members beside the one who asks, each with a session of their own.
const MEMBERS: usize = 200;
/// Checks in one transaction, and transactions.
const CHECKS: u32 = 1_000;
const ROUNDS: usize = 21;
/// Most of a request's time that knowing who asks may take, in microseconds.
const MOST_MICROSECONDS: f64 = 50.0;

fn build(tx: &Tx<'_>) -> Result<Token, Anything> {
    prepare::organization(tx, CLINIC)?;
    let mut own = None;
    for number in 0..=MEMBERS {
        let new = NewMember {
            name: PersonName::parse("Robin Vale")?,
            email: Email::parse(&format!("member{number}@example.org"))?,
            role: if number == 0 {
                Role::Owner
            } else {
                Role::Staff
            },
            staff: None,
            locale: "en".to_owned(),
        };
        let id = access::add_member(tx, &new)?;
        let member = access::member(tx, id)?.ok_or("a member")?;
        let state = MemberState::Active;
        access::change_member(tx, &may(), &Member { state, ..member })?;
        own = Some(access::start_session(tx, id, Device::UNKNOWN)?);
    }
    own.ok_or_else(|| "nobody".into())
}

/// Measures both.
pub async fn rows(ground: &Ground) -> Result<Vec<Row>, Anything> {
    eprintln!("sessions and the policy");
    let store = ground.open()?;
    let made = store.create_organization(CLINIC, Actor::OPERATOR, |tx| build(tx).map_err(Error));
    let (id, token) = made.await.map_err(|error| error.0)?;
    let mut checks = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        checks.push(check(&store, id, token.clone()).await?);
    }
    checks.sort_by(f64::total_cmp);
    store.close();
    let policy = number(decision(), 1);
    Ok(vec![
        Row::at_most(
            "a session is found, with its member, rules and limits: median",
            checks[ROUNDS / 2],
            MOST_MICROSECONDS,
            "µs",
        ),
        Row::told("one decision of the policy", format!("{policy} ns")),
    ])
}

/// Microseconds of one check, of many in one snapshot.
async fn check(store: &Store, id: OrganizationId, token: Token) -> Result<f64, Anything> {
    let asked = store.read(id, Actor::VISITOR, move |tx| {
        let begun = Instant::now();
        for _ in 0..CHECKS {
            let shown = access::session(tx, &token, None)?;
            if !matches!(black_box(shown), Shown::In(_)) {
                return Err(Error("the session is not there".into()));
            }
        }
        Ok(begun.elapsed().as_secs_f64() * 1e6 / f64::from(CHECKS))
    });
    asked.await.map_err(|error| error.0)
}

/// Nanoseconds of one decision.
fn decision() -> f64 {
    const TIMES: u32 = 10_000;
    let all: Vec<Grants> = Role::ALL.into_iter().map(Grants::of_role).collect();
    let begun = Instant::now();
    for _ in 0..TIMES {
        for grants in &all {
            for right in Right::ALL {
                black_box(black_box(grants).grant(black_box(right)));
            }
        }
    }
    let count = f64::from(TIMES) * (all.len() * Right::ALL.len()) as f64;
    begun.elapsed().as_secs_f64() * 1e9 / count
}
