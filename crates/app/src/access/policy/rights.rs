//! What can be allowed: the rights, and the scopes under which tokens get some of them.

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
    /// Bring members in from a directory, change them and let them go (SCIM).
    MembersProvision,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 5] = [
        Self::OfferingRead,
        Self::AppointmentsRead,
        Self::AppointmentsWrite,
        Self::PeopleRead,
        Self::MembersProvision,
    ];
    /// Those of the JSON API.
    pub const API: [Self; 4] = [
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
            Self::MembersProvision => "members:provision",
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
    /// Use one's own account, and take back what one did oneself.
    UseAccount,
    /// See the day's page.
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
    /// Change when somebody works and is away.
    ChangeHours,
    /// See numbers about appointments.
    SeeInsight,
    /// See who did what and when.
    SeeAuditLog,
    /// Change the organization's settings.
    ChangeSettings,
    /// Invite members, change their role, let them go.
    ManageMembers,
    /// Let an operator in for a time, and see what they do.
    GrantAccess,
    /// Make tokens, rotate and revoke them.
    ManageTokens,
    /// Bring members in from a directory, change them and let them go.
    ProvisionMembers,
    /// Say which role the groups of a directory give.
    MapGroups,
    /// Say from which networks members may act.
    LimitNetworks,
    /// Say by which provider members come in, and how.
    SetProvider,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 25] = [
        Self::SeeOffering,
        Self::Book,
        Self::SeeOwnAppointment,
        Self::ChangeOwnAppointment,
        Self::SeeAppointments,
        Self::ChangeAppointments,
        Self::SeePeople,
        Self::UseAccount,
        Self::SeeToday,
        Self::SeeCalendar,
        Self::ChangePeople,
        Self::ExportPeople,
        Self::ExportOrganization,
        Self::ChangeOffering,
        Self::ChangeHours,
        Self::SeeInsight,
        Self::SeeAuditLog,
        Self::ChangeSettings,
        Self::ManageMembers,
        Self::GrantAccess,
        Self::ManageTokens,
        Self::ProvisionMembers,
        Self::MapGroups,
        Self::LimitNetworks,
        Self::SetProvider,
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
            Self::UseAccount => "account.use",
            Self::SeeToday => "today.see",
            Self::SeeCalendar => "calendar.see",
            Self::ChangePeople => "people.change",
            Self::ExportPeople => "people.export",
            Self::ExportOrganization => "organization.export",
            Self::ChangeOffering => "offering.change",
            Self::ChangeHours => "hours.change",
            Self::SeeInsight => "insight.see",
            Self::SeeAuditLog => "audit_log.see",
            Self::ChangeSettings => "settings.change",
            Self::ManageMembers => "members.manage",
            Self::GrantAccess => "access.grant",
            Self::ManageTokens => "tokens.manage",
            Self::ProvisionMembers => "members.provision",
            Self::MapGroups => "groups.map",
            Self::LimitNetworks => "networks.limit",
            Self::SetProvider => "provider.set",
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
            Self::ProvisionMembers => Some(Scope::MembersProvision),
            Self::SeeOwnAppointment
            | Self::ChangeOwnAppointment
            | Self::UseAccount
            | Self::SeeToday
            | Self::SeeCalendar
            | Self::ChangePeople
            | Self::ExportPeople
            | Self::ExportOrganization
            | Self::ChangeOffering
            | Self::ChangeHours
            | Self::SeeInsight
            | Self::SeeAuditLog
            | Self::ChangeSettings
            | Self::ManageMembers
            | Self::GrantAccess
            | Self::ManageTokens
            | Self::MapGroups
            | Self::LimitNetworks
            | Self::SetProvider => None,
        }
    }
}
