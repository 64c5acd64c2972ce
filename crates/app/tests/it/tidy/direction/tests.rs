use super::*;

#[test]
fn a_pure_crate_that_is_not_is_found() {
    let manifest = "[package]\nname = 1\n[dependencies]\njiff.workspace = true\ntokio = \"1\"\n\n\
        [dev-dependencies]\ninsta.workspace = true\n";
    let tree = Tree::of(&[
        ("crates/slots/Cargo.toml", manifest),
        (
            "crates/slots/src/lib.rs",
            "// std::fs is not named here\nuse std::time::Instant;",
        ),
        (
            "crates/ical/src/lib.rs",
            "use kept_slots::Slot; fn kept_ical() {}",
        ),
        (
            "crates/base/src/lib.rs",
            "fn f() { kept_app::run(); }\n\n#[cfg(test)]\nmod t {\n kept_",
        ),
    ]);
    assert_eq!(
        impure(&tree),
        [
            "crates/slots/Cargo.toml: a pure crate depends on tokio",
            "crates/slots/src/lib.rs: a pure crate names std::time",
        ]
    );
    assert_eq!(
        crates_below_that_name_crates_above(&tree),
        [
            "crates/ical/src/lib.rs names kept_",
            "crates/base/src/lib.rs names kept_app",
        ]
    );
}

/// A program with two slices and a rim, in which `lines` are the block.
fn program(lines: &str, booking: &str) -> Vec<String> {
    let map = format!("```slices\n{lines}\n```");
    modules(&Tree::of(&[
        ("ARCHITECTURE.md", &map),
        ("crates/app/src/lib.rs", "pub mod people;"),
        ("crates/app/src/ids.rs", ""),
        ("crates/app/src/app.rs", "use crate::{booking, ids};"),
        ("crates/app/src/people/mod.rs", "use super::ids::PersonId;"),
        (
            "crates/app/src/people/store.rs",
            "// crate::booking\nfn f() -> crate::ids::PersonId {}",
        ),
        (
            "crates/app/src/booking/store/mod.rs",
            "use super::super::ids;",
        ),
        ("crates/app/src/booking/mod.rs", booking),
        ("crates/app/src/booking/api/mod.rs", "use crate::app::App;"),
        (
            "crates/app/src/booking/tests.rs",
            "use crate::http::Router;",
        ),
        (
            "crates/app/src/http/mod.rs",
            "use crate::booking::api; use crate::people::Person;",
        ),
        ("crates/app/src/cli/mod.rs", "use crate::http;"),
    ]))
}

const TRUE: &str = "people:\nbooking: people";
const FINE: &str = "use crate::{ids::BookingId, people::{self, Person}};";

fn with(addition: &str) -> Vec<String> {
    program(TRUE, &format!("{FINE}\n{addition}"))
}

#[test]
fn a_program_along_its_lines_is_fine() {
    assert_eq!(program(TRUE, FINE), Vec::<String>::new());
}

#[test]
fn a_name_against_the_direction_is_found() {
    let against = |name| {
        [format!(
            "crates/app/src/booking/mod.rs names {name}, against the direction"
        )]
    };
    assert_eq!(with("fn f() { crate::http::serve() }"), against("http"));
    // The program's shared state names slices, so only the doors of a slice name it.
    assert_eq!(with("use super::app::App;"), against("app"));
    let found = program("people:\nbooking:", FINE);
    assert_eq!(found, against("people"));
}

#[test]
fn a_store_that_others_can_name_is_found() {
    let found = with("pub(crate) mod store;");
    let open = "crates/app/src/booking/mod.rs opens its store: pub(crate) mod store;";
    assert_eq!(found, [open]);
}

#[test]
fn lines_that_are_not_true_are_found() {
    assert_eq!(
        program("people: booking\nbooking: people", FINE),
        [
            "ARCHITECTURE.md: the line of booking leads back to booking",
            "ARCHITECTURE.md: the line of people leads back to people",
            "ARCHITECTURE.md: people no longer names booking",
        ]
    );
    assert_eq!(
        program("people:\nbooking: people ids", FINE),
        ["ARCHITECTURE.md: ids in the line of booking is no slice",]
    );
    assert_eq!(
        program("booking: people", FINE),
        ["ARCHITECTURE.md has no line for the slice people"]
    );
    assert_eq!(
        program("ids", FINE),
        ["ARCHITECTURE.md: not a line of the block of slices: ids"]
    );
}
