//! A member comes in by a real provider in a real browser, across sites, with scripts and without: the page that
//! leads there passes the rules that we give browsers, and the cookie comes back along.

use kept_app::access::Role;
use kept_app::http::{self, Limits};
use kept_base::kit::{Clock as _, SystemClock};
use std::sync::Arc;

use super::{BACK, Node, ORDERS, SECRET, asking, form};
use crate::browser::{Looks, Site, Tab, browse};
use crate::sso::site::asking_at;
use crate::support::desk::Staffer;
use crate::support::{Ground, TestApp, clinic};

/// Fills in what the provider's own page asks for.
async fn sign_in_there(tab: &Tab) {
    tab.see("Sign-in").await;
    for name in ["login", "password"] {
        let field = tab.find(&format!("input[name={name}]")).await;
        field.send_keys("toni").await.expect("typed");
    }
    let button = tab.find("button[type=submit]").await;
    button.click().await.expect("clicked");
    tab.see("Authorize").await;
    let button = tab.find("button[type=submit]").await;
    button.click().await.expect("clicked");
}

#[test]
fn somebody_comes_in_by_one_button() {
    for looks in [Looks::desktop(), Looks::narrow().without_javascript()] {
        browse(&looks, async |tab| {
            let now = SystemClock.now();
            let test = asking(TestApp::open(Arc::new(Ground::new()), now, true));
            let clinic = clinic::create(&test, "riverside").await;
            let owner = Staffer::of(&test, &clinic, Role::Owner).await;
            let mut kept = None;
            // Here by name, there by address: two sites to a browser.
            let site = Site::serve_at("localhost", |base_url| {
                let test = kept.insert(asking_at(test, base_url));
                http::router(&test.app, Limits::default())
            });
            let test = kept.expect("is served");
            let node = Node::start(&site.url(BACK), &site.url(ORDERS));
            owner.prove(&test, &clinic).await;
            let more = [
                ("client_id", "kept-RS256"),
                ("secret", SECRET),
                ("joins", "1"),
            ];
            let saved = owner
                .post("/settings/provider", &form(&node.issuer, &more))
                .await;
            assert!(saved.location().ends_with("done=saved"), "{}", saved.text());
            let tried = owner.post("/settings/provider/trial", &[]).await;
            assert!(tried.location().ends_with("done=provider-open"));
            tab.goto(&site.url("/o/riverside/account")).await;
            tab.see("Sign in with Clinic ID").await;
            tab.assert_no_complaints();
            tab.click("Sign in with Clinic ID").await;
            sign_in_there(tab).await;
            tab.see("Your account is linked").await;
            assert_eq!(tab.path().await, "/o/riverside/account");
            // The provider's own pages ask for things elsewhere; ours give no cause.
            let ours = tab.complaints().into_iter();
            let ours = ours.filter(|complaint| complaint.contains("localhost"));
            assert_eq!(ours.collect::<Vec<_>>(), Vec::<String>::new());
        });
    }
}
