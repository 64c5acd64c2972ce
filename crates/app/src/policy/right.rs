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

/// A right as a type: what a handler and a verb name in their signatures.
pub trait IsRight: Send + Sync + 'static {
    /// Which right.
    const RIGHT: Right;
}

macro_rules! rights {
    ($($(#[$doc:meta])+ $name:ident $code:literal;)+) => {
        /// What a route lets somebody do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Right {
            $($(#[$doc])+ $name,)+
        }

        impl Right {
            /// Every right.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$name),+];

            /// The stable code.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }

        /// The rights as types, of which there are no values.
        pub mod rights {
            $($(#[$doc])+
            #[derive(Debug, Clone, Copy)]
            pub enum $name {}

            impl super::IsRight for $name {
                const RIGHT: super::Right = super::Right::$name;
            })+
        }
    };
}

rights! {
    /// See what is offered and when.
    SeeOffering "offering.see";
    /// Hold a time and book it for oneself.
    Book "appointment.book";
    /// See one's own appointment.
    SeeOwnAppointment "own_appointment.see";
    /// Move or cancel one's own appointment, within the organization's policy.
    ChangeOwnAppointment "own_appointment.change";
    /// See every appointment.
    SeeAppointments "appointments.see";
    /// Book, move and cancel for others.
    ChangeAppointments "appointments.change";
    /// See people.
    SeePeople "people.see";
    /// Use one's own account, and take back what one did oneself.
    UseAccount "account.use";
    /// See the day's page.
    SeeToday "today.see";
    /// See the staff calendar.
    SeeCalendar "calendar.see";
    /// Change people: their identity, notes and fields.
    ChangePeople "people.change";
    /// Take lists of people away as files, and bring them in.
    ExportPeople "people.export";
    /// Take everything away as one package.
    ExportOrganization "organization.export";
    /// Change what is offered, where, by whom and when.
    ChangeOffering "offering.change";
    /// Change when somebody works and is away.
    ChangeHours "hours.change";
    /// See numbers about appointments.
    SeeInsight "insight.see";
    /// See who did what and when.
    SeeAuditLog "audit_log.see";
    /// Change the organization's settings.
    ChangeSettings "settings.change";
    /// Invite members, change their role, let them go.
    ManageMembers "members.manage";
    /// Let an operator in for a time, and see what they do.
    GrantAccess "access.grant";
    /// Make tokens, rotate and revoke them.
    ManageTokens "tokens.manage";
    /// Bring members in from a directory, change them and let them go.
    ProvisionMembers "members.provision";
    /// Say which role the groups of a directory give.
    MapGroups "groups.map";
    /// Say from which networks members may act.
    LimitNetworks "networks.limit";
    /// Say by which provider members come in, and how.
    SetProvider "provider.set";
}

impl Right {
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
