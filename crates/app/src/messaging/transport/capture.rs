//! Letters kept in memory instead of being sent, to be shown in the demo's mailbox.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use kept_base::kit::OrganizationId;
use kept_base::page::Locale;

use crate::ids::MessageId;
use crate::messaging::letter::{Calendar, Correspondent, Letter};

/// Letters kept for each organization; the oldest goes first.
pub const MAX_CAPTURED_LETTERS: usize = 200;
/// Organizations whose letters are kept; those of further ones are not.
pub const MAX_CAPTURED_ORGANIZATIONS: usize = 50;

/// A letter as it would have been sent, without its HTML form. No `Debug`: all of it is personal.
#[derive(Clone)]
pub struct Captured {
    /// The message it was written for.
    pub message: MessageId,
    /// When.
    pub written_at: Timestamp,
    /// Its language.
    pub locale: Locale,
    /// Who wrote.
    pub from: Correspondent,
    /// Who was written to.
    pub to: Correspondent,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The calendar object.
    pub calendar: Option<Calendar>,
}

/// The letters of a demo. They end with the process.
#[derive(Default)]
pub struct Capture {
    kept: Mutex<HashMap<OrganizationId, VecDeque<Captured>>>,
}

impl Capture {
    pub(super) fn keep(&self, letter: &Letter) {
        let captured = Captured {
            message: letter.message,
            written_at: letter.written_at,
            locale: letter.locale,
            from: letter.from.clone(),
            to: letter.to.clone(),
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            calendar: letter.calendar.clone(),
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.contains_key(&letter.organization);
        if !known && kept.len() >= MAX_CAPTURED_ORGANIZATIONS {
            return;
        }
        let letters = kept.entry(letter.organization).or_default();
        if letters.len() >= MAX_CAPTURED_LETTERS {
            letters.pop_front();
        }
        letters.push_back(captured);
    }

    /// The organization's letters, newest first.
    #[must_use]
    pub fn letters(&self, organization: OrganizationId) -> Vec<Captured> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&organization)
            .map(|letters| letters.iter().rev().cloned().collect())
            .unwrap_or_default()
    }
}
