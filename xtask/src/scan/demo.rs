//! The demo, and what it tells of itself.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::ha::setup::texts;
use crate::server::{Running, Scratch};
use crate::step::Failure;

/// How long the demo may take to be filled, in seconds.
const READY_SECONDS: u64 = 180;

/// A running demo on a port of its own, with its data in the scratch.
pub struct Demo<'s> {
    _running: Running<'s>,
    log: PathBuf,
    pub address: SocketAddr,
    pub riverside: House,
    pub northgate: House,
}

/// One of the demo's organizations, as the demo tells of it.
pub struct House {
    pub slug: String,
    /// The token of all scopes that the demo prints.
    pub token: String,
    /// The password of all its accounts, which are called `owner@<slug>.example` and so on.
    pub password: String,
}

impl<'s> Demo<'s> {
    /// # Errors
    ///
    /// When it does not become ready, or tells something else than it did.
    pub fn start(scratch: &'s Scratch, program: &Path) -> Result<Self, Failure> {
        let mut command = scratch.account.command(program);
        command.args(["demo", "--json", "--listen", "127.0.0.1:0", "--data-dir"]);
        command.arg(scratch.folder("demo")?);
        command.current_dir(scratch.folder("here")?);
        let mut running = Running::start(scratch, "demo", command)?;
        let log = scratch.path("demo.log");
        let told = running.ready(Duration::from_secs(READY_SECONDS), || {
            let log = fs::read_to_string(&log).ok()?;
            let mut lines = log
                .split_inclusive('\n')
                .filter(|line| line.ends_with('\n'));
            lines
                .find(|line| line.starts_with("{\"ready\":true"))
                .map(ToOwned::to_owned)
        })?;
        let read = || {
            let address = texts(&told, "base_url").next()?.strip_prefix("http://")?;
            Some((
                address.parse().ok()?,
                house(&told, "riverside")?,
                house(&told, "northgate")?,
            ))
        };
        let (address, riverside, northgate) = read()
            .ok_or_else(|| Failure::new(1, "xtask: scan: the demo does not tell what it should"))?;
        Ok(Self {
            _running: running,
            log,
            address,
            riverside,
            northgate,
        })
    }

    /// The panics that it logged: one outside of a request is nobody's answer.
    pub fn panics(&self) -> Vec<String> {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let panics = log.lines().filter(|line| line.contains("panicked"));
        panics
            .map(|line| format!("the demo says: {line}"))
            .collect()
    }
}

fn house(told: &str, slug: &str) -> Option<House> {
    let from = told.find(&format!("\"slug\":\"{slug}\""))?;
    let told = &told[from..];
    Some(House {
        slug: slug.to_owned(),
        token: texts(told, "api_token").next()?.to_owned(),
        password: texts(told, "password").next()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_organization_has_its_own_token_and_password() {
        let told = r#"{"organizations":[{"slug":"a","api_token":"t1","sign_ins":[{"password":"p1"}]},{"slug":"b","api_token":"t2","sign_ins":[{"password":"p2"}]}]}"#;
        let house = house(told, "b").expect("it is there");
        assert_eq!(
            (house.token.as_str(), house.password.as_str()),
            ("t2", "p2")
        );
        assert!(super::house(told, "c").is_none());
    }
}
