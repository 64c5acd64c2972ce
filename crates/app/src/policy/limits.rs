//! What an organization takes from its roles: an area of the desk may be for looking at alone, or
//! closed, and fields of customers may be hidden. Roles are only ever narrowed by it.

use super::{Right, Role};

/// An area of the desk that a role can be kept from, or a field of customers that can be hidden from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Area {
    /// The day's page, the calendar, appointments.
    Calendar,
    /// Customers.
    People,
    /// Numbers.
    Insight,
    /// Services, places, staff, hours.
    Offering,
    /// Customers' addresses and numbers.
    Contact,
    /// What customers answered as they booked.
    Answers,
    /// Notes about customers.
    Notes,
    /// What an organization keeps of customers in fields of its own.
    Values,
}

impl Area {
    /// Every area, and every field.
    pub const ALL: [Self; 8] = [
        Self::Calendar,
        Self::People,
        Self::Insight,
        Self::Offering,
        Self::Contact,
        Self::Answers,
        Self::Notes,
        Self::Values,
    ];

    /// The column of the store in which a field of customers stands; none for an area of the desk.
    #[must_use]
    pub fn column(self) -> Option<&'static str> {
        match self {
            Self::Contact => Some("contact_point.value"),
            Self::Answers => Some("answer.value"),
            Self::Notes => Some("note.value"),
            Self::Values => Some("person_value.value"),
            Self::Calendar | Self::People | Self::Insight | Self::Offering => None,
        }
    }

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::People => "people",
            Self::Insight => "insight",
            Self::Offering => "offering",
            Self::Contact => "contact",
            Self::Answers => "answers",
            Self::Notes => "notes",
            Self::Values => "values",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|area| area.code() == code)
    }

    /// The area that a right belongs to, and whether it changes something there.
    #[must_use]
    pub fn of(right: Right) -> Option<(Self, bool)> {
        match right {
            Right::SeeToday | Right::SeeCalendar | Right::SeeAppointments => {
                Some((Self::Calendar, false))
            }
            Right::ChangeAppointments => Some((Self::Calendar, true)),
            Right::SeePeople => Some((Self::People, false)),
            Right::ChangePeople | Right::ExportPeople => Some((Self::People, true)),
            Right::SeeInsight => Some((Self::Insight, false)),
            Right::ChangeOffering | Right::ChangeHours => Some((Self::Offering, true)),
            Right::SeeOffering
            | Right::Book
            | Right::SeeOwnAppointment
            | Right::ChangeOwnAppointment
            | Right::UseAccount
            | Right::ExportOrganization
            | Right::SeeAuditLog
            | Right::ChangeSettings
            | Right::ManageMembers
            | Right::GrantAccess
            | Right::ManageTokens
            | Right::ProvisionMembers
            | Right::MapGroups
            | Right::LimitNetworks
            | Right::SetProvider => None,
        }
    }
}

/// What is left to a role of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// What the role has.
    Full,
    /// To look at alone.
    View,
    /// Nothing.
    None,
}

impl Level {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Full, Self::View, Self::None];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::View => "view",
            Self::None => "none",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

/// What an organization takes from its roles. Owners keep everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits(Vec<(Role, Area, Level)>);

impl Limits {
    /// These; what is said of owners does not count.
    #[must_use]
    pub fn new(limits: Vec<(Role, Area, Level)>) -> Self {
        Self(limits)
    }

    /// What is left to `role` of `area`.
    #[must_use]
    pub fn level(&self, role: Role, area: Area) -> Level {
        let found = self
            .0
            .iter()
            .find(|(of, what, _)| (*of, *what) == (role, area));
        match found {
            Some((_, _, level)) if role != Role::Owner => *level,
            _ => Level::Full,
        }
    }

    /// The fields of customers that are hidden from `role`.
    pub fn hidden(&self, role: Role) -> impl Iterator<Item = Area> + '_ {
        let fields = Area::ALL.into_iter().filter(|area| area.column().is_some());
        fields.filter(move |field| self.level(role, *field) != Level::Full)
    }

    /// Whether they leave `right` to `role`, if it has it. Who does not see all of a customer changes
    /// nothing of them and takes nothing along.
    #[must_use]
    pub fn leave(&self, role: Role, right: Right) -> bool {
        if right == Right::ExportOrganization {
            // All of it at once: for whoever is kept from nothing.
            return Area::ALL
                .iter()
                .all(|area| self.level(role, *area) == Level::Full);
        }
        let is_about_all_of_them = matches!(right, Right::ChangePeople | Right::ExportPeople);
        if is_about_all_of_them && self.hidden(role).next().is_some() {
            return false;
        }
        match Area::of(right) {
            Some((area, changes)) => match self.level(role, area) {
                Level::Full => true,
                Level::View => !changes,
                Level::None => false,
            },
            None => true,
        }
    }
}
