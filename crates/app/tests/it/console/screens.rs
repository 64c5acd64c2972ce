//! The console in a real browser.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::map_request;
use kept_app::http::{self, Limits};
use kept_base::kit::Actor;
use kept_base::store::{Error, JobKind};

use super::operator;
use crate::browser::{Looks, Site, Tab, browse};
use crate::journeys::check;
use crate::support::{TestApp, clinic};

const PAGES: [&str; 8] = [
    "",
    "/organizations/riverside",
    "/organizations/northgate",
    "/organizations/new",
    "/jobs",
    "/backups",
    "/operators",
    "/account",
];

/// An installation with something on every page, as a signed-in operator sees it.
async fn stage() -> (TestApp, Site) {
    let (test, _) = TestApp::with_clinic().await;
    let other = clinic::create(&test, "northgate").await.id;
    let store = &test.app.store;
    let suspended = store.suspend_organization(other, Actor::OPERATOR, "Asked for it");
    assert_eq!(suspended.await.ok(), Some(true));
    let quiet = std::sync::Arc::new(|_, _| {});
    let failed = store.run_job(JobKind::Backup, None, Actor::OPERATOR, quiet, |_| {
        Err::<((), String), _>(Error::Full)
    });
    assert!(failed.await.is_err());
    operator(&test, "night-shift").await;
    let robin = operator(&test, "robin").await;
    let cookie = HeaderValue::from_str(&robin.cookie).expect("a header");
    let signed_in = move |mut request: Request| {
        request.headers_mut().insert(header::COOKIE, cookie.clone());
        async move { request }
    };
    let router = http::router(&test.app, Limits::default());
    let site = Site::serve(router.layer(map_request(signed_in)));
    (test, site)
}

async fn look_at_every_page(tab: &Tab, name: &str) {
    let (_test, site) = stage().await;
    for path in PAGES {
        tab.goto(&site.url(&format!("/operator{path}"))).await;
        check(tab).await;
        let path = path.replace('/', "-");
        tab.screenshot(&format!("{name}{path}"));
        tab.ask_page("document.documentElement.dir = 'rtl'; arguments[0]()")
            .await;
        tab.assert_fits().await;
        tab.screenshot(&format!("{name}{path}-rtl"));
    }
    tab.goto(&site.url("/operator/sign-in")).await;
    check(tab).await;
    tab.screenshot(&format!("{name}-sign-in"));
}

#[test]
fn in_the_light() {
    browse(&Looks::desktop(), async |tab| {
        look_at_every_page(tab, "console-light").await;
    });
}

#[test]
fn in_the_dark_on_a_phone() {
    browse(&Looks::phone().dark(), async |tab| {
        look_at_every_page(tab, "console-dark").await;
    });
}

#[test]
fn in_forced_colors_without_scripts() {
    let looks = Looks::narrow().forced_colors().without_javascript();
    browse(&looks, async |tab| {
        look_at_every_page(tab, "console-forced").await;
    });
}
