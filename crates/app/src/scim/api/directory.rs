//! From a request to a directory that was recognized: which organization, by which token.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams, Request};
use axum::http::Method;
use axum::http::header::{self, HeaderMap, HeaderName};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use kept_base::input::{Fields, Json, PageQuery, read_body};
use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::problem::Problem;
use kept_base::store::{self, Tx};
use serde_json::{Map, Value};

use crate::access::{self, Credential, Denied, MAX_SCIM_REQUESTS_A_MINUTE, Right, TokenKind};
use crate::app::App;
use crate::desk::Peer;
use crate::policy::May;
use crate::policy::rights::ProvisionMembers;
use crate::scim::error::{MEDIA_TYPE, Refusal};
use crate::scim::resource::version;
use crate::wire::{bearer, keep_pace_of_address, refused_token};

/// A request from a directory.
pub struct Directory {
    app: Arc<App>,
    organization: OrganizationId,
    token: Token,
    /// The query as sent.
    pub query: Fields,
    headers: HeaderMap,
    method: Method,
    /// From where; none where the rim does not know.
    from: Option<IpAddr>,
    parameters: Vec<(String, String)>,
}

/// What a verb needs to know of who asks and where they asked.
#[derive(Debug, Clone)]
pub struct Site {
    /// On behalf of whom members are changed.
    pub by: May<ProvisionMembers>,
    /// The address below which all resources are.
    pub base: String,
}

/// The same 401 whatever is wrong with the token, and whether or not there is such an organization.
impl FromRequestParts<Arc<App>> for Directory {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let refused = || Problem::unauthorized().into_response();
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| refused())?;
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let parameters: Vec<_> = path.iter().map(own).collect();
        let organization = parameters.iter().find(|(name, _)| name == "org");
        let organization = organization.and_then(|(_, id)| id.parse().ok());
        let token = bearer(&parts.headers).ok().flatten();
        let (Some(organization), Some(token)) = (organization, token) else {
            return Err(refused());
        };
        let PageQuery(query) = PageQuery::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        Ok(Self {
            app: Arc::clone(app),
            organization,
            token,
            query,
            headers: parts.headers.clone(),
            method: parts.method.clone(),
            from: parts.extensions.get::<Peer>().map(|peer| peer.0),
            parameters,
        })
    }
}

impl Directory {
    /// A segment of the path by its name in the route.
    #[must_use]
    pub fn segment(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }

    /// The address below which all resources are.
    #[must_use]
    pub fn base(&self) -> String {
        format!("{}/scim/v2/{}", self.app.base_url, self.organization)
    }

    /// Recognizes the token, and that it does not ask too often: before anything of the request is
    /// looked at.
    ///
    /// # Errors
    /// 401, 403, 429; those of the store.
    pub async fn admit(&self) -> Result<(), Refusal> {
        let (token, from) = (self.token.clone(), self.from);
        let read = (self.app.store).read(self.organization, Actor::VISITOR, move |tx| {
            Ok(recognize(tx, &token, from)?.0)
        });
        let credential = match read.await {
            Ok(credential) => credential,
            Err(refusal) => return Err(self.refuse(refusal).await?),
        };
        self.keep_pace().await?;
        if credential.use_is_news {
            let id = credential.id;
            let noted = (self.app.store).write(self.organization, Actor::token(id), move |tx| {
                access::note_use(tx, id)
            });
            if let Err(error) = noted.await {
                tracing::warn!(token.id = %id, error = %error, "The use of {id} was not noted");
            }
        }
        Ok(())
    }

    /// Counts and notes a token that is not let in; one that is not known counts for the address it comes
    /// from.
    async fn refuse(&self, refusal: Refusal) -> Result<Refusal, Refusal> {
        let (app, organization) = (&self.app, self.organization);
        let asked = (&self.token, TokenKind::Scim, Right::ProvisionMembers);
        match refused_token(app, organization, asked, self.from).await {
            Some(refused) => {
                self.keep_pace().await?;
                refused.note(app, organization).await;
            }
            None => keep_pace_of_address(app, self.from, &self.method)
                .await
                .map_err(|_| Refusal::too_often())?,
        }
        Ok(hide_absence(refusal))
    }

