//! The JSON API: its routes in one table, and its documentation.

mod docs;
mod openapi;
mod operation;
pub mod problems;

use std::marker::PhantomData;
use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::routing::{delete, get, post};

pub use openapi::DOCUMENT;

use crate::app::App;
use crate::policy::rights;
use crate::wire::{Asks, CallerTo, Needs};
use crate::{offering, people, scheduling};

/// One route of the API, as the table says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The HTTP method, in lower case.
    pub method: &'static str,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// What the caller needs.
    pub needs: Needs,
}

macro_rules! path {
    ($path:literal) => {
        concat!("/api/v1/orgs/{org}/", $path)
    };
}

macro_rules! to {
    ($right:ident) => {
        CallerTo<rights::$right>
    };
    ($right:ident or $own:ident) => {
        CallerTo<rights::$right, rights::$own>
    };
}

/// A handler whose caller has the rights that the table says; another one does not compile.
fn asking<R, Own, H, T>(_: PhantomData<CallerTo<R, Own>>, handler: H) -> H
where
    H: Handler<T, Arc<App>>,
    T: Asks<R, Own>,
{
    handler
}

macro_rules! table {
    ($($method:ident $path:literal [$($needs:tt)+] $handler:path;)+) => {
        /// Every route of an organization.
        pub const ROUTES: &[Route] = &[$(Route {
            method: stringify!($method),
            path: path!($path),
            needs: <to!($($needs)+)>::NEEDS,
        }),+];

        /// The routes of the API.
        pub(super) fn routes() -> Router<Arc<App>> {
            Router::new()
            .route("/api", get(docs::docs))
            .route("/api/v1/openapi.json", get(openapi::document))
            $(.route(
                path!($path),
                $method(asking(PhantomData::<to!($($needs)+)>, $handler)),
            ))+
        }
    };
}

// Who may: `access::allow`. A second right is enough for the appointment whose manage link is
// presented.
table! {
    get    "services"                         [SeeOffering] offering::api::services;
    get    "staff"                            [SeeOffering] offering::api::staff;
    get    "locations"                        [SeeOffering] offering::api::locations;
    get    "days"                             [SeeOffering] scheduling::api::days;
    get    "slots"                            [SeeOffering] scheduling::api::slots;
    get    "slots/why"                        [SeeOffering] scheduling::api::why;
    post   "holds"                            [Book] scheduling::api::hold;
    delete "holds/{id}"                       [Book] scheduling::api::release;
    post   "appointments"                     [Book] scheduling::api::create;
    get    "appointments"                     [SeeAppointments] scheduling::api::list;
    get    "appointments/{id}"                [SeeAppointments or SeeOwnAppointment] scheduling::api::get;
    post   "appointments/{id}/rescheduling"   [ChangeAppointments or ChangeOwnAppointment] scheduling::api::reschedule;
    post   "appointments/{id}/cancellation"   [ChangeAppointments or ChangeOwnAppointment] scheduling::api::cancel;
    get    "people"                           [SeePeople] people::api::list;
    post   "people/search"                    [SeePeople] people::api::search;
    get    "people/{id}"                      [SeePeople] people::api::get;
}
