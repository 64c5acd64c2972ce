//! Whether the clock tells who has an account: signing in and asking for a new password, for addresses of
//! every kind, one after the other on one connection. Each sample comes from a client address of its own,
//! so that none is turned away for trying too often.

use std::time::Instant;

use kept_app::access::{self, MemberError, MemberState, NewMember, PasswordHash, Role};
use kept_base::kit::{Actor, Email, PersonName, Secret};
use kept_base::store::Tx;

use crate::ground::Ground;
use crate::prepare::may;
use crate::prepare::{self, Anything, Error};
use crate::report::{Row, number};
use crate::server::Server;
use crate::wire::Connection;

/// The organization at whose door it is.
const CLINIC: &str = "door";
/// Samples of each case.
const SAMPLES: usize = 1_000;
/// Samples of each case before those that count.
const WARM_UP: usize = 20;
/// How far the chance that one case takes longer than the other may be from even. With so many
/// samples of equal cases it stays within 0.04 in 998 runs of 1,000.
const MOST_TOLD: f64 = 0.05;

/// What is sent, and what should take as long: the first case of a form is what the others are compared
/// with, the second is the same once more (the floor).
struct Case {
    what: &'static str,
    path: &'static str,
    /// Status that is expected.
    status: u16,
    body: &'static str,
}

const fn sign_in(what: &'static str, body: &'static str) -> Case {
    Case {
        what,
        path: "/o/door/sign-in",
        status: 422,
        body,
    }
}

const fn forgot(what: &'static str, body: &'static str) -> Case {
    Case {
        what,
        path: "/o/door/forgot",
        status: 200,
        body,
    }
}

const SIGN_IN: [Case; 7] = [
    sign_in(
        "a wrong password",
        "email=active%40example.org&password=maple+lantern+orbis",
    ),
    sign_in(
        "the same once more (floor)",
        "email=active%40example.org&password=maple+lantern+orbis",
    ),
    sign_in(
        "an unknown address",
        "email=nobody%40example.org&password=maple+lantern+orbis",
    ),
    sign_in(
        "a member without password",
        "email=invite%40example.org&password=maple+lantern+orbis",
    ),
    sign_in(
        "a suspended member, wrong",
        "email=asleep%40example.org&password=maple+lantern+orbis",
    ),
    sign_in(
        "a suspended member, right",
        "email=asleep%40example.org&password=maple+lantern+orbit",
    ),
    sign_in(
        "what is no address",
        "email=active+at+example.org&password=maple+lantern+orbis",
    ),
];

const FORGOT: [Case; 5] = [
    forgot("a member", "email=active%40example.org"),
    forgot("the same once more (floor)", "email=active%40example.org"),
    forgot("an unknown address", "email=nobody%40example.org"),
    forgot("an invited member", "email=invite%40example.org"),
    forgot("a suspended member", "email=asleep%40example.org"),
];

/// Makes the organization with a member of each kind.
async fn prepare(ground: &Ground) -> Result<(), Anything> {
    let store = ground.open()?;
    let hash = access::hash_password(Secret::new("maple lantern orbit".to_owned()), [7; 16]);
    let hash = hash.await?;
    let build = move |tx: &Tx<'_>| build(tx, &hash).map_err(Error);
    let made = store.create_organization(CLINIC, Actor::OPERATOR, build);
    made.await.map_err(|error| error.0)?;
    store.close();
    Ok(())
}

fn build(tx: &Tx<'_>, hash: &PasswordHash) -> Result<(), Anything> {
    prepare::organization(tx, CLINIC)?;
    for (name, has_password) in [
        ("owner", true),
        ("active", true),
        ("invite", false),
        ("asleep", true),
    ] {
        let new = NewMember {
            name: PersonName::parse("Robin Vale")?,
            email: Email::parse(&format!("{name}@example.org"))?,
            role: if name == "owner" {
                Role::Owner
            } else {
                Role::Staff
            },
            staff: None,
            locale: "en".to_owned(),
        };
        let id = access::add_member(tx, &new)?;
        if has_password {
            access::set_password(tx, id, hash)?;
        }
        if name == "asleep" {
            let mut member = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
            member.state = MemberState::Suspended;
            access::change_member(tx, &may(), &member)?;
        }
    }
    Ok(())
}

