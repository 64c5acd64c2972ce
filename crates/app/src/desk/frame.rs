//! What the layout shows around every page of members: where one is, where one can go, what was
//! just done.

use kept_base::input::Fields;
use kept_base::page::{Args, Nonce};

use super::Desk;
use super::on_grant::OnGrantNote;
use crate::access::{Grants, Right};
use crate::app::App;
use crate::page::{Brand, Frame, Look};

/// The parts of the desk, in the order of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What is next.
    Today,
    /// The staff calendar.
    Calendar,
    /// Customers.
    People,
    /// Numbers.
    Insight,
    /// Services, places, staff and hours.
    Offering,
    /// What happened.
    Audit,
    /// Settings, members, set-up.
    Settings,
    /// One's own account: not in the navigation.
    Account,
}

impl Section {
    const IN_NAVIGATION: [(Self, &'static str, &'static str, Right); 7] = [
        (Self::Today, "desk-today", "/", Right::SeeToday),
        (
            Self::Calendar,
            "desk-calendar",
            "/calendar",
            Right::SeeCalendar,
        ),
        (Self::People, "desk-people", "/people", Right::SeePeople),
        (Self::Insight, "desk-insight", "/insight", Right::SeeInsight),
        (
            Self::Offering,
            "desk-offering",
            "/services",
            Right::ChangeOffering,
        ),
        (Self::Audit, "desk-audit", "/audit-log", Right::SeeAuditLog),
        (
            Self::Settings,
            "desk-settings",
            "/settings",
            Right::ChangeSettings,
        ),
    ];
}

/// The path of the first page that somebody may see: everybody has an account.
pub(super) fn home(grants: &Grants) -> &'static str {
    let mut all = Section::IN_NAVIGATION.iter();
    all.find(|(_, _, _, right)| grants.has(*right))
        .map_or("/account", |(_, _, path, _)| path)
}

/// The address where a member begins, at an organization of this name.
#[must_use]
pub fn home_of(slug: &str, grants: &Grants) -> String {
    let home = home(grants);
    format!("/o/{slug}{}", if home == "/" { "" } else { home })
}

/// A fresh nonce for pages that stand outside a [`Desk`].
#[must_use]
pub fn nonce(app: &App) -> Nonce {
    Look::nonce(app.store.entropy())
}

/// A link of the navigation.
#[derive(Debug)]
pub struct NavigationLink {
    /// Its text.
    pub text: String,
    /// Its address.
    pub url: String,
    /// Whether this is where one is.
    pub current: bool,
}

/// What was just done, and how to take it back.
#[derive(Debug)]
pub struct Toast {
    /// What was done.
    pub text: String,
    /// The address of the form that takes it back.
    pub undo_url: Option<String>,
}

/// The frame of one page of members.
#[derive(Debug)]
pub struct DeskFrame<'d> {
    /// The frame of every page.
    pub f: Frame<'d>,
    /// Where one can go.
    pub navigation: Vec<NavigationLink>,
    /// What was just done.
    pub toast: Option<Toast>,
    /// Who is signed in.
    pub member_name: String,
    /// This page, without what was just done.
    pub here: String,
    /// How long the session lives without being used, in seconds.
    pub session_seconds: i64,
    /// What an operator on a grant is told on every page.
    pub on_grant: Option<OnGrantNote>,
    /// What everybody is told on every page of a sandbox.
    pub sandbox: Option<String>,
    /// Names of the scripts that the page loads.
    pub scripts: Vec<&'static str>,
    base: String,
}

impl<'d> DeskFrame<'d> {
    pub(super) fn new(desk: &'d Desk, title: &str, section: Section) -> Self {
        let words = desk.words();
        let brand = Brand {
            name: desk.catalog.organization.name.clone(),
            url: desk.url(desk.home()),
        };
        let nonce = Look::nonce(desk.app.store.entropy());
        let mut f = Frame::new(&desk.app.look, desk.locale(), nonce, title, Some(brand));
        f.private = true;
        let links = Section::IN_NAVIGATION.iter();
        let links = links.filter(|(_, _, _, right)| desk.may(*right));
        Self {
            f,
            navigation: links
                .map(|(of, text, path, _)| NavigationLink {
                    text: words.say(text),
                    url: desk.url(path),
                    current: *of == section,
                })
                .collect(),
            toast: toast(desk),
            member_name: desk.member.name.expose().to_owned(),
            here: desk.here.clone(),
            session_seconds: desk.session_ends_at.as_second()
                - desk.app.store.clock().now().as_second(),
            on_grant: desk.on_grant_note(),
            sandbox: desk.sandbox_of.map(|_| words.say("sandbox-note")),
            scripts: match desk.is_on_grant() {
                // Nothing keeps a grant alive longer.
                true => vec!["desk.js"],
                false => vec!["desk.js", "session.js"],
            },
            base: desk.url("/"),
        }
    }

    /// Loads a further script of our own.
    #[must_use]
    pub fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }

    /// The text `id`.
    #[must_use]
    pub fn say(&self, id: &str) -> String {
        self.f.say(id)
    }

    /// The text `id` with something in it.
    #[must_use]
    pub fn with(&self, id: &str, args: &Args<'_>) -> String {
        self.f.words.with(id, args)
    }

    /// The address of a page of this organization's members.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{}", self.base, if path == "/" { "" } else { path })
    }
}

fn toast(desk: &Desk) -> Option<Toast> {
    let words = desk.words();
    let id = format!("done-{}", desk.query.filled("done")?);
    if !words.has(&id) {
        return None;
    }
    let undo = desk.query.filled("undo");
    let undo = undo.filter(|_| !desk.is_on_grant());
    let undo = undo.and_then(|id| id.parse::<crate::ids::UndoId>().ok());
    Some(Toast {
        text: words.say(&id),
        undo_url: undo.map(|id| desk.url(&format!("/undo/{id}"))),
    })
}

/// The path and query of a page, without what [`Desk::done`] added.
pub(super) fn without_done(path: &str, query: &Fields) -> String {
    let mut kept = form_urlencoded::Serializer::new(String::new());
    let rest = query
        .iter()
        .filter(|(name, _)| !matches!(*name, "done" | "undo"));
    kept.extend_pairs(rest);
    let kept = kept.finish();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{kept}")
    }
}
