//! The one policy: which right each kind of actor has. Everything not listed is refused.

use kept_base::kit::ActorKind;

/// What an API token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read services, staff, locations, days and slots (public anyway; kept for clarity).
    OfferingRead,
    /// Read appointments.
    AppointmentsRead,
    /// Hold, book, move and cancel.
    AppointmentsWrite,
    /// Read people.
    PeopleRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [
        Self::OfferingRead,
        Self::AppointmentsRead,
        Self::AppointmentsWrite,
        Self::PeopleRead,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::OfferingRead => "offering:read",
            Self::AppointmentsRead => "appointments:read",
            Self::AppointmentsWrite => "appointments:write",
            Self::PeopleRead => "people:read",
        }
    }

    /// Reads a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// What a route lets somebody do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See what is offered and when.
    SeeOffering,
    /// Hold a time and book it for oneself.
    Book,
    /// See one's own appointment.
    SeeOwnAppointment,
    /// Move or cancel one's own appointment, within the organization's policy.
    ChangeOwnAppointment,
    /// See every appointment.
    SeeAppointments,
    /// Book, move and cancel for others.
    ChangeAppointments,
    /// See people.
    SeePeople,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 7] = [
        Self::SeeOffering,
        Self::Book,
        Self::SeeOwnAppointment,
        Self::ChangeOwnAppointment,
        Self::SeeAppointments,
        Self::ChangeAppointments,
        Self::SeePeople,
    ];

    /// The stable code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SeeOffering => "offering.see",
            Self::Book => "appointment.book",
            Self::SeeOwnAppointment => "own_appointment.see",
            Self::ChangeOwnAppointment => "own_appointment.change",
            Self::SeeAppointments => "appointments.see",
            Self::ChangeAppointments => "appointments.change",
            Self::SeePeople => "people.see",
        }
    }

    /// The scope a token needs for it; `None` where no token has it.
    #[must_use]
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::SeeOffering => Some(Scope::OfferingRead),
            Self::Book | Self::ChangeAppointments => Some(Scope::AppointmentsWrite),
            Self::SeeAppointments => Some(Scope::AppointmentsRead),
            Self::SeePeople => Some(Scope::PeopleRead),
            Self::SeeOwnAppointment | Self::ChangeOwnAppointment => None,
        }
    }
}

/// The act is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody was recognized, and the act needs somebody.
    #[error("this needs an API token")]
    Unauthenticated,
    /// Somebody was recognized, who may not do this.
    #[error("this needs the scope {0}")]
    MissingScope(&'static str),
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
        ActorKind::Operator | ActorKind::System => false,
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
    let mut lines = vec![format!(
        "{:<24}{:<10}{:<10}{:<22}{:<10}{}",
        "right", "visitor", "person", "token", "operator", "system"
    )];
    for right in Right::ALL {
        let mark = |kind| {
            if allow(kind, &[], right).is_ok() {
                "yes"
            } else {
                "-"
            }
        };
        lines.push(format!(
            "{:<24}{:<10}{:<10}{:<22}{:<10}{}",
            right.code(),
            mark(ActorKind::Visitor),
            mark(ActorKind::Person),
            right.scope().map_or("-", Scope::code),
            mark(ActorKind::Operator),
            mark(ActorKind::System),
        ));
    }
    lines.join("\n") + "\n"
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
