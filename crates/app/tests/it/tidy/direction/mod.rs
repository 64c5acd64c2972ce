//! Imports go in one direction: between crates, and between the modules of the program along the
//! block of ARCHITECTURE.md that begins with three backticks and `slices`.

mod names;
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use names::named;

use super::{Tree, fenced, rust};

/// Crates that know neither clock nor network nor disk, and what each may depend on.
const PURE: &[(&str, &[&str])] = &[("slots", &["jiff"]), ("ical", &["jiff"])];

/// What a pure crate's code may not name.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
];

/// Crates and those that they may never name, whatever Cargo would let them.
const NEVER: &[(&str, &str)] = &[("slots", "kept_"), ("ical", "kept_"), ("base", "kept_app")];

/// The parts of a slice that the rim may name, and that may name what the rim shares.
const DOORS: &[&str] = &["api", "pages", "jobs"];

/// The modules above all slices, the highest first.
const RIM: &[&str] = &["cli", "http", "jobs"];

const APP: &str = "crates/app/src/";

/// Dependencies and names in a pure crate that make it impure.
pub fn impure(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (name, allowed) in PURE {
        let manifest = format!("crates/{name}/Cargo.toml");
        for dependency in section(tree.text(&manifest), "[dependencies]") {
            if !allowed.contains(&dependency) {
                found.push(format!("{manifest}: a pure crate depends on {dependency}"));
            }
        }
        for (path, source) in program_of(tree, name) {
            let code = rust::code(source);
            for name in IMPURE.iter().filter(|name| code.contains(**name)) {
                found.push(format!("{path}: a pure crate names {name}"));
            }
        }
    }
    found
}

/// Crates below that name crates above.
pub fn crates_below_that_name_crates_above(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for (below, above) in NEVER {
        let sources = program_of(tree, below);
        for (path, _) in sources.filter(|(_, text)| {
            let own = format!("kept_{below}");
            rust::code(text).replace(&own, "").contains(above)
        }) {
            found.push(format!("{path} names {above}"));
        }
    }
    found
}

/// Modules of the program that name what they may not, and lines that are no longer true.
///
/// A slice names the slices of its line in ARCHITECTURE.md and modules that name no slice at all;
/// only its doors name what the rim shares. Nothing names the rim but the rim above it.
pub fn modules(tree: &Tree) -> Vec<String> {
    let Some(block) = fenced(tree.text("ARCHITECTURE.md"), "slices") else {
        return vec!["ARCHITECTURE.md has no block of slices".to_owned()];
    };
    let lines = match lines(block) {
        Ok(lines) => lines,
        Err(problem) => return vec![problem],
    };
    let mut found = wrong_lines(tree, &lines);
    found.extend(open_stores(tree));
    let uses = uses(tree);
    let floor = floor(tree, &uses);
    for Use {
        path,
        module,
        door,
        other,
    } in &uses
    {
        let other = other.as_str();
        let allowed = if !is_slice(tree, module) {
            true
        } else if is_slice(tree, other) {
            lines.get(module).is_some_and(|names| names.contains(other))
        } else {
            *door || floor.contains(other)
        };
        if !allowed || height(other) > 0 && height(module) <= height(other) {
            found.push(format!("{path} names {other}, against the direction"));
        }
    }
    for (slice, names) in &lines {
        let used = |other: &&&str| {
            uses.iter()
                .any(|one| one.module == *slice && one.other == **other)
        };
        let stale = names.iter().filter(|other| !used(other));
        found
            .extend(stale.map(|other| format!("ARCHITECTURE.md: {slice} no longer names {other}")));
    }
    found
}

/// One place where a module names another one.
struct Use<'a> {
    path: &'a str,
    module: &'a str,
    /// Whether the place is in one of [`DOORS`].
    door: bool,
    /// The module that is named.
    other: String,
}

fn uses(tree: &Tree) -> Vec<Use<'_>> {
    let known: BTreeSet<&str> = modules_of(tree).collect();
    let mut uses = Vec::new();
    for (path, source) in tree.program() {
        let Some((module, part)) = place(path) else {
            continue;
        };
        let names = named(path, source).into_iter();
        let others = names.filter(|other| other != module && known.contains(&**other));
        uses.extend(others.map(|other| Use {
            path,
            module,
            door: DOORS.contains(&part),
            other,
        }));
    }
    uses
}