    async fn keep_pace(&self) -> Result<(), Refusal> {
        let whose = self.organization.to_string();
        let asked = (whose.as_str(), MAX_SCIM_REQUESTS_A_MINUTE);
        let (store, pace) = (&self.app.store, &self.app.pace);
        match pace.allows(store, self.organization, asked).await? {
            true => Ok(()),
            false => Err(Refusal::too_often()),
        }
    }

    /// Reads a JSON object, once the token is recognized.
    ///
    /// # Errors
    /// As [`Directory::admit`]; 400, 408, 413, 415.
    pub async fn body(&self, request: Request) -> Result<Map<String, Value>, Refusal> {
        self.admit().await?;
        let bytes = read_body(request, &[MEDIA_TYPE, "application/json"]).await?;
        let read = Json::<Map<String, Value>>::from_bytes(&bytes);
        Ok(read
            .map_err(|_| Refusal::syntax("Send a JSON object, at most 16 levels deep."))?
            .value)
    }

    /// Answers a question from one snapshot.
    ///
    /// # Errors
    /// 401 and 403; those of the question and the store.
    pub async fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Tx<'_>, &Site) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let (token, base, from) = (self.token.clone(), self.base(), self.from);
        let read = (self.app.store).read(self.organization, Actor::VISITOR, move |tx| {
            let (_, by) = recognize(tx, &token, from)?;
            question(tx, &Site { by, base })
        });
        read.await.map_err(hide_absence)
    }

    /// Runs a verb as one transaction, in the name of the token.
    ///
    /// # Errors
    /// 401 and 403; those of the verb and the store.
    pub async fn write<T: Send + 'static>(
        &self,
        verb: impl FnOnce(&Tx<'_>, &Site) -> Result<T, Refusal> + Clone + Send + 'static,
    ) -> Result<T, Refusal> {
        let (token, base, from) = (self.token.clone(), self.base(), self.from);
        let write = (self.app.store).write(self.organization, Actor::VISITOR, move |tx| {
            let (_, by) = recognize(tx, &token, from)?;
            verb(tx, &Site { by, base })
        });
        write.await.map_err(hide_absence)
    }

    /// What makes sure that a resource is still as the directory saw it.
    #[must_use]
    pub fn condition(&self) -> Condition {
        Condition(tags(&self.headers, &header::IF_MATCH))
    }

    /// Whether the directory has this version already.
    #[must_use]
    pub fn has(&self, resource: &Map<String, Value>) -> bool {
        let known = tags(&self.headers, &header::IF_NONE_MATCH);
        known.is_some_and(|known| known.contains(version(resource)))
    }
}

/// What `If-Match` says.
#[derive(Debug, Clone)]
pub struct Condition(Option<String>);

impl Condition {
    /// Whether the resource may be changed.
    ///
    /// # Errors
    /// 412 when it has another version by now.
    pub fn check(&self, resource: &Map<String, Value>) -> Result<(), Refusal> {
        match &self.0 {
            Some(wanted) if wanted.trim() != "*" && !wanted.contains(version(resource)) => {
                Err(Refusal::changed())
            }
            _ => Ok(()),
        }
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let all = headers.get_all(name).iter();
    let texts: Vec<&str> = all.filter_map(|value| value.to_str().ok()).collect();
    (!texts.is_empty()).then(|| texts.join(","))
}

/// That there is no such organization is nobody's to know.
fn hide_absence(refusal: Refusal) -> Refusal {
    match &refusal {
        Refusal::Problem(problem) if problem.kind == Problem::not_found().kind => {
            Problem::unauthorized().into()
        }
        _ => refusal,
    }
}

fn recognize(
    tx: &Tx<'_>,
    token: &Token,
    from: Option<IpAddr>,
) -> Result<(Credential, May<ProvisionMembers>), Refusal> {
    let credential: Result<_, store::Error> =
        access::authenticate(tx, token, TokenKind::Scim, from);
    let credential = credential?.ok_or_else(Problem::unauthorized)?;
    tx.recognize(Actor::token(credential.id));
    let may = credential.integrator.may().map_err(|denied| match denied {
        Denied::Unauthenticated => Problem::unauthorized().into(),
        Denied::MissingScope(_) | Denied::MakerMayNot => {
            Refusal::forbidden("Whoever made this token may not manage members any more.")
        }
    })?;
    Ok((credential, may))
}
