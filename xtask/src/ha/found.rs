//! What became of the bookings: at either process, and in the database itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::bookings::Booker;
use super::kept::{Organization, PROCESSES, Pair, connection};
use super::setup::texts;
use crate::server::http::Connection;
use crate::server::psql::Psql;
use crate::step::Failure;

/// Most pages of a list that are asked for.
const MAX_PAGES: usize = 1_000;

/// What was found after it all.
#[derive(Default)]
pub struct Found {
    pub acknowledged: usize,
    /// Acknowledged, and not there with their time, seen from either process.
    pub lost: usize,
    /// Times that were acknowledged twice, or stand twice in a list.
    pub doubled: usize,
    /// Pairs of claims that overlap, by the database itself.
    overlaps: u64,
    /// Times that were wanted at both processes and given to one of them.
    contested: usize,
    /// Times that were refused and that nobody has.
    vanished: usize,
    odd: BTreeMap<u16, usize>,
}

/// Looks for every acknowledged appointment at both processes, and for two that have one time.
///
/// # Errors
///
/// When the lists or the tables cannot be read.
pub fn find(pair: &Pair<'_>, superuser: &Psql, writers: &[Booker]) -> Result<Found, Failure> {
    let mut found = Found::default();
    for (number, organization) in pair.organizations.iter().enumerate() {
        let mine = || {
            let of = move |booker: &&Booker| booker.organization == number;
            writers.iter().filter(of)
        };
        let kept: Vec<_> = mine().flat_map(|booker| &booker.kept).collect();
        let refused: BTreeSet<_> = mine().flat_map(|booker| &booker.refused).collect();
        for address in pair.addresses {
            let there = list(&mut connection(address), organization)?;
            found.compare(&kept, &refused, &there);
        }
    }
    // Each was looked for at every process.
    found.acknowledged /= PROCESSES;
    found.contested /= PROCESSES;
    for booker in writers {
        for (status, times) in &booker.odd {
            *found.odd.entry(*status).or_default() += times;
        }
    }
    found.overlaps = overlaps(superuser)?;
    Ok(found)
}

impl Found {
    /// Compares what clients were told with what stands in one list of id and time.
    fn compare(
        &mut self,
        kept: &[&(String, String)],
        refused: &BTreeSet<&String>,
        there: &[(String, String)],
    ) {
        let known: BTreeSet<&(String, String)> = there.iter().collect();
        self.acknowledged += kept.len();
        self.lost += kept.iter().filter(|one| !known.contains(*one)).count();
        let told: BTreeSet<&String> = kept.iter().map(|(_, at)| at).collect();
        let taken: BTreeSet<&String> = there.iter().map(|(_, at)| at).collect();
        self.doubled += (kept.len() - told.len()) + (there.len() - taken.len());
        self.contested += refused.intersection(&taken).count();
        self.vanished += refused.difference(&taken).count();
    }

    /// # Errors
    ///
    /// When anything was lost or doubled, or nothing was put to the test.
    pub fn judge(&self) -> Result<(), Failure> {
        let wrong = self.lost + self.doubled + self.vanished;
        let tested = self.acknowledged > 0 && self.contested > 0;
        if wrong == 0 && self.overlaps == 0 && self.odd.is_empty() && tested {
            Ok(())
        } else {
            Err(Failure::new(
                1,
                "xtask: ha: bookings are not as they were answered",
            ))
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            acknowledged,
            lost,
            doubled,
            overlaps,
            contested,
            vanished,
            odd,
        } = self;
        write!(
            f,
            "{acknowledged} appointments were acknowledged, {lost} of them lost; {contested} times \
             were refused to one because another had them, {vanished} of these are nobody's; \
             {doubled} times are booked twice; {overlaps} claims overlap."
        )?;
        if odd.is_empty() {
            Ok(())
        } else {
            write!(f, " Answers that should not be, by status: {odd:?}.")
        }
    }
}

/// Every appointment that stands in an organization, as a process lists them: id and time.
///
/// # Errors
///
/// When an answer is not a list.
pub fn list(
    connection: &mut Connection,
    organization: &Organization,
) -> Result<Vec<(String, String)>, Failure> {
    let Organization { slug, token, .. } = organization;
    let fields = format!("authorization: Bearer {token}\r\n");
    let mut all = Vec::new();
    let mut after = String::new();
    for _ in 0..MAX_PAGES {
        let path = format!("/api/v1/orgs/{slug}/appointments?status=confirmed&limit=200{after}");
        let answer = connection.get(&path, &fields);
        let answer = answer
            .map_err(|error| Failure::new(1, format!("xtask: kept: appointments: {error}")))?;
        if answer.status != 200 {
            let status = answer.status;
            return Err(Failure::new(
                1,
                format!("xtask: kept: appointments: {status}"),
            ));
        }
        let ids = texts(&answer.body, "id").map(ToOwned::to_owned);
        all.extend(ids.zip(texts(&answer.body, "starts_at").map(ToOwned::to_owned)));
        match texts(&answer.body, "next").next() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(all),
        }
    }
    Err(Failure::new(1, "xtask: kept: a list without an end"))
}

/// Counts overlapping pairs in every table of claims.
fn overlaps(superuser: &Psql) -> Result<u64, Failure> {
    let schemas = superuser.ask(
        "select quote_ident(table_schema) from information_schema.tables
         where table_name = 'claim'",
    )?;
    if schemas.is_empty() {
        return Err(Failure::new(1, "xtask: ha: no claims in the database"));
    }
    let mut overlaps = 0;
    for schema in schemas.lines() {
        overlaps += superuser.number(&format!(
            "select count(*) from {schema}.claim a join {schema}.claim b
             on a.resource_id = b.resource_id and a.starts_at < b.starts_at
                 and b.starts_at < a.ends_at"
        ))?;
    }
    Ok(overlaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_doubled_or_vanished_is_counted() {
        let one = |id: &str, at: &str| (id.to_owned(), at.to_owned());
        let nine = [one("a", "9:00"), one("b", "9:05"), one("c", "9:10")];
        let refused = ["9:15".to_owned()];
        let there = [nine.as_slice(), &[one("d", "9:15")]].concat();
        let compared = |kept: &[(String, String)], there: &[(String, String)]| {
            let mut found = Found::default();
            found.compare(
                &kept.iter().collect::<Vec<_>>(),
                &refused.iter().collect(),
                there,
            );
            found
        };
        let fine = compared(&nine, &there);
        assert!(fine.judge().is_ok(), "{fine}");
        let lost = compared(&nine, &there[1..]);
        assert!(lost.lost == 1 && lost.judge().is_err());
        let vanished = compared(&nine, &there[..3]);
        assert!(vanished.vanished == 1 && vanished.judge().is_err());
        let twice = [nine.as_slice(), &[one("d", "9:00")]].concat();
        let doubled = compared(&twice, &there);
        assert!(doubled.doubled == 1 && doubled.judge().is_err());
    }
}
