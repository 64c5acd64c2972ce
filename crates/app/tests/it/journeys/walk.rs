//! Book, move, cancel.

use super::{Stage, check, visit};
use crate::browser::{Looks, Tab};

/// The words of one language that the walk looks for.
struct Says {
    when: &'static str,
    tuesday: &'static str,
    go_on: &'static str,
    kept: &'static str,
    name: &'static str,
    email: &'static str,
    book: &'static str,
    booked: &'static str,
    to_move: &'static str,
    when_better: &'static str,
    wednesday: &'static str,
    move_here: &'static str,
    moved: &'static str,
    cancel: &'static str,
    reason: &'static str,
    cancel_now: &'static str,
    canceled: &'static str,
}

const ENGLISH: Says = Says {
    when: "When suits you?",
    tuesday: "Tue 24 November 2026",
    go_on: "Continue",
    kept: "We keep this time for you until 09:10",
    name: "Your name",
    email: "E-mail address",
    book: "Book appointment",
    booked: "You are booked",
    to_move: "Move",
    when_better: "When suits you better?",
    wednesday: "Wed 25 November 2026",
    move_here: "Move here",
    moved: "Wed 25 Nov 2026, 11:00–11:30",
    cancel: "Cancel",
    reason: "Why do you cancel?",
    cancel_now: "Cancel appointment",
    canceled: "Your appointment was canceled",
};

const GERMAN: Says = Says {
    when: "Wann passt es Ihnen?",
    tuesday: "Di 24 November 2026",
    go_on: "Weiter",
    kept: "Wir halten diese Zeit bis 09:10 Uhr für Sie frei",
    name: "Ihr Name",
    email: "E-Mail-Adresse",
    book: "Termin buchen",
    booked: "Ihr Termin ist gebucht",
    to_move: "Verschieben",
    when_better: "Wann passt es Ihnen besser?",
    wednesday: "Mi 25 November 2026",
    move_here: "Hierhin verschieben",
    moved: "Mi., 25.11.2026, 11:00–11:30",
    cancel: "Absagen",
    reason: "Warum sagen Sie ab?",
    cancel_now: "Termin absagen",
    canceled: "Ihr Termin ist abgesagt",
};

async fn book_move_cancel(tab: &Tab, stage: &Stage, says: &Says) {
    tab.goto(&stage.url("/riverside")).await;
    check(tab).await;
    tab.click("Check-up").await;
    tab.see(says.when).await;
    check(tab).await;
    tab.click(says.tuesday).await;
    tab.find("input[value='2026-11-24T09:00:00Z']").await;
    tab.click("10:00").await;
    check(tab).await;
    tab.click(says.go_on).await;
    tab.see(says.kept).await;
    check(tab).await;
    tab.fill(says.name, "Ama Okafor").await;
    tab.fill(says.email, "ama@example.org").await;
    tab.click(says.book).await;
    tab.see(says.booked).await;
    tab.see("ama@example.org").await;
    check(tab).await;
    let path = tab.path().await;
    assert!(!path.contains("Ama") && !path.contains("example"), "{path}");

    tab.click(says.to_move).await;
    tab.see(says.when_better).await;
    tab.click(says.wednesday).await;
    tab.find("input[value='2026-11-25T10:00:00Z']").await;
    tab.click("11:00").await;
    check(tab).await;
    tab.click(says.move_here).await;
    tab.see(says.moved).await;
    check(tab).await;

    tab.click(says.cancel).await;
    tab.fill(says.reason, "I am well again.").await;
    check(tab).await;
    tab.click(says.cancel_now).await;
    tab.see(says.canceled).await;
    check(tab).await;
}

#[test]
fn on_a_desktop() {
    visit(&Looks::desktop(), async |tab, stage| {
        book_move_cancel(tab, stage, &ENGLISH).await;
    });
}

#[test]
fn on_a_phone_in_the_dark() {
    visit(&Looks::phone().dark(), async |tab, stage| {
        book_move_cancel(tab, stage, &ENGLISH).await;
    });
}

#[test]
fn on_a_narrow_phone_without_scripts() {
    let looks = Looks::narrow().without_javascript();
    visit(&looks, async |tab, stage| {
        book_move_cancel(tab, stage, &ENGLISH).await;
    });
}

#[test]
fn in_german_on_a_phone() {
    visit(&Looks::phone().language("de"), async |tab, stage| {
        book_move_cancel(tab, stage, &GERMAN).await;
    });
}

#[test]
fn in_forced_colors_without_motion() {
    let looks = Looks::desktop().forced_colors().reduced_motion();
    visit(&looks, async |tab, stage| {
        book_move_cancel(tab, stage, &ENGLISH).await;
    });
}
