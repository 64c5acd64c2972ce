//! What one member may do, as the policy, the organization's limits and their own locations say.

use super::{Extent, Limits, Right, Role, Terms, Way, extent};
use crate::ids::{LocationId, StaffId};

/// All that decides what a member may do, or an operator on a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grants(pub(super) Whose);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whose {
    Member {
        role: Role,
        locations: Vec<LocationId>,
        staff: Option<StaffId>,
        limits: Limits,
    },
    Operator(Terms),
}

impl Grants {
    /// Those of a member with `role`, who works for `locations` and serves as `staff`.
    #[must_use]
    pub fn new(
        role: Role,
        locations: Vec<LocationId>,
        staff: Option<StaffId>,
        limits: Limits,
    ) -> Self {
        Self(Whose::Member {
            role,
            locations,
            staff,
            limits,
        })
    }

    /// Those of an operator to whom this was lent: for looking. Whether they may change something is
    /// asked of the terms, with each change.
    #[must_use]
    pub fn lent(terms: Terms) -> Self {
        Self(Whose::Operator(terms))
    }

    /// Those of a role as the policy has it, for all of the organization.
    #[must_use]
    pub fn of_role(role: Role) -> Self {
        Self::new(role, Vec::new(), None, Limits::default())
    }

    /// The member's role; operators have none.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match &self.0 {
            Whose::Member { role, .. } => Some(*role),
            Whose::Operator(_) => None,
        }
    }

    /// How far the member has `right`; none when they have it not.
    #[must_use]
    pub fn grant(&self, right: Right) -> Option<Grant> {
        if !self.has(right) {
            return None;
        }
        let reach = match &self.0 {
            Whose::Operator(_) => Reach::Organization,
            Whose::Member {
                role,
                locations,
                staff,
                ..
            } => match extent(*role, right)? {
                Extent::Organization => Reach::Organization,
                Extent::Location => Reach::Locations(locations.clone()),
                Extent::Own => Reach::Own(*staff),
            },
        };
        Some(Grant { right, reach })
    }

    /// Whether the member has `right`, however far.
    #[must_use]
    pub fn has(&self, right: Right) -> bool {
        match &self.0 {
            Whose::Operator(terms) => terms.allow(right, Way::See),
            Whose::Member { role, limits, .. } => {
                extent(*role, right).is_some() && limits.leave(*role, right)
            }
        }
    }
}

/// How far a right goes that somebody has. Only the policy makes one; [`May`](super::May) says by its type
/// which right that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    right: Right,
    reach: Reach,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reach {
    Organization,
    Locations(Vec<LocationId>),
    /// Nothing for whoever serves nobody.
    Own(Option<StaffId>),
}

impl Grant {
    /// One for everything of the organization.
    pub(super) fn for_all(right: Right) -> Self {
        Self {
            right,
            reach: Reach::Organization,
        }
    }

    /// What it allows.
    #[must_use]
    pub fn right(&self) -> Right {
        self.right
    }

    /// Whether it reaches everything of the organization.
    #[must_use]
    pub fn is_for_all(&self) -> bool {
        self.reach == Reach::Organization
    }

    /// Whether it reaches what takes place at `location` with `staff`.
    #[must_use]
    pub fn covers(&self, location: LocationId, staff: &[StaffId]) -> bool {
        match &self.reach {
            Reach::Organization => true,
            Reach::Locations(all) => all.contains(&location),
            Reach::Own(own) => own.is_some_and(|own| staff.contains(&own)),
        }
    }

    /// Whether it reaches what is at `location`, whoever serves there.
    #[must_use]
    pub fn covers_location(&self, location: LocationId) -> bool {
        self.covers(location, &[])
    }

    /// The locations that it is for; none where it is not for locations.
    #[must_use]
    pub fn locations(&self) -> Option<&[LocationId]> {
        match &self.reach {
            Reach::Locations(all) => Some(all),
            Reach::Organization | Reach::Own(_) => None,
        }
    }

    /// Whether it reaches anything at all that takes place at `location`.
    #[must_use]
    pub fn comes_to(&self, location: LocationId) -> bool {
        match &self.reach {
            Reach::Organization | Reach::Own(_) => true,
            Reach::Locations(all) => all.contains(&location),
        }
    }

