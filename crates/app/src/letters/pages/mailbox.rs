//! `/_demo/mailbox`: what the demo would have sent. Mounted by the demo alone; the letters are in
//! memory and end with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use jiff::tz::TimeZone;
use kept_base::input::PageQuery;
use kept_base::kit::OrganizationId;
use kept_base::page::{Locale, when};
use kept_base::problem::Problem;

use crate::app::App;
use crate::messaging::letter::Correspondent;
use crate::messaging::transport::{Captured, Transport};
use crate::page::{Frame, LanguageChange, Link, Look};

const PATH: [&str; 2] = ["_demo", "mailbox"];
/// Most letters on the page.
const MAX_SHOWN_LETTERS: usize = 50;

#[derive(askama::Template)]
#[template(path = "letters/mailbox.html")]
struct MailboxPage<'p> {
    f: Frame<'p>,
    here: String,
    filters: Vec<Filter>,
    letters: Vec<Shown>,
}

/// A link to the letters of one organization, or of all.
struct Filter {
    label: String,
    url: String,
    current: bool,
}

struct Shown {
    locale: Locale,
    subject: String,
    from: String,
    to: String,
    at: String,
    lines: Vec<Line>,
    calendar: Option<(String, String)>,
}

/// A line of a letter; some are links.
struct Line {
    text: String,
    is_link: bool,
}

/// The page of the letters that `transport` captured. There is none for another transport.
pub fn mailbox(transport: &Arc<Transport>) -> Router<Arc<App>> {
    if !matches!(**transport, Transport::Capture(_)) {
        return Router::new();
    }
    let transport = Arc::clone(transport);
    let show = move |app, query, headers| show(app, query, headers, transport);
    Router::new().route("/_demo/mailbox", get(show))
}

async fn show(
    State(app): State<Arc<App>>,
    PageQuery(query): PageQuery,
    headers: HeaderMap,
    transport: Arc<Transport>,
) -> Result<Response, Problem> {
    let Transport::Capture(capture) = &*transport else {
        return Err(Problem::not_found());
    };
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let locale = Locale::negotiate(query.get("lang"), accepted, Locale::En);
    let organizations = organizations(&app).await?;
    let chosen = query.filled("org");
    let mut letters: Vec<Captured> = organizations
        .iter()
        .filter(|(slug, _)| chosen.is_none_or(|chosen| chosen == slug.as_str()))
        .flat_map(|(_, id)| capture.letters(*id))
        .collect();
    // Those of one moment stay in the order in which they were sent.
    letters.sort_by_key(|letter| std::cmp::Reverse(letter.written_at));
    letters.truncate(MAX_SHOWN_LETTERS);

    let link = |org: Option<&str>, lang: Option<Locale>| {
        let link = Link::to(&PATH).maybe("org", org);
        link.maybe("lang", lang).to_string()
    };
    let lang = query.get("lang").and_then(Locale::from_tag);
    let words = app.look.words(locale);
    let every = Filter {
        label: words.say("mailbox-all"),
        url: link(None, lang),
        current: chosen.is_none(),
    };
    let each = organizations.keys().map(|slug| Filter {
        label: slug.clone(),
        url: link(Some(slug), lang),
        current: chosen == Some(slug.as_str()),
    });
    let filters = std::iter::once(every).chain(each).collect();
    let nonce = Look::nonce(app.store.entropy());
    let title = words.say("mailbox-title");
    let mut f = Frame::new(&app.look, locale, nonce, &title, None)
        .languages(|other| LanguageChange::Link(link(chosen, Some(other))));
    f.private = true;
    let page = MailboxPage {
        f,
        here: link(chosen, lang),
        filters,
        letters: letters
            .into_iter()
            .map(|l| shown(&app, locale, l))
            .collect(),
    };
    app.look.respond(StatusCode::OK, &page.f.nonce, &page)
}

async fn organizations(app: &Arc<App>) -> Result<BTreeMap<String, OrganizationId>, Problem> {
    let placed = app.store.organizations().await?;
    Ok(placed.into_iter().map(|p| (p.slug, p.id)).collect())
}

fn shown(app: &App, locale: Locale, letter: Captured) -> Shown {
    let name = |who: &Correspondent| format!("{} <{}>", who.name, who.address.expose());
    // Only our own addresses become links, whatever an organization's own words say.
    let ours = format!("{}/", app.base_url);
    let lines = letter.text.lines().map(|line| Line {
        text: line.to_owned(),
        is_link: line.starts_with(&ours) && !line.contains(char::is_whitespace),
    });
    Shown {
        locale: letter.locale,
        from: name(&letter.from),
        to: name(&letter.to),
        at: format!(
            "{} UTC",
            when::date_time(locale, letter.written_at, &TimeZone::UTC)
        ),
        lines: lines.collect(),
        calendar: letter
            .calendar
            .map(|calendar| (calendar.method.to_owned(), calendar.object)),
        subject: letter.subject,
    }
}
