//! The pages of access on grant in a real browser.

use kept_app::access::Role;
use kept_app::http::{self, Limits};
use kept_app::lending;
use kept_base::store::Error;

use super::{House, vet};
use crate::browser::{Looks, Site, Tab, browse};
use crate::console::operator;
use crate::support::desk::{PASSWORD, Staffer};

async fn look(tab: &Tab, name: &str) {
    tab.screenshot(name);
    tab.assert_fits().await;
    tab.assert_accessible().await;
    tab.assert_no_complaints();
}

/// An operator asks, an owner grants, the operator looks, the owner sees it and ends it.
#[test]
fn access_from_the_wish_to_its_end() {
    for (looks, name) in [
        (Looks::desktop(), "desktop"),
        (Looks::narrow().without_javascript(), "narrow"),
        (Looks::phone().dark(), "phone-dark"),
    ] {
        browse(&looks, async |tab| {
            let house = House::new().await;
            Staffer::of(&house.test, &house.clinic, Role::Admin).await;
            operator(&house.test, "ash").await;
            vet(&house.test, "ash").await;
            let site = Site::serve(http::router(&house.test.app, Limits::default()));
            let open = async |path: &str| tab.goto(&site.url(path)).await;

            open("/o/riverside/sign-in").await;
            tab.fill("E-mail", "owner@riverside.example").await;
            tab.fill("Password", PASSWORD).await;
            tab.click("Sign in").await;
            tab.see("Today").await;
            open("/o/riverside/access").await;
            tab.see("Nobody of the operator can see anything of yours")
                .await;
            look(tab, &format!("lending-{name}-empty")).await;

            open("/operator/sign-in").await;
            tab.fill("Name", "robin").await;
            tab.fill("Password", PASSWORD).await;
            tab.click("Sign in").await;
            tab.see("1 organization").await;
            open("/operator/organizations/riverside/access").await;
            tab.see("Until they say yes you see nothing").await;
            look(tab, &format!("lending-{name}-ask")).await;

            let loan = house.lend("live", "calendar:view offering:view").await;
            open("/operator/access").await;
            tab.see("Enter").await;
            look(tab, &format!("lending-{name}-console")).await;
            tab.click("Enter").await;
            tab.see("is here on a grant").await;
            look(tab, &format!("lending-{name}-inside")).await;
            open("/o/riverside/calendar?date=2026-11-24").await;
            tab.see("•••").await;
            look(tab, &format!("lending-{name}-calendar")).await;
            tab.click("Leave").await;
            tab.see("You left").await;

            open("/o/riverside/access").await;
            tab.see("Let in now").await;
            look(tab, &format!("lending-{name}-live")).await;
            open(&format!("/o/riverside/access?grant={loan}")).await;
            tab.see("Show what everybody did").await;
            let uses = house
                .test
                .read::<_, Error, _>(house.clinic.id, |tx| lending::uses(tx, None, 1));
            let newest = uses.await.first().expect("a use").id;
            open(&format!("/o/riverside/access/uses/{newest}")).await;
            tab.see("Somebody else at the operator").await;
            look(tab, &format!("lending-{name}-use")).await;
            tab.fill("What is wrong with it", "Why this one?").await;
            tab.click("Flag").await;
            tab.see("Nothing was said yet").await;
            open("/o/riverside/access").await;
            tab.click("End it").await;
            tab.see("Access ended").await;
            look(tab, &format!("lending-{name}-ended")).await;
            open("/operator/access").await;
            tab.see("Why this one?").await;
            look(tab, &format!("lending-{name}-conduct")).await;
            open("/operator/operators").await;
            look(tab, &format!("lending-{name}-operators")).await;
        });
    }
}
