//! What somebody is told who is outside of the networks of their role: from what kind of network they
//! come in, and never from which.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use kept_base::args;
use kept_base::kit::Actor;
use kept_base::page::Locale;
use kept_base::problem::Problem;
use kept_base::store::Tx;

use super::asked::Asked;
use super::{Answer, nonce};
use crate::access::{self, Member, Role};
use crate::app::App;
use crate::offering::Catalog;
use crate::page::{Brand, Frame};

/// What the page says beside that they are outside.
#[derive(Debug, Default)]
pub struct OutsidePage {
    /// Where an owner asks for a link by mail.
    pub ask_url: Option<String>,
    /// Where an owner shows first who they are.
    pub sign_in_url: Option<String>,
    /// A link is on its way.
    pub is_asked: bool,
    /// Why none is sent now.
    pub trouble: Option<String>,
}

#[derive(askama::Template)]
#[template(path = "access/outside.html")]
struct Shown<'p> {
    f: Frame<'p>,
    lead: String,
    page: &'p OutsidePage,
}

/// The page, as a 403; as a 200 once a link is on its way, and as a 429 where none is sent now.
///
/// # Errors
/// 500 when the template fails.
pub fn outside_page(app: &App, f: Frame<'_>, role: Role, page: &OutsidePage) -> Answer {
    let role = f.say(&format!("role-{}", role.code().replace('_', "-")));
    let shown = Shown {
        lead: f.words.with("outside-lead", args!["role" => &role]),
        f,
        page,
    };
    let status = if page.is_asked {
        StatusCode::OK
    } else if page.trouble.is_some() {
        StatusCode::TOO_MANY_REQUESTS
    } else {
        StatusCode::FORBIDDEN
    };
    app.look.respond(status, &shown.f.nonce, &shown)
}

/// Refuses a session that was moved elsewhere, and writes it down.
pub(super) async fn refused(
    parts: &Parts,
    app: &Arc<App>,
    asked: &Asked,
    (member, catalog): (&Member, &Catalog),
) -> Response {
    let id = member.id;
    let verb = move |tx: &Tx<'_>| access::note_outside(tx, &id.to_string());
    let noted = app.store.write(asked.organization, Actor::member(id), verb);
    if let Err(error) = noted.await {
        tracing::warn!(error = %error, "A refusal was not noted");
    }
    if parts.headers.contains_key("x-kept-part") {
        return Problem::forbidden().into_response();
    }
    let own = Locale::from_tag(&catalog.organization.locale).unwrap_or_default();
    let locale = Locale::from_tag(&member.locale).unwrap_or(own);
    let brand = Brand {
        name: catalog.organization.name.clone(),
        url: format!("/{}", asked.slug),
    };
    let title = app.look.words(locale).say("outside-title");
    let mut frame = Frame::new(&app.look, locale, nonce(app), &title, Some(brand));
    frame.private = true;
    let page = OutsidePage {
        sign_in_url: (member.role == Role::Owner).then(|| format!("/o/{}/sign-in", asked.slug)),
        ..OutsidePage::default()
    };
    outside_page(app, frame, member.role, &page).unwrap_or_else(Problem::into_response)
}
