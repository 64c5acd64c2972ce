//! The one policy: which right each kind of actor has, and how far it goes. Everything not listed is
//! refused.
//!
//! ```text
//! right        what can be allowed, and the scopes of tokens
//! roles        the table of roles
//! limits       what an organization takes from its roles
//! lent         what an organization lends to an operator
//! grant        what one member may, and how far
//! may          the proof of it as a type, which verbs ask for
//! giving       which roles and limits somebody may give to others
//! integrator   what one token may: its scopes, as far as whoever made it may
//! ```

mod giving;
mod grant;
mod integrator;
mod lent;
mod limits;
mod may;
mod right;
mod roles;

use kept_base::kit::ActorKind;

pub use grant::{Grant, Grants};
pub use integrator::{Integrator, Maker};
pub use lent::{Part, Terms, Way};
pub use limits::{Area, Level, Limits};
pub use may::{May, OfMembers};
pub use right::{IsRight, Right, Scope, rights};
pub use roles::{Extent, Role, extent};

/// The act is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody was recognized, and the act needs somebody.
    #[error("this needs an API token")]
    Unauthenticated,
    /// Somebody was recognized, who may not do this.
    #[error("this needs the scope {0}")]
    MissingScope(&'static str),
    /// The token's scopes would do, but whoever made it may not do this now.
    #[error("whoever made this token may not do this")]
    MakerMayNot,
}

/// Decides whether an actor of `kind`, with `scopes` where it is a token, has `right`.
///
/// # Errors
/// [`Denied`] says what is missing.
pub fn allow(kind: ActorKind, scopes: &[Scope], right: Right) -> Result<(), Denied> {
    let granted = match kind {
        ActorKind::Visitor => matches!(right, Right::SeeOffering | Right::Book),
        ActorKind::Person => matches!(
            right,
            Right::SeeOffering
                | Right::Book
                | Right::SeeOwnAppointment
                | Right::ChangeOwnAppointment
        ),
        ActorKind::Token => right.scope().is_some_and(|scope| scopes.contains(&scope)),
        // A member's rights are those of the role: `extent`.
        // An operator has none, on a grant those of its terms: `Terms`.
        ActorKind::Member
        | ActorKind::Operator
        | ActorKind::OperatorOnGrant
        | ActorKind::System => false,
    };
    if granted {
        return Ok(());
    }
    match (kind, right.scope()) {
        (ActorKind::Token, Some(scope)) => Err(Denied::MissingScope(scope.code())),
        _ => Err(Denied::Unauthenticated),
    }
}

/// The policy as text, one line per right: printed by `kept policy` and kept as a snapshot.
#[must_use]
pub fn table() -> String {
    let roles = Role::ALL.map(|role| role.code().replace('_', " "));
    let mut lines = vec![row(
        "right",
        ["visitor", "person", "token"],
        roles.iter().map(String::as_str),
        ["operator", "operator on grant", "system"],
    )];
    for right in Right::ALL {
        let mark = |kind| match allow(kind, &[], right) {
            Ok(()) => "yes",
            Err(_) => "-",
        };
        let of_role = |role| extent(role, right).map_or("-", Extent::code);
        lines.push(row(
            right.code(),
            [
                mark(ActorKind::Visitor),
                mark(ActorKind::Person),
                right.scope().map_or("-", Scope::code),
            ],
            Role::ALL.into_iter().map(of_role),
            [
                mark(ActorKind::Operator),
                &lent::lent(right),
                mark(ActorKind::System),
            ],
        ));
    }
    lines.join("\n") + "\n\n" + &integrator::table()
}

fn row<'t>(
    right: &str,
    [visitor, person, token]: [&str; 3],
    roles: impl Iterator<Item = &'t str>,
    [operator, on_grant, system]: [&str; 3],
) -> String {
    let mut line = format!("{right:<24}{visitor:<9}{person:<8}{token:<20}");
    for role in roles {
        line += &format!("{role:<17}");
    }
    line + &format!("{operator:<10}{on_grant:<22}{system}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_what_its_scopes_say_and_no_more() {
        for right in Right::ALL {
            for scope in Scope::ALL {
                let allowed = allow(ActorKind::Token, &[scope], right).is_ok();
                assert_eq!(
                    allowed,
                    right.scope() == Some(scope),
                    "{} {}",
                    right.code(),
                    scope.code()
                );
            }
            assert!(allow(ActorKind::Token, &[], right).is_err());
        }
    }

    #[test]
    fn the_policy_as_printed() {
        insta::assert_snapshot!(table());
    }
}
