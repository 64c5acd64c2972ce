//! `/o/{org}/settings/provider`: the provider by which members come in. Owners set it; admins see it.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::Secret;

use super::{ORDERS, back_url};
use crate::access::{MAX_PROVIDER_NAME_CHARS, Right, Role};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::policy::rights::{ManageMembers, SetProvider};
use crate::sso::back_channel;
use crate::sso::oidc::RoleMapError;
use crate::sso::settings::{self, Shown};
use crate::sso::wanted::{Typed, Wrong};

const HERE: &str = "/settings/provider";

/// A role that can be chosen.
struct Choice {
    code: &'static str,
    text: String,
    chosen: bool,
}

/// A line to be typed.
struct Line {
    name: &'static str,
    label: String,
    hint: String,
    value: String,
    error: Option<String>,
    is_secret: bool,
    is_long: bool,
    is_needed: bool,
}

#[derive(askama::Template)]
#[template(path = "sso/settings.html")]
struct SettingsPage<'p> {
    d: DeskFrame<'p>,
    may_change: bool,
    /// Where the provider sends browsers back to.
    back: String,
    /// Where it sends orders to end sessions.
    orders: String,
    /// Whether something is set.
    is_set: bool,
    is_open: bool,
    /// Whether it can be tried.
    can_try: bool,
    orders_sign_out: Option<bool>,
    trouble: Option<String>,
    first: Vec<Line>,
    joins: bool,
    roles: Vec<Choice>,
    last: Vec<Line>,
    is_only_way: bool,
}

pub(super) async fn page(desk: DeskTo<ManageMembers>) -> Answer {
    let shown = desk.read(|tx, _| settings::shown(tx)).await??;
    respond(&desk, StatusCode::OK, shown.as_ref(), None, (&[], None))
}

