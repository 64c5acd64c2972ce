//! The routes that need an operator who is signed in, with a list for tests to walk.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{get, post};

use super::HOME;
use crate::app::App;

/// One route, as the list says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorRoute {
    /// The HTTP method, in lower case.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: String,
}

/// Routes below `/operator`.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<App>>,
    list: Vec<OperatorRoute>,
}

impl Routes {
    pub(super) fn get<H, T>(mut self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let path = self.note("get", path);
        self.router = self.router.route(&path, get(handler));
        self
    }

    pub(super) fn post<H, T>(mut self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        let path = self.note("post", path);
        self.router = self.router.route(&path, post(handler));
        self
    }

    fn note(&mut self, method: &'static str, path: &str) -> String {
        let path = format!("{HOME}{path}");
        self.list.push(OperatorRoute {
            method,
            path: path.clone(),
        });
        path
    }

    /// The list.
    #[must_use]
    pub fn list(&self) -> &[OperatorRoute] {
        &self.list
    }

    /// The routes themselves.
    pub fn into_router(self) -> Router<Arc<App>> {
        self.router
    }
}
