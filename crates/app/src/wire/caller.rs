//! Who calls. A request is recognized inside its own transaction, so that a token revoked a moment
//! ago is dead, and every act stands in the right name.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use kept_base::kit::{Actor, ActorKind, OrganizationId, Token};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::bearer::bearer;
use super::pace::{keep_pace, keep_pace_of_address};
use super::{problems, refused_token};
use crate::access::{self, Capability, Credential, Denied, Purpose, Right, TokenKind};
use crate::app::App;
use crate::desk::Peer;
use crate::ids::{AppointmentId, TokenId};

/// What a route needs of its caller. Its handler names it, by a [`CallerTo`](super::CallerTo).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The right over the organization's things.
    pub right: Right,
    /// The right that is enough where the thing is the caller's own, known by their manage link.
    pub own: Option<Right>,
}

/// A request to one organization, from somebody not yet recognized.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Which organization.
    pub organization: OrganizationId,
    needs: Needs,
    presented: Presented,
    /// From where; none where the rim does not know.
    from: Option<IpAddr>,
}

#[derive(Debug, Clone)]
enum Presented {
    Nothing,
    Token(Token),
    Link(Token),
}

/// A caller who was recognized and may do what the route does.
#[derive(Debug, Clone)]
pub struct Known {
    who: Who,
}

#[derive(Debug, Clone)]
enum Who {
    Visitor,
    Token(Credential),
    Link(Capability),
}

impl Caller {
    /// Whoever sends this request, to a route that has these `needs`.
    pub(super) async fn of(
        parts: &mut Parts,
        app: &Arc<App>,
        needs: Needs,
    ) -> Result<Self, Problem> {
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Problem::not_found())?;
        let slug = path.iter().find(|(name, _)| *name == "org");
        let (_, slug) = slug.ok_or_else(Problem::not_found)?;
        let organization = app
            .store
            .find_organization(slug)
            .await?
            .ok_or_else(Problem::not_found)?;
        let presented = Presented::read(&parts.headers)?;
        let caller = Self {
            organization,
            needs,
            presented,
            from: parts.extensions.get::<Peer>().map(|peer| peer.0),
        };
        // Nobody's query or body is read before it is known that they may send it.
        match &caller.presented {
            Presented::Token(token) => {
                caller.admit_token(app, token, &parts.method).await?;
            }
            Presented::Nothing => {
                keep_pace_of_address(app, caller.from, &parts.method).await?;
                access::allow(ActorKind::Visitor, &[], needs.right).map_err(denied)?;
            }
            Presented::Link(_) => {
                keep_pace_of_address(app, caller.from, &parts.method).await?;
                caller.clone().read(app, |_, _| Ok(())).await?;
            }
        }
        Ok(caller)
    }

    /// Whoever sends that token may, and does not ask too often. One that is not known counts for the
    /// address it comes from.
    async fn admit_token(&self, app: &App, token: &Token, method: &Method) -> Result<(), Problem> {
        let (asking, organization) = (self.clone(), self.organization);
        let read = (app.store).read(organization, Actor::VISITOR, move |tx| {
            asking.recognize(tx).map(|known| known.token())
        });
        let problem = match read.await {
            Ok(known) => {
                let Some(id) = known else { return Ok(()) };
                return keep_pace(app, organization, id).await;
            }
            Err(problem) => problem,
        };
        let asked = (token, TokenKind::Api, self.needs.right);
        match refused_token(app, organization, asked, self.from).await {
            Some(refused) => {
                keep_pace(app, organization, refused.id).await?;
                refused.note(app, organization).await;
            }
            None => keep_pace_of_address(app, self.from, method).await?,
        }
        Err(problem)
    }
}

impl Presented {
    fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        Ok(match bearer(headers)? {
            None => Self::Nothing,
            Some(token) if token.expose().starts_with(access::TOKEN_PREFIX) => Self::Token(token),
            Some(token) => Self::Link(token),
        })
    }
}

impl Caller {
    /// Whether nobody says who they are.
    #[must_use]
    pub fn is_visitor(&self) -> bool {
        matches!(self.presented, Presented::Nothing)
    }

    /// Answers a question from one snapshot, to a caller who may ask it.
    ///
    /// # Errors
    /// 401 and 403; those of the question and the store.
    pub async fn read<T: Send + 'static>(
        self,
        app: &App,
        question: impl FnOnce(&Tx<'_>, &Known) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let (organization, store) = (self.organization, Arc::clone(&app.store));
        let read = store.read(organization, Actor::VISITOR, move |tx| {
            let known = self.recognize(tx)?;
            known.veil(tx)?;
            let answer = question(tx, &known)?;
            Ok::<_, Problem>((answer, known))
        });
        let (answer, known) = read.await?;
        known.note_use(app, organization).await;
        Ok(answer)
    }

