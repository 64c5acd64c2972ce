//! Whom a term leads to. Tokens are looked up as they are; where one stands for less than what was
//! typed, whoever has it is looked at.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use kept_base::params;
use kept_base::store::keyring::domain_range;
use kept_base::store::{Error, ToValue as _, Tx};

use super::index::token;
use super::{PERSON, contact_place, each, names, open_all, people};
use crate::ids::PersonId;
use crate::people::Person;
use crate::people::tokens::{Domain, Known, Part, Sought, Term};

/// Most people with a word that are counted, to see which word is rarer.
const MAX_COUNTED: u32 = 500;
/// People who have what is looked for that are read at once, to be looked at.
const CANDIDATES: u32 = 64;
/// Most people who are looked at until somebody is found.
const MAX_LOOKED_AT: u32 = 20_000;
/// Most people who are looked at to find more than somebody: the page ends there, and the next
/// goes on.
const MAX_LOOKED_AT_FOR_MORE: u32 = 384;

/// People found, the last recorded first.
#[derive(Debug, Default)]
pub(in crate::people) struct Page {
    pub people: Vec<PersonId>,
    /// After whom there may be more.
    pub next: Option<PersonId>,
}

/// People whom `sought` means, recorded before `before`, the last recorded first; at most `limit`.
/// Nobody is on two pages, whoever is recorded meanwhile.
pub(in crate::people) fn find(
    tx: &Tx<'_>,
    sought: &Sought,
    before: Option<PersonId>,
    limit: u32,
) -> Result<Page, Error> {
    let mut ways = vec![(arranged(tx, &sought.words)?, sought.words.as_slice())];
    if let Some(part) = &sought.or {
        ways.push((vec![token(tx, &part.term)?], std::slice::from_ref(part)));
    }
    let is_proved = |(_, parts): &(_, &[Part])| parts.iter().all(Part::is_proved);
    let at_once = if ways.iter().all(is_proved) {
        limit.saturating_add(1)
    } else {
        CANDIDATES
    };
    let (mut page, mut before, mut looked_at) = (Page::default(), before, 0);
    loop {
        // By which ways each is found.
        let mut candidates: BTreeMap<Reverse<PersonId>, [bool; 2]> = BTreeMap::new();
        for (number, (tokens, _)) in ways.iter().enumerate() {
            for id in rows(tx, tokens, before, at_once)? {
                candidates.entry(Reverse(id)).or_default()[number] = true;
            }
        }
        // Beyond this number, one way may lead to more than it was asked for.
        let candidates: Vec<(PersonId, [bool; 2])> = (candidates.into_iter())
            .map(|(id, by)| (id.0, by))
            .take(at_once as usize)
            .collect();
        let is_last = candidates.len() < at_once as usize;
        let mut meant = BTreeSet::new();
        for (number, (_, parts)) in ways.iter().enumerate() {
            let by = candidates.iter().filter(|(_, by)| by[number]);
            meant.extend(those_meant(tx, parts, by.map(|(id, _)| *id).collect())?);
        }
        looked_at += at_once;
        for (id, _) in candidates {
            if meant.contains(&id) {
                if page.people.len() == limit as usize {
                    page.next = before;
                    return Ok(page);
                }
                page.people.push(id);
            }
            before = Some(id);
        }
        if is_last {
            return Ok(page);
        }
        let most = if page.people.is_empty() {
            MAX_LOOKED_AT
        } else {
            MAX_LOOKED_AT_FOR_MORE
        };
        if looked_at >= most {
            page.next = before;
            return Ok(page);
        }
    }
}

/// Those of `ids`, who have the terms of all parts, whom all of the parts mean.
fn those_meant(tx: &Tx<'_>, parts: &[Part], ids: Vec<PersonId>) -> Result<Vec<PersonId>, Error> {
    if parts.iter().all(Part::is_proved) {
        return Ok(ids);
    }
    // Parts are all of names, or one of contacts.
    let mut known: Vec<(PersonId, Known)> = Vec::with_capacity(ids.len());
    if let Some(part) = parts.iter().find(|part| part.is_of_contacts()) {
        let is_number = part.is_of_numbers();
        let kind = if is_number {
            super::PHONE
        } else {
            super::EMAIL
        };
        for (id, contacts) in contacts(tx, kind, &ids)? {
            let values = || contacts.iter().map(String::as_str);
            let (addresses, numbers) = (values().filter(|_| !is_number), values());
            let numbers = numbers.filter(|_| is_number);
            known.push((id, Known::new("", addresses, numbers)));
        }
    } else {
        let named = names(tx, &ids)?.into_iter();
        known.extend(named.map(|(id, name)| {
            let none = || std::iter::empty();
            (id, Known::new(name.expose(), none(), none()))
        }));
    }
    known.retain(|(_, known)| parts.iter().all(|part| known.has(part)));
    Ok(known.into_iter().map(|(id, _)| id).collect())
}

