//! `/o/{org}/settings/directory`: the address of the directory's way in, and which role its groups give.

use axum::http::StatusCode;
use kept_base::input::Form;
use kept_base::problem::Problem;

use super::error::Refusal;
use super::everything::Everything;
use super::groups;
use super::rules::{self, Rules, Welcome, WithoutGroup};
use crate::access::{Right, Role};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Routes, Section};
use crate::ids::ScimGroupId;
use crate::policy::rights::{ManageMembers, MapGroups};

const HERE: &str = "/settings/directory";

/// The pages of members.
pub fn desk() -> Routes {
    Routes::new().get(HERE, page).post(HERE, change)
}

/// Something that can be chosen.
struct Choice {
    code: &'static str,
    text: String,
    chosen: bool,
}

/// A group, and the role that it gives.
struct Row {
    field: String,
    name: String,
    members: usize,
    role_text: String,
    roles: Vec<Choice>,
}

#[derive(askama::Template)]
#[template(path = "access/directory.html")]
struct DirectoryPage<'p> {
    d: DeskFrame<'p>,
    address: String,
    may_change: bool,
    welcomes: Vec<Choice>,
    withouts: Vec<Choice>,
    defaults: Vec<Choice>,
    groups: Vec<Row>,
}

fn role_text(desk: &Desk, role: Role) -> String {
    desk.words()
        .say(&format!("role-{}", role.code().replace('_', "-")))
}

/// Every role but owner: no directory makes one.
fn roles(desk: &Desk, chosen: Option<Role>) -> Vec<Choice> {
    let given = Role::ALL.into_iter().filter(|role| *role != Role::Owner);
    given
        .map(|role| Choice {
            code: role.code(),
            text: role_text(desk, role),
            chosen: chosen == Some(role),
        })
        .collect()
}

async fn page(desk: DeskTo<ManageMembers>) -> Answer {
    let read = desk
        .read(|tx, _| Ok::<_, kept_base::store::Error>((rules::rules(tx)?, Everything::load(tx)?)));
    let (rules, all) = read.await??;
    let words = desk.words();
    let choice = |code: &'static str, part: &str, chosen| Choice {
        code,
        text: words.say(&format!("directory-{part}-{code}")),
        chosen,
    };
    let row = |group: &groups::Group| Row {
        field: field(group.id),
        name: group.name.clone(),
        members: all.members_of(group.id).count(),
        role_text: match group.role {
            Some(role) => role_text(&desk, role),
            None => words.say("directory-no-role"),
        },
        roles: roles(&desk, group.role),
    };
    let page = DirectoryPage {
        address: format!("{}/scim/v2/{}", desk.app.base_url, desk.organization),
        may_change: desk.may(Right::MapGroups),
        welcomes: (Welcome::ALL.into_iter())
            .map(|one| choice(one.code(), "welcome", one == rules.welcome))
            .collect(),
        withouts: (WithoutGroup::ALL.into_iter())
            .map(|one| choice(one.code(), "without", one == rules.without_group))
            .collect(),
        defaults: roles(&desk, Some(rules.default_role)),
        groups: all.groups.iter().map(row).collect(),
        d: desk
            .frame(&words.say("directory-title"), Section::Settings)
            .script("look.js"),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

/// The name of the field that says which role a group gives.
fn field(group: ScimGroupId) -> String {
    format!("role.{group}")
}

/// `POST /o/{org}/settings/directory`: what is absent stays as it is.
async fn change(desk: DeskTo<MapGroups>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let mut given = Vec::new();
    for (name, code) in form.iter() {
        let Some(id) = name.strip_prefix("role.") else {
            continue;
        };
        let role = Role::from_code(code);
        let is_known = code.is_empty() || role.is_some_and(|role| role != Role::Owner);
        let id: Option<ScimGroupId> = id.parse().ok().filter(|_| is_known);
        given.push((id.ok_or_else(Problem::invalid_fields)?, role));
    }
    let welcome = form.filled("welcome").map(str::to_owned);
    let default_role = form.filled("default_role").map(str::to_owned);
    let without_group = form.filled("without_group").map(str::to_owned);
    let changed = desk.write(move |tx, _, by| {
        let before = rules::rules(tx)?;
        let wanted = Rules {
            welcome: welcome
                .and_then(|code| Welcome::from_code(&code))
                .unwrap_or(before.welcome),
            default_role: default_role
                .and_then(|code| Role::from_code(&code))
                .unwrap_or(before.default_role),
            without_group: without_group
                .and_then(|code| WithoutGroup::from_code(&code))
                .unwrap_or(before.without_group),
        };
        rules::set_rules(tx, by, wanted)?;
        for (group, role) in given {
            groups::set_role(tx, by, group, role)?;
        }
        Ok::<_, Refusal>(())
    });
    match changed.await? {
        Ok(()) => Ok(desk.done(HERE, "saved", None)),
        Err(refusal) => Err(refusal.into_problem()),
    }
}
