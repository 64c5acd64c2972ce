//! Nothing is sent for an organization that is suspended; what was due goes out afterwards.

use kept_app::jobs::FAILURE_PAUSE_SECONDS;
use kept_app::messaging;
use kept_app::messaging::rules::Outcome;
use kept_base::kit::{Actor, Clock as _};
use kept_base::store::Error;

use super::Post;

const WEDNESDAY_10: &str = "2026-11-25T09:00:00Z";

#[tokio::test]
async fn mail_waits_while_an_organization_is_suspended() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let (store, id) = (&post.test.app.store, post.clinic.id);
    let suspended = store.suspend_organization(id, Actor::OPERATOR, "unpaid");
    assert_eq!(suspended.await.ok(), Some(true));
    post.run().await;
    post.worker.ask_for_all().await;
    for _ in 0..3 {
        post.pass_seconds(FAILURE_PAUSE_SECONDS).await;
    }
    assert_eq!(post.letters().len(), 0);
    let resumed = store.resume_organization(id, Actor::OPERATOR);
    assert_eq!(resumed.await.ok(), Some(true));
    post.run().await;
    assert_eq!(post.letters().len(), 2);
    assert_eq!(
        post.states().await,
        ["booked person 0: sent -, 1", "booked staff 0: sent -, 1"]
    );
}

#[tokio::test]
async fn a_worker_of_another_process_goes_on_within_its_pause() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let (store, id) = (&post.test.app.store, post.clinic.id);
    let suspended = store.suspend_organization(id, Actor::OPERATOR, "unpaid");
    assert_eq!(suspended.await.ok(), Some(true));
    post.run().await;
    // Resumed where nobody tells this process.
    let now = post.test.clock.now();
    let folder = std::sync::Arc::clone(&post.test.folder);
    let other = crate::support::TestApp::open(folder, now, true);
    let resumed = other.app.store.resume_organization(id, Actor::OPERATOR);
    assert_eq!(resumed.await.ok(), Some(true));
    post.pass_seconds(FAILURE_PAUSE_SECONDS).await;
    assert_eq!(post.letters().len(), 2);
}

#[tokio::test]
async fn what_was_handed_over_before_is_settled() {
    let post = Post::captured().await;
    post.book(post.clinic.checkup, WEDNESDAY_10).await;
    let message = post.lease(1).await[0];
    let handed = post.write(move |tx| messaging::hand_over(tx, &message));
    assert!(handed.await);
    let (store, id) = (&post.test.app.store, post.clinic.id);
    let suspended = store.suspend_organization(id, Actor::OPERATOR, "unpaid");
    assert_eq!(suspended.await.ok(), Some(true));
    let settle =
        move |tx: &kept_base::store::Tx<'_>| messaging::settle(tx, &message, &Outcome::Sent);
    let refused = store.write(id, Actor::SYSTEM, settle);
    assert!(matches!(refused.await, Err(Error::Suspended)));
    let settled = store.write_regardless(id, Actor::SYSTEM, settle);
    assert!(settled.await.expect("is settled"));
}
