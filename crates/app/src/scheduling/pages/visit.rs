//! One request for a public page: of which organization, in which language and zone.

use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use jiff::tz::TimeZone;
use kept_base::input::{Fields, PageQuery};
use kept_base::kit::{Actor, OrganizationId};
use kept_base::page::{Framing, Locale, Nonce};
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::super::SchedulingError;
use super::Answer;
use super::here::Here;
use crate::app::App;
use crate::offering::Catalog;
use crate::page::{Brand, BrandPicture, Dress, Frame, LanguageChange, Look, Words};

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
        let found = Locale::negotiate(asked, self.accept_language.as_deref(), default);
        if catalog.look.speaks(found, own) {
            found
        } else {
            own
        }
    }

    /// The words of a language, with the organization's own nouns.
    pub fn words<'v>(&'v self, catalog: &'v Catalog, locale: Locale) -> Words<'v> {
        self.app.look.words(locale).own(&catalog.look.words)
    }

    /// Whether the page stands in a page of somebody else's.
    pub fn embedded(&self) -> bool {
        self.query.get("embed") == Some("1")
    }

    /// Answers with a page, which other sites may show where the organization lets them.
    pub fn respond(
        &self,
        catalog: &Catalog,
        status: StatusCode,
        nonce: &Nonce,
        page: &impl askama::Template,
    ) -> Answer {
        // Members see the page as it is beside what they change.
        let previewed = self.query.get("preview") == Some("1");
        let by: &[String] = if self.embedded() {
            &catalog.look.origins
        } else {
            &[]
        };
        let framing = Framing {
            by,
            by_own: previewed || self.embedded(),
            shows_own: false,
        };
        self.app.look.respond_framed(status, nonce, page, &framing)
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
        F: FnOnce(&Tx<'_>, &Arc<App>) -> Result<T, SchedulingError> + Clone + Send + 'static,
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
    pub fn frame<'v>(
        &'v self,
        catalog: &'v Catalog,
        locale: Locale,
        title: &str,
        here: &Here,
    ) -> Frame<'v> {
        let home = here
            .at(&[&self.slug])
            .without(&["staff", "location", "day", "month", "at", "hold", "booked"]);
        let brand = Brand {
            name: catalog.organization.name.clone(),
            url: home.url(),
        };
        Frame::new(&self.app.look, locale, self.nonce(), title, Some(brand))
            .dressed(&catalog.look.words, self.dress(catalog, locale))
            .languages_of(&self.offered(catalog), |other| {
                LanguageChange::Link(here.with("lang", other).url())
            })
    }

    /// The languages that pages are offered in.
    pub fn offered(&self, catalog: &Catalog) -> Vec<Locale> {
        let own = Locale::from_tag(&catalog.organization.locale).unwrap_or_default();
        let all = Locale::ALL.iter().copied();
        all.filter(|locale| catalog.look.speaks(*locale, own))
            .collect()
    }

    fn dress(&self, catalog: &Catalog, locale: Locale) -> Dress {
        let look = &catalog.look;
        let links = look.links_in(locale).iter();
        let theme = self.query.get("theme").filter(|_| self.embedded());
        Dress {
            stylesheet: look.stylesheet_url(&self.slug),
            picture: look.picture(&self.slug).map(BrandPicture::from),
            links: links
                .map(|link| (link.label.clone(), link.url.clone()))
                .collect(),
            embedded: self.embedded().then(|| look.origins.join(" ")),
            theme: ["light", "dark"].into_iter().find(|one| theme == Some(one)),
        }
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
    let found = app.store.find_organization(slug).await?;
    found.ok_or_else(Problem::not_found)
}
