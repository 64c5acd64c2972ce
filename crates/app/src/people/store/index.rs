//! The tokens under which people are found: kept beside each person and in a table of their own.

use std::collections::BTreeSet;

use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::PersonId;
use crate::people::tokens::Term;

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
