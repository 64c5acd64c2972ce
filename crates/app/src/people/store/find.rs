//! Whom a token leads to.

use kept_base::params;
use kept_base::store::{Error, Tx, Value};

use super::{COLUMNS, person};
use crate::ids::PersonId;
use crate::people::Person;
use crate::people::tokens::{Sought, Stretch};

/// Most tokens of a word that are counted, to see which word is rarer.
const MAX_COUNTED: u32 = 2_000;

/// Where a list of people found ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::people) struct Place {
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
    let within = |stretch: &Stretch| {
        after.is_some_and(|place| stretch.from <= place.token && place.token < stretch.to)
    };
    let in_second = sought.or.as_ref().is_some_and(within);
    let mut found = Vec::new();
    if !in_second {
        let (rarest, others) = rarest_first(tx, sought)?;
        found = stretch(tx, (rarest, None), &others, after, limit)?;
    }
    if let Some(or) = &sought.or {
        let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        let after = after.filter(|_| in_second);
        if left > 0 {
            // Who was found by name is not found by address again.
            let known: Vec<&Stretch> = std::iter::once(&sought.first).chain(&sought.more).collect();
            found.extend(stretch(tx, (or, Some(&known)), &[], after, left)?);
        }
    }
    Ok(found)
}

/// Those with a token in `within`, each at the first of theirs, who have one in each of `more`, but
/// not those who have one in each of `known`.
fn stretch(
    tx: &Tx<'_>,
    (within, known): (&Stretch, Option<&[&Stretch]>),
    more: &[&Stretch],
    after: Option<&Place>,
    limit: u32,
) -> Result<Vec<Place>, Error> {
    let (token, person) = match after {
        Some(place) => (place.token.clone(), place.person.to_string()),
        None => (within.from.clone(), String::new()),
    };
    let mut sql = String::from(
        "select token, person_id from person_token as found
         where token >= $1 and token < $2 and (token > $1 or person_id > $3)",
    );
    let mut values = params![token, within.to, person, within.from].to_vec();
    for one in more {
        sql += " and ";
        sql += &has(one, &mut values);
    }
    if let Some(all) = known {
        let all: Vec<String> = all.iter().map(|one| has(one, &mut values)).collect();
        sql += &format!(" and not ({})", all.join(" and "));
    }
    // Conditions are looked at in this order, and the words before are the rarer ones.
    sql += " and not exists (select 1 from person_token as earlier
        where earlier.person_id = found.person_id
          and earlier.token >= $4 and earlier.token < found.token)";
    values.extend_from_slice(params![limit]);
    sql += &format!(" order by token, person_id limit ${}", values.len());
    tx.query(&sql, &values, |row| {
        Ok(Place {
            token: row.get(0)?,
            person: row.get(1)?,
        })
    })
}

/// The words of a name, the one that fewest people have first: the others are then looked up for
/// few people instead of many.
fn rarest_first<'s>(
    tx: &Tx<'_>,
    sought: &'s Sought,
) -> Result<(&'s Stretch, Vec<&'s Stretch>), Error> {
    let mut rarest = (&sought.first, Vec::new());
    if sought.more.is_empty() {
        return Ok(rarest);
    }
    let mut fewest = count(tx, rarest.0)?;
    for one in &sought.more {
        let found = count(tx, one)?;
        if found < fewest {
            rarest.1.push(std::mem::replace(&mut rarest.0, one));
            fewest = found;
        } else {
            rarest.1.push(one);
        }
    }
    Ok(rarest)
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

/// The condition that somebody found has a token in a stretch.
fn has<'v>(stretch: &'v Stretch, values: &mut Vec<Value<'v>>) -> String {
    values.extend_from_slice(params![stretch.from, stretch.to]);
    format!(
        "exists (select 1 from person_token as word where word.person_id = found.person_id
             and word.token >= ${} and word.token < ${})",
        values.len() - 1,
        values.len()
    )
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
