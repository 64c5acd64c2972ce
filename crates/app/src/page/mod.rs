//! The frame that every page stands in: assets, texts, layout, security headers.
//!
//! A slice fills a typed view, whose template extends `page/layout.html`, and answers with
//! [`Look::respond`]. Whatever a page says comes from the `.ftl` files through [`Words`].

mod assets;
mod frame;
mod link;
mod open;
mod packed;
mod problem;
mod words;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use kept_base::kit::Entropy;
use kept_base::page::{
    Assets, Caching, Catalog, Framing, Headers, Locale, Nonce, csp::NONCE_BYTES,
};
use kept_base::problem::Problem;

use crate::app::App;

pub use frame::{Brand, BrandPicture, Dress, Frame, LanguageChange, LanguageSwitch};
pub use link::Link;
pub use open::{Door, OpenRoute, OpenRoutes};
pub use packed::pack_pages;
pub use problem::problem_page;
pub use words::{Markup, Words, catalog};

/// What all pages of one Kept share. Made once.
#[derive(Debug)]
pub struct Look {
    /// Stylesheet, fonts and scripts.
    pub assets: Assets,
    /// Every text in every language.
    pub texts: Catalog,
    /// The security headers.
    pub headers: Headers,
}

impl Look {
    /// `base_url` is the address that the outside sees, as in [`crate::app::App`].
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        Self {
            assets: Assets::new(assets::SOURCES).expect("the list is fixed and a test builds it"),
            texts: catalog().expect("the texts are fixed and a test reads them"),
            headers: Headers::new(base_url),
        }
    }

    /// The words of one language.
    #[must_use]
    pub fn words(&self, locale: Locale) -> Words<'_> {
        Words::new(&self.texts, locale)
    }

    /// A nonce for the scripts of one response.
    #[must_use]
    pub fn nonce(entropy: &Entropy) -> Nonce {
        Nonce::from_bytes(&entropy.bytes::<NONCE_BYTES>())
    }

    /// Renders `page`, whose scripts carry `nonce`.
    ///
    /// # Errors
    /// 500 when the template fails, which no view of ours makes happen.
    pub fn respond(
        &self,
        status: StatusCode,
        nonce: &Nonce,
        page: &impl askama::Template,
    ) -> Result<Response, Problem> {
        self.respond_framed(status, nonce, page, &Framing::default())
    }

    /// The same for a page that stands in others, or shows others of ours.
    ///
    /// # Errors
    /// As [`Look::respond`].
    pub fn respond_framed(
        &self,
        status: StatusCode,
        nonce: &Nonce,
        page: &impl askama::Template,
        framing: &Framing<'_>,
    ) -> Result<Response, Problem> {
        let html = page
            .render()
            .map_err(|error| Problem::internal().because(&error))?;
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = status;
        *response.headers_mut() = self.headers.framed_page(nonce, Caching::NoStore, framing);
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        Ok(response)
    }
}

/// Sends the browser on to `url` with a GET (303), after a form did its work.
#[must_use]
pub fn see_other(url: &str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    // Our own links are ASCII; anything else would be a fault of ours and shows as one.
    match HeaderValue::from_str(url) {
        Ok(value) => {
            response.headers_mut().insert(header::LOCATION, value);
        }
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    response
}

/// The addresses of the files that pages load.
#[must_use]
pub fn open() -> OpenRoutes {
    OpenRoutes::new().get("/assets/{file}", Door::Everybody, asset)
}

async fn asset(
    State(app): State<Arc<App>>,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asset = app.look.assets.find(uri.path());
    let asset = asset.ok_or_else(Problem::not_found)?;
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let (known, encoding) = (text(header::IF_NONE_MATCH), text(header::ACCEPT_ENCODING));
    Ok(asset.response(known, encoding, &app.look.headers))
}