/// Measures both forms; a case fails when its times can be told from those of the first.
pub async fn rows(ground: &Ground) -> Result<Vec<Row>, Anything> {
    prepare(ground).await?;
    let server = Server::serve(&ground.settings_behind_proxy()?)?;
    server.settle()?;
    let mut rows = Vec::new();
    let mut client = 0;
    for (form, cases) in [("sign-in", &SIGN_IN[..]), ("new password", &FORGOT[..])] {
        eprintln!("the clock at the door: {form}");
        let times = sample(&server, cases, &mut client).await?;
        rows.extend(judged(form, cases, &times));
    }
    server.stop()?;
    Ok(rows)
}

/// Each case's times in milliseconds, in turn with the others, so that what else the machine does hits
/// all of them.
async fn sample(
    server: &Server,
    cases: &[Case],
    client: &mut u32,
) -> Result<Vec<Vec<f64>>, Anything> {
    let mut connection = Connection::open(server.address).await?;
    let mut times = vec![Vec::with_capacity(SAMPLES); cases.len()];
    for round in 0..WARM_UP + SAMPLES {
        for place in 0..cases.len() {
            // Forwards and backwards, beginning with another one each time.
            let place = if round % 2 == 0 {
                place
            } else {
                cases.len() - 1 - place
            };
            let number = (place + round / 2) % cases.len();
            let case = &cases[number];
            *client += 1;
            let request = request(server, case, *client);
            let begun = Instant::now();
            let status = connection.ask(&request).await?.status;
            let taken = begun.elapsed().as_secs_f64() * 1e3;
            if status != case.status {
                return Err(format!("{}: answered {status}", case.what).into());
            }
            if round >= WARM_UP {
                times[number].push(taken);
            }
        }
    }
    Ok(times)
}

fn request(server: &Server, case: &Case, client: u32) -> Vec<u8> {
    let [_, a, b, c] = client.to_be_bytes();
    let (host, path, body) = (server.address, case.path, case.body);
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\nx-forwarded-for: 10.{a}.{b}.{c}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

fn judged(form: &str, cases: &[Case], times: &[Vec<f64>]) -> Vec<Row> {
    let mut rows = Vec::new();
    for (case, taken) in cases.iter().zip(times) {
        let middle = number(median(taken), 2);
        let chance = chance_of_longer(taken, &times[0]);
        let what = format!("{form}, {}: median; chance to take longer", case.what);
        let is_first = std::ptr::eq(taken, &times[0]);
        rows.push(if is_first {
            Row::told(&what, format!("{middle} ms"))
        } else {
            Row {
                what,
                measured: format!("{middle} ms; {chance:.3}"),
                target: format!("0.5 ± {MOST_TOLD}"),
                passed: Some((chance - 0.5).abs() <= MOST_TOLD),
            }
        });
    }
    rows
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// How likely a time of `ours` is longer than one of `theirs` (Mann and Whitney's U as a part of all
/// pairs): even where nothing can be told, whatever the times are like, and deaf to outliers.
fn chance_of_longer(ours: &[f64], theirs: &[f64]) -> f64 {
    let mut sorted = theirs.to_vec();
    sorted.sort_by(f64::total_cmp);
    let below: f64 = ours
        .iter()
        .map(|time| {
            let less = sorted.partition_point(|other| other < time);
            let not_more = sorted.partition_point(|other| other <= time);
            (less + not_more) as f64 / 2.0
        })
        .sum();
    below / (ours.len() * theirs.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_told_is_told() {
        let even: Vec<f64> = (0..100).map(f64::from).collect();
        assert!((chance_of_longer(&even, &even) - 0.5).abs() < 1e-9);
        let longer: Vec<f64> = even.iter().map(|time| time + 100.0).collect();
        assert!((chance_of_longer(&longer, &even) - 1.0).abs() < 1e-9);
        assert!((chance_of_longer(&even, &longer)).abs() < 1e-9);
        assert!((median(&even) - 50.0).abs() < 1e-9);
        let cases = [forgot("one", ""), forgot("two", "")];
        let rows = judged("form", &cases, &[even.clone(), longer]);
        assert_eq!(rows[1].passed, Some(false));
        let rows = judged("form", &cases, &[even.clone(), even]);
        assert_eq!(rows[1].passed, Some(true));
    }
}
