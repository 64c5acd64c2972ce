//! The blind tokens of people: a row for each, and all of somebody's beside the person.

use std::collections::BTreeSet;

use kept_base::params;
use kept_base::store::keyring::domain_range;
use kept_base::store::{Error, Tx};

use crate::ids::PersonId;
use crate::people::tokens::{Domain, Term};

/// The token of a term.
pub(super) fn token(tx: &Tx<'_>, term: &Term) -> Result<i64, Error> {
    let keys = tx.person_keys()?;
    Ok(keys.blind_token(term.domain.code(), &term.text))
}

/// Tokens as they stand beside a person.
pub(super) fn packed(tokens: &[i64]) -> Vec<u8> {
    tokens
        .iter()
        .flat_map(|token| token.to_be_bytes())
        .collect()
}

/// Inserts tokens of somebody who has none of them.
pub(super) fn insert_tokens(tx: &Tx<'_>, id: PersonId, tokens: &[i64]) -> Result<(), Error> {
    // One by one: whatever writes several rows keeps a journal of its own, which costs more.
    for token in tokens {
        tx.execute(
            "insert into person_token (token, person_id) values ($1, $2)",
            params![token, id],
        )?;
    }
    Ok(())
}

/// Makes these the tokens of somebody who is recorded.
pub(super) fn put_tokens(tx: &Tx<'_>, id: PersonId, tokens: &[i64]) -> Result<(), Error> {
    let before = tx.query_opt(
        "select tokens from person where id = $1",
        params![id],
        |row| row.get::<Vec<u8>>(0),
    )?;
    let before: BTreeSet<i64> = (before.unwrap_or_default().chunks_exact(8))
        .filter_map(|bytes| bytes.try_into().ok().map(i64::from_be_bytes))
        .collect();
    let after: BTreeSet<i64> = tokens.iter().copied().collect();
    for token in before.difference(&after) {
        tx.execute(
            "delete from person_token where token = $1 and person_id = $2",
            params![token, id],
        )?;
    }
    let new: Vec<i64> = after.difference(&before).copied().collect();
    insert_tokens(tx, id, &new)?;
    tx.execute(
        "update person set tokens = $2 where id = $1",
        params![id, packed(tokens)],
    )?;
    Ok(())
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
