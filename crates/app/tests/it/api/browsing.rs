//! The documentation in a browser.

use kept_app::http::{Limits, router};

use crate::browser::{Looks, browse, site::Site};
use crate::support::TestApp;

#[test]
fn the_documentation_can_be_read_by_everybody() {
    let test = TestApp::empty();
    let site = Site::serve(router(&test.app, Limits::default()));
    for looks in [
        Looks::desktop(),
        Looks::narrow().dark().without_javascript(),
        Looks::phone().forced_colors(),
    ] {
        browse(&looks, async |tab| {
            tab.goto(&site.url("/api")).await;
            tab.see("Kept API").await;
            tab.assert_fits().await;
            tab.assert_accessible().await;
            tab.screenshot("api");
            tab.click("Hold a time").await;
            tab.see("Keeps a time for ten minutes").await;
        });
    }
}
