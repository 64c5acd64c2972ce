//! The table of roles: which right each has, and how far it goes.

use super::Right;

/// What a member is in an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, the other owners included.
    Owner,
    /// Everything but owners.
    Admin,
    /// The daily work of some locations.
    Manager,
    /// The daily work of everybody: answers the telephone, receives whoever comes.
    FrontDesk,
    /// Serves customers: sees the calendar, changes what is their own.
    Staff,
    /// Answers for the people on record, and for nothing else.
    PrivacyOfficer,
    /// Sees numbers, and no person.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 7] = [
        Self::Owner,
        Self::Admin,
        Self::Manager,
        Self::FrontDesk,
        Self::Staff,
        Self::PrivacyOfficer,
        Self::Auditor,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Manager => "manager",
            Self::FrontDesk => "front_desk",
            Self::Staff => "staff",
            Self::PrivacyOfficer => "privacy_officer",
            Self::Auditor => "auditor",
        }
    }

    /// Whether whoever has this role may take something from `role`, or give it back: owners from
    /// every role but their own, admins from those below them. Nobody lifts what holds for themselves.
    #[must_use]
    pub fn may_limit(self, role: Self) -> bool {
        match role {
            Self::Owner => false,
            Self::Admin => self == Self::Owner,
            _ => matches!(self, Self::Owner | Self::Admin),
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// How far a right goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// Everything of the organization.
    Organization,
    /// What is at the member's locations.
    Location,
    /// What the member serves in person.
    Own,
}

impl Extent {
    /// The word in the printed policy.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Organization => "all",
            Self::Location => "location",
            Self::Own => "own",
        }
    }
}

/// How far `right` goes for a member with `role`; none when the role has not the right.
#[must_use]
pub fn extent(role: Role, right: Right) -> Option<Extent> {
    const ALL: Option<Extent> = Some(Extent::Organization);
    const AT: Option<Extent> = Some(Extent::Location);
    const OWN: Option<Extent> = Some(Extent::Own);
    const NO: Option<Extent> = None;
    // In the order of `Role::ALL`: owner, admin, manager, front desk, staff, privacy officer, auditor.
    let row = match right {
        Right::SeeOffering | Right::UseAccount => [ALL, ALL, ALL, ALL, ALL, ALL, ALL],
        Right::Book => [ALL, ALL, ALL, ALL, ALL, NO, NO],
        Right::SeeToday | Right::SeeCalendar | Right::SeeAppointments => {
            [ALL, ALL, AT, ALL, ALL, NO, NO]
        }
        Right::ChangeAppointments => [ALL, ALL, AT, ALL, OWN, NO, NO],
        Right::SeePeople | Right::ChangePeople => [ALL, ALL, ALL, ALL, ALL, ALL, NO],
        Right::ExportPeople => [ALL, ALL, NO, NO, NO, ALL, NO],
        Right::ChangeHours => [ALL, ALL, AT, OWN, OWN, NO, NO],
        Right::SeeInsight => [ALL, ALL, AT, ALL, ALL, NO, ALL],
        Right::SeeAuditLog => [ALL, ALL, NO, NO, NO, ALL, ALL],
        Right::ExportOrganization
        | Right::ChangeOffering
        | Right::ChangeSettings
        | Right::ManageMembers
        | Right::GrantAccess
        | Right::ManageTokens
        | Right::ProvisionMembers => [ALL, ALL, NO, NO, NO, NO, NO],
        Right::MapGroups | Right::LimitNetworks | Right::SetProvider => {
            [ALL, NO, NO, NO, NO, NO, NO]
        }
        // These belong to whoever holds the link of an appointment.
        Right::SeeOwnAppointment | Right::ChangeOwnAppointment => [NO; 7],
    };
    let column = Role::ALL.iter().position(|one| *one == role);
    column.and_then(|column| row[column])
}