fn respond(
    desk: &Desk,
    status: StatusCode,
    shown: Option<&Shown>,
    typed: Option<Typed>,
    (wrong, trouble): (&[Wrong], Option<String>),
) -> Answer {
    let words = desk.words();
    let default = || Typed {
        default_role: Role::Staff.code().to_owned(),
        ..Typed::default()
    };
    let typed = typed.unwrap_or_else(|| shown.map_or_else(default, Shown::typed));
    let has_secret = shown.is_some_and(|shown| shown.has_secret);
    let role = |role: Role| Choice {
        code: role.code(),
        text: words.say(&format!("role-{}", role.code().replace('_', "-"))),
        chosen: typed.default_role == role.code(),
    };
    let nobody = Choice {
        code: "",
        text: words.say("provider-no-role"),
        chosen: typed.default_role.is_empty(),
    };
    let given = Role::ALL.into_iter().filter(|role| *role != Role::Owner);
    let page = SettingsPage {
        may_change: desk.may(Right::SetProvider),
        back: back_url(&desk.app.base_url, &desk.slug),
        orders: format!("{}{}", desk.app.base_url, desk.url(ORDERS)),
        is_set: shown.is_some(),
        is_open: shown.is_some_and(|shown| shown.is_open),
        can_try: has_secret,
        orders_sign_out: shown.and_then(|shown| shown.orders_sign_out),
        trouble,
        first: first(desk, &typed, wrong, has_secret),
        joins: typed.joins,
        roles: given.map(role).chain([nobody]).collect(),
        last: last(desk, &typed, wrong),
        is_only_way: typed.is_only_way,
        d: desk
            .frame(&words.say("provider-title"), Section::Settings)
            .script("look.js"),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn line(desk: &Desk, name: &'static str, value: &str, wrong: &[Wrong]) -> Line {
    let words = desk.words();
    let id = format!("provider-{}", name.replace('_', "-"));
    let error = wrong.iter().find(|wrong| field(**wrong) == name);
    Line {
        label: words.say(&id),
        hint: words.say(&format!("{id}.hint")),
        value: value.to_owned(),
        error: error.map(|wrong| said(desk, *wrong)),
        is_secret: false,
        is_long: false,
        is_needed: true,
        name,
    }
}

fn first(desk: &Desk, typed: &Typed, wrong: &[Wrong], has_secret: bool) -> Vec<Line> {
    let words = desk.words();
    let mut secret = line(desk, "secret", "", wrong);
    secret.is_secret = true;
    secret.is_needed = !has_secret;
    if has_secret {
        secret.hint = words.say("provider-secret.kept");
    }
    let mut domains = line(desk, "domains", &typed.domains, wrong);
    domains.is_long = true;
    vec![
        line(desk, "name", &typed.name, wrong),
        line(desk, "issuer", &typed.issuer, wrong),
        line(desk, "client_id", &typed.client_id, wrong),
        secret,
        domains,
    ]
}

fn last(desk: &Desk, typed: &Typed, wrong: &[Wrong]) -> Vec<Line> {
    let mut claim = line(desk, "role_claim", &typed.role_claim, wrong);
    claim.is_needed = false;
    let mut map = line(desk, "role_map", &typed.role_map, wrong);
    (map.is_needed, map.is_long) = (false, true);
    vec![claim, map]
}

fn field(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Name => "name",
        Wrong::Issuer => "issuer",
        Wrong::ClientId => "client_id",
        Wrong::Secret => "secret",
        Wrong::Domains => "domains",
        Wrong::DefaultRole => "default_role",
        Wrong::RoleClaim => "role_claim",
        Wrong::RoleMap(_) => "role_map",
    }
}

fn said(desk: &Desk, wrong: Wrong) -> String {
    let words = desk.words();
    match wrong {
        Wrong::RoleMap(RoleMapError::Line(number)) => {
            words.with("provider-wrong-role-line", args!["line" => number])
        }
        Wrong::RoleMap(RoleMapError::TooMany) => words.say("provider-wrong-role-many"),
        Wrong::Name => words.with(
            "provider-wrong-name",
            args!["most" => MAX_PROVIDER_NAME_CHARS],
        ),
        wrong => words.say(&format!(
            "provider-wrong-{}",
            field(wrong).replace('_', "-")
        )),
    }
}

fn read(form: &Fields) -> Typed {
    let text = |name| form.filled(name).unwrap_or_default().to_owned();
    let long = |name| form.get(name).unwrap_or_default().to_owned();
    Typed {
        name: text("name"),
        issuer: text("issuer"),
        client_id: text("client_id"),
        secret: form
            .filled("secret")
            .map(|secret| Secret::new(secret.to_owned())),
        domains: long("domains"),
        joins: form.get("joins").is_some(),
        default_role: text("default_role"),
        role_claim: text("role_claim"),
        role_map: long("role_map"),
        is_only_way: form.get("only_way").is_some(),
    }
}

/// `POST /o/{org}/settings/provider`.
pub(super) async fn change(desk: DeskTo<SetProvider>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let typed = read(&form);
    let shown = desk.read(|tx, _| settings::shown(tx)).await??;
    // The secret of one provider is not sent to another.
    let is_for_it = |shown: &Shown| shown.has_secret && shown.rules.issuer == typed.issuer;
    let has_secret = shown.as_ref().is_some_and(is_for_it);
    let wanted = match typed.read(has_secret) {
        Ok(wanted) => wanted,
        Err(wrong) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let typed = Some(typed);
            return respond(&desk, status, shown.as_ref(), typed, (&wrong, None));
        }
    };
    desk.write(move |tx, _, by| settings::change(tx, by, &wanted))
        .await??;
    Ok(desk.done(HERE, "saved", None))
}

/// `POST /o/{org}/settings/provider/trial`: asks who the provider is. With a good answer members see its button.
pub(super) async fn try_it(desk: DeskTo<SetProvider>, Form(_): Form) -> Answer {
    let Some(shown) = desk.read(|tx, _| settings::shown(tx)).await?? else {
        return Ok(desk.done(HERE, "unchanged", None));
    };
    let issuer = shown.rules.issuer.clone();
    let (document, keys) = match back_channel::tried(&desk.app.outgoing, &issuer).await {
        Ok(said) => said,
        Err(trouble) => {
            let words = desk.words();
            let why = format!("provider-trouble-{}", trouble.code().replace('_', "-"));
            let why = if words.has(&why) {
                words.say(&why)
            } else {
                words.say("provider-trouble-other")
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return respond(&desk, status, Some(&shown), None, (&[], Some(why)));
        }
    };
    let is_open = desk.write(move |tx, _, by| settings::open(tx, by, &issuer, (&document, &keys)));
    let is_open = is_open.await??;
    let code = if is_open {
        "provider-open"
    } else {
        "unchanged"
    };
    Ok(desk.done(HERE, code, None))
}

/// `POST /o/{org}/settings/provider/removal`.
pub(super) async fn remove(desk: DeskTo<SetProvider>, Form(_): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let undo = desk.write(|tx, _, by| settings::remove(tx, by)).await??;
    Ok(desk.done(HERE, "provider-removed", undo))
}
