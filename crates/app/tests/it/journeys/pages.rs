//! Every page in every way of looking.

use super::{Stage, check, visit};
use crate::browser::{Looks, Tab};
use crate::pages::{book, hold};

async fn look_at_every_page(tab: &Tab, stage: &Stage) {
    let details = hold(&stage.visitor, "therapy", "2026-12-01T10:00:00Z").await;
    let (done, _) = book(&stage.visitor, "2026-12-01T09:00:00Z").await;
    let own = done.split('?').next().unwrap_or_default().to_owned();
    for path in [
        "/riverside",
        "/riverside/therapy",
        "/riverside/therapy?month=2026-12",
        "/riverside/therapy?day=2026-11-27",
        "/riverside/checkup?zone=America/New_York&at=2026-11-24T09:00:00Z&day=2026-11-24",
        "/riverside/checkup?pick=zone&find=berlin",
        &details,
        &done,
        &own,
        &format!("{own}?zone=Asia/Kathmandu"),
        &format!("{own}/move"),
        &format!("{own}/cancel"),
    ] {
        tab.goto(&stage.url(path)).await;
        check(tab).await;
    }
    for path in ["/riverside/appointment/nothing", "/nowhere"] {
        tab.goto(&stage.url(path)).await;
        tab.excuse("404").await;
        check(tab).await;
    }
}

#[test]
fn in_the_light() {
    visit(&Looks::desktop(), look_at_every_page);
}

#[test]
fn in_the_dark_on_a_narrow_phone() {
    visit(&Looks::narrow().dark(), look_at_every_page);
}

#[test]
fn in_german_without_scripts() {
    let looks = Looks::phone().language("de").without_javascript();
    visit(&looks, look_at_every_page);
}

#[test]
fn in_forced_colors() {
    visit(&Looks::phone().forced_colors(), look_at_every_page);
}
