//! What a handler of the JSON API is for, in its signature.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kept_base::problem::Problem;

use super::{Caller, Needs};
use crate::app::App;
use crate::policy::IsRight;

/// A [`Caller`] of a route that needs the right `R` over the organization's things; `Own` is enough where the
/// thing is the caller's own.
#[derive(Debug)]
pub struct CallerTo<R, Own = R>(
    /// Who calls.
    pub Caller,
    /// For what.
    pub PhantomData<fn() -> (R, Own)>,
);

impl<R: IsRight, Own: IsRight> CallerTo<R, Own> {
    /// What such a route needs.
    pub const NEEDS: Needs = Needs {
        right: R::RIGHT,
        own: if R::RIGHT as usize == Own::RIGHT as usize {
            None
        } else {
            Some(Own::RIGHT)
        },
    };
}

impl<R: IsRight, Own: IsRight> FromRequestParts<Arc<App>> for CallerTo<R, Own> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::of(parts, app, Self::NEEDS).await?;
        Ok(Self(caller, PhantomData))
    }
}

/// The parameters of a handler, as axum has them: the state, then the [`CallerTo`] of these rights.
pub trait Asks<R, Own>: 'static {}

macro_rules! asks {
    ($(($($more:ident)*))+) => {
        $(impl<M: 'static, S: 'static, R: 'static, Own: 'static, $($more: 'static),*> Asks<R, Own>
            for (M, S, CallerTo<R, Own>, $($more),*) {})+
    };
}

asks! {
    () (A) (A B) (A B C)
}
