//! The page and the weeks that it is about.

use askama::Template;
use axum::http::StatusCode;
use kept_base::args;
use kept_base::page::when;

use super::figures::{Figure, Number, figures, numbers};
use crate::desk::{Answer, DeskFrame, DeskTo, Section};
use crate::insight::{Period, Tally, facts};
use crate::policy::rights::SeeInsight;

/// The stretches that one can choose, in weeks, and the one that is shown first.
const CHOICES: [u16; 4] = [4, 12, 26, 52];
const FIRST: u16 = 12;

/// A stretch that can be chosen.
struct Choice {
    url: String,
    text: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "insight/insight.html")]
struct InsightPage<'d> {
    d: DeskFrame<'d>,
    choices: Vec<Choice>,
    period: String,
    numbers: Vec<Number>,
    figures: Vec<Figure>,
}

/// `GET /insight`.
pub(super) async fn insight(desk: DeskTo<SeeInsight>) -> Answer {
    let asked = desk
        .query
        .filled("weeks")
        .and_then(|weeks| weeks.parse().ok());
    let weeks = asked
        .filter(|weeks| CHOICES.contains(weeks))
        .unwrap_or(FIRST);
    let catalog = std::sync::Arc::clone(&desk.catalog);
    let facts = desk.read_as(move |tx, _, grant| {
        let today = catalog.zone.to_datetime(tx.now()).date();
        facts(tx, (grant, &catalog), Period::last(weeks, today))
    });
    let facts = facts.await??;
    let words = desk.words();
    let choices = CHOICES.iter().map(|choice| Choice {
        url: desk.url(&format!("/insight?weeks={choice}")),
        text: words.with("insight-weeks", args!["count" => *choice]),
        current: *choice == weeks,
    });
    let from = when::date_long(desk.locale(), facts.period.from);
    let last = facts.period.to.yesterday().unwrap_or(facts.period.to);
    let to = when::date_long(desk.locale(), last);
    let has_any = facts.total() != Tally::default();
    let d = desk.frame(&words.say("insight-title"), Section::Insight);
    let nonce = d.f.nonce.clone();
    let page = InsightPage {
        d,
        choices: choices.collect(),
        period: words.with("insight-period", args!["from" => &from, "to" => &to]),
        numbers: if has_any {
            numbers(words, &facts)
        } else {
            Vec::new()
        },
        figures: if has_any {
            figures(&desk, &facts)
        } else {
            Vec::new()
        },
    };
    desk.respond(StatusCode::OK, &nonce, &page)
}
