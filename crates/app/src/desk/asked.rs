//! From a request to a [`Desk`]: which organization, who is signed in, may they see this.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{Method, header};
use axum::response::{IntoResponse as _, Response};
use kept_base::input::{Fields, PageQuery};
use kept_base::kit::{Actor, OrganizationId};
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use super::{Desk, Key, Peer, frame, lent, on_grant, outside, session_of};
use crate::access::{self, Right, Session, Shown};
use crate::app::App;
use crate::organization;
use crate::page::see_other;

impl Desk {
    /// That of whoever sends this request, for a route that needs `right`.
    pub(super) async fn of(
        parts: &mut Parts,
        app: &Arc<App>,
        right: Right,
    ) -> Result<Self, Response> {
        let asked = Asked::read(parts, app)
            .await
            .map_err(Problem::into_response)?;
        if let Some(token) = lent::token_of(&parts.headers, &asked.slug) {
            return on_grant::let_in(parts, app, asked, right, &token).await;
        }
        let Some(token) = session_of(&parts.headers, &asked.slug) else {
            return Err(asked.to_sign_in(parts));
        };
        let from = parts.extensions.get::<Peer>().map(|peer| peer.0);
        let (known, catalogs) = (token.clone(), Arc::clone(&app.catalogs));
        let read = app
            .store
            .read(asked.organization, Actor::VISITOR, move |tx| {
                let session = access::session(tx, &known, from)?;
                let sandbox_of = organization::sandbox_of(tx)?;
                Ok::<_, Error>((session, catalogs.get(tx)?, sandbox_of))
            });
        let (session, catalog, sandbox_of) = read
            .await
            .map_err(|error| Problem::from(error).into_response())?;
        let session = match session {
            Shown::In(session) => *session,
            Shown::Nothing => return Err(asked.to_sign_in(parts)),
            Shown::Outside(member) => {
                return Err(outside::refused(parts, app, &asked, (&member, &catalog)).await);
            }
        };
        if !session.grants.has(right) {
            note_refusal(app, asked.organization, &session, right).await;
            return Err(Problem::forbidden().into_response());
        }
        note_use(app, asked.organization, &session).await;
        Ok(Self {
            app: Arc::clone(app),
            organization: asked.organization,
            slug: asked.slug,
            query: asked.query,
            member: session.member,
            grants: session.grants,
            catalog,
            session: session.id,
            session_ends_at: session.ends_at,
            from,
            right,
            key: Key::Session(token),
            sandbox_of,
            here: asked.here,
            parameters: asked.parameters,
        })
    }
}

/// What stands in the request's line.
pub(super) struct Asked {
    pub organization: OrganizationId,
    pub slug: String,
    pub query: Fields,
    pub here: String,
    pub parameters: Vec<(String, String)>,
}

impl Asked {
    async fn read(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Problem::not_found())?;
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let parameters: Vec<_> = path.iter().map(own).collect();
        let slug = parameters.iter().find(|(name, _)| name == "org");
        let slug = slug.map(|(_, slug)| slug.clone()).unwrap_or_default();
        let PageQuery(query) = PageQuery::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        Ok(Self {
            organization: find(app, &slug).await?,
            here: frame::without_done(parts.uri.path(), &query),
            slug,
            query,
            parameters,
        })
    }

    /// To the sign-in, and back here; a form that was sent comes back to where it was written.
    fn to_sign_in(&self, parts: &Parts) -> Response {
        if parts.headers.contains_key("x-kept-part") {
            return Problem::unauthorized().into_response();
        }
        let mut next = form_urlencoded::Serializer::new(String::new());
        if parts.method == Method::GET {
            next.append_pair("next", &self.here);
        } else if let Some(page) = self.written_at(parts) {
            next.append_pair("next", &page);
        }
        see_other(&format!("/o/{}/sign-in?{}", self.slug, next.finish()))
    }

    fn written_at(&self, parts: &Parts) -> Option<String> {
        let referer = parts.headers.get(header::REFERER)?.to_str().ok()?;
        let (_, rest) = referer.split_once("://")?;
        let path = rest.find('/').map(|start| &rest[start..])?;
        path.starts_with(&format!("/o/{}", self.slug))
            .then(|| path.to_owned())
    }
}

/// The organization of that name in addresses.
///
/// # Errors
/// 404 when there is none.
pub async fn find(app: &Arc<App>, slug: &str) -> Result<OrganizationId, Problem> {
    let found = app.store.find_organization(slug).await?;
    found.ok_or_else(Problem::not_found)
}

/// Whether it was written down or not, it is refused.
async fn note_refusal(app: &App, organization: OrganizationId, session: &Session, right: Right) {
    let member = session.member.id;
    let verb = move |tx: &Tx<'_>| access::note_refusal(tx, member, right);
    let noted = app.store.write(organization, Actor::member(member), verb);
    if let Err(error) = noted.await {
        tracing::warn!(error = %error, "A refusal was not noted");
    }
}

/// A failure here is for the log alone: the page itself can be shown.
async fn note_use(app: &App, organization: OrganizationId, session: &Session) {
    if !session.use_is_news {
        return;
    }
    let (id, actor) = (session.id, Actor::member(session.member.id));
    let noted = app
        .store
        .write(organization, actor, move |tx| access::note_session(tx, id));
    if let Err(error) = noted.await {
        tracing::warn!(session.id = %id, error = %error, "The use of {id} was not noted");
    }
}