    /// Whether it lets one choose `staff`, who work at `places`, for something at `location`: who is for
    /// some locations chooses among those who work there.
    #[must_use]
    pub fn lets_choose(&self, location: LocationId, places: &[LocationId]) -> bool {
        match &self.reach {
            Reach::Organization | Reach::Own(_) => true,
            Reach::Locations(all) => all.contains(&location) && places.contains(&location),
        }
    }

    /// Whether it reaches the own time of `staff`, who work at `locations` and nowhere else.
    #[must_use]
    pub fn covers_staff(&self, staff: StaffId, locations: &[LocationId]) -> bool {
        match &self.reach {
            Reach::Organization => true,
            Reach::Locations(all) => {
                !locations.is_empty() && locations.iter().all(|one| all.contains(one))
            }
            Reach::Own(own) => *own == Some(staff),
        }
    }

    /// As whom the member serves, where it reaches no further.
    #[must_use]
    pub fn only_own(&self) -> Option<Option<StaffId>> {
        match &self.reach {
            Reach::Own(own) => Some(*own),
            Reach::Organization | Reach::Locations(_) => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::Timestamp;
    use kept_base::kit::Entropy;
    use proptest::prelude::*;

    use super::super::{Area, Level};
    use super::*;

    fn ids() -> (Vec<LocationId>, Vec<StaffId>) {
        let entropy = Entropy::seeded(5);
        let at = Timestamp::UNIX_EPOCH;
        (
            (0..3).map(|_| LocationId::new(at, &entropy)).collect(),
            (0..3).map(|_| StaffId::new(at, &entropy)).collect(),
        )
    }

    pub(in crate::policy) fn limits() -> impl Strategy<Value = Limits> {
        let one = (0..Role::ALL.len(), 0..Area::ALL.len(), 0..Level::ALL.len())
            .prop_map(|(role, part, level)| (Role::ALL[role], Area::ALL[part], Level::ALL[level]));
        prop::collection::vec(one, 0..12).prop_map(Limits::new)
    }

    proptest! {
        /// Whatever an organization says of its roles, nobody gets what the policy does not give.
        #[test]
        fn limits_never_widen(limits in limits(), mask in 0..8_u8, serves in any::<bool>()) {
            let (places, staff) = ids();
            let own: Vec<_> = (0..3).filter(|n| mask & (1 << n) != 0).map(|n| places[n]).collect();
            let serves = serves.then(|| staff[0]);
            for role in Role::ALL {
                let full = Grants::new(role, own.clone(), serves, Limits::default());
                let narrowed = Grants::new(role, own.clone(), serves, limits.clone());
                for right in Right::ALL {
                    let (before, after) = (full.grant(right), narrowed.grant(right));
                    prop_assert_eq!(after.is_some(), narrowed.has(right));
                    prop_assert!(after.is_none() || after == before);
                    if role == Role::Owner {
                        prop_assert_eq!(&after, &before);
                    }
                    for place in &places {
                        for who in &staff {
                            let reaches = before.as_ref().is_some_and(|one| one.covers(*place, &[*who]));
                            let expected = match extent(role, right) {
                                None => false,
                                Some(Extent::Organization) => true,
                                Some(Extent::Location) => own.contains(place),
                                Some(Extent::Own) => serves == Some(*who),
                            };
                            prop_assert_eq!(reaches, expected);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn time_of_somebody_who_works_elsewhere_too_is_not_theirs_alone() {
        let (places, staff) = ids();
        let manager = Grants::new(Role::Manager, places[..2].to_vec(), None, Limits::default());
        let hours = manager.grant(Right::ChangeHours).expect("has it");
        assert!(hours.covers_staff(staff[0], &places[..2]));
        assert!(!hours.covers_staff(staff[0], &places[1..]));
        assert!(!hours.covers_staff(staff[0], &[]));
        let nobody = Grants::new(Role::Staff, Vec::new(), None, Limits::default());
        let own = nobody.grant(Right::ChangeAppointments).expect("has it");
        assert!(!own.covers(places[0], &staff));
    }
}