/// Modules that name no slice, nor one that does: anybody may name them.
fn floor<'a>(tree: &'a Tree, uses: &[Use]) -> BTreeSet<&'a str> {
    let mut floor: BTreeSet<&str> = modules_of(tree)
        .filter(|module| !is_slice(tree, module))
        .collect();
    loop {
        let above = |module: &&&str| {
            uses.iter()
                .any(|one| one.module == **module && !floor.contains(&*one.other))
        };
        let Some(module) = floor.iter().find(above).copied() else {
            return floor;
        };
        floor.remove(module);
    }
}

/// How far above the slices a module stands.
fn height(module: &str) -> usize {
    RIM.iter()
        .position(|rim| *rim == module)
        .map_or(0, |at| RIM.len() - at)
}

/// Stores that a slice shows to others.
fn open_stores(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for slice in modules_of(tree).filter(|module| is_slice(tree, module)) {
        let front = format!("{APP}{slice}/mod.rs");
        let code = rust::code(tree.text(&front));
        let lines = code.lines().map(str::trim);
        for line in lines.filter(|line| line.starts_with("pub") && line.ends_with(" mod store;")) {
            found.push(format!("{front} opens its store: {line}"));
        }
    }
    found
}

/// A slice keeps things, so it has a store; or it has pages about what others keep.
fn is_slice(tree: &Tree, module: &str) -> bool {
    ["store.rs", "store/", "pages.rs", "pages/"]
        .iter()
        .any(|part| tree.paths.contains(&format!("{APP}{module}/{part}")))
}

/// The lines of the block: a slice, and the slices that it may name.
fn lines(block: &str) -> Result<BTreeMap<&str, BTreeSet<&str>>, String> {
    let mut found = BTreeMap::new();
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        let Some((module, names)) = line.split_once(':') else {
            return Err(format!(
                "ARCHITECTURE.md: not a line of the block of slices: {line}"
            ));
        };
        if found
            .insert(module.trim(), names.split_whitespace().collect())
            .is_some()
        {
            return Err(format!("ARCHITECTURE.md: two lines for {module}"));
        }
    }
    Ok(found)
}

/// Slices without a line, lines without a slice, and lines that lead back to themselves.
fn wrong_lines(tree: &Tree, lines: &BTreeMap<&str, BTreeSet<&str>>) -> Vec<String> {
    let mut found = Vec::new();
    let slices = modules_of(tree).filter(|module| is_slice(tree, module));
    for slice in slices.filter(|slice| !lines.contains_key(slice)) {
        found.push(format!("ARCHITECTURE.md has no line for the slice {slice}"));
    }
    for (line, names) in lines {
        let all = names.iter().chain([line]);
        for name in all.filter(|name| !is_slice(tree, name)) {
            found.push(format!(
                "ARCHITECTURE.md: {name} in the line of {line} is no slice"
            ));
        }
        let mut reached = BTreeSet::new();
        let mut open: Vec<&str> = names.iter().copied().collect();
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(lines.get(name).into_iter().flatten());
            }
        }
        if reached.contains(line) {
            found.push(format!(
                "ARCHITECTURE.md: the line of {line} leads back to {line}"
            ));
        }
    }
    found
}

/// The modules of the program: folders and files right inside of its sources.
fn modules_of(tree: &Tree) -> impl Iterator<Item = &str> {
    let files = tree
        .paths
        .iter()
        .filter_map(|path| path.strip_prefix(APP)?.strip_suffix(".rs"));
    let files = files.filter(|name| !name.contains('/') && !["lib", "main"].contains(name));
    tree.folders_in(APP).chain(files)
}

/// The module that a source belongs to, and the part of it.
fn place(path: &str) -> Option<(&str, &str)> {
    let inner = path.strip_prefix(APP)?;
    let (module, rest) = inner
        .split_once('/')
        .unwrap_or((inner.strip_suffix(".rs")?, ""));
    let part = rest.split(['/', '.']).next().unwrap_or_default();
    (!["lib", "main"].contains(&module)).then_some((module, part))
}

fn program_of<'a>(tree: &'a Tree, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let sources = format!("crates/{name}/src/");
    tree.program()
        .filter(move |(path, _)| path.starts_with(&sources))
}

/// The keys of the sections of a manifest whose headings end so.
pub fn section<'a>(manifest: &'a str, heading: &str) -> Vec<&'a str> {
    let mut inside = false;
    let mut keys = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with(heading);
        } else if inside && !line.starts_with('#') {
            keys.extend(line.split(['=', '.']).next().map(str::trim));
        }
    }
    keys.retain(|key| !key.is_empty());
    keys
}
