//! What changes between two steps, or between two sign-ins.

use std::sync::Arc;

use kept_app::access::Role;
use tokio::sync::Semaphore;

use super::coming_in::standing;
use super::hostile::Manner;
use super::site::{REFUSED, Site};
use crate::access::networks::changing::undo_of;
use crate::support::desk::Staffer;

#[tokio::test]
async fn whoever_becomes_an_owner_comes_in_by_no_link_of_before() {
    let site = Site::new().await;
    let email = "toni@riverside.example";
    let toni = Staffer::named(&site.test, &site.clinic, Role::Manager, email).await;
    let mut door = site.browser();
    site.come_as(&mut door, "u-1", email).await;
    assert!(door.is_in(&site.test).await);
    site.owner.prove(&site.test, &site.clinic).await;
    let path = format!("/members/{}", toni.id);
    let changed = site.owner.post(&path, &[("role", "owner")]).await;
    assert!(changed.location().contains("done="), "{}", changed.text());
    let (role, ..) = standing(&site, email).await.expect("a member");
    assert_eq!(role, Role::Owner);
    assert!(
        !door.is_in(&site.test).await,
        "what began by the link ended"
    );
    let page = site.come_as(&mut site.browser(), "u-1", email).await;
    assert_eq!(page.location(), REFUSED);
    assert_eq!(site.refusals().await, ["provider owner"]);
    // Nor by taking a demotion back.
    let demoted = site.owner.post(&path, &[("role", "staff")]).await;
    site.come_as(&mut door, "u-1", email).await;
    assert!(door.is_in(&site.test).await);
    site.owner.prove(&site.test, &site.clinic).await;
    let back = site.owner.post(&undo_of(&demoted), &[]).await;
    assert!(
        back.location().contains("done=undone"),
        "{}",
        back.location()
    );
    assert!(!door.is_in(&site.test).await);
}

#[tokio::test]
async fn rules_that_change_on_the_way_are_those_that_count() {
    let site = Site::new().await;
    let gate = Arc::new(Semaphore::new(0));
    let held = Manner::Held(Arc::clone(&gate));
    site.provider.say(|script| script.tokens = held);
    let mut door = site.browser();
    let sent = site.leave(&mut door).await;
    let closed = async {
        while site.provider.script().tokens_asked == 0 {
            tokio::task::yield_now().await;
        }
        site.set(&[]).await;
        gate.add_permits(1);
    };
    let (page, ()) = tokio::join!(site.back(&mut door, &sent), closed);
    assert_eq!(page.location(), REFUSED);
    assert_eq!(standing(&site, "toni@riverside.example").await, None);
}
