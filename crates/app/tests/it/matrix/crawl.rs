//! Our own pages as a browser reads them: every link and every form, with what it would send.

use std::collections::{BTreeMap, BTreeSet};

use super::form::read;
use crate::support::desk::Staffer;
use crate::support::visitor::Page;

/// Most pages of one walk.
const MAX_PAGES: usize = 600;
/// Most pages of one kind, which differ in ids alone.
const MAX_ALIKE: usize = 4;

/// What a form or a link would send.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    /// The HTTP method, in upper case.
    pub method: &'static str,
    /// The path, without a query.
    pub path: String,
    /// The fields, of a query or a body.
    pub fields: Vec<(String, String)>,
    /// Further values that a field could have been given: its number and the value.
    pub choices: Vec<(usize, String)>,
}

impl Ask {
    pub(super) fn of(method: &'static str, address: &str, fields: Vec<(String, String)>) -> Self {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let path = path.split('#').next().unwrap_or(path).to_owned();
        let query = query.split('#').next().unwrap_or(query);
        let mut all: Vec<_> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        all.extend(fields);
        Self {
            method,
            path,
            fields: all,
            choices: Vec::new(),
        }
    }

    /// Asks as `who`.
    pub async fn send(&self, who: &Staffer) -> Page {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.fields);
        let form = form.finish();
        if self.method == "GET" {
            let address = if form.is_empty() {
                self.path.clone()
            } else {
                format!("{}?{form}", self.path)
            };
            who.get(&address).await
        } else {
            who.send(self.method, &self.path, axum::body::Body::from(form))
                .await
        }
    }

    /// What it is, whatever the ids and values in it: two of one kind ask the same way.
    pub fn kind(&self) -> String {
        let mut names: Vec<_> = self
            .fields
            .iter()
            .map(|(name, _)| without_ids(name))
            .collect();
        names.sort();
        names.dedup();
        format!(
            "{} {} {}",
            self.method,
            without_ids(&self.path),
            names.join(" ")
        )
    }
}

/// The ids in a text, in order.
pub fn ids(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('_') {
        let (start, end) = (at.saturating_sub(3), at + 27);
        let id = rest.get(start..end).filter(|id| is_id(id));
        if let Some(id) = id {
            found.push(id);
        }
        rest = &rest[at + 1..];
    }
    found
}

fn is_id(text: &str) -> bool {
    let (prefix, rest) = text.split_at(3);
    let of_rest = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    text.len() == 30
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase())
        && rest[1..].bytes().all(of_rest)
}

/// The text with its ids made alike: two texts that differ in them alone are then the same.
pub fn without_ids(text: &str) -> String {
    let mut plain = text.to_owned();
    for id in ids(text) {
        plain = plain.replace(id, &format!("{}_", &id[..3]));
    }
    plain
}

/// The pages that `who` reaches by links from `start`, some of each kind, with what can be asked from
/// them, one of each kind.
pub async fn walk(who: &Staffer, start: &str) -> (Vec<(Ask, Page)>, Vec<Ask>) {
    let first = Ask::of("GET", start, Vec::new());
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let (mut seen, mut known) = (BTreeSet::from([first.clone()]), BTreeSet::new());
    let (mut next, mut pages, mut asks) = (vec![first], Vec::new(), Vec::new());
    while let Some(ask) = next.pop() {
        let page = ask.send(who).await;
        assert!(
            !page.status.is_server_error(),
            "{} {}: {}",
            ask.path,
            page.status,
            page.text()
        );
        for found in read(&ask, &page.body) {
            let kind = found.kind();
            if found.method == "GET" && seen.insert(found.clone()) {
                let count = alike.entry(kind.clone()).or_default();
                *count += 1;
                if *count <= MAX_ALIKE {
                    next.push(found.clone());
                }
            }
            if known.insert(kind) {
                asks.push(found);
            }
        }
        pages.push((ask, page));
        assert!(pages.len() < MAX_PAGES, "more pages than are walked");
    }
    (pages, asks)
}

#[test]
fn ids_are_found_wherever_they_stand() {
    let text = "/o/x/services/svc_7zzzzzzzzzzzzzzzzzzzzzzzzz?a=not_an_id&b=apt_01234567890123456789012345.";
    assert_eq!(
        ids(text),
        [
            "svc_7zzzzzzzzzzzzzzzzzzzzzzzzz",
            "apt_01234567890123456789012345"
        ]
    );
    assert_eq!(without_ids(text), "/o/x/services/svc_?a=not_an_id&b=apt_.");
}
