//! What the pages of members share: who is signed in, with which rights, in which frame. A slice's
//! `pages` take a [`DeskTo`] with the right that they need and answer with it; nothing of a member's page is
//! reached without one.

mod asked;
mod cookie;
mod frame;
mod lent;
mod on_grant;
mod outside;
mod peer;
mod proof;
mod routes;
mod to;

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use kept_base::input::Fields;
use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::page::{Locale, Nonce};
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

pub use asked::find;
pub use cookie::{ended_cookie, session_cookie, session_of, token_in_cookie};
pub use frame::{DeskFrame, Section, home_of, nonce};
pub use lent::{entry_cookie, lent_rights};
pub(crate) use lent::{entry_hash, terms_in_words};
pub use on_grant::OnGrantNote;
pub use outside::{OutsidePage, outside_page};
pub use peer::Peer;
pub use routes::{DeskRoute, Handled, Routes};
pub use to::DeskTo;

use crate::access::{self, Grant, Grants, Member, Right, Shown};
use crate::app::App;
use crate::ids::{SessionId, UndoId};
use crate::offering::Catalog;
use crate::page::{Words, see_other};
use on_grant::OnGrant;

/// What a handler answers.
pub type Answer = Result<Response, Problem>;

/// A request for a page of an organization, from a member who is signed in and may see it. It answers
/// questions; what changes something needs a [`DeskTo`], which says what it is for.
pub struct Desk {
    /// The parts of this Kept.
    pub app: Arc<App>,
    /// Which organization.
    pub organization: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// The query as sent.
    pub query: Fields,
    /// Who is signed in. For an operator on a grant somebody who is no member: their name, and an id
    /// that nobody has.
    pub member: Member,
    /// What the organization offers, as of this request.
    pub catalog: Arc<Catalog>,
    /// The session.
    pub session: SessionId,
    /// When it ends, unless it is used again.
    pub session_ends_at: Timestamp,
    /// From where; `None` when the rim does not know.
    pub from: Option<IpAddr>,
    right: Right,
    grants: Grants,
    key: Key,
    /// Of which organization this is the sandbox.
    sandbox_of: Option<OrganizationId>,
    /// Path and query of this page, without what [`Desk::done`] added.
    here: String,
    parameters: Vec<(String, String)>,
}

/// What lets somebody in, looked at again in every transaction.
#[derive(Clone)]
enum Key {
    /// A member's session.
    Session(Token),
    /// An operator's entry by a loan.
    Entry(Box<OnGrant>),
}

/// What stops a question or verb before its own answer.
enum Stopped<E> {
    /// Signed out, suspended or without the right meanwhile; or the store failed.
    Problem(Problem),
    /// The verb refused.
    Verb(E),
}

impl<E> From<Error> for Stopped<E> {
    fn from(error: Error) -> Self {
        Self::Problem(error.into())
    }
}

impl Desk {
    /// A segment of the path by its name in the route; empty when there is none.
    #[must_use]
    pub fn segment(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }

