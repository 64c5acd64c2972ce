//! The routes of members' pages, each with the right that its handler names. A route cannot be added
//! without one, and the list is there for tests to walk.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, get, post};

use super::DeskTo;
use crate::access::Right;
use crate::app::App;
use crate::policy::IsRight;

/// One route, as the list says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRoute {
    /// The HTTP method, in lower case.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: String,
    /// What a member needs.
    pub right: Right,
}

/// The parameters of a handler, as axum has them: the first is a [`DeskTo`], which names the right.
pub trait Handled: 'static {
    /// What a member needs.
    const RIGHT: Right;
}

macro_rules! handled {
    ($(($($more:ident)*))+) => {
        $(impl<M: 'static, R: IsRight, $($more: 'static),*> Handled for (M, DeskTo<R>, $($more),*) {
            const RIGHT: Right = R::RIGHT;
        })+
    };
}

handled! {
    () (A) (A B) (A B C)
}

/// Routes below `/o/{org}`.
#[derive(Default)]
pub struct Routes {
    router: Router<Arc<App>>,
    list: Vec<DeskRoute>,
}

impl Routes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page.
    #[must_use]
    pub fn get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: Handled,
    {
        self.add("get", path, T::RIGHT, get(handler))
    }

    /// What a form does.
    #[must_use]
    pub fn post<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: Handled,
    {
        self.add("post", path, T::RIGHT, post(handler))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &str,
        right: Right,
        handler: MethodRouter<Arc<App>>,
    ) -> Self {
        let path = format!("/o/{{org}}{}", if path == "/" { "" } else { path });
        self.router = self.router.route(&path, handler);
        self.list.push(DeskRoute {
            method,
            path,
            right,
        });
        self
    }

    /// These and `others`.
    #[must_use]
    pub fn merge(mut self, others: Self) -> Self {
        self.router = self.router.merge(others.router);
        self.list.extend(others.list);
        self
    }

    /// The list.
    #[must_use]
    pub fn list(&self) -> &[DeskRoute] {
        &self.list
    }

    /// The routes themselves.
    pub fn into_router(self) -> Router<Arc<App>> {
        self.router
    }
}
