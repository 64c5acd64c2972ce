//! Killed in the middle: what was answered is kept, and nothing is left half done.
//!
//! One data folder is served, loaded and killed (SIGKILL) again and again. Nothing waits for a
//! length of time: the kill comes after a number of answers, while other requests are under way.

mod clients;
mod rush;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};

use crate::http::{Http, Request};
use crate::process::Running;
use clients::{Client, Known};
use rush::{APPOINTMENTS, Rush, SLUG, booking};

const KILLS: u32 = 50;
const CLIENTS: usize = 4;
/// The most answers before a kill.
const MAX_ANSWERS: u32 = 40;
/// Kills between two looks into the tables.
const LOOK_EVERY: u32 = 10;
/// Requests at once for one time.
const RIVALS: usize = 200;

#[test]
fn fifty_kills_lose_nothing_that_was_answered_and_leave_nothing_half_done() {
    let rush = Rush::prepare();
    let next_time = Arc::new(AtomicU32::new(0));
    let mut known: Vec<Known> = Vec::new();
    for kill in 1..=KILLS {
        let running = Running::demo_in(rush.folder());
        let asked = Asked::begin(&running, known, &next_time);
        // 17 and 40 share no factor, so every number of answers comes up.
        asked.await_answers(1 + kill * 17 % MAX_ANSWERS);
        running.kill();
        known = asked.end();
        if kill % LOOK_EVERY == 0 {
            assert_eq!(rush.faults(), Vec::<String>::new(), "after kill {kill}");
        }
    }
    let running = Running::demo_in(rush.folder());
    let all = list_all(&mut running.api(SLUG));
    for known in &known {
        let found = all.iter().find(|row| row["id"] == known.id.as_str());
        let found = found.unwrap_or_else(|| panic!("{} was answered and is lost", known.id));
        known.compare(found);
    }
    assert!(known.len() >= KILLS as usize, "{} were booked", known.len());
    running.stop();
    assert_eq!(rush.faults(), Vec::<String>::new(), "at the end");
}

/// Clients that ask until the program is gone.
struct Asked {
    answers: mpsc::Receiver<()>,
    clients: Vec<thread::JoinHandle<Vec<Known>>>,
}

impl Asked {
    /// Each client takes its part of what is known, looks whether it is still so, and asks on.
    fn begin(running: &Running, known: Vec<Known>, next_time: &Arc<AtomicU32>) -> Self {
        let (answered, answers) = mpsc::channel();
        let mut parts: Vec<Vec<Known>> = (0..CLIENTS).map(|_| Vec::new()).collect();
        for (index, known) in known.into_iter().enumerate() {
            parts[index % CLIENTS].push(known);
        }
        let start = |(number, known)| {
            let mut client = Client {
                number,
                http: running.api(SLUG),
                known,
                next_time: Arc::clone(next_time),
                answered: answered.clone(),
            };
            thread::spawn(move || {
                client.run();
                client.known
            })
        };
        let clients = parts.into_iter().enumerate().map(start).collect();
        Self { answers, clients }
    }

    fn await_answers(&self, count: u32) {
        for _ in 0..count {
            self.answers.recv().expect("the program answers");
        }
    }

    fn end(self) -> Vec<Known> {
        let ended = self.clients.into_iter();
        ended
            .flat_map(|client| client.join().expect("every answer is as expected"))
            .collect()
    }
}

fn list_all(http: &mut Http) -> Vec<Value> {
    let mut all = Vec::new();
    let mut after = String::new();
    loop {
        let answer = http.get(&format!("{APPOINTMENTS}?limit=200{after}")).json();
        all.extend(answer["data"].as_array().into_iter().flatten().cloned());
        match answer["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return all,
        }
    }
}

#[test]
fn of_many_connections_that_want_one_time_exactly_one_gets_it() {
    let rush = Rush::prepare();
    let running = Running::demo_in(rush.folder());
    let barrier = Arc::new(std::sync::Barrier::new(RIVALS));
    let ask = |number| {
        let (mut http, barrier) = (running.http(), Arc::clone(&barrier));
        let request = Request::post(APPOINTMENTS).json(&booking(0, number, None));
        thread::spawn(move || {
            // Connects, so that only the request itself is left to send.
            assert_eq!(http.get("/healthz").status, 200);
            barrier.wait();
            let answer = http.send(request);
            let body = answer.json();
            (
                answer.status,
                body["code"].clone(),
                body["alternatives"].clone(),
            )
        })
    };
    let asking: Vec<_> = (0..RIVALS).map(ask).collect();
    let answers: Vec<_> = asking
        .into_iter()
        .map(|ask| ask.join().expect("is answered"))
        .collect();
    let won = answers.iter().filter(|(status, ..)| *status == 201).count();
    let lost = answers.iter().filter(|(status, code, alternatives)| {
        (*status, code) == (409, &json!("slot_taken"))
            && alternatives
                .as_array()
                .is_some_and(|times| times.len() == 3)
    });
    assert_eq!((won, lost.count()), (1, RIVALS - 1), "{answers:?}");
    running.stop();
    assert_eq!(rush.faults(), Vec::<String>::new());
}
