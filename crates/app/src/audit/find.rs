//! Acts that somebody looks for, the newest first. The record grows for ever and has no index but by
//! what was done to one thing, so that booking does not pay for looking: whoever looks reads backwards
//! in stretches, and is told where to go on.

use jiff::Timestamp;
use kept_base::kit::ActorKind;
use kept_base::store::{Error, Tx};

use super::{Act, Entry, store};

/// Most acts that one look answers with.
pub const MAX_ACTS_AT_ONCE: usize = 100;
/// Most acts that one look reads; then it says where to go on.
pub const MAX_ACTS_READ: i64 = 20_000;
/// Most kinds of acts that are looked for at once.
pub const MAX_ACT_KINDS: usize = 12;
/// Most acts that are read for one file, wanted or not.
pub const MAX_ACTS_READ_FOR_FILE: i64 = 2_000_000;
/// Most acts in one file.
pub const MAX_ACTS_IN_FILE: usize = 100_000;

/// Most of the last acts done to something that are looked at before one more like them is recorded.
pub const MAX_LOOKED_BACK: u32 = 64;

/// By whom an act was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// By anybody of this kind.
    Kind(ActorKind),
    /// By this one alone, as `kind:id`.
    One(String),
}

/// Which acts are looked for; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// By whom.
    pub author: Option<Author>,
    /// Of which kinds: what stands before the stop in their codes, such as `member`; at most
    /// [`MAX_ACT_KINDS`].
    pub groups: Option<&'static [&'static str]>,
    /// Done to the thing with this id.
    pub subject: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The acts, newest first.
    pub entries: Vec<Entry>,
    /// Where to go on, when not everything was read: acts before this one.
    pub next: Option<i64>,
}

/// Looks for acts before the one with the number `before`, or from the newest on.
///
/// # Errors
/// Those of the store.
pub fn find(tx: &Tx<'_>, wanted: &Wanted, before: Option<i64>) -> Result<Found, Error> {
    let first = match (before, wanted.until) {
        (Some(before), _) => before,
        (None, Some(until)) => first_from(tx, until)?,
        (None, None) => store::newest(tx)? + 1,
    };
    // What was done to one thing has an index.
    let stretch = wanted.subject.as_ref().map_or(MAX_ACTS_READ, |_| first);
    let last = (first - stretch).max(1);
    let entries = store::matching(tx, wanted, (last, first), MAX_ACTS_AT_ONCE)?;
    let is_full = entries.len() == MAX_ACTS_AT_ONCE;
    let read_to = match entries.last() {
        Some(entry) if is_full => entry.sequence,
        _ => last,
    };
    // Clocks are set back now and then, so an act that is too early ends nothing before this does.
    let is_over = match wanted.from {
        Some(from) if !is_full => first_from(tx, from)? >= read_to,
        _ => false,
    };
    Ok(Found {
        entries,
        next: (read_to > 1 && !is_over).then_some(read_to),
    })
}

/// Everything that is looked for, newest first; `None` when that is more than [`MAX_ACTS_IN_FILE`], or
/// stands further apart than [`MAX_ACTS_READ_FOR_FILE`] acts.
///
/// # Errors
/// Those of the store.
pub fn find_all(tx: &Tx<'_>, wanted: &Wanted) -> Result<Option<Vec<Entry>>, Error> {
    let (mut all, mut before) = (Vec::new(), None);
    let mut first = None;
    loop {
        let found = find(tx, wanted, before)?;
        all.extend(found.entries);
        if all.len() > MAX_ACTS_IN_FILE {
            return Ok(None);
        }
        match found.next {
            Some(next) if *first.get_or_insert(next) - next > MAX_ACTS_READ_FOR_FILE => {
                return Ok(None);
            }
            Some(next) => before = Some(next),
            None => return Ok(Some(all)),
        }
    }
}

/// Whether `act` was done to `subject` with this detail after `since`, by the last acts done to it: one
/// that lies ahead was written before the clock was set back.
///
/// # Errors
/// Those of the store.
pub fn is_noted(
    tx: &Tx<'_>,
    subject: impl std::fmt::Display,
    act: Act,
    detail: &str,
    since: Timestamp,
) -> Result<bool, Error> {
    let last = store::of(tx, &subject.to_string(), MAX_LOOKED_BACK)?;
    Ok(last.into_iter().any(|one| {
        let is_same = one.act == act.code() && one.detail == detail;
        is_same && since < one.at && one.at <= tx.now()
    }))
}

/// The number of the first act that is not before `at`, as far as clocks went forward.
fn first_from(tx: &Tx<'_>, at: Timestamp) -> Result<i64, Error> {
    let (mut low, mut high) = (1, store::newest(tx)? + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        match store::at(tx, middle)? {
            Some(then) if then < at => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
