//! Everything by keyboard.

use fantoccini::key::Key;

use super::{check, visit};
use crate::browser::Looks;

#[test]
fn booking_and_canceling_by_keyboard_alone() {
    visit(&Looks::desktop(), async |tab, stage| {
        tab.goto(&stage.url("/riverside")).await;
        assert_eq!(tab.tab_past("Skip to the content").await, [""; 0]);
        tab.tab_to("Check-up").await;
        tab.press(Key::Enter).await;
        tab.see("When suits you?").await;
        tab.tab_to("Tue 24").await;
        tab.press(Key::Enter).await;
        tab.find("input[value='2026-11-24T08:00:00Z']").await;
        tab.tab_to("09:00").await;
        tab.press(Key::Down).await;
        tab.press(Key::Down).await;
        assert_eq!(tab.focused().await, "10:00");
        tab.tab_to("Continue").await;
        tab.press(Key::Enter).await;
        tab.see("Tue 24 Nov 2026, 10:00–10:30").await;
        tab.tab_to("Your name").await;
        tab.type_text("Ama Okafor").await;
        tab.tab_to("E-mail address").await;
        tab.type_text("ama@example.org").await;
        tab.tab_to("Book appointment").await;
        tab.press(Key::Enter).await;
        tab.see("You are booked").await;
        tab.tab_to("Cancel").await;
        tab.press(Key::Enter).await;
        tab.see("Cancel this appointment?").await;
        tab.tab_to("Cancel appointment").await;
        tab.press(Key::Enter).await;
        tab.see("Your appointment was canceled").await;
        check(tab).await;
    });
}
