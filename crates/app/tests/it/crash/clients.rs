//! What a client does to a program that may be gone at any moment, and what it may expect.

use std::io::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Sender;

use serde_json::{Value, json};

use super::rush::{APPOINTMENTS, HOLDS, booking, start_of};
use crate::http::{Answer, Http, Request};

/// An appointment whose booking was answered, and how it must be.
pub struct Known {
    pub id: String,
    status: &'static str,
    starts_at: String,
    /// A change that was sent and never answered: it may have happened or not.
    unanswered: Option<(&'static str, String)>,
}

impl Known {
    /// Fails the test when the row says anything else.
    pub fn compare(&self, row: &Value) {
        let is = |status: &str, starts_at: &str| {
            row["status"] == status && row["starts_at"] == starts_at
        };
        let as_sent = |(status, starts_at): &(&'static str, String)| is(status, starts_at);
        assert!(
            is(self.status, &self.starts_at) || self.unanswered.as_ref().is_some_and(as_sent),
            "{} should be {} at {}, is {row}",
            self.id,
            self.status,
            self.starts_at
        );
    }

    /// What was not answered is known once it has been looked at.
    fn settle(&mut self, row: &Value) {
        self.compare(row);
        if let Some((status, starts_at)) = self.unanswered.take()
            && row["status"] == status
            && row["starts_at"] == starts_at.as_str()
        {
            (self.status, self.starts_at) = (status, starts_at);
        }
    }
}

pub struct Client {
    pub number: usize,
    pub http: Http,
    pub known: Vec<Known>,
    /// Every time is asked for once.
    pub next_time: Arc<AtomicU32>,
    pub answered: Sender<()>,
}

impl Client {
    /// Looks at what was left open before, then books, holds, moves and cancels until the program
    /// is gone.
    pub fn run(&mut self) {
        // The error is the kill; what it interrupted was noted before it was sent.
        let _gone = self.work();
    }

    fn work(&mut self) -> Result<()> {
        self.look()?;
        for turn in self.number.. {
            match turn % 6 {
                0 | 1 => self.book(None)?,
                2 => {
                    let hold = self.hold()?;
                    self.book(Some(hold))?;
                }
                3 => drop(self.hold()?),
                4 => self.move_one(turn)?,
                _ => self.cancel_one(turn)?,
            }
            // The test has all the answers it waits for when it no longer listens.
            let _ = self.answered.send(());
        }
        Ok(())
    }

    /// The last ones are those that the kill could have hurt, and whatever was not answered.
    fn look(&mut self) -> Result<()> {
        let recent = self.known.len().saturating_sub(12);
        for index in 0..self.known.len() {
            if index >= recent || self.known[index].unanswered.is_some() {
                let request = Request::get(format!("{APPOINTMENTS}/{}", self.known[index].id));
                let answer = self.send(request, 200)?;
                self.known[index].settle(&answer.json());
            }
        }
        Ok(())
    }

    fn time(&self) -> u32 {
        self.next_time.fetch_add(1, Ordering::SeqCst)
    }

    fn hold(&mut self) -> Result<(u32, Value)> {
        let time = self.time();
        let body = json!({"service": "visit", "starts_at": start_of(time)});
        let answer = self.send(Request::post(HOLDS).json(&body), 201)?;
        Ok((time, answer.json()["id"].clone()))
    }

    fn book(&mut self, hold: Option<(u32, Value)>) -> Result<()> {
        let (time, hold) = match hold {
            Some((time, hold)) => (time, Some(hold)),
            None => (self.time(), None),
        };
        let body = booking(time, self.number, hold);
        let answer = self
            .send(Request::post(APPOINTMENTS).json(&body), 201)?
            .json();
        self.known.push(Known {
            id: answer["id"].as_str().expect("an id").to_owned(),
            status: "confirmed",
            starts_at: start_of(time),
            unanswered: None,
        });
        Ok(())
    }

    fn move_one(&mut self, turn: usize) -> Result<()> {
        let to = start_of(self.time());
        self.change(turn, "rescheduling", "confirmed", Some(to))
    }

    fn cancel_one(&mut self, turn: usize) -> Result<()> {
        self.change(turn, "cancellation", "canceled", None)
    }

    /// Changes one that stands; nothing when none does.
    fn change(
        &mut self,
        turn: usize,
        how: &str,
        status: &'static str,
        to: Option<String>,
    ) -> Result<()> {
        let standing = |known: &&mut Known| known.status == "confirmed";
        let mut standing: Vec<&mut Known> = self.known.iter_mut().filter(standing).collect();
        if standing.is_empty() {
            return Ok(());
        }
        let chosen = turn % standing.len();
        let known = &mut *standing[chosen];
        let body = match &to {
            Some(to) => json!({"starts_at": to}),
            None => json!({"reason": "Fifty kills"}),
        };
        let after = (status, to.unwrap_or_else(|| known.starts_at.clone()));
        known.unanswered = Some(after.clone());
        let request = Request::post(format!("{APPOINTMENTS}/{}/{how}", known.id)).json(&body);
        let answer = self.http.try_send(request)?;
        assert_eq!(answer.status, 200, "{}", answer.text());
        known.unanswered = None;
        (known.status, known.starts_at) = after;
        Ok(())
    }

    fn send(&mut self, request: Request, status: u16) -> Result<Answer> {
        let answer = self.http.try_send(request)?;
        assert_eq!(answer.status, status, "{}", answer.text());
        Ok(answer)
    }
}