/// The addresses or numbers of many.
fn contacts(
    tx: &Tx<'_>,
    kind: &str,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Vec<String>>, Error> {
    let mut sealed = Vec::new();
    let select = "select person.key_id, contact_point.id, person_id, kind, value
        from contact_point join person on person.id = contact_point.person_id";
    each(tx, select, "person_id", ids, |row| {
        // One question for both kinds: few texts, and few are left out.
        if row.borrow::<&str>(3)? == kind {
            let value = (row.get::<String>(1)?, row.get::<Vec<u8>>(4)?);
            sealed.push((row.get(0)?, (row.get::<PersonId>(2)?, value)));
        }
        Ok(())
    })?;
    let opened = open_all(tx, sealed, |key, (person, (id, value))| {
        let text = key.open(&contact_place(&id), &value)?;
        Ok((person, text.to_string()))
    })?;
    let mut contacts: HashMap<PersonId, Vec<_>> = HashMap::new();
    for (person, contact) in opened {
        contacts.entry(person).or_default().push(contact);
    }
    Ok(contacts)
}

/// Those who have all of `tokens`, of which the first is gone through, the last recorded first.
fn rows(
    tx: &Tx<'_>,
    tokens: &[i64],
    before: Option<PersonId>,
    limit: u32,
) -> Result<Vec<PersonId>, Error> {
    let mut values = params![limit].to_vec();
    let mut sql = String::from("select person_id from person_token as found where ");
    for (number, token) in tokens.iter().enumerate() {
        values.push(token.to_value());
        let place = values.len();
        if number == 0 {
            sql += &format!("token = ${place}");
        } else {
            // Not as `exists`, which SQLite would turn around into a join that begins with it.
            sql += &format!(
                " and (select min(1) from person_token as other where other.token = ${place}
                       and other.person_id = found.person_id) is not null"
            );
        }
    }
    if let Some(before) = &before {
        values.push(before.to_value());
        sql += &format!(" and person_id < ${}", values.len());
    }
    sql += " order by person_id desc limit $1";
    tx.query(&sql, &values, |row| row.get(0))
}

/// The tokens of the words, the rarest first: it is gone through, the others are looked up.
fn arranged(tx: &Tx<'_>, words: &[Part]) -> Result<Vec<i64>, Error> {
    let mut judged = Vec::with_capacity(words.len());
    for part in words {
        let token = token(tx, &part.term)?;
        let count = if words.len() == 1 {
            0
        } else {
            count(tx, token)?
        };
        judged.push((count, token));
    }
    judged.sort_unstable();
    Ok(judged.into_iter().map(|(_, token)| token).collect())
}

/// How many people have a token, up to [`MAX_COUNTED`].
fn count(tx: &Tx<'_>, token: i64) -> Result<u32, Error> {
    let counted = tx.query_opt(
        "select count(*) from (select token from person_token
             where token = $1 limit $2) as counted",
        params![token, MAX_COUNTED],
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
    let Some(before) = before else {
        let sql = format!("{PERSON} order by person.id desc limit $1");
        return people(tx, &sql, params![limit]);
    };
    let sql = format!("{PERSON} where person.id < $1 order by person.id desc limit $2");
    people(tx, &sql, params![before, limit])
}

/// Everybody's ids, newest first.
pub(in crate::people) fn everybody(tx: &Tx<'_>, limit: u32) -> Result<Vec<PersonId>, Error> {
    tx.query(
        "select id from person order by id desc limit $1",
        params![limit],
        |row| row.get(0),
    )
}

/// Who has exactly this term.
pub(in crate::people) fn with_term(tx: &Tx<'_>, term: &Term) -> Result<Vec<PersonId>, Error> {
    tx.query(
        "select person_id from person_token where token = $1 order by person_id limit 20",
        params![token(tx, term)?],
        |row| row.get(0),
    )
}

/// Who has exactly this term, after `after` by id.
pub(super) fn with_term_after(
    tx: &Tx<'_>,
    term: &Term,
    after: Option<PersonId>,
    limit: u32,
) -> Result<Vec<PersonId>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    tx.query(
        "select person_id from person_token where token = $1 and person_id > $2
         order by person_id limit $3",
        params![token(tx, term)?, after, limit],
        |row| row.get(0),
    )
}

/// Who has both terms, at most `limit`.
pub(super) fn with_both(
    tx: &Tx<'_>,
    [one, other]: &[Term; 2],
    limit: u32,
) -> Result<Vec<PersonId>, Error> {
    tx.query(
        "select person_id from person_token as one where token = $1
             and (select min(1) from person_token as other where other.token = $2
                  and other.person_id = one.person_id) is not null
         order by person_id limit $3",
        params![token(tx, one)?, token(tx, other)?, limit],
        |row| row.get(0),
    )
}

/// Whether the person has exactly this term.
pub(in crate::people) fn has_term(tx: &Tx<'_>, id: PersonId, term: &Term) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from person_token where token = $2 and person_id = $1",
        params![id, token(tx, term)?],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Terms of a domain that belong to more than one person, with two of them.
pub(in crate::people) fn shared(
    tx: &Tx<'_>,
    domain: Domain,
    limit: u32,
) -> Result<Vec<(PersonId, PersonId)>, Error> {
    let (first, last) = domain_range(domain.code());
    tx.query(
        "select min(person_id), max(person_id) from person_token
         where token >= $1 and token <= $2 group by token having count(*) > 1
         order by 2 desc limit $3",
        params![first, last, limit],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}
