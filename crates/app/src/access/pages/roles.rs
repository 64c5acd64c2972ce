//! `/o/{org}/members/roles`: what the organization takes from its roles.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::problem::Problem;

use super::members::{problem, role_id};
use crate::access::{self, Area, Level, Limits, MemberError, Right, Role};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::policy::rights::ManageMembers;

/// A role, with what is left to it of each area.
struct Row {
    code: &'static str,
    name: String,
    about: String,
    cells: Vec<Cell>,
}

/// An area of a role.
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

/// Those from which the member can take something.
fn narrowable(desk: &Desk) -> impl Iterator<Item = Role> {
    let by = desk.member.role;
    (Role::ALL.into_iter()).filter(move |role| by.may_limit(*role))
}

/// The name of the field that says what is left to `role` of `area`.
fn field(role: Role, area: Area) -> String {
    format!("{}.{}", role.code(), area.code())
}

pub(super) async fn page(desk: DeskTo<ManageMembers>) -> Answer {
    let limits = desk.read(|tx, _| access::limits(tx)).await??;
    let words = desk.words();
    let rows = narrowable(&desk).map(|role| {
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
    let sees_people = || {
        let mut rights = [Right::SeePeople, Right::SeeCalendar].into_iter();
        rights.any(|right| access::extent(role, right).is_some())
    };
    let (sees, changes) = match area.column() {
        Some(_) => (sees_people(), false),
        None => (of_area(false), of_area(true)),
    };
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
            .filter(|level| *level == present || desk.grants().may_limit(role, area, *level))
            .map(|level| LevelChoice {
                code: level.code(),
                text: words.say(&match area.column() {
                    Some(_) => format!("roles-field-{}", level.code()),
                    None => format!("roles-level-{}", level.code()),
                }),
                chosen: level == present,
            })
            .collect(),
    }
}

/// `POST /o/{org}/members/roles`: what is absent stays as it is.
pub(super) async fn change(desk: DeskTo<ManageMembers>, Form(form): Form) -> Answer {
    let mut wanted = Vec::new();
    for role in Role::ALL {
        for area in Area::ALL {
            let Some(code) = form.filled(&field(role, area)) else {
                continue;
            };
            let level = Level::from_code(code)
                .filter(|level| area.column().is_none() || *level != Level::View)
                .ok_or_else(Problem::invalid_fields)?;
            wanted.push((role, (area, level)));
        }
    }
    if let Some(proof) = desk.wants_proof("/members/roles").await? {
        return Ok(proof);
    }
    let changed = desk.write(move |tx, _, by| {
        for (role, what) in wanted {
            access::set_limit(tx, by, role, what)?;
        }
        Ok::<_, MemberError>(())
    });
    match changed.await? {
        Ok(()) => Ok(desk.done("/members/roles", "saved", None)),
        Err(MemberError::OwnersOnly) => Err(Problem::forbidden()),
        Err(error) => Err(problem(error)),
    }
}
