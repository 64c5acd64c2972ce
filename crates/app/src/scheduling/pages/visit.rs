//! One request for a public page: of which organization, in which language and zone.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header;
use axum::http::request::Parts;
use jiff::tz::TimeZone;
use kept_base::input::{Fields, PageQuery};
use kept_base::kit::{Actor, OrganizationId};
use kept_base::page::{Locale, Nonce};
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use super::super::SchedulingError;
use super::here::Here;
use crate::app::App;
use crate::offering::Catalog;
use crate::page::{Brand, Frame, LanguageChange, Look};

/// A time zone by the name people know, and its rules.
#[derive(Debug, Clone)]
pub(super) struct Zone {
    pub name: String,
    pub rules: TimeZone,
}

/// A request for a page of an organization that exists.
pub(super) struct Visit {
    pub app: Arc<App>,
    pub organization: OrganizationId,
    /// The organization's name in addresses.
    pub slug: String,
    /// The query as sent.
    pub query: Fields,
    /// The zone that the visitor chose.
    pub zone: Option<Zone>,
    accept_language: Option<String>,
    parameters: Vec<(String, String)>,
}

impl Visit {
    /// A segment of the path by its name in the route.
    pub fn segment(&self, name: &str) -> &str {
        self.parameters
            .iter()
            .find(|(found, _)| found == name)
            .map_or("", |(_, value)| value)
    }

    /// The address of this page: below the organization, `segments`.
    pub fn here(&self, segments: &[&str]) -> Here {
        let mut path = vec![self.slug.as_str()];
        path.extend(segments);
        Here::new(&path, &self.query)
    }

    /// The language: asked for in the address, else the browser's, else `default`, else the
    /// organization's own.
    pub fn locale(&self, catalog: &Catalog, default: Option<&str>) -> Locale {
        let own = Locale::from_tag(&catalog.organization.locale).unwrap_or_default();
        let default = default.and_then(Locale::from_tag).unwrap_or(own);
        let asked = self.query.get("lang");
        Locale::negotiate(asked, self.accept_language.as_deref(), default)
    }

    /// Asks a question on behalf of `actor`.
    pub async fn read<T, F>(&self, actor: Actor, question: F) -> Result<T, SchedulingError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>, &Arc<App>) -> Result<T, SchedulingError> + Send + 'static,
    {
        let app = Arc::clone(&self.app);
        let question = move |tx: &Tx<'_>| question(tx, &app);
        self.app
            .store
            .read(self.organization, actor, question)
            .await
    }

    /// Runs a verb on behalf of `actor`.
    pub async fn write<T, F>(&self, actor: Actor, verb: F) -> Result<T, SchedulingError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>, &Arc<App>) -> Result<T, SchedulingError> + Send + 'static,
    {
        let app = Arc::clone(&self.app);
        let verb = move |tx: &Tx<'_>| verb(tx, &app);
        self.app.store.write(self.organization, actor, verb).await
    }

    /// A fresh nonce.
    pub fn nonce(&self) -> Nonce {
        Look::nonce(self.app.store.entropy())
    }

    /// The frame of a page of this organization; `here` is what the language switch leads to.
    pub fn frame(&self, catalog: &Catalog, locale: Locale, title: &str, here: &Here) -> Frame<'_> {
        let home = here
            .at(&[&self.slug])
            .without(&["staff", "location", "day", "month", "at", "hold", "booked"]);
        let brand = Brand {
            name: catalog.organization.name.clone(),
            url: home.url(),
        };
        Frame::new(&self.app.look, locale, self.nonce(), title, Some(brand))
            .languages(|other| LanguageChange::Link(here.with("lang", other).url()))
    }
}

/// 404 when there is no such organization.
impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let parameters = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| Problem::not_found())?;
        let parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let PageQuery(query) = PageQuery::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        let accept_language = parts
            .headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let slug = parameters
            .iter()
            .find(|(name, _)| name == "org")
            .map(|(_, value)| value.clone())
            .unwrap_or_default();
        let zone = query
            .filled("zone")
            .and_then(|name| app.zones.parse_zone(name))
            .map(|(name, rules)| Zone { name, rules });
        Ok(Self {
            organization: find(app, &slug).await?,
            app: Arc::clone(app),
            slug,
            query,
            zone,
            accept_language,
            parameters,
        })
    }
}

async fn find(app: &Arc<App>, slug: &str) -> Result<OrganizationId, Problem> {
    let (app, slug) = (Arc::clone(app), slug.to_owned());
    let found = tokio::task::spawn_blocking(move || app.store.find_organization(&slug));
    found
        .await
        .unwrap_or(Err(Error::Panicked))?
        .ok_or_else(Problem::not_found)
}
