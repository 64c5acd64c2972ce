//! The routes that need nobody signed in, each with what opens it. Like those of members and of
//! operators, none can be added without standing in the list that tests walk.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodRouter, delete, get, patch, post, put};

use crate::app::App;

/// What opens a route that needs nobody signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Nothing: it is there for everybody, and the same for each of them.
    Everybody,
    /// A link with a secret in it, which somebody was given.
    Link,
    /// The step of a sign-in before it.
    Step,
    /// A token of a program, which comes with the request.
    Token,
}

impl Door {
    /// The word in the list of routes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Link => "link",
            Self::Step => "step",
            Self::Token => "token",
        }
    }
}

/// One route, as the list says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRoute {
    /// The HTTP method, in lower case.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: String,
    /// What opens it.
    pub door: Door,
}

/// Routes with their list.
#[derive(Default)]
pub struct OpenRoutes {
    router: Router<Arc<App>>,
    list: Vec<OpenRoute>,
}

impl OpenRoutes {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or a file.
    #[must_use]
    pub fn get<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add("get", path, door, get(handler))
    }

    /// What a form does, or a program asks for.
    #[must_use]
    pub fn post<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add("post", path, door, post(handler))
    }

    /// What puts something whole in the place of another.
    #[must_use]
    pub fn put<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add("put", path, door, put(handler))
    }

    /// What changes a part.
    #[must_use]
    pub fn patch<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add("patch", path, door, patch(handler))
    }

    /// What removes something.
    #[must_use]
    pub fn delete<H, T>(self, path: &str, door: Door, handler: H) -> Self
    where
        H: Handler<T, Arc<App>>,
        T: 'static,
    {
        self.add("delete", path, door, delete(handler))
    }

    fn add(
        mut self,
        method: &'static str,
        path: &str,
        door: Door,
        handler: MethodRouter<Arc<App>>,
    ) -> Self {
        self.router = self.router.route(path, handler);
        self.list.push(OpenRoute {
            method,
            path: path.to_owned(),
            door,
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
    pub fn list(&self) -> &[OpenRoute] {
        &self.list
    }

    /// The routes themselves.
    pub fn into_router(self) -> Router<Arc<App>> {
        self.router
    }
}