    /// The address of a page of this organization's members: `/services` gives
    /// `/o/riverside/services`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("/o/{}{}", self.slug, if path == "/" { "" } else { path })
    }

    /// The path and query of this page.
    #[must_use]
    pub fn here(&self) -> &str {
        &self.here
    }

    /// The member's language.
    #[must_use]
    pub fn locale(&self) -> Locale {
        let own = Locale::from_tag(&self.catalog.organization.locale).unwrap_or_default();
        Locale::from_tag(&self.member.locale).unwrap_or(own)
    }

    /// The words of the member's language.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        self.app.look.words(self.locale())
    }

    /// Whether this is an operator on a grant.
    #[must_use]
    pub fn is_on_grant(&self) -> bool {
        matches!(self.key, Key::Entry(_))
    }

    /// Whether the member has a further right.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        self.grants.has(right)
    }

    /// How far a further right of the member goes, for what a page offers; verbs are given theirs in
    /// their own transaction.
    #[must_use]
    pub fn grant(&self, right: Right) -> Option<Grant> {
        self.grants.grant(right)
    }

    /// What the member may give to others, for what a page offers.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The path of the first page that the member may see.
    #[must_use]
    pub fn home(&self) -> &'static str {
        frame::home(&self.grants)
    }

    /// Answers a question from one snapshot. Session, membership and right are looked at again in
    /// it, so that whoever was let go a moment ago sees nothing.
    ///
    /// # Errors
    /// The outer error when the member may not, or the store failed; the inner one is the
    /// question's own.
    pub async fn read<T, E>(
        &self,
        question: impl FnOnce(&Tx<'_>, &App) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, Problem>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.read_as(move |tx, app, _| question(tx, app)).await
    }

    /// As [`Desk::read`], with the proof of how far the right of the route goes.
    ///
    /// # Errors
    /// As [`Desk::read`].
    pub async fn read_as<T, E>(
        &self,
        question: impl FnOnce(&Tx<'_>, &App, &Grant) -> Result<T, E> + Send + 'static,
    ) -> Result<Result<T, E>, Problem>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let token = match &self.key {
            Key::Session(token) => token.clone(),
            Key::Entry(entry) => return self.read_on_grant(entry, question).await,
        };
        let (app, right, from) = (Arc::clone(&self.app), self.right, self.from);
        let asked = self
            .app
            .store
            .read(self.organization, Actor::VISITOR, move |tx| {
                let grants = recognize(tx, (&token, from), true).map_err(Stopped::Problem)?;
                let grant = grants.grant(right).ok_or_else(forbidden)?;
                question(tx, &app, &grant).map_err(Stopped::Verb)
            });
        settle(asked.await)
    }

    /// Whether the member is still signed in and has the right, for answers that go on for long.
    pub async fn is_let_in(&self) -> bool {
        let asked = self.read(|_, _| Ok::<_, Error>(()));
        matches!(asked.await, Ok(Ok(())))
    }

    /// The frame of a page that is called `title`.
    #[must_use]
    pub fn frame(&self, title: &str, section: Section) -> DeskFrame<'_> {
        DeskFrame::new(self, title, section)
    }

    /// Renders a page; `frame` is the one it shows.
    ///
    /// # Errors
    /// 500 when the template fails.
    pub fn respond(
        &self,
        status: StatusCode,
        nonce: &Nonce,
        page: &impl askama::Template,
    ) -> Answer {
        self.app.look.respond(status, nonce, page)
    }

    /// After a form did its work: on to `path`, which says so (`done-<code>` in the texts) and
    /// offers to take it back.
    #[must_use]
    pub fn done(&self, path: &str, code: &str, undo: Option<UndoId>) -> Response {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut url = self.url(path);
        url.push('?');
        if !query.is_empty() {
            url.push_str(query);
            url.push('&');
        }
        url.push_str("done=");
        url.push_str(code);
        if let Some(undo) = undo {
            url.push_str("&undo=");
            url.push_str(&undo.to_string());
        }
        see_other(&url)
    }
}

fn settle<T, E>(outcome: Result<T, Stopped<E>>) -> Result<Result<T, E>, Problem> {
    match outcome {
        Ok(answer) => Ok(Ok(answer)),
        Err(Stopped::Verb(error)) => Ok(Err(error)),
        Err(Stopped::Problem(problem)) => Err(problem),
    }
}

fn forbidden<E>() -> Stopped<E> {
    Stopped::Problem(Problem::forbidden())
}

/// Who asks, and what they may. What is read for them is veiled where it is hidden from their role; a verb
/// works on what is there.
fn recognize(
    tx: &Tx<'_>,
    (token, from): (&Token, Option<IpAddr>),
    veiled: bool,
) -> Result<Grants, Problem> {
    let session = match access::session(tx, token, from)? {
        Shown::In(session) => session,
        Shown::Nothing => return Err(Problem::unauthorized()),
        Shown::Outside(_) => return Err(Problem::forbidden()),
    };
    tx.recognize(Actor::member(session.member.id));
    let columns = session.grants.veiled_columns();
    if veiled && !columns.is_empty() {
        tx.person_keys()?.veil_columns(&columns);
    }
    Ok(session.grants)
}
