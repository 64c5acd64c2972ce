//! Mistakes, and times that go while somebody types.

use super::{check, visit};
use crate::browser::{Looks, Tab};
use crate::pages::{book, hold};
use kept_app::scheduling;

#[test]
fn a_mistake_is_named_and_nothing_typed_is_lost() {
    for looks in [Looks::phone(), Looks::narrow().dark().without_javascript()] {
        visit(&looks, async |tab, stage| {
            let details = hold(&stage.visitor, "therapy", "2026-11-24T10:00:00Z").await;
            tab.goto(&stage.url(&details)).await;
            check(tab).await;
            tab.fill("Your name", "Ama Okafor").await;
            tab.fill("E-mail address", "ama@example").await;
            tab.fill("What hurts?", "My back, on the left").await;
            tab.click("Private").await;
            tab.fill("Day", "31").await;
            tab.fill("Month", "2").await;
            tab.fill("Year", "1984").await;
            tab.click("Book appointment").await;
            tab.see("2 things need another look").await;
            tab.excuse("422").await;
            check(tab).await;
            tab.click("Enter an e-mail address like name@example.org.")
                .await;
            assert_eq!(tab.value("What hurts?").await, "My back, on the left");
            assert_eq!(tab.value("Your name").await, "Ama Okafor");
            tab.fill("E-mail address", "ama@example.org").await;
            tab.fill("Day", "29").await;
            // The language can be changed with everything typed.
            tab.click("Deutsch").await;
            tab.see("Ihre Angaben").await;
            assert_eq!(tab.value("E-Mail-Adresse").await, "ama@example.org");
            check(tab).await;
            tab.click("Termin buchen").await;
            tab.see("Ihr Termin ist gebucht").await;
        });
    }
}

async fn type_in(tab: &Tab) {
    tab.fill("Your name", "Ama Okafor").await;
    tab.fill("E-mail address", "ama@example.org").await;
}

#[test]
fn a_time_that_goes_while_somebody_types_is_replaced_by_one_nearby() {
    visit(&Looks::phone(), async |tab, stage| {
        let at = "2026-11-24T09:00:00Z";
        let details = hold(&stage.visitor, "checkup", at).await;
        tab.goto(&stage.url(&details)).await;
        type_in(tab).await;
        stage.test.clock.advance_minutes(11);
        let freed = scheduling::release_expired_holds;
        stage.test.write(stage.clinic.id, freed).await;
        book(&stage.visitor, at).await;
        book(&stage.visitor, at).await;
        tab.click("Book appointment").await;
        tab.see("This time is not free any more").await;
        tab.excuse("409").await;
        check(tab).await;
        assert_eq!(tab.value("Your name").await, "Ama Okafor");
        tab.click("Tue 24 Nov 2026, 09:00").await;
        tab.click("Book this time").await;
        tab.see("You are booked").await;
        tab.see("Tue 24 Nov 2026, 09:00–09:30").await;
    });
}

#[test]
fn a_time_taken_before_it_could_be_kept_brings_the_nearest() {
    visit(&Looks::desktop(), async |tab, stage| {
        let at = "2026-11-24T09:00:00Z";
        tab.goto(&stage.url("/riverside/checkup?day=2026-11-24"))
            .await;
        tab.click("10:00").await;
        book(&stage.visitor, at).await;
        book(&stage.visitor, at).await;
        tab.click("Continue").await;
        tab.see("This time was just taken").await;
        tab.excuse("409").await;
        check(tab).await;
        tab.click("Tue 24 Nov 2026, 09:00").await;
        tab.click("Continue").await;
        tab.see("Tue 24 Nov 2026, 09:00–09:30").await;
    });
}
