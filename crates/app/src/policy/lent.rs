//! What an organization lends of its desk to an operator: parts of it, each to look at or whole, and
//! never what belongs to owners. Everything that no part names is refused.

use super::{Area, Level, Right};

/// A part of the desk that can be lent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The day's page, the calendar, appointments. Whoever they are with is veiled.
    Calendar,
    /// Customers; with it nobody is veiled.
    People,
    /// Numbers.
    Insight,
    /// Services, places, staff, hours.
    Offering,
    /// Settings, look and letters.
    Settings,
}

/// What somebody is about to do with a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// Look.
    See,
    /// Change something.
    Change,
}

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] = [
        Self::Calendar,
        Self::People,
        Self::Insight,
        Self::Offering,
        Self::Settings,
    ];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::People => "people",
            Self::Insight => "insight",
            Self::Offering => "offering",
            Self::Settings => "settings",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    /// The part that a right belongs to, and whether it changes something there; none for what is
    /// never lent: members, accounts, tokens, whatever takes lists or everything away, and this.
    #[must_use]
    pub fn of(right: Right) -> Option<(Self, bool)> {
        match right {
            Right::ExportPeople => None,
            Right::ChangeSettings => Some((Self::Settings, true)),
            right => Area::of(right).map(|(area, changes)| (Self::of_area(area), changes)),
        }
    }

    fn of_area(area: Area) -> Self {
        match area {
            Area::Calendar => Self::Calendar,
            // Fields of customers are lent with them.
            Area::People | Area::Contact | Area::Answers | Area::Notes | Area::Values => {
                Self::People
            }
            Area::Insight => Self::Insight,
            Area::Offering => Self::Offering,
        }
    }

    /// Whether there are rights to look at it alone. Where there are none, its pages are those that
    /// change it, and looking at them is what is left.
    fn has_rights_to_look(self) -> bool {
        Right::ALL
            .into_iter()
            .any(|right| Self::of(right) == Some((self, false)))
    }

    /// Whether there is something to change in it.
    #[must_use]
    pub fn can_be_changed(self) -> bool {
        Right::ALL
            .into_iter()
            .any(|right| Self::of(right) == Some((self, true)))
    }
}

/// What is lent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms(Vec<(Part, Level)>);

impl Terms {
    /// These, in the order of [`Part::ALL`]; of several levels of one part the first counts.
    #[must_use]
    pub fn new(terms: &[(Part, Level)]) -> Self {
        let of = |part| {
            let found = terms.iter().find(|(named, _)| *named == part);
            found.filter(|(_, level)| *level != Level::None)
        };
        Self(Part::ALL.into_iter().filter_map(of).copied().collect())
    }

    /// Reads what [`Terms`] prints; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut terms = Vec::new();
        for word in text.split_whitespace() {
            let (part, level) = word.split_once(':')?;
            terms.push((Part::from_code(part)?, Level::from_code(level)?));
        }
        Some(Self::new(&terms))
    }

    /// Each part that is lent, and how.
    #[must_use]
    pub fn parts(&self) -> &[(Part, Level)] {
        &self.0
    }

    /// How a part is lent.
    #[must_use]
    pub fn level(&self, part: Part) -> Level {
        let found = self.0.iter().find(|(lent, _)| *lent == part);
        found.map_or(Level::None, |(_, level)| *level)
    }

    /// Whether people are shown as who they are.
    #[must_use]
    pub fn show_people(&self) -> bool {
        self.level(Part::People) != Level::None
    }

    /// Whether they let somebody use `right` in this way.
    #[must_use]
    pub fn allow(&self, right: Right, way: Way) -> bool {
        let Some((part, changes)) = Part::of(right) else {
            return false;
        };
        match self.level(part) {
            Level::Full => true,
            Level::View => !changes || (way == Way::See && !part.has_rights_to_look()),
            Level::None => false,
        }
    }
}

impl std::fmt::Display for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (part, level)) in self.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{}:{}", part.code(), level.code())?;
        }
        Ok(())
    }
}

/// What of a right can be lent, as the printed policy says it.
pub(super) fn lent(right: Right) -> String {
    match Part::of(right) {
        None => "-".to_owned(),
        Some((part, false)) => format!("{}:view", part.code()),
        Some((part, true)) if part.has_rights_to_look() => format!("{}:full", part.code()),
        Some((part, true)) => format!("{}:full (view)", part.code()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What belongs to owners, to accounts and to whoever takes data away.
    const NEVER: [Right; 15] = [
        Right::SeeOffering,
        Right::Book,
        Right::SeeOwnAppointment,
        Right::ChangeOwnAppointment,
        Right::UseAccount,
        Right::ExportPeople,
        Right::ExportOrganization,
        Right::SeeAuditLog,
        Right::ManageMembers,
        Right::GrantAccess,
        Right::ManageTokens,
        Right::ProvisionMembers,
        Right::MapGroups,
        Right::LimitNetworks,
        Right::SetProvider,
    ];

    #[test]
    fn what_belongs_to_owners_is_never_lent() {
        let all = Terms::new(&Part::ALL.map(|part| (part, Level::Full)));
        for right in Right::ALL {
            for way in [Way::See, Way::Change] {
                let expected = !NEVER.contains(&right);
                assert_eq!(all.allow(right, way), expected, "{}", right.code());
            }
        }
    }

    #[test]
    fn a_part_opens_itself_and_nothing_else() {
        for part in Part::ALL {
            for level in [Level::View, Level::Full] {
                let terms = Terms::new(&[(part, level)]);
                assert_eq!(Terms::parse(&terms.to_string()), Some(terms.clone()));
                assert_eq!(terms.show_people(), part == Part::People);
                for right in Right::ALL {
                    let of = Part::of(right);
                    let is_own = of.is_some_and(|(own, _)| own == part);
                    let changes = of.is_some_and(|(_, changes)| changes);
                    assert!(is_own || !terms.allow(right, Way::See));
                    assert!(is_own || !terms.allow(right, Way::Change));
                    let may_change = terms.allow(right, Way::Change);
                    assert_eq!(may_change, is_own && (level == Level::Full || !changes));
                }
            }
        }
        let nothing = Terms::new(&[(Part::People, Level::None)]);
        assert!(nothing.parts().is_empty());
    }

    #[test]
    fn other_texts_are_no_terms() {
        for text in ["calendar", "calendar:most", "members:full", ":", "a:b"] {
            assert_eq!(Terms::parse(text), None, "{text}");
        }
    }
}
