//! `/o/{org}/checklist`: what is live, what is still to do, and a code to try it with a telephone.

use axum::http::StatusCode;
use kept_base::args;
use kept_base::page::qr;

use crate::access::{self, MemberState};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::page::{Markup, Words};
use crate::policy::rights::ChangeSettings;
use crate::setup::pages::checks::{self, Live};
use crate::setup::pages::mail_trial::{self, Trial};

/// One thing to do.
struct Item {
    done: bool,
    text: String,
    advice: String,
    url: String,
}

#[derive(askama::Template)]
#[template(path = "setup/checklist.html")]
struct ChecklistPage<'p> {
    d: DeskFrame<'p>,
    count: String,
    items: Vec<Item>,
    booking_url: String,
    qr: Option<Markup>,
    can_book: bool,
    trial: Option<Trial>,
}

pub(super) async fn page(desk: DeskTo<ChangeSettings>) -> Answer {
    let words = desk.words();
    let live = desk.read(checks::live).await??;
    let members = desk.read(|tx, _| access::members(tx)).await??;
    let active = members
        .iter()
        .filter(|m| m.state == MemberState::Active)
        .count();
    let items = items(&desk, words, &live, active);
    let done = items.iter().filter(|item| item.done).count();
    let booking_url = format!("{}/{}", desk.app.base_url, desk.slug);
    let page = ChecklistPage {
        d: desk.frame(&words.say("checklist"), Section::Settings),
        count: words.with(
            "checklist-count",
            args!["done" => done, "all" => items.len()],
        ),
        qr: qr::svg(&booking_url, &words.say("checklist-try")).map(askama::filters::Safe),
        items,
        booking_url,
        can_book: live.can_book,
        trial: mail_trial::trial(&desk).await?,
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

fn items(desk: &Desk, words: Words<'_>, live: &Live, members: usize) -> Vec<Item> {
    let item = |id: &str, done: bool, count: usize, path: &str| Item {
        done,
        text: words.with(&format!("checklist-{id}"), args!["count" => count]),
        advice: words.say(&format!("checklist-{id}.advice")),
        url: desk.url(path),
    };
    vec![
        item("organization", true, 1, "/settings"),
        item(
            "services",
            live.services > 0,
            live.services,
            if live.services > 0 {
                "/services"
            } else {
                "/set-up"
            },
        ),
        item("places", live.places > 0, live.places, "/services"),
        item("staff", live.staff > 0, live.staff, "/services"),
        item("hours", live.can_book, 1, "/services"),
        item("members", members > 1, members, "/members"),
        item("mail", live.mail_sent, 1, "/mail-trial"),
    ]
}
