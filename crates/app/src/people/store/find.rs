//! Whom a token leads to.

use std::collections::HashSet;

use kept_base::params;
use kept_base::store::{Error, ToValue as _, Tx, Value};

use super::{COLUMNS, person};
use crate::ids::PersonId;
use crate::people::Person;
use crate::people::tokens::{Sought, Stretch};

/// Most tokens of a word that are counted, to see which word is rarer.
const MAX_COUNTED: u32 = 500;
/// Most different tokens of a word by which somebody is asked for one by one: "oka" leads to few
/// names, "o" to many.
const MAX_SPELLED: usize = 6;

/// Where a list of people found ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::people) struct Place {
    /// By which of the words that were typed: the first, one of the others, or, after them all, what
    /// stands in their place.
    pub word: usize,
    pub token: String,
    pub person: PersonId,
}

/// People found, in the order of the word they were found by, at most `limit`, after `after`.
pub(in crate::people) fn find(
    tx: &Tx<'_>,
    sought: &Sought,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, Error> {
    let words: Vec<&Stretch> = std::iter::once(&sought.first).chain(&sought.more).collect();
    // A place within none of the words, which somebody made up, is none.
    let after = after.filter(|place| {
        let word = words.get(place.word).copied();
        let or = sought.or.as_ref().filter(|_| place.word == words.len());
        let within = |at: &Stretch| at.from <= place.token && place.token < at.to;
        word.or(or).is_some_and(within)
    });
    let in_second = after.is_some_and(|place| place.word == words.len());
    let mut found = Vec::new();
    if !in_second {
        let (word, others) = arranged(tx, &words, after.map(|place| place.word))?;
        let search = Search {
            word,
            within: words[word],
            more: &others,
            known: None,
        };
        found = stretch(tx, &search, after, limit)?;
    }
    if let Some(or) = &sought.or {
        let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        let after = after.filter(|_| in_second);
        if left > 0 {
            // Who was found by name is not found by address again.
            let known: Vec<Word<'_>> = words.iter().copied().map(Word::anything).collect();
            let search = Search {
                word: words.len(),
                within: or,
                more: &[],
                known: Some(&known),
            };
            found.extend(stretch(tx, &search, after, left)?);
        }
    }
    Ok(found)
}

/// A word that was typed, and how to see whether somebody has it.
struct Word<'s> {
    within: &'s Stretch,
    /// All the tokens it leads to, where they are few.
    spelled: Option<Vec<String>>,
}

impl<'s> Word<'s> {
    fn anything(within: &'s Stretch) -> Self {
        let spelled = None;
        Self { within, spelled }
    }

    fn read(tx: &Tx<'_>, within: &'s Stretch) -> Result<Self, Error> {
        let first = "select min(token) from person_token where token >= $1 and token < $2";
        let next = "select min(token) from person_token where token > $1 and token < $2";
        let min = |sql, from: &str| {
            let found = tx.query_opt(sql, params![from, within.to], |row| row.get(0))?;
            Ok::<Option<String>, Error>(found.flatten())
        };
        let mut spelled = Vec::new();
        let mut token = min(first, &within.from)?;
        while let Some(found) = token {
            if spelled.len() == MAX_SPELLED {
                return Ok(Self::anything(within));
            }
            token = min(next, &found)?;
            spelled.push(found);
        }
        let spelled = Some(spelled);
        Ok(Self { within, spelled })
    }

    /// The condition that somebody found has it.
    ///
    /// By few tokens they are looked up beside others with the same name, on pages that were just
    /// read; else among their own tokens, on a page of their own.
    fn condition<'v>(&'v self, values: &mut Vec<Value<'v>>) -> String {
        let first = values.len() + 1;
        // Not as `exists`, which SQLite would turn around into a join that begins with the word.
        let which = if let Some(spelled) = &self.spelled {
            values.extend(spelled.iter().map(|token| token.to_value()));
            let places = (first..first + spelled.len()).map(|place| format!("${place}"));
            format!("in ({})", places.collect::<Vec<_>>().join(", "))
        } else {
            values.extend_from_slice(params![self.within.from, self.within.to]);
            return format!(
                "(select min(1) from person_token as word where word.person_id = found.person_id
                     and word.token >= ${first} and word.token < ${}) is not null",
                first + 1
            );
        };
        format!(
            "(select min(1) from person_token as word where word.token {which}
                  and word.person_id = found.person_id) is not null"
        )
    }
}

/// What [`stretch`] looks for.
struct Search<'s> {
    /// Which of the words it is that is gone through: see [`Place::word`].
    word: usize,
    /// Somebody with a token in here,
    within: &'s Stretch,
    /// and each of these,
    more: &'s [Word<'s>],
    /// but not with all of these.
    known: Option<&'s [Word<'s>]>,
}

