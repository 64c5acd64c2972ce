//! Finding people by what somebody types.

use std::collections::BTreeSet;

use kept_base::store::{Error, Tx};

use super::store;
use super::tokens::{self, Domain, Sought, sought};
use super::{Person, Record};
use crate::ids::PersonId;
use crate::policy::Area;

/// Longest text that people are looked for by, in characters.
pub const MAX_SOUGHT_CHARS: usize = 120;
/// Most pairs of people who may be the same that are shown at once.
pub const MAX_PAIRS_SHOWN: usize = 50;

/// Which people: everybody, or those whom a text finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// What was typed; everybody when nothing was.
    pub typed: String,
}

impl Which {
    /// Those whom `typed` finds, cut off at [`MAX_SOUGHT_CHARS`].
    #[must_use]
    pub fn typed(typed: &str) -> Self {
        Self {
            typed: typed.trim().chars().take(MAX_SOUGHT_CHARS).collect(),
        }
    }

    /// Whether it is everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        self.typed.is_empty()
    }
}

/// A page of people.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Those on it.
    pub people: Vec<Person>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// People by a text (the beginning of any word of their name, of an address, a part of a telephone
/// number), or everybody. Pages go from whoever was recorded last to whoever was first; those found
/// by a text stand on their page in the order of their names. At most `limit`, from where `after`
/// says; fewer when many had to be looked at.
///
/// # Errors
/// Those of the store.
pub fn search(tx: &Tx<'_>, which: &Which, after: Option<&str>, limit: u32) -> Result<Found, Error> {
    if which.is_everybody() {
        return newest(tx, after, limit);
    }
    let Some(sought) = sought_within(tx, &which.typed)? else {
        return Ok(Found::default());
    };
    let before = after.and_then(|text| text.parse().ok());
    let page = store::find(tx, &sought, before, limit)?;
    let found = store::find_people(tx, &page.people)?;
    let mut people: Vec<Person> = found.into_values().collect();
    people.sort_by_cached_key(|one| (tokens::words(one.name.expose()), one.id));
    let next = page.next.map(|last| last.to_string());
    Ok(Found { people, next })
}

/// What is looked for by whoever reads in this transaction. Where addresses and numbers are hidden from them,
/// nobody is found by one: a beginning that finds somebody is a beginning that is read.
fn sought_within(tx: &Tx<'_>, typed: &str) -> Result<Option<Sought>, Error> {
    let Some(mut sought) = sought(typed) else {
        return Ok(None);
    };
    let keys = tx.person_keys()?;
    if (Area::Contact.column()).is_some_and(|column| keys.hides(column)) {
        sought.or = None;
        sought.words.retain(|part| !part.is_of_contacts());
    }
    Ok(Some(sought).filter(|sought| !sought.words.is_empty()))
}

fn newest(tx: &Tx<'_>, before: Option<&str>, limit: u32) -> Result<Found, Error> {
    let before = before.and_then(|text| text.parse().ok());
    let mut people = store::newest(tx, before, limit.saturating_add(1))?;
    let more = people.len() > limit as usize;
    people.truncate(limit as usize);
    let next = people.last().filter(|_| more);
    let next = next.map(|last| last.id.to_string());
    Ok(Found { people, next })
}

/// The ids of those whom `which` names, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn ids(tx: &Tx<'_>, which: &Which, limit: u32) -> Result<Vec<PersonId>, Error> {
    if which.is_everybody() {
        return store::everybody(tx, limit);
    }
    let Some(sought) = sought_within(tx, &which.typed)? else {
        return Ok(Vec::new());
    };
    let (mut ids, mut before) = (Vec::new(), None);
    loop {
        let left = limit.saturating_sub(u32::try_from(ids.len()).unwrap_or(u32::MAX));
        let page = store::find(tx, &sought, before, left)?;
        ids.extend(page.people);
        before = page.next;
        if before.is_none() || ids.len() >= limit as usize {
            return Ok(ids);
        }
    }
}

/// Everything on record of a person, except notes and answers.
///
/// # Errors
/// Those of the store.
pub fn record_of(tx: &Tx<'_>, id: PersonId) -> Result<Option<Record>, Error> {
    store::record(tx, id)
}

/// Why two people may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// They share an e-mail address.
    Email,
    /// They share a telephone number.
    Phone,
    /// They are called the same.
    Name,
}

impl Alike {
    /// The stable code, which texts are named by.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
        }
    }
}

/// Two people who may be one.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The one recorded first.
    pub first: Person,
    /// The other.
    pub second: Person,
    /// Why.
    pub alike: Alike,
}

/// People who may be the same: one address, one number, or one name. At most [`MAX_PAIRS_SHOWN`];
/// each pair once, by the strongest reason.
///
/// # Errors
/// Those of the store.
pub fn alike(tx: &Tx<'_>) -> Result<Vec<Pair>, Error> {
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for (domain, alike) in [
        (Domain::Email, Alike::Email),
        (Domain::Phone, Alike::Phone),
        (Domain::Name, Alike::Name),
    ] {
        let limit = u32::try_from(MAX_PAIRS_SHOWN).unwrap_or(u32::MAX);
        for (first, second) in store::shared(tx, domain, limit)? {
            if pairs.len() == MAX_PAIRS_SHOWN || !seen.insert((first, second)) {
                continue;
            }
            let both = (
                store::find_person(tx, first)?,
                store::find_person(tx, second)?,
            );
            if let (Some(first), Some(second)) = both {
                pairs.push(Pair {
                    first,
                    second,
                    alike,
                });
            }
        }
    }
    Ok(pairs)
}
