//! `/o/{org}/members/roles`: what the organization takes from its roles.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::store::Error;

use super::members::role_id;
use crate::access::{self, Area, Level, Limits, Right, Role};
use crate::desk::{Answer, Desk, DeskFrame, Section};

/// A role, with what is left to it of each area.
struct Row {
    code: &'static str,
    name: String,
    about: String,
    cells: Vec<Cell>,
}

/// A area of a role.
struct Cell {
    name: String,
    label: String,
    /// None where the role has nothing of it.
    levels: Vec<LevelChoice>,
}

struct LevelChoice {
    code: &'static str,
    text: String,
    chosen: bool,
}

#[derive(askama::Template)]
#[template(path = "access/roles.html")]
struct RolesPage<'p> {
    d: DeskFrame<'p>,
    rows: Vec<Row>,
}

/// Those from which something can be taken.
fn narrowable() -> impl Iterator<Item = Role> {
    Role::ALL.into_iter().filter(|role| *role != Role::Owner)
}

/// The name of the field that says what is left to `role` of `area`.
fn field(role: Role, area: Area) -> String {
    format!("{}.{}", role.code(), area.code())
}

pub(super) async fn page(desk: Desk) -> Answer {
    let limits = desk.read(|tx, _| access::limits(tx)).await??;
    let words = desk.words();
    let rows = narrowable().map(|role| {
        let id = role_id(role);
        Row {
            code: role.code(),
            name: words.say(&id),
            about: words.say(&format!("{id}.about")),
            cells: (Area::ALL.into_iter())
                .map(|area| cell(&desk, &limits, role, area))
                .collect(),
        }
    });
    let page = RolesPage {
        rows: rows.collect(),
        d: desk.frame(&words.say("roles-title"), Section::Settings),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

fn cell(desk: &Desk, limits: &Limits, role: Role, area: Area) -> Cell {
    let words = desk.words();
    let of_area = |changes: bool| {
        let mut rights = Right::ALL.into_iter();
        rights.any(|right| {
            Area::of(right) == Some((area, changes)) && access::extent(role, right).is_some()
        })
    };
    let (sees, changes) = (of_area(false), of_area(true));
    let present = limits.level(role, area);
    let offered = |level: &Level| match level {
        Level::Full | Level::None => sees || changes,
        Level::View => sees && changes,
    };
    Cell {
        name: field(role, area),
        label: words.say(&format!("roles-area-{}", area.code())),
        levels: (Level::ALL.into_iter())
            .filter(offered)
            .map(|level| LevelChoice {
                code: level.code(),
                text: words.say(&format!("roles-level-{}", level.code())),
                chosen: level == present,
            })
            .collect(),
    }
}

/// `POST /o/{org}/members/roles`: what is absent, or no level, stays.
pub(super) async fn change(desk: Desk, Form(form): Form) -> Answer {
    let mut wanted = Vec::new();
    for role in narrowable() {
        for area in Area::ALL {
            let level = form.filled(&field(role, area)).and_then(Level::from_code);
            wanted.extend(level.map(|level| (role, area, level)));
        }
    }
    let changed = desk.write(move |tx, _| {
        for (role, area, level) in wanted {
            access::set_limit(tx, role, area, level)?;
        }
        Ok::<_, Error>(())
    });
    changed.await??;
    Ok(desk.done("/members/roles", "saved", None))
}