    /// Runs a verb as one transaction, for a caller who may.
    ///
    /// # Errors
    /// 401 and 403; those of the verb and the store.
    pub async fn write<T: Send + 'static>(
        self,
        app: &App,
        verb: impl FnOnce(&Tx<'_>, &Known) -> Result<T, Problem> + Clone + Send + 'static,
    ) -> Result<T, Problem> {
        let (organization, store) = (self.organization, Arc::clone(&app.store));
        let write = store.write(organization, Actor::VISITOR, move |tx| {
            let known = self.recognize(tx)?;
            let answer = verb(tx, &known)?;
            Ok::<_, Problem>((answer, known))
        });
        let (answer, known) = write.await?;
        known.note_use(app, organization).await;
        Ok(answer)
    }

    fn recognize(&self, tx: &Tx<'_>) -> Result<Known, Problem> {
        let unknown = Problem::unauthorized;
        let right = self.needs.right;
        match &self.presented {
            Presented::Nothing => {
                access::allow(ActorKind::Visitor, &[], right).map_err(denied)?;
                Ok(Known { who: Who::Visitor })
            }
            Presented::Token(token) => {
                let credential = access::authenticate(tx, token, TokenKind::Api, self.from)?;
                let credential = credential.ok_or_else(unknown)?;
                tx.recognize(Actor::token(credential.id));
                credential.integrator.allow(right).map_err(denied)?;
                Ok(Known {
                    who: Who::Token(credential),
                })
            }
            Presented::Link(token) => {
                let link = access::open_capability(tx, Purpose::Manage, token)?;
                let link = link.ok_or_else(unknown)?;
                tx.recognize(Actor::person(link.id));
                let right = self.needs.own.unwrap_or(right);
                access::allow(ActorKind::Person, &[], right).map_err(denied)?;
                Ok(Known {
                    who: Who::Link(link),
                })
            }
        }
    }
}

fn denied(denied: Denied) -> Problem {
    match denied {
        Denied::Unauthenticated => Problem::unauthorized(),
        Denied::MissingScope(scope) => Problem::from(problems::MISSING_SCOPE)
            .detail(format!("Use a token with the scope {scope}."))
            .member("scope", scope),
        Denied::MakerMayNot => {
            Problem::forbidden().detail("Whoever made this token may not do that any more.")
        }
    }
}

impl Known {
    /// Whether an API token of the organization was presented: what concerns its staff and people
    /// may be told, as far as the scopes go.
    #[must_use]
    pub fn is_organization(&self) -> bool {
        matches!(self.who, Who::Token(_))
    }

    /// Has what is read for a token veiled where it is hidden from whoever made it.
    fn veil(&self, tx: &Tx<'_>) -> Result<(), Problem> {
        if let Who::Token(credential) = &self.who {
            let columns = credential.integrator.veiled_columns();
            if !columns.is_empty() {
                tx.person_keys()?.veil_columns(&columns);
            }
        }
        Ok(())
    }

    /// Whether they have `right` beside the one that the route needs.
    #[must_use]
    pub fn may(&self, right: Right) -> bool {
        let allowed = match &self.who {
            Who::Visitor => access::allow(ActorKind::Visitor, &[], right),
            Who::Token(credential) => credential.integrator.allow(right),
            Who::Link(_) => access::allow(ActorKind::Person, &[], right),
        };
        allowed.is_ok()
    }

    /// The one appointment that a manage link opens; `None` for whoever may have them all.
    #[must_use]
    pub fn only_appointment(&self) -> Option<AppointmentId> {
        match &self.who {
            Who::Link(link) => Some(link.appointment),
            Who::Visitor | Who::Token(_) => None,
        }
    }

    fn token(&self) -> Option<TokenId> {
        match &self.who {
            Who::Token(credential) => Some(credential.id),
            Who::Visitor | Who::Link(_) => None,
        }
    }

    /// In whose name a repeated request is the same request.
    pub(super) fn credential(&self) -> String {
        match &self.who {
            Who::Visitor => "public".to_owned(),
            Who::Token(credential) => credential.id.to_string(),
            Who::Link(link) => link.id.to_string(),
        }
    }

    /// Writes down that a token was used, where that was long enough ago. What was asked stands by
    /// now, so a failure here is for the log alone.
    async fn note_use(&self, app: &App, organization: OrganizationId) {
        let Who::Token(credential) = &self.who else {
            return;
        };
        if !credential.use_is_news {
            return;
        }
        let (id, store) = (credential.id, &app.store);
        let noted = store.write(organization, Actor::token(id), move |tx| {
            access::note_use(tx, id)
        });
        if let Err(error) = noted.await {
            tracing::warn!(token.id = %id, error = %error, "The use of {id} was not noted");
        }
    }
}
