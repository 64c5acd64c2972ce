//! What people do on the public pages, in a real browser: book, move and cancel, in every way of
//! looking and of moving about. On each page axe finds nothing, nothing has to be scrolled
//! sideways, and the browser reports no violation of the content security policy.

mod calendar;
mod desk;
mod guides;
mod keyboard;
mod pages;
mod scripts;
mod setting_up;
mod trouble;
mod walk;

use std::sync::Arc;

use kept_app::http::{self, Limits};

use crate::browser::{Looks, Site, Tab, browse};
use crate::support::visitor::Visitor;
use crate::support::{Clinic, TestApp};

/// A small clinic behind a real socket.
pub struct Stage {
    pub test: TestApp,
    pub clinic: Clinic,
    pub visitor: Visitor,
    site: Site,
}

impl Stage {
    pub async fn open() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        let app = Arc::clone(&test.app);
        Self {
            site: Site::serve(http::router(&app, Limits::default())),
            visitor: Visitor::of(&test),
            test,
            clinic,
        }
    }

    pub fn url(&self, path: &str) -> String {
        self.site.url(path)
    }
}

/// Opens a window on a fresh stage.
pub fn visit(looks: &Looks, walk: impl AsyncFnOnce(&Tab, &Stage)) {
    browse(looks, async |tab| {
        let stage = Stage::open().await;
        walk(tab, &stage).await;
        assert_eq!(tab.cookies().await, [""; 0]);
    });
}

/// What must hold for a page, whatever it is.
pub async fn check(tab: &Tab) {
    tab.assert_accessible().await;
    tab.assert_fits().await;
    tab.assert_no_complaints();
}