/// Those whom `search` finds, each at the first of their tokens.
fn stretch(
    tx: &Tx<'_>,
    search: &Search<'_>,
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, Error> {
    if after.is_none() {
        // Few people have two tokens that begin alike: seeing it afterwards is cheaper than asking
        // for each whether they were found before.
        let twice = limit.saturating_mul(2);
        let mut found = rows(tx, search, None, (false, twice))?;
        let is_all = found.len() < twice as usize;
        let mut seen = HashSet::new();
        found.retain(|place| seen.insert(place.person));
        if is_all || found.len() >= limit as usize {
            found.truncate(limit as usize);
            return Ok(found);
        }
    }
    rows(tx, search, after, (true, limit))
}

fn rows(
    tx: &Tx<'_>,
    search: &Search<'_>,
    after: Option<&Place>,
    (each_once, limit): (bool, u32),
) -> Result<Vec<Place>, Error> {
    let within = search.within;
    let (token, person) = match after {
        Some(place) => (place.token.clone(), place.person.to_string()),
        None => (within.from.clone(), String::new()),
    };
    let mut sql = String::from(
        "select token, person_id from person_token as found
         where token >= $1 and token < $2 and (token > $1 or person_id > $3)",
    );
    let mut values = params![token, within.to, person].to_vec();
    for word in search.more {
        sql += " and ";
        sql += &word.condition(&mut values);
    }
    if let Some(all) = search.known {
        let all: Vec<String> = all.iter().map(|word| word.condition(&mut values)).collect();
        sql += &format!(" and not ({})", all.join(" and "));
    }
    if each_once {
        values.push(within.from.to_value());
        sql += &format!(
            " and not exists (select 1 from person_token as earlier
                where earlier.person_id = found.person_id
                  and earlier.token >= ${} and earlier.token < found.token)",
            values.len()
        );
    }
    values.extend_from_slice(params![limit]);
    sql += &format!(" order by token, person_id limit ${}", values.len());
    tx.query(&sql, &values, |row| {
        Ok(Place {
            word: search.word,
            token: row.get(0)?,
            person: row.get(1)?,
        })
    })
}

/// The word to go through, by its number, and the others, which are looked up for each who has it.
/// A rare one is gone through; of frequent ones that which leads to many names, since those that
/// lead to few are looked up faster. Further pages go on with the word `begun`.
fn arranged<'s>(
    tx: &Tx<'_>,
    words: &[&'s Stretch],
    begun: Option<usize>,
) -> Result<(usize, Vec<Word<'s>>), Error> {
    if words.len() == 1 {
        return Ok((0, Vec::new()));
    }
    let mut judged = Vec::new();
    for (number, within) in words.iter().enumerate() {
        let word = Word::read(tx, within)?;
        let count = count(tx, within)?;
        let is_spelled = word.spelled.is_some();
        let order = (
            begun != Some(number),
            count >= MAX_COUNTED,
            is_spelled,
            count,
        );
        judged.push((order, number, word));
    }
    judged.sort_by_key(|(order, ..)| *order);
    let outer = judged.remove(0).1;
    Ok((outer, judged.into_iter().map(|(.., word)| word).collect()))
}

/// How many tokens a stretch has, up to [`MAX_COUNTED`].
fn count(tx: &Tx<'_>, stretch: &Stretch) -> Result<u32, Error> {
    let counted = tx.query_opt(
        "select count(*) from (select token from person_token
             where token >= $1 and token < $2 limit $3) as counted",
        params![stretch.from, stretch.to, MAX_COUNTED],
        |row| row.get(0),
    )?;
    Ok(counted.unwrap_or(0))
}

/// People recorded before `before`, newest first.
pub(in crate::people) fn newest(
    tx: &Tx<'_>,
    before: Option<PersonId>,
    limit: u32,
) -> Result<Vec<Person>, Error> {
    let sql = format!(
        "select {COLUMNS} from person where $1 is null or person.id < $1
         order by person.id desc limit $2"
    );
    tx.query(&sql, params![before, limit], person)
}

/// Everybody's ids, newest first.
pub(in crate::people) fn everybody(tx: &Tx<'_>, limit: u32) -> Result<Vec<PersonId>, Error> {
    tx.query(
        "select id from person order by id desc limit $1",
        params![limit],
        |row| row.get(0),
    )
}

/// Who has exactly this token.
pub(in crate::people) fn with_token(tx: &Tx<'_>, token: &str) -> Result<Vec<PersonId>, Error> {
    tx.query(
        "select person_id from person_token where token = $1 order by person_id limit 20",
        params![token],
        |row| row.get(0),
    )
}

/// Whether the person has exactly this token.
pub(in crate::people) fn has_token(tx: &Tx<'_>, id: PersonId, token: &str) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from person_token where person_id = $1 and token = $2",
        params![id, token],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Tokens that begin with `mark` and belong to more than one person, with two of them.
pub(in crate::people) fn shared(
    tx: &Tx<'_>,
    mark: char,
    limit: u32,
) -> Result<Vec<(PersonId, PersonId)>, Error> {
    tx.query(
        "select min(person_id), max(person_id) from person_token
         where token >= $1 and token < $2 group by token having count(*) > 1
         order by 2 desc limit $3",
        params![mark.to_string(), format!("{mark}\u{10FFFF}"), limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
