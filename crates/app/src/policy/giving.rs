//! What somebody may give to others: nobody more than they have themselves.

use super::grant::{Grants, Whose};
use super::{Area, Level, Limits, Right, Role, Terms, Way, extent};

impl Grants {
    /// Whether whoever has these may make somebody a member with `role`, or hand over the account of
    /// one: owners all, others no more than they have themselves.
    #[must_use]
    pub fn may_give(&self, role: Role) -> bool {
        let Whose::Member {
            role: own, limits, ..
        } = &self.0
        else {
            return false;
        };
        if *own == Role::Owner || role == Role::Owner {
            return *own == Role::Owner;
        }
        let mut hidden = limits.hidden(*own);
        if would_see_people(role, limits)
            && hidden.any(|field| limits.level(role, field) == Level::Full)
        {
            return false;
        }
        let would_have = |right| extent(role, right).is_some() && limits.leave(role, right);
        Right::ALL
            .into_iter()
            .all(|right| !would_have(right) || self.has(right))
    }

    /// Whether whoever has these may lend an operator all of these `terms`: nothing that is closed or hidden to
    /// themselves.
    #[must_use]
    pub fn may_lend(&self, terms: &Terms) -> bool {
        let lends = |right| {
            [Way::See, Way::Change]
                .iter()
                .any(|way| terms.allow(right, *way))
        };
        let sees_all = self.veiled_columns().is_empty() || !terms.show_people();
        sees_all
            && Right::ALL
                .into_iter()
                .all(|right| !lends(right) || self.has(right))
    }

    /// Whether whoever has these may leave `level` of `area` to `role`: nobody gives back to others what
    /// is taken from themselves.
    #[must_use]
    pub fn may_limit(&self, role: Role, area: Area, level: Level) -> bool {
        let Whose::Member {
            role: own, limits, ..
        } = &self.0
        else {
            return false;
        };
        let rank = |one: Level| Level::ALL.iter().position(|level| *level == one);
        own.may_limit(role) && rank(level) >= rank(limits.level(*own, area))
    }

    /// The columns of customers' texts that are hidden from whoever has these, each as `table.column`.
    #[must_use]
    pub fn veiled_columns(&self) -> Vec<&'static str> {
        match &self.0 {
            Whose::Operator(_) => Vec::new(),
            Whose::Member { role, limits, .. } => {
                limits.hidden(*role).filter_map(Area::column).collect()
            }
        }
    }
}

fn would_see_people(role: Role, limits: &Limits) -> bool {
    let mut rights = [Right::SeePeople, Right::SeeCalendar].into_iter();
    rights.any(|right| extent(role, right).is_some() && limits.leave(role, right))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::grant::tests::limits;
    use super::*;

    proptest! {
        /// Whoever is made a member by somebody has no right that they have not.
        #[test]
        fn nobody_gives_more_than_they_have(limits in limits()) {
            for giver in Role::ALL {
                let own = Grants::new(giver, Vec::new(), None, limits.clone());
                for role in Role::ALL.into_iter().filter(|role| own.may_give(*role)) {
                    let given = Grants::new(role, Vec::new(), None, limits.clone());
                    for right in Right::ALL {
                        prop_assert!(!given.has(right) || own.has(right), "{giver:?} {role:?} {right:?}");
                    }
                }
                for (role, area) in Role::ALL.into_iter().flat_map(|role| Area::ALL.map(|area| (role, area))) {
                    for level in Level::ALL.into_iter().filter(|level| own.may_limit(role, area, *level)) {
                        prop_assert!(level != Level::Full || limits.level(giver, area) == Level::Full);
                    }
                }
            }
        }
    }

    #[test]
    fn an_admin_kept_from_customers_takes_nothing_along_and_makes_nobody_who_could() {
        let limits = Limits::new(vec![(Role::Admin, Area::People, Level::View)]);
        let admin = Grants::new(Role::Admin, Vec::new(), None, limits);
        assert!(!admin.has(Right::ExportOrganization));
        assert!(!admin.may_give(Role::FrontDesk) && !admin.may_give(Role::Owner));
        assert!(admin.may_give(Role::Admin) && admin.may_give(Role::Auditor));
        assert!(Grants::of_role(Role::Admin).may_give(Role::PrivacyOfficer));
        assert!(Grants::of_role(Role::Owner).may_give(Role::Owner));
    }
}
