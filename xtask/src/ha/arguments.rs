//! What `cargo xtask ha` can be asked.

use std::ffi::OsString;
use std::path::PathBuf;

use super::fault::Fault;
use crate::step::Failure;

const USAGE: &str = "\
usage: cargo xtask ha [--nodes-only] [--kept <program>] [--patroni <program>]
                      [--fault hand-over|killed|frozen] [--no-document]";

/// What to test, and with which programs.
#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// PostgreSQL and what keeps it, without Kept.
    pub nodes_only: bool,
    /// Another Kept than a fresh release.
    pub kept: Option<PathBuf>,
    /// Another Patroni than the one from PyPI.
    pub patroni: Option<PathBuf>,
    pub faults: Vec<Fault>,
    no_document: bool,
}

impl Arguments {
    /// # Errors
    ///
    /// With the usage, for anything else.
    pub fn read(words: &[OsString]) -> Result<Self, Failure> {
        let wrong = || Failure::new(2, USAGE);
        let mut read = Self {
            nodes_only: false,
            kept: None,
            patroni: None,
            faults: Vec::new(),
            no_document: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut next = || words.next().ok_or_else(wrong);
            match word.to_str() {
                Some("--nodes-only") => read.nodes_only = true,
                Some("--no-document") => read.no_document = true,
                Some("--kept") => read.kept = Some(next()?.into()),
                Some("--patroni") => read.patroni = Some(next()?.into()),
                Some("--fault") => {
                    let fault = next()?.to_str().and_then(Fault::from_code);
                    read.faults.push(fault.ok_or_else(wrong)?);
                }
                _ => return Err(wrong()),
            }
        }
        if read.faults.is_empty() {
            read.faults = Fault::ALL.to_vec();
        }
        Ok(read)
    }

    /// Only a whole run with the programs that the document names is written down.
    pub fn writes_document(&self) -> bool {
        !self.no_document && self.patroni.is_none() && self.faults == Fault::ALL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_or_refused() {
        let read = |text: &str| {
            let words: Vec<OsString> = text.split_whitespace().map(OsString::from).collect();
            Arguments::read(&words)
        };
        let whole = read("").expect("fine");
        assert_eq!(whole.faults, Fault::ALL);
        assert!(whole.writes_document() && !whole.nodes_only);
        let part = read("--nodes-only --fault frozen --patroni /usr/bin/patroni").expect("fine");
        assert_eq!(part.faults, [Fault::Frozen]);
        assert!(part.nodes_only && !part.writes_document());
        for wrong in ["--fault", "--fault fire", "--kept", "kept"] {
            assert_eq!(read(wrong).unwrap_err().code(), 2, "{wrong}");
        }
    }
}
