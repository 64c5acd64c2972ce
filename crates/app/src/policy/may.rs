//! The proof, as a type, that somebody may do something. A verb asks for the proof of its own right in its
//! signature; a call without it, or with that of another right, does not compile.
//!
//! ```
//! use kept_app::policy::{Grants, May, Role, rights};
//!
//! fn close_a_day(_: &May<rights::ChangeOffering>) {}
//! let admin = Grants::of_role(Role::Admin).may::<rights::ChangeOffering>();
//! close_a_day(&admin.expect("they have it"));
//! ```
//!
//! ```compile_fail
//! use kept_app::policy::{Grants, May, Role, rights};
//!
//! fn close_a_day(_: &May<rights::ChangeOffering>) {}
//! let desk = Grants::of_role(Role::FrontDesk).may::<rights::SeeCalendar>();
//! close_a_day(&desk.expect("they have it"));
//! ```

use std::marker::PhantomData;
use std::ops::Deref;

use super::rights::{ManageMembers, MapGroups, ProvisionMembers};
use super::{Denied, Grant, Grants, Integrator, IsRight, Role};

/// The proof that somebody may do what the right `R` lets them, and how far that goes. Only the policy
/// makes one.
#[derive(Debug)]
pub struct May<R> {
    grants: Grants,
    grant: Grant,
    right: PhantomData<fn() -> R>,
}

/// The rights by which members are changed and let go.
pub trait OfMembers: IsRight {}

impl OfMembers for ManageMembers {}
impl OfMembers for ProvisionMembers {}
impl OfMembers for MapGroups {}

impl<R> Clone for May<R> {
    fn clone(&self) -> Self {
        Self::of(self.grants.clone(), self.grant.clone())
    }
}

impl<R> Deref for May<R> {
    type Target = Grant;

    fn deref(&self) -> &Grant {
        &self.grant
    }
}

impl<R> May<R> {
    fn of(grants: Grants, grant: Grant) -> Self {
        Self {
            grants,
            grant,
            right: PhantomData,
        }
    }

    /// All that whoever has it may do.
    #[must_use]
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Whether it is an owner's.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.grants.role() == Some(Role::Owner)
    }
}

impl Grants {
    /// The proof that the member has the right `R`; none when they have it not.
    #[must_use]
    pub fn may<R: IsRight>(&self) -> Option<May<R>> {
        let grant = self.grant(R::RIGHT)?;
        Some(May::of(self.clone(), grant))
    }
}

impl Integrator {
    /// The proof that a token has the right `R`.
    ///
    /// # Errors
    /// [`Denied`] says what is missing.
    pub fn may<R: IsRight>(&self) -> Result<May<R>, Denied> {
        self.allow(R::RIGHT)?;
        Ok(May::of(self.grants(), Grant::for_all(R::RIGHT)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::rights::ManageTokens;
    use super::super::{Maker, Right, Scope};

    use super::*;

    #[test]
    fn a_proof_says_what_it_proves() {
        let owner = Grants::of_role(Role::Owner);
        let proof = owner.may::<ManageTokens>().expect("owners may");
        assert_eq!(proof.right(), Right::ManageTokens);
        assert!(proof.is_for_all());
        let auditor = Grants::of_role(Role::Auditor);
        assert!(auditor.may::<ManageTokens>().is_none());
    }

    #[test]
    fn a_token_proves_what_its_scopes_and_its_maker_let_it() {
        let of = |role| Maker::Member(Grants::of_role(role));
        let token = |scope, maker| Integrator::new(vec![scope], maker);
        let admin = token(Scope::MembersProvision, of(Role::Admin));
        let proof = admin.may::<ProvisionMembers>().expect("admins may");
        assert_eq!(proof.right(), Right::ProvisionMembers);
        let other = token(Scope::PeopleRead, of(Role::Admin));
        assert!(other.may::<ProvisionMembers>().is_err());
        let auditor = token(Scope::MembersProvision, of(Role::Auditor));
        assert!(auditor.may::<ProvisionMembers>().is_err());
    }
}
