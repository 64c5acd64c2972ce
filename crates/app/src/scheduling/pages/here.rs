//! Where the visitor is: the address of this page with everything chosen so far, from which every
//! link on it is made.

use std::fmt;

use kept_base::input::Fields;

use super::MAX_CARRIED_BYTES;
use crate::page::Link;

/// The parameters that links carry on, in the order they are written.
const CARRIED: [&str; 12] = [
    "staff", "location", "day", "month", "at", "hold", "booked", "zone", "lang", "embed", "theme",
    "preview",
];

/// An address of ours: path and parameters.
#[derive(Debug, Clone)]
pub(super) struct Here {
    segments: Vec<String>,
    parameters: Vec<(&'static str, String)>,
}

impl Here {
    /// The page at `segments`, with those parameters of its query that links carry on.
    pub fn new(segments: &[&str], query: &Fields) -> Self {
        let parameters = CARRIED.into_iter().filter_map(|name| {
            let value = query.filled(name)?;
            (value.len() <= MAX_CARRIED_BYTES).then(|| (name, value.to_owned()))
        });
        Self {
            segments: segments.iter().map(|&s| s.to_owned()).collect(),
            parameters: parameters.collect(),
        }
    }

    /// Another page, with the same parameters.
    pub fn at(&self, segments: &[&str]) -> Self {
        Self {
            segments: segments.iter().map(|&s| s.to_owned()).collect(),
            parameters: self.parameters.clone(),
        }
    }

    /// A page below this one.
    pub fn below(&self, segment: &str) -> Self {
        let mut here = self.clone();
        here.segments.push(segment.to_owned());
        here
    }

    /// With `name` set to `value`. Only parameters that links carry on can be set.
    pub fn with(&self, name: &'static str, value: impl fmt::Display) -> Self {
        let mut here = self.without(&[name]);
        if CARRIED.contains(&name) {
            here.parameters.push((name, value.to_string()));
        }
        here
    }

    /// Without these parameters.
    pub fn without(&self, names: &[&str]) -> Self {
        let mut here = self.clone();
        here.parameters.retain(|(name, _)| !names.contains(name));
        here
    }

    /// Names and values, for the hidden fields of a form that is sent with GET.
    pub fn parameters(&self) -> &[(&'static str, String)] {
        &self.parameters
    }

    /// The address without its parameters.
    pub fn path(&self) -> String {
        Link::to(&self.segments.iter().map(String::as_str).collect::<Vec<_>>()).to_string()
    }

    /// The address.
    pub fn link(&self) -> Link {
        let segments: Vec<&str> = self.segments.iter().map(String::as_str).collect();
        let ordered = CARRIED
            .into_iter()
            .flat_map(|name| self.parameters.iter().filter(move |(n, _)| *n == name));
        ordered.fold(Link::to(&segments), |link, (name, value)| {
            link.with(name, value)
        })
    }

    /// The address as text.
    pub fn url(&self) -> String {
        self.link().to_string()
    }
}

#[cfg(test)]
mod tests {
    use kept_base::input::MAX_QUERY_PARAMETERS;

    use super::*;

    #[test]
    fn links_carry_on_what_is_known_and_nothing_else() {
        let query = Fields::parse(
            b"lang=de&name=Ada&zone=Asia/Tokyo&day=2026-12-01&pick=zone&at=&email=a%40b.example",
            MAX_QUERY_PARAMETERS,
        );
        let here = Here::new(&["riverside", "checkup"], &query);
        assert_eq!(
            here.url(),
            "/riverside/checkup?day=2026-12-01&zone=Asia/Tokyo&lang=de"
        );
        let next = here.with("day", "2026-12-02").without(&["zone"]);
        assert_eq!(next.url(), "/riverside/checkup?day=2026-12-02&lang=de");
        let details = next.below("details").without(&["day", "lang"]);
        assert_eq!(details.url(), "/riverside/checkup/details");
    }
}
