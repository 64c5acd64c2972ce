//! What a token may do: what its scopes say, and never more than whoever made it may at that moment.

use kept_base::kit::ActorKind;

use super::{Denied, Extent, Grants, Right, Role, Scope, allow, extent};

/// Who answers for a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Maker {
    /// Whoever runs the installation made it: its scopes alone decide.
    Installation,
    /// A member who is active, with what they may do.
    Member(Grants),
}

/// A token that is known and alive, as the policy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integrator {
    scopes: Vec<Scope>,
    maker: Maker,
}

impl Integrator {
    /// A token with `scopes`, for which `maker` answers.
    #[must_use]
    pub fn new(scopes: Vec<Scope>, maker: Maker) -> Self {
        Self { scopes, maker }
    }

    /// Decides whether it has `right`. A token reaches all of the organization, so a right that its
    /// maker has for some locations or their own alone is none.
    ///
    /// # Errors
    /// [`Denied`] says what is missing.
    pub fn allow(&self, right: Right) -> Result<(), Denied> {
        allow(ActorKind::Token, &self.scopes, right)?;
        match &self.maker {
            Maker::Installation => Ok(()),
            Maker::Member(grants) => (grants.grant(right))
                .filter(super::Grant::is_for_all)
                .map(|_| ())
                .ok_or(Denied::MakerMayNot),
        }
    }

    /// The columns of customers' texts that are hidden from whoever made it.
    #[must_use]
    pub fn veiled_columns(&self) -> Vec<&'static str> {
        match &self.maker {
            Maker::Installation => Vec::new(),
            Maker::Member(grants) => grants.veiled_columns(),
        }
    }

    /// As whom it acts: an installation's own as an owner.
    #[must_use]
    pub fn grants(&self) -> Grants {
        match &self.maker {
            Maker::Installation => Grants::of_role(Role::Owner),
            Maker::Member(grants) => grants.clone(),
        }
    }
}

/// Tokens as text, one line per right that a scope gives: which scope, and whose tokens have it.
pub(super) fn table() -> String {
    let row = |right: &str, scopes: [String; 5], makers: &str| {
        let mut line = format!("{right:<24}");
        for scope in scopes {
            line += &format!("{scope:<20}");
        }
        line + makers
    };
    let mut lines = vec![row(
        "right of a token",
        Scope::ALL.map(|scope| scope.code().to_owned()),
        "as long as its maker is",
    )];
    for right in Right::ALL.into_iter().filter(|one| one.scope().is_some()) {
        let mark = |scope| match allow(ActorKind::Token, &[scope], right) {
            Ok(()) => "yes".to_owned(),
            Err(_) => "-".to_owned(),
        };
        let mut makers = Role::ALL.to_vec();
        makers.retain(|role| extent(*role, right) == Some(Extent::Organization));
        let makers: Vec<_> = makers.iter().map(|role| role.code()).collect();
        lines.push(row(
            right.code(),
            Scope::ALL.map(mark),
            &makers.join(", ").replace('_', " "),
        ));
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::super::{Area, Level, Limits};
    use super::*;

    #[test]
    fn a_token_never_does_more_than_its_maker_may() {
        for role in Role::ALL {
            for right in Right::ALL {
                let token =
                    Integrator::new(Scope::ALL.to_vec(), Maker::Member(Grants::of_role(role)));
                let both =
                    right.scope().is_some() && extent(role, right) == Some(Extent::Organization);
                assert_eq!(token.allow(right).is_ok(), both, "{role:?} {right:?}");
                assert_eq!(token.grants().role(), Some(role));
            }
        }
    }

    #[test]
    fn what_an_organization_takes_from_a_role_its_tokens_lose() {
        let limits = Limits::new(vec![(Role::Admin, Area::People, Level::None)]);
        let admin = Grants::new(Role::Admin, Vec::new(), None, limits);
        let token = Integrator::new(Scope::ALL.to_vec(), Maker::Member(admin));
        assert_eq!(token.allow(Right::SeePeople), Err(Denied::MakerMayNot));
        assert_eq!(token.allow(Right::SeeAppointments), Ok(()));
    }

    #[test]
    fn the_installation_s_own_has_its_scopes() {
        let token = Integrator::new(vec![Scope::PeopleRead], Maker::Installation);
        assert_eq!(token.allow(Right::SeePeople), Ok(()));
        assert_eq!(
            token.allow(Right::SeeAppointments),
            Err(Denied::MissingScope("appointments:read"))
        );
    }
}
