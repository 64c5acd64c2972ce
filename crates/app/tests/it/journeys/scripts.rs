//! What scripts add.

use super::{check, visit};
use crate::browser::Looks;

#[test]
fn the_device_s_own_zone_is_offered_and_both_sides_are_shown() {
    visit(&Looks::phone().zone("Asia/Tokyo"), async |tab, stage| {
        tab.goto(&stage.url("/riverside/checkup?day=2026-11-24"))
            .await;
        tab.see("Your device uses another time zone: Asia/Tokyo")
            .await;
        check(tab).await;
        tab.click("Asia/Tokyo").await;
        tab.see("Times in Asia/Tokyo (GMT+9)").await;
        tab.see("The appointment takes place in Europe/Berlin (GMT+1).")
            .await;
        tab.see_no("Your device uses another time zone").await;
        tab.click("18:00").await;
        // The choice stands beside the button.
        tab.see("Tue 24 Nov, 18:00").await;
        check(tab).await;
        tab.click("Continue").await;
        tab.see("Tue 24 Nov 2026, 18:00–18:30").await;
        tab.see("Tue 24 Nov 2026, 10:00–10:30").await;
        check(tab).await;
    });
}

#[test]
fn a_zone_with_the_same_clock_is_not_offered() {
    visit(
        &Looks::desktop().zone("Europe/Paris"),
        async |tab, stage| {
            tab.goto(&stage.url("/riverside/checkup?day=2026-11-24"))
                .await;
            tab.click("10:00").await;
            tab.see("Tue 24 Nov, 10:00").await;
            tab.see_no("Your device uses another time zone").await;
        },
    );
}

#[test]
fn a_zone_is_found_by_search() {
    visit(&Looks::narrow().without_javascript(), async |tab, stage| {
        tab.goto(&stage.url("/riverside/checkup?day=2026-11-24"))
            .await;
        tab.click("Change time zone").await;
        check(tab).await;
        tab.fill("City or region", "new york").await;
        tab.click("Search").await;
        tab.see("Found").await;
        check(tab).await;
        tab.click("America/New York").await;
        tab.see("Times in America/New York (GMT-5)").await;
        check(tab).await;
    });
}
