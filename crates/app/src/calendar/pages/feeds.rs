//! Calendars that other programs read: making and revoking their addresses, and the calendars
//! themselves. They name no customer: such programs belong to companies.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::response::Response;
use data_encoding::HEXLOWER;
use kept_base::input::Form;
use kept_base::kit::{Actor, Token};
use kept_base::page::{Caching, Locale, when};
use kept_base::problem::Problem;
use kept_base::store::Error;
use kept_ical::{Event, Party};
use sha2::{Digest as _, Sha256};

use super::super::feeds::{FeedContent, feed_content, feeds_of, make_feed, revoke_feed};
use crate::app::App;
use crate::desk::{self, Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::StaffId;
use crate::offering::Catalog;
use crate::policy::rights::SeeCalendar;
use crate::scheduling::Status;

/// Who wrote the calendar (RFC 5545, 3.7.3).
const PRODUCT: &str = "-//Kept//Kept//EN";

struct Row {
    made: String,
    action: String,
}

#[derive(askama::Template)]
#[template(path = "calendar/feeds.html")]
struct FeedsPage<'p> {
    d: DeskFrame<'p>,
    /// Without it the member serves nobody, and has no calendar of their own.
    serves: bool,
    rows: Vec<Row>,
    /// A new address, shown once.
    fresh: Option<String>,
    full: bool,
}

pub(super) async fn list(desk: DeskTo<SeeCalendar>) -> Answer {
    page(&desk, None, false).await
}

async fn page(desk: &Desk, fresh: Option<String>, full: bool) -> Answer {
    let feeds = match desk.member.staff {
        Some(staff) => desk.read(move |tx, _| feeds_of(tx, staff)).await??,
        None => Vec::new(),
    };
    let zone = &desk.catalog.zone;
    let page = FeedsPage {
        serves: desk.member.staff.is_some(),
        rows: (feeds.iter())
            .map(|feed| Row {
                made: when::date_time(desk.locale(), feed.created_at, zone),
                action: desk.url(&format!("/calendar/feeds/{}", feed.id)),
            })
            .collect(),
        fresh,
        full,
        d: desk.frame(&desk.words().say("feeds-heading"), Section::Calendar),
    };
    let status = if full {
        StatusCode::CONFLICT
    } else {
        StatusCode::OK
    };
    desk.respond(status, &page.d.f.nonce, &page)
}

fn own(desk: &Desk) -> Result<StaffId, Problem> {
    desk.member.staff.ok_or_else(Problem::not_found)
}

pub(super) async fn make(desk: DeskTo<SeeCalendar>, Form(_): Form) -> Answer {
    let staff = own(&desk)?;
    let made = desk
        .write(move |tx, _, by| make_feed(tx, by, staff))
        .await?;
    let made = made.map_err(|error: Error| Problem::from(error))?;
    let address = made.as_ref().map(|(_, token)| {
        format!(
            "{}/{}/feed/{}.ics",
            desk.app.base_url,
            desk.slug,
            token.expose()
        )
    });
    // The page itself and no redirect: the secret must not stand in an address of ours.
    let full = address.is_none();
    page(&desk, address, full).await
}

pub(super) async fn revoke(desk: DeskTo<SeeCalendar>, Form(_): Form) -> Answer {
    let (staff, id) = (own(&desk)?, desk.segment("id").parse());
    let id = id.map_err(|_| Problem::not_found())?;
    let revoked = desk
        .write(move |tx, _, by| revoke_feed(tx, by, staff, id))
        .await?;
    revoked.map_err(|error: Error| Problem::from(error))?;
    Ok(desk.done("/calendar/feeds", "feed-revoked", None))
}

pub(super) async fn download(
    State(app): State<Arc<App>>,
    Path((slug, token)): Path<(String, String)>,
    headers: HeaderMap,
) -> Answer {
    let organization = desk::find(&app, &slug).await?;
    let token = token.strip_suffix(".ics").and_then(Token::presented);
    let token = token.ok_or_else(Problem::not_found)?;
    let catalogs = Arc::clone(&app.catalogs);
    let read = app.store.read(organization, Actor::VISITOR, move |tx| {
        Ok::<_, Error>((feed_content(tx, &catalogs, &token)?, catalogs.get(tx)?))
    });
    let (content, catalog) = read.await?;
    let content = content.ok_or_else(Problem::not_found)?;
    let object = kept_ical::calendar(
        PRODUCT,
        &catalog.organization.name,
        &events(&app, &catalog, &content),
    );
    let digest = HEXLOWER.encode(&Sha256::digest(object.as_bytes())[..16]);
    let tag = format!("\"{digest}\"");
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let same = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = Response::new(if same {
        Body::empty()
    } else {
        Body::from(object)
    });
    if same {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    *response.headers_mut() = app.look.headers.data(Caching::NoStore);
    let headers = response.headers_mut();
    // It may be kept, and is asked about each time.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/calendar; charset=utf-8"),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

/// Each appointment, without its person. The stamp is its own start, not the time of reading, so
/// that what did not change reads the same.
fn events(app: &App, catalog: &Catalog, content: &FeedContent) -> Vec<Event> {
    let locale = Locale::from_tag(&catalog.organization.locale).unwrap_or_default();
    let words = app.look.words(locale);
    let organization = &catalog.organization;
    let party = Party {
        name: organization.name.clone(),
        email: organization.sender.address.expose().to_owned(),
    };
    let appointments = content.found.appointments.iter().map(|taken| {
        let service = catalog
            .service(taken.service)
            .map_or("", |s| s.name.as_str());
        let place = catalog.location(taken.location).map(|l| l.name.clone());
        let room = taken
            .room
            .and_then(|id| catalog.room(id))
            .map(|room| room.name.clone());
        Event {
            uid: format!("{}.feed@kept", taken.id),
            sequence: taken.revision,
            stamp: taken.starts_at,
            starts_at: taken.starts_at,
            ends_at: taken.ends_at,
            summary: service.to_owned(),
            description: format!(
                "{} · {}",
                taken.reference,
                words.say(&format!("state-{}", taken.status.code()))
            ),
            location: place.into_iter().chain(room).collect::<Vec<_>>().join(", "),
            url: Some(format!(
                "{}/o/{}/calendar/appointments/{}",
                app.base_url, organization.slug, taken.id
            )),
            organizer: party.clone(),
            attendees: Vec::new(),
            canceled: taken.status == Status::Canceled,
            alarm: None,
        }
    });
    let own = content.staff.to_string();
    let blocks = (content.found.blocks.iter())
        .filter(|block| block.resources.contains(&own))
        .map(|block| Event {
            uid: format!("{}.feed@kept", block.id),
            sequence: 0,
            stamp: block.starts_at,
            starts_at: block.starts_at,
            ends_at: block.ends_at,
            summary: if block.label.is_empty() {
                words.say("cal-reserved")
            } else {
                block.label.clone()
            },
            description: String::new(),
            location: String::new(),
            url: None,
            organizer: party.clone(),
            attendees: Vec::new(),
            canceled: false,
            alarm: None,
        });
    appointments.chain(blocks).collect()
}
