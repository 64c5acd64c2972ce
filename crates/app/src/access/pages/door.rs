//! A request for a page that stands before the sign-in: of which organization, in which language.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::header;
use axum::http::request::Parts;
use kept_base::input::{Fields, PageQuery};
use kept_base::kit::{Actor, OrganizationId, Token};
use kept_base::page::Locale;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::cookies;
use crate::access::{self, Browser, ProviderDoor};
use crate::app::App;
use crate::desk::{self, Peer};
use crate::organization::{self, Organization};
use crate::page::{Brand, Frame, LanguageChange, Words};

/// A request for such a page, of an organization that exists.
pub struct Door {
    /// The parts of this Kept.
    pub app: Arc<App>,
    /// Which organization.
    pub organization: OrganizationId,
    /// Its name in addresses.
    pub slug: String,
    /// The query as sent.
    pub query: Fields,
    /// Its settings.
    pub settings: Organization,
    /// What the provider is called, where members can come in by it.
    pub provider: Option<ProviderDoor>,
    /// The language of the answer.
    pub locale: Locale,
    /// From where; `None` when the rim does not know.
    pub from: Option<IpAddr>,
    /// What opens the next step of a sign-in, where one has begun.
    pub pending: Option<Token>,
    /// What a passkey was asked for with.
    pub passkey: Option<Token>,
    /// What a sign-in at the provider comes back by.
    pub at_provider: Option<Token>,
    /// The session of whoever is signed in already.
    pub session: Option<Token>,
    /// The browser that asks.
    pub browser: Browser,
    path: String,
    parameters: Vec<(String, String)>,
}

impl Door {
    /// A segment of the path by its name in the route.
    #[must_use]
    pub fn segment(&self, name: &str) -> &str {
        let found = self.parameters.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }

    /// The address of a page of the organization's members.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("/o/{}{path}", self.slug)
    }

    /// The address of a step of the sign-in, which goes on to [`Door::next`].
    #[must_use]
    pub fn step(&self, path: &str) -> String {
        self.step_after(path, None)
    }

    /// The same, which says what was `done`.
    pub fn step_after(&self, path: &str, done: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(next) = self.next() {
            query.append_pair("next", next);
        }
        if self.query.filled("lang").is_some() {
            query.append_pair("lang", self.locale.tag());
        }
        if let Some(done) = done {
            query.append_pair("done", done);
        }
        match query.finish().as_str() {
            "" => self.url(path),
            query => format!("{}?{query}", self.url(path)),
        }
    }

    /// Where to go after signing in: a page of this organization, and nothing else.
    #[must_use]
    pub fn next(&self) -> Option<&str> {
        let next = self.query.filled("next")?;
        self.leads_inside(next).then_some(next)
    }

    /// Whether that is an address of a page of this organization's members.
    #[must_use]
    pub fn leads_inside(&self, next: &str) -> bool {
        is_inside(&self.url(""), next)
    }

    /// The words of the answer's language.
    #[must_use]
    pub fn words(&self) -> Words<'_> {
        self.app.look.words(self.locale)
    }

    /// The frame of a page that is called `title`.
    #[must_use]
    pub fn frame(&self, title: &str) -> Frame<'_> {
        let brand = Brand {
            name: self.settings.name.clone(),
            url: format!("/{}", self.slug),
        };
        let nonce = desk::nonce(&self.app);
        let mut frame = Frame::new(&self.app.look, self.locale, nonce, title, Some(brand))
            .languages(|other| LanguageChange::Link(self.in_language(other)));
        frame.private = true;
        frame
    }

    fn in_language(&self, locale: Locale) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.iter().filter(|(name, _)| *name != "lang"));
        query.append_pair("lang", locale.tag());
        format!("{}?{}", self.path, query.finish())
    }
}

/// Whether `next` is an address of the pages below `home`, and nothing else.
pub(super) fn is_inside(home: &str, next: &str) -> bool {
    let Some(rest) = next.strip_prefix(home) else {
        return false;
    };
    let inside = rest.is_empty() || rest.starts_with('/') || rest.starts_with('?');
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    inside && plain && !next.contains("//")
}

impl FromRequestParts<Arc<App>> for Door {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Problem::not_found())?;
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let parameters: Vec<_> = path.iter().map(own).collect();
        let slug = parameters.iter().find(|(name, _)| name == "org");
        let slug = slug.map(|(_, slug)| slug.clone()).unwrap_or_default();
        let organization = desk::find(app, &slug).await?;
        let read = app.store.read(organization, Actor::VISITOR, |tx| {
            Ok::<_, Error>((organization::load(tx)?, access::provider_door(tx)?))
        });
        let (settings, provider) = read.await?;
        let PageQuery(query) = PageQuery::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        let own = Locale::from_tag(&settings.locale).unwrap_or_default();
        let from = parts.extensions.get::<Peer>().map(|peer| peer.0);
        Ok(Self {
            locale: Locale::negotiate(query.get("lang"), accepted, own),
            from,
            pending: cookies::pending_of(&parts.headers, &slug),
            passkey: cookies::passkey_of(&parts.headers, &slug),
            browser: cookies::browser_of(&parts.headers, &slug, from),
            at_provider: cookies::provider_of(&parts.headers, &slug),
            session: desk::session_of(&parts.headers, &slug),
            provider,
            path: parts.uri.path().to_owned(),
            app: Arc::clone(app),
            organization,
            slug,
            query,
            settings,
            parameters,
        })
    }
}
