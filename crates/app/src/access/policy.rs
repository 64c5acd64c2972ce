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
    /// See the day's page, and one's own account.
    SeeToday,
    /// See the staff calendar.
    SeeCalendar,
    /// Change people: their identity, notes and fields.
    ChangePeople,
    /// Take lists of people away as files, and bring them in.
    ExportPeople,
    /// Take everything away as one package.
    ExportOrganization,
    /// Change what is offered, where, by whom and when.
    ChangeOffering,
    /// Change when one works and is away oneself.
    ChangeOwnHours,
    /// See numbers about appointments.
    SeeInsight,
    /// Change the organization's settings.
    ChangeSettings,
    /// Invite members, change their role, let them go.
    ManageMembers,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 17] = [
        Self::SeeOffering,
        Self::Book,
        Self::SeeOwnAppointment,
        Self::ChangeOwnAppointment,
        Self::SeeAppointments,
        Self::ChangeAppointments,
        Self::SeePeople,
        Self::SeeToday,
        Self::SeeCalendar,
        Self::ChangePeople,
        Self::ExportPeople,
        Self::ExportOrganization,
        Self::ChangeOffering,
        Self::ChangeOwnHours,
        Self::SeeInsight,
        Self::ChangeSettings,
        Self::ManageMembers,
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
            Self::SeeToday => "today.see",
            Self::SeeCalendar => "calendar.see",
            Self::ChangePeople => "people.change",
            Self::ExportPeople => "people.export",
            Self::ExportOrganization => "organization.export",
            Self::ChangeOffering => "offering.change",
            Self::ChangeOwnHours => "own_hours.change",
            Self::SeeInsight => "insight.see",
            Self::ChangeSettings => "settings.change",
            Self::ManageMembers => "members.manage",
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
            Self::SeeOwnAppointment
            | Self::ChangeOwnAppointment
            | Self::SeeToday
            | Self::SeeCalendar
            | Self::ChangePeople
            | Self::ExportPeople
            | Self::ExportOrganization
            | Self::ChangeOffering
            | Self::ChangeOwnHours
            | Self::SeeInsight
            | Self::ChangeSettings
            | Self::ManageMembers => None,
        }
    }
}

/// What a member is in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, the other owners included.
    Owner,
    /// Everything but owners.
    Admin,
    /// The daily work.
    Staff,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Owner, Self::Admin, Self::Staff];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Staff => "staff",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// Whether an active member with `role` has `right`.
#[must_use]
pub fn role_has(role: Role, right: Right) -> bool {
    match right {
        Right::SeeOffering
        | Right::Book
        | Right::SeeAppointments
        | Right::ChangeAppointments
        | Right::SeePeople
        | Right::ChangePeople
        | Right::SeeToday
        | Right::SeeCalendar
        | Right::ChangeOwnHours
        | Right::SeeInsight => true,
        Right::ExportPeople
        | Right::ExportOrganization
        | Right::ChangeOffering
        | Right::ChangeSettings
        | Right::ManageMembers => matches!(role, Role::Owner | Role::Admin),
        // These belong to whoever holds the link of an appointment.
        Right::SeeOwnAppointment | Right::ChangeOwnAppointment => false,
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
        // A member's rights are those of the role: `role_has`.
        ActorKind::Member | ActorKind::Operator | ActorKind::System => false,
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
        "{:<24}{:<10}{:<10}{:<22}{:<10}{:<10}{:<10}{:<10}{}",
        "right", "visitor", "person", "token", "owner", "admin", "staff", "operator", "system"
    )];
    for right in Right::ALL {
        let word = |has| if has { "yes" } else { "-" };
        let mark = |kind| word(allow(kind, &[], right).is_ok());
        let role = |role| word(role_has(role, right));
        lines.push(format!(
            "{:<24}{:<10}{:<10}{:<22}{:<10}{:<10}{:<10}{:<10}{}",
            right.code(),
            mark(ActorKind::Visitor),
            mark(ActorKind::Person),
            right.scope().map_or("-", Scope::code),
            role(Role::Owner),
            role(Role::Admin),
            role(Role::Staff),
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
