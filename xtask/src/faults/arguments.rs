//! What `cargo xtask faults` can be asked.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use crate::step::Failure;

const USAGE: &str = "\
usage: cargo xtask faults [--only full|broken|killed|power|server] [--kept <program>]
                          [--no-document]";

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no room on the disk.
    Full,
    /// The disk does not write, or does not make durable.
    Broken,
    /// The process is killed again and again.
    Killed,
    /// The machine loses its power.
    Power,
    /// The database server restarts.
    Server,
}

impl Fault {
    pub const ALL: [Self; 5] = [
        Self::Full,
        Self::Broken,
        Self::Killed,
        Self::Power,
        Self::Server,
    ];

    fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Broken => "broken",
            Self::Killed => "killed",
            Self::Power => "power",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the disk is full",
            Self::Broken => "the disk is broken",
            Self::Killed => "the process is killed",
            Self::Power => "the power is cut",
            Self::Server => "PostgreSQL restarts",
        })
    }
}

/// What to try, and with which program.
#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    pub faults: Vec<Fault>,
    /// Another Kept than a fresh release.
    pub kept: Option<PathBuf>,
    no_document: bool,
}

impl Arguments {
    /// # Errors
    ///
    /// With the usage, for anything else.
    pub fn read(words: &[OsString]) -> Result<Self, Failure> {
        let wrong = || Failure::new(2, USAGE);
        let mut read = Self {
            faults: Vec::new(),
            kept: None,
            no_document: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut next = || words.next().ok_or_else(wrong);
            match word.to_str() {
                Some("--no-document") => read.no_document = true,
                Some("--kept") => read.kept = Some(next()?.into()),
                Some("--only") => {
                    let code = next()?.to_str();
                    let mut all = Fault::ALL.into_iter();
                    let fault = all.find(|fault| Some(fault.code()) == code);
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

    /// Only a whole run is written down.
    pub fn writes_document(&self) -> bool {
        !self.no_document && self.faults == Fault::ALL
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
        assert!(read("").expect("fine").writes_document());
        assert!(!read("--no-document").expect("fine").writes_document());
        let part = read("--only power --only full --kept /usr/bin/kept").expect("fine");
        assert_eq!(part.faults, [Fault::Power, Fault::Full]);
        assert!(!part.writes_document());
        for wrong in ["--only", "--only fire", "--kept", "kept"] {
            assert_eq!(read(wrong).unwrap_err().code(), 2, "{wrong}");
        }
    }
}
