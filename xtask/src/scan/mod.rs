//! `cargo xtask scan`: the running demo asked by Schemathesis, which makes up requests from what is
//! documented, as everybody who can ask: nobody, a customer, tokens of each scope, a directory. An
//! answer that is no better than a failure, that is not documented, or that this role should not
//! get, ends the scan with an error. `CONTRIBUTING.md` says how to use it.

mod arguments;
mod counts;
mod course;
mod demo;
mod desk;
mod facts;
mod report;
mod roles;
mod settings;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use arguments::Arguments;
use course::{Course, Tool, VERSION, Visit, last_words};
use demo::Demo;
use desk::Member;
use facts::Facts;
use roles::{Entry, Role, SCOPES};

use crate::needs;
use crate::server::{Scratch, python};
use crate::step::{self, Failure, cargo};

/// Scans as the arguments say.
///
/// # Errors
///
/// When something was found, or is missing.
pub fn run(words: &[OsString]) -> Result<(), Failure> {
    let arguments = Arguments::read(words)?;
    needs::meet(needs::PYTHON)?;
    let program = program(arguments.kept.as_deref())?;
    let scratch = Scratch::new("scan")?;
    let place = scratch.beside(&format!("schemathesis-{VERSION}"));
    let tool = python::install(&place, &format!("schemathesis=={VERSION}"), "schemathesis")?;
    let folder = step::target().join("scan");
    let made = fs::create_dir_all(&folder).and_then(|()| folder.canonicalize());
    let folder =
        made.map_err(|error| Failure::new(1, format!("xtask: {}: {error}", folder.display())))?;
    let tool = Tool::new(tool, folder.clone())?;
    let demo = Demo::start(&scratch, &program)?;
    println!(
        "xtask: scan: the demo is at {}; reports: {}",
        demo.address,
        folder.display()
    );
    let (facts, planned) = prepare(&demo, &arguments)?;
    let mut courses = Vec::new();
    for run in planned {
        let (role, seed) = (run.role, run.seed);
        let examples = arguments.examples.unwrap_or(role.examples);
        let course = tool.scan((&demo, &facts), (role, seed, examples), &run.visit)?;
        tell(&course);
        courses.push(course);
    }
    judge(&demo, &courses, &folder)
}

/// Prints and keeps the figures.
fn judge(demo: &Demo<'_>, courses: &[Course], folder: &Path) -> Result<(), Failure> {
    let table = report::table(courses);
    let mut findings = report::findings(courses);
    findings.extend(demo.panics());
    let summary = folder.join("summary.md");
    let written = fs::write(&summary, format!("{table}\n{}\n", findings.join("\n")));
    written.map_err(|error| Failure::new(1, format!("xtask: {}: {error}", summary.display())))?;
    println!("\n{table}");
    if findings.is_empty() {
        println!("xtask: scan: nothing was found");
        return Ok(());
    }
    Err(Failure::new(
        1,
        format!("xtask: scan: found:\n{}", findings.join("\n")),
    ))
}

fn tell(course: &Course) {
    let all = counts::sum(&course.counts, |_| true);
    let (role, seed, took) = (course.role.code, course.seed, course.took.as_secs());
    println!("xtask: scan: {role}, seed {seed}: {all} requests in {took} s");
    if !course.passed {
        println!("{}", last_words(&course.log));
    }
}

/// A run that is to come.
struct Planned {
    role: &'static Role,
    seed: u32,
    visit: Visit,
}

/// Makes everybody's tokens and links: each run has its own, because requests are counted by token.
fn prepare(demo: &Demo<'_>, arguments: &Arguments) -> Result<(Facts, Vec<Planned>), Failure> {
    let mut owner = Member::sign_in(demo.address, &demo.riverside, "owner")?;
    let mut admin = Member::sign_in(demo.address, &demo.riverside, "admin")?;
    let mut north = Member::sign_in(demo.address, &demo.northgate, "owner")?;
    let facts = facts::ask(demo, &mut north)?;
    let mut planned = Vec::new();
    for seed in &arguments.seeds {
        for role in &arguments.roles {
            let name = format!("{}-{}", role.code, planned.len());
            let token = |token| Visit {
                token: Some(token),
                ..Visit::default()
            };
            let visit = match role.entry {
                Entry::Nobody => Visit::default(),
                Entry::Link => {
                    let booked = facts::book(demo, &facts, planned.len())?;
                    Visit {
                        token: Some(booked.token),
                        appointment: Some(booked.id),
                        ..Visit::default()
                    }
                }
                Entry::Token(scopes) => token(owner.make_token("api", &name, scopes)?),
                Entry::Demoted => token(admin.make_token("api", &name, &SCOPES)?),
                Entry::Revoked => {
                    let made = owner.make_token("api", &name, &SCOPES)?;
                    owner.revoke(&name)?;
                    token(made)
                }
                Entry::Directory => {
                    let made = north.make_token("scim", &name, &[])?;
                    let (users, groups) = facts::bring_in(demo, &facts, (&made, planned.len()))?;
                    Visit {
                        users,
                        groups,
                        ..token(made)
                    }
                }
            };
            planned.push(Planned {
                role,
                seed: *seed,
                visit,
            });
        }
    }
    owner.post("/members/roles", "manager.contact=none", 303)?;
    owner.change_role("admin@riverside.example", "manager")?;
    Ok((facts, planned))
}

/// The Kept that is scanned: one that was named, or a fresh build, whose checks of its own are on.
fn program(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if let Some(named) = named {
        let real = named.canonicalize();
        return real
            .map_err(|error| Failure::new(1, format!("xtask: {}: {error}", named.display())));
    }
    let build = ["build", "-p", "kept_app"];
    step::run("build", cargo(build))?;
    Ok(step::target().join("debug/kept"))
}
