//! `/o/{org}/settings/networks`: from where members may act. Owners change it, admins see it.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::members::role_id;
use crate::access::{
    self, MAX_NETWORK_NOTE_CHARS, MAX_NETWORKS, Network, NetworkError, NewNetwork, Right, Role,
    Standpoint, read_network,
};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::NetworkId;
use crate::policy::rights::{ChangeSettings, LimitNetworks};

const HERE: &str = "/settings/networks";

/// A network, as the list shows it.
struct Row {
    id: String,
    range: String,
    note: String,
    whose: String,
    made: String,
}

/// Whom a network can hold for.
struct RoleChoice {
    code: &'static str,
    text: String,
    chosen: bool,
}

#[derive(askama::Template)]
#[template(path = "access/networks.html")]
struct NetworksPage<'p> {
    d: DeskFrame<'p>,
    rows: Vec<Row>,
    may_change: bool,
    /// Where somebody shows first that it is them.
    proof: Option<String>,
    /// The address that this page is asked for from.
    own: Option<String>,
    network: String,
    note: String,
    note_hint: String,
    roles: Vec<RoleChoice>,
    trouble: Option<String>,
    network_error: Option<String>,
    note_error: Option<String>,
}

/// What was written, and what is wrong with it.
#[derive(Default)]
struct Typed {
    network: String,
    role: String,
    note: String,
    wrong: Option<Wrong>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Network,
    Role,
    Known,
    Note,
    TooMany,
    ShutsOut,
}

impl Typed {
    fn read(form: &Fields) -> Self {
        let text = |name| form.get(name).unwrap_or_default().trim().to_owned();
        Self {
            network: text("network"),
            role: text("role"),
            note: text("note"),
            wrong: None,
        }
    }

    fn new_network(&self) -> Result<NewNetwork, Wrong> {
        let role = match self.role.as_str() {
            "" => None,
            code => Some(Role::from_code(code).ok_or(Wrong::Role)?),
        };
        Ok(NewNetwork {
            role,
            range: read_network(&self.network).ok_or(Wrong::Network)?,
            note: self.note.clone(),
        })
    }
}

/// Where the member stands.
fn standpoint(desk: &Desk) -> Standpoint {
    Standpoint {
        role: Some(desk.member.role),
        from: desk.from,
    }
}

pub(super) async fn page(desk: DeskTo<ChangeSettings>) -> Answer {
    shown(&desk, StatusCode::OK, &Typed::default()).await
}

async fn shown(desk: &Desk, status: StatusCode, typed: &Typed) -> Answer {
    let read = desk.read(|tx, _| {
        let mut rows = Vec::new();
        for network in access::networks(tx)? {
            let maker = network.created_by;
            let maker = maker.map(|id| access::member(tx, id)).transpose()?;
            rows.push((network, maker.flatten()));
        }
        Ok::<_, Error>(rows)
    });
    let rows = read.await??;
    let words = desk.words();
    let may_change = desk.may(Right::LimitNetworks);
    let named = |role: Option<Role>| match role {
        Some(role) => words.say(&role_id(role)),
        None => words.say("network-all"),
    };
    let row = |(network, maker): &(Network, Option<access::Member>)| {
        let day = when::date_time(words.locale(), network.created_at, &desk.catalog.zone);
        let somebody = words.say("settings-somebody");
        let by = maker
            .as_ref()
            .map_or(somebody.as_str(), |one| one.name.expose());
        Row {
            id: network.id.to_string(),
            range: network.range.to_string(),
            note: network.note.clone(),
            whose: named(network.role),
            made: words.with("network-made", args!["when" => &day, "by" => by]),
        }
    };
    let wrong = |which: &[Wrong]| typed.wrong.filter(|wrong| which.contains(wrong));
    let choices = std::iter::once(None).chain(Role::ALL.map(Some));
    let page = NetworksPage {
        rows: rows.iter().map(row).collect(),
        may_change,
        proof: match may_change {
            true => desk.proof_url(HERE).await?,
            false => None,
        },
        own: desk.from.map(|from| from.to_canonical().to_string()),
        network: typed.network.clone(),
        note: typed.note.clone(),
        note_hint: words.with("network-note.hint", args!["most" => MAX_NETWORK_NOTE_CHARS]),
        roles: choices
            .map(|role| RoleChoice {
                code: role.map_or("", Role::code),
                text: named(role),
                chosen: role.map_or("", Role::code) == typed.role,
            })
            .collect(),
        trouble: wrong(&[Wrong::ShutsOut, Wrong::TooMany, Wrong::Role]).map(|wrong| match wrong {
            Wrong::TooMany => words.with("network-too-many", args!["most" => MAX_NETWORKS]),
            Wrong::Role => words.say("network-wrong-role"),
            _ => words.say("network-shuts-out"),
        }),
        network_error: wrong(&[Wrong::Network, Wrong::Known]).map(|wrong| match wrong {
            Wrong::Known => words.say("network-known"),
            _ => words.say("network-wrong"),
        }),
        note_error: wrong(&[Wrong::Note]).map(|_| {
            words.with(
                "network-note-wrong",
                args!["most" => MAX_NETWORK_NOTE_CHARS],
            )
        }),
        d: desk.frame(&words.say("networks-title"), Section::Settings),
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

async fn refused(desk: &Desk, mut typed: Typed, wrong: Wrong) -> Answer {
    typed.wrong = Some(wrong);
    shown(desk, StatusCode::UNPROCESSABLE_ENTITY, &typed).await
}

/// `POST /o/{org}/settings/networks`.
pub(super) async fn add(desk: DeskTo<LimitNetworks>, Form(form): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let typed = Typed::read(&form);
    let new = match typed.new_network() {
        Ok(new) => new,
        Err(wrong) => return refused(&desk, typed, wrong).await,
    };
    let from = standpoint(&desk);
    let added = desk.write(move |tx, _, by| access::add_network(tx, by, &new, from));
    match added.await? {
        Ok(undo) => Ok(desk.done(HERE, "network-added", Some(undo))),
        Err(error) => match wrong(error)? {
            Some(wrong) => refused(&desk, typed, wrong).await,
            None => Err(Problem::not_found()),
        },
    }
}

/// `POST /o/{org}/settings/networks/{id}/removal`.
pub(super) async fn remove(desk: DeskTo<LimitNetworks>, Form(_): Form) -> Answer {
    let id: NetworkId = desk
        .segment("id")
        .parse()
        .map_err(|_| Problem::not_found())?;
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let from = standpoint(&desk);
    let removed = desk.write(move |tx, _, by| access::remove_network(tx, by, id, from));
    match removed.await? {
        Ok(undo) => Ok(desk.done(HERE, "network-removed", Some(undo))),
        Err(error) => match wrong(error)? {
            Some(wrong) => refused(&desk, Typed::default(), wrong).await,
            None => Err(Problem::not_found()),
        },
    }
}

/// What the page says of it; `None` where there is no such network.
fn wrong(error: NetworkError) -> Result<Option<Wrong>, Problem> {
    Ok(Some(match error {
        NetworkError::Note => Wrong::Note,
        NetworkError::TooMany => Wrong::TooMany,
        NetworkError::Known => Wrong::Known,
        NetworkError::ShutsOut => Wrong::ShutsOut,
        NetworkError::Unknown => return Ok(None),
        NetworkError::Store(error) => return Err(error.into()),
    }))
}
