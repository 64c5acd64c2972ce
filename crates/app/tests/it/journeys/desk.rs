//! Two people at two screens, and one with somebody on the telephone.

use fantoccini::key::Key;

use super::calendar::{Day, WEEK, sign_in};
use super::check;
use crate::browser::{Looks, browse, browse_together};

#[test]
fn two_browsers_see_each_others_changes() {
    let (desktop, phone) = (Looks::desktop(), Looks::phone());
    browse_together([&desktop, &phone], async |first, second| {
        let day = Day::begin(first).await;
        sign_in(second, &day.stage, "c@riverside.example").await;
        for tab in [first, second] {
            tab.goto(&day.stage.url(WEEK)).await;
            tab.see("10:00–10:30").await;
        }
        // An hour down at the one; the other shows it without being touched.
        first.drag(&day.link(), (0, 0), (0, 108)).await;
        first.see("Moved.").await;
        second.see("11:00–11:30").await;
        check(second).await;
        // And the other way around.
        second.click("Noor Haddad").await;
        second.see("noor@example.org").await;
        second.click("Confirm").await;
        second.see("Confirmed.").await;
        first.see_gone("· Unconfirmed").await;
        assert_eq!(day.place().await, "2026-11-24T10:00:00Z");
        for tab in [first, second] {
            // Leaves the page that listens, so that the server can go before the browser.
            tab.goto(&day.stage.url("/o/riverside/account")).await;
        }
    });
}

#[test]
fn somebody_on_the_telephone_is_found_while_typing_or_written_down() {
    browse(&Looks::desktop(), async |tab| {
        let day = Day::begin(tab).await;
        tab.goto(&day.stage.url(WEEK)).await;
        let wednesday = "[data-date='2026-11-25'] .cal-list";
        tab.click_at(wednesday, (0, -200)).await;
        tab.see("For whom").await;
        tab.fill("Find somebody on record", "okaf").await;
        tab.see("ama@example.org").await;
        check(tab).await;
        tab.screenshot("calendar-new-found");
        tab.click("Ama Okafor ama@example.org").await;
        // Nobody new is to be written down then.
        tab.see_gone("Write who it is for").await;
        tab.press(Key::Enter).await;
        tab.see("Booked.").await;
        // Without an address there is a number.
        tab.click_at(wednesday, (0, 150)).await;
        tab.see("For whom").await;
        tab.fill("Name", "Sol Vega").await;
        tab.click("Book").await;
        tab.see("so that they can be reached").await;
        tab.excuse("422").await;
        tab.fill("Phone (or an e-mail address)", "+49 30 7654321")
            .await;
        tab.click("Book").await;
        tab.see("Sol Vega").await;
        tab.goto(&day.stage.url("/o/riverside/account")).await;
    });
}
