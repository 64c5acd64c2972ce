//! A PostgreSQL server whose connections break while people book at two processes.

use std::collections::BTreeMap;
use std::sync::Arc;

use kept_base::kit::Clock as _;
use kept_base::store::Dsn;

use super::nth;
use crate::api::{Answer, Api, Ask};
use crate::support::TestApp;

/// Times that are wanted, each at both processes at once.
const TIMES: u32 = 36;
/// How often one wish is sent until it is answered by something else than a failure.
const MAX_ASKED: usize = 50;
/// Between so many bookings all connections are broken.
const BREAK_EVERY: u32 = 4;

/// Breaks every connection to the database but its own.
async fn break_all(dsn: &Dsn) {
    let dsn = dsn.clone();
    let broken = tokio::task::spawn_blocking(move || {
        let mut client = dsn.connect().expect("the server is there");
        let all = "select pg_terminate_backend(pid) from pg_stat_activity
                   where datname = current_database() and usename = current_user
                     and pid <> pg_backend_pid()";
        client.batch_execute(all).expect("may be done");
        // Ends the connection where futures are not polled.
        drop(client);
    });
    broken.await.expect("no panic");
}

/// Asks until there is an answer; each wish has one key.
async fn insist(api: &Api, number: u32, who: &str) -> Answer {
    let mut body = nth(number);
    body["person"]["email"] = format!("guest-{number}-{who}@example.org").into();
    for _ in 0..MAX_ASKED {
        let ask = Ask::post("appointments", &body).key(&format!("{number}-{who}"));
        let answer = api.send(ask).await;
        if answer.status < 500 {
            return answer;
        }
        let code = answer.at("/code");
        assert!(
            ["unavailable", "timeout", "busy"].contains(&code.as_str()),
            "{}",
            answer.text()
        );
    }
    panic!("{number} was never answered");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_connections_lose_and_double_nothing() {
    let (test, clinic) = TestApp::with_clinic().await;
    let Some(dsn) = test.folder.place().postgres else {
        return;
    };
    let now = test.clock.now();
    let other = TestApp::open(Arc::clone(&test.folder), now, true);
    let processes = [Api::of(test, clinic.clone()), Api::of(other, clinic)];
    let mut kept: BTreeMap<String, usize> = BTreeMap::new();
    for first in (0..TIMES).step_by(BREAK_EVERY as usize) {
        let wishes = async {
            let mut answers = Vec::new();
            for number in first..first + BREAK_EVERY {
                let (one, two) = tokio::join!(
                    insist(&processes[0], number, "one"),
                    insist(&processes[1], number, "two"),
                );
                answers.extend([one, two]);
            }
            answers
        };
        let (answers, ()) = tokio::join!(wishes, break_all(&dsn));
        for answer in answers {
            match answer.status {
                201 => *kept.entry(answer.at("/id")).or_default() += 1,
                status => assert_eq!((status, answer.at("/code").as_str()), (409, "slot_taken")),
            }
        }
    }
    assert!(kept.values().all(|times| *times == 1), "{kept:?}");
    assert!(kept.len() >= 24, "{} were booked", kept.len());
    for api in &processes {
        let rows = api.get_as_clinic("appointments?limit=200").await.json();
        let rows = rows["data"].as_array().cloned().unwrap_or_default();
        let ids = rows.iter().filter_map(|row| row["id"].as_str());
        let found: BTreeMap<String, usize> = ids.map(|id| (id.to_owned(), 1)).collect();
        assert_eq!(found, kept, "each acknowledged one, once, and no other");
        let mut claims: Vec<(String, String)> = Vec::new();
        for row in &rows {
            for staff in row["staff"].as_array().into_iter().flatten() {
                claims.push((staff.to_string(), row["starts_at"].to_string()));
            }
        }
        let all = claims.len();
        claims.sort();
        claims.dedup();
        assert_eq!(claims.len(), all, "somebody is booked twice at one time");
    }
}
