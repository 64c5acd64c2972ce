//! The provider's keys change while everybody works.

use serde_json::json;

use super::site::{REFUSED, Site};

#[tokio::test]
async fn a_new_key_is_asked_for_once_and_at_most_once_a_minute() {
    let site = Site::new().await;
    let asked = || site.provider.script().keys_asked;
    assert_eq!(asked(), 1, "when it was tried");
    site.come(&mut site.browser()).await;
    assert_eq!(asked(), 1);
    site.provider.say(|script| script.key = 2);
    // Too soon after the last time: the provider is not asked for a stranger's sake.
    let early = site.come(&mut site.browser()).await;
    assert_eq!((early.location().as_str(), asked()), (REFUSED, 1));
    site.test.clock.advance_minutes(1);
    let mut door = site.browser();
    assert_eq!(site.come(&mut door).await.location(), "/o/riverside");
    assert_eq!(asked(), 2);
    for number in 0..5 {
        site.provider
            .say(|script| script.header = json!({"kid": format!("made-up-{number}")}));
        assert_eq!(site.come(&mut site.browser()).await.location(), REFUSED);
    }
    assert_eq!(asked(), 2);
    site.provider.say(|script| script.header = json!({}));
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
    assert_eq!(asked(), 2);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_counts_for_a_day_at_most() {
    let site = Site::new().await;
    site.provider.say(|script| script.shown = vec![1, 2]);
    site.test.clock.advance_minutes(24 * 60);
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
    site.provider.say(|script| script.shown = vec![2]);
    assert_eq!(
        site.come(&mut site.browser()).await.location(),
        "/o/riverside"
    );
    site.test.clock.advance_minutes(24 * 60);
    assert_eq!(site.come(&mut site.browser()).await.location(), REFUSED);
    assert_eq!(site.refusals().await, ["provider kid"]);
}
