//! What `cargo xtask scan` can be asked.

use std::ffi::OsString;
use std::path::PathBuf;

use super::roles::{ROLES, Role};
use crate::step::Failure;

const USAGE: &str = "\
usage: cargo xtask scan [--only <role>] [--seeds 1,2,3] [--examples <number>] [--kept <program>]
       --only may stand several times; roles:";

/// The seeds that a scan has when nobody says otherwise.
const SEEDS: [u32; 3] = [1, 2, 3];

/// As whom to scan, and with which program.
pub struct Arguments {
    pub roles: Vec<&'static Role>,
    pub seeds: Vec<u32>,
    /// Most generated requests for each operation and phase; what the role says when it is absent.
    pub examples: Option<u32>,
    /// Another Kept than a fresh build.
    pub kept: Option<PathBuf>,
}

impl Arguments {
    /// # Errors
    ///
    /// With the usage, for anything else.
    pub fn read(words: &[OsString]) -> Result<Self, Failure> {
        let mut read = Self {
            roles: Vec::new(),
            seeds: SEEDS.to_vec(),
            examples: None,
            kept: None,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let mut next = || words.next().ok_or_else(wrong);
            match word.to_str() {
                Some("--kept") => read.kept = Some(next()?.into()),
                Some("--only") => {
                    let code = next()?.to_str();
                    let role = ROLES.iter().find(|role| Some(role.code) == code);
                    read.roles.push(role.ok_or_else(wrong)?);
                }
                Some("--seeds") => {
                    let all = next()?.to_str().unwrap_or_default().split(',');
                    let all: Result<Vec<u32>, _> = all.map(str::parse).collect();
                    read.seeds = all.map_err(|_| wrong())?;
                }
                Some("--examples") => {
                    let number = next()?.to_str().and_then(|text| text.parse().ok());
                    let number = number.filter(|number| *number > 0);
                    read.examples = Some(number.ok_or_else(wrong)?);
                }
                _ => return Err(wrong()),
            }
        }
        if read.roles.is_empty() {
            read.roles = ROLES.iter().collect();
        }
        Ok(read)
    }
}

fn wrong() -> Failure {
    let codes: Vec<&str> = ROLES.iter().map(|role| role.code).collect();
    Failure::new(2, format!("{USAGE} {}", codes.join(", ")))
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
        assert_eq!(
            (whole.roles.len(), whole.seeds),
            (ROLES.len(), vec![1, 2, 3])
        );
        let part = read("--only nobody --only directory --seeds 7 --examples 5").expect("fine");
        let codes: Vec<_> = part.roles.iter().map(|role| role.code).collect();
        assert_eq!(codes, ["nobody", "directory"]);
        assert_eq!((part.seeds, part.examples), (vec![7], Some(5)));
        for wrong in [
            "--only",
            "--only king",
            "--seeds 1,x",
            "--examples 0",
            "kept",
        ] {
            assert_eq!(
                read(wrong).err().map(|failure| failure.code()),
                Some(2),
                "{wrong}"
            );
        }
    }
}
