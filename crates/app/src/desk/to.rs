//! A desk for one right. A handler says in its signature what it is for, the list of routes reads it there,
//! and only such a desk runs verbs: with the proof of that right, made in their own transaction.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use kept_base::kit::Actor;
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use super::{Desk, Key, Stopped, forbidden, recognize, settle};
use crate::app::App;
use crate::policy::{IsRight, May};

/// A [`Desk`] of somebody who has the right `R`.
pub struct DeskTo<R> {
    desk: Desk,
    right: PhantomData<fn() -> R>,
}

impl<R> Deref for DeskTo<R> {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

/// 404 when there is no such organization, to the sign-in when nobody is signed in, 403 when the
/// member's role has not the right, or comes in from elsewhere.
impl<R: IsRight> FromRequestParts<Arc<App>> for DeskTo<R> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let desk = Desk::of(parts, app, R::RIGHT).await?;
        Ok(Self {
            desk,
            right: PhantomData,
        })
    }
}

impl<R: IsRight> DeskTo<R> {
    /// Runs a verb as one transaction, in the member's name, with the proof that they may; see
    /// [`Desk::read`].
    ///
    /// # Errors
    /// As [`Desk::read`]; with either error nothing is kept.
    pub async fn write<T, E>(
        &self,
        verb: impl FnOnce(&Tx<'_>, &App, &May<R>) -> Result<T, E> + Clone + Send + 'static,
    ) -> Result<Result<T, E>, Problem>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let token = match &self.key {
            Key::Session(token) => token.clone(),
            Key::Entry(entry) => {
                return self
                    .write_on_grant(entry, move |tx, app, grants| {
                        let by = grants.may::<R>().ok_or_else(forbidden)?;
                        verb(tx, app, &by).map_err(Stopped::Verb)
                    })
                    .await;
            }
        };
        let (app, from) = (Arc::clone(&self.app), self.from);
        let done = self
            .app
            .store
            .write(self.organization, Actor::VISITOR, move |tx| {
                let grants = recognize(tx, (&token, from), false).map_err(Stopped::Problem)?;
                let by = grants.may::<R>().ok_or_else(forbidden)?;
                verb(tx, &app, &by).map_err(Stopped::Verb)
            });
        settle(done.await)
    }
}
