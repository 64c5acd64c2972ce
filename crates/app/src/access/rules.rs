//! How members of an organization sign in: who needs a second factor, how long sessions live, how old
//! a password may be. Each organization's own, within bounds.

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{Error, Tx};
use serde::{Deserialize, Serialize};

use super::{MemberError, Role, SESSION_HOURS, SESSION_IDLE_HOURS, store};
use crate::audit::{self, Act};
use crate::ids::{MemberId, UndoId};
use crate::messaging::{self, Notice};
use crate::policy::May;
use crate::policy::rights::{ChangeSettings, ManageMembers};
use crate::undo;

/// Fewest minutes without use after which a session ends.
pub const MIN_IDLE_MINUTES: u32 = 5;
/// Most minutes without use after which a session ends: a week.
pub const MAX_IDLE_MINUTES: u32 = 7 * 24 * 60;
/// Most hours that a session lives, used or not: thirty days.
pub const MAX_SESSION_HOURS: u32 = 30 * 24;
/// Fewest days after which a password must be changed, where it must.
pub const MIN_PASSWORD_DAYS: u32 = 30;
/// Most days after which a password must be changed, where it must.
pub const MAX_PASSWORD_DAYS: u32 = 1_000;

/// The rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRules {
    /// Codes of the roles that need a second factor.
    factor_roles: Vec<String>,
    /// A session that is not used ends after so many minutes.
    pub idle_minutes: u32,
    /// A session ends after so many hours, used or not.
    pub session_hours: u32,
    /// A password lasts so many days; for ever when it is `None`.
    pub password_days: Option<u32>,
}

impl Default for SignInRules {
    fn default() -> Self {
        Self {
            factor_roles: Vec::new(),
            idle_minutes: SESSION_IDLE_HOURS * 60,
            session_hours: SESSION_HOURS,
            password_days: None,
        }
    }
}

/// Which rule is out of its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Not [`MIN_IDLE_MINUTES`] to [`MAX_IDLE_MINUTES`].
    #[error("sessions end after 5 minutes to 7 days without use")]
    Idle,
    /// Not 1 to [`MAX_SESSION_HOURS`].
    #[error("sessions last 1 to 720 hours")]
    Session,
    /// Not [`MIN_PASSWORD_DAYS`] to [`MAX_PASSWORD_DAYS`].
    #[error("passwords last 30 to 1,000 days")]
    Password,
}

impl SignInRules {
    /// Rules that are within their bounds.
    ///
    /// # Errors
    /// [`RuleError`] says which is not.
    pub fn new(
        factor_roles: &[Role],
        idle_minutes: u32,
        session_hours: u32,
        password_days: Option<u32>,
    ) -> Result<Self, RuleError> {
        if !(MIN_IDLE_MINUTES..=MAX_IDLE_MINUTES).contains(&idle_minutes) {
            return Err(RuleError::Idle);
        }
        if !(1..=MAX_SESSION_HOURS).contains(&session_hours) {
            return Err(RuleError::Session);
        }
        if password_days
            .is_some_and(|days| !(MIN_PASSWORD_DAYS..=MAX_PASSWORD_DAYS).contains(&days))
        {
            return Err(RuleError::Password);
        }
        let codes = factor_roles.iter().map(|role| role.code().to_owned());
        Ok(Self {
            factor_roles: codes.collect(),
            idle_minutes,
            session_hours,
            password_days,
        })
    }

    pub(super) fn from_store(
        factor_roles: &str,
        idle_minutes: u32,
        session_hours: u32,
        password_days: Option<u32>,
    ) -> Self {
        Self {
            factor_roles: factor_roles.split_whitespace().map(str::to_owned).collect(),
            idle_minutes,
            session_hours,
            password_days,
        }
    }

    pub(super) fn factor_roles(&self) -> String {
        self.factor_roles.join(" ")
    }

    /// Whether members with `role` need a second factor.
    #[must_use]
    pub fn needs_factor(&self, role: Role) -> bool {
        self.factor_roles.iter().any(|code| code == role.code())
    }

    /// Whether a password that was set at `set_at` must be changed at `now`; it must when nobody
    /// knows since when it stands.
    #[must_use]
    pub fn is_password_old(&self, set_at: Option<Timestamp>, now: Timestamp) -> bool {
        let Some(set_at) = set_at else {
            return true;
        };
        let days = self.password_days.map(i64::from);
        days.is_some_and(|days| plus_minutes(set_at, days * 24 * 60) <= now)
    }

    /// When a session ends that began at `began_at` and was last seen at `seen_at`.
    #[must_use]
    pub fn ends(&self, began_at: Timestamp, seen_at: Timestamp) -> Timestamp {
        let by_age = plus_minutes(began_at, i64::from(self.session_hours) * 60);
        by_age.min(plus_minutes(seen_at, i64::from(self.idle_minutes)))
    }

    /// So often, in minutes, a session's use is written down: often enough that it does not end while
    /// it is used, and not at every click.
    #[must_use]
    pub fn noted_every_minutes(&self) -> i64 {
        const MOST: i64 = 10;
        (i64::from(self.idle_minutes) / 5).clamp(1, MOST)
    }
}

/// The rules of the organization.
///
/// # Errors
/// Those of the store.
pub fn sign_in_rules(tx: &Tx<'_>) -> Result<SignInRules, Error> {
    Ok(store::rules::load(tx)?.unwrap_or_default())
}

/// Changes the rules, effective at once; `None` when nothing of them is new.
///
/// # Errors
/// Those of the store.
pub fn change_sign_in_rules(
    tx: &Tx<'_>,
    _: &May<ChangeSettings>,
    rules: &SignInRules,
) -> Result<Option<UndoId>, Error> {
    tx.keep_revision();
    let before = sign_in_rules(tx)?;
    if before == *rules {
        return Ok(None);
    }
    put(tx, rules)?;
    let change = Change {
        before,
        after: rules.clone(),
    };
    undo::offer(tx, "access.rules", &change).map(Some)
}

/// A change of the rules.
#[derive(Serialize, Deserialize)]
struct Change {
    before: SignInRules,
    after: SignInRules,
}

/// Takes a change of the rules back, where they stand as it left them.
///
/// # Errors
/// [`MemberError::Changed`] when they were changed since; those of the store.
pub(super) fn take_back(tx: &Tx<'_>, payload: &serde_json::Value) -> Result<(), MemberError> {
    let change = Change::deserialize(payload).map_err(|_| Error::Decode("earlier values"))?;
    if sign_in_rules(tx)? != change.after {
        return Err(MemberError::Changed);
    }
    Ok(put(tx, &change.before)?)
}

fn put(tx: &Tx<'_>, rules: &SignInRules) -> Result<(), Error> {
    store::rules::put(tx, rules)?;
    let days = rules.password_days.unwrap_or(0);
    let detail = format!(
        "{} {} {days} {}",
        rules.idle_minutes,
        rules.session_hours,
        rules.factor_roles()
    );
    audit::record(
        tx,
        Act::SignInRulesChanged,
        tx.organization(),
        detail.trim(),
    )
}

/// Has everybody set a new password at their next sign-in.
///
/// # Errors
/// Those of the store.
pub fn expire_passwords(tx: &Tx<'_>, _: &May<ChangeSettings>) -> Result<(), Error> {
    tx.keep_revision();
    store::members::expire_passwords(tx)?;
    audit::record(tx, Act::PasswordsExpired, tx.organization(), "")
}

/// Has a member set a new password at their next sign-in, on behalf of `by`; they are written to.
///
/// # Errors
/// [`MemberError::Unknown`], [`MemberError::OwnersOnly`]; those of the store.
pub fn expire_password_of(
    tx: &Tx<'_>,
    by: &May<ManageMembers>,
    id: MemberId,
) -> Result<(), MemberError> {
    tx.keep_revision();
    let member = store::members::by_id(tx, id)?.ok_or(MemberError::Unknown)?;
    if member.role == Role::Owner && !by.is_owner() {
        return Err(MemberError::OwnersOnly);
    }
    store::members::expire_password(tx, id)?;
    messaging::notify(tx, Notice::PasswordAsked, id)?;
    Ok(audit::record(tx, Act::PasswordsExpired, id, "")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_keep_to_their_bounds() {
        let new = |idle, hours, days| SignInRules::new(&[], idle, hours, days).err();
        for (idle, hours, days, error) in [
            (MIN_IDLE_MINUTES, 1, None, None),
            (
                MAX_IDLE_MINUTES,
                MAX_SESSION_HOURS,
                Some(MIN_PASSWORD_DAYS),
                None,
            ),
            (60, 1, Some(MAX_PASSWORD_DAYS), None),
            (MIN_IDLE_MINUTES - 1, 1, None, Some(RuleError::Idle)),
            (MAX_IDLE_MINUTES + 1, 1, None, Some(RuleError::Idle)),
            (60, 0, None, Some(RuleError::Session)),
            (60, MAX_SESSION_HOURS + 1, None, Some(RuleError::Session)),
            (
                60,
                1,
                Some(MIN_PASSWORD_DAYS - 1),
                Some(RuleError::Password),
            ),
            (
                60,
                1,
                Some(MAX_PASSWORD_DAYS + 1),
                Some(RuleError::Password),
            ),
        ] {
            assert_eq!(new(idle, hours, days), error, "{idle} {hours} {days:?}");
        }
        assert_eq!(new(SESSION_IDLE_HOURS * 60, SESSION_HOURS, None), None);
    }

    #[test]
    fn a_password_is_old_from_the_minute_on() {
        let now = plus_minutes(Timestamp::UNIX_EPOCH, 60 * 24 * 60);
        let rules = |days| SignInRules {
            password_days: days,
            ..SignInRules::default()
        };
        let set_at = Some(plus_minutes(now, -30 * 24 * 60));
        assert!(rules(Some(30)).is_password_old(set_at, now));
        assert!(!rules(Some(30)).is_password_old(set_at, plus_minutes(now, -1)));
        assert!(!rules(None).is_password_old(set_at, now));
        assert!(rules(None).is_password_old(None, now));
    }

    #[test]
    fn use_is_noted_well_within_the_idle_time() {
        for (idle, minutes) in [(5, 1), (15, 3), (50, 10), (10_080, 10)] {
            let rules = SignInRules {
                idle_minutes: idle,
                ..SignInRules::default()
            };
            assert_eq!(rules.noted_every_minutes(), minutes);
        }
    }

    #[test]
    fn a_session_ends_by_age_and_by_rest() {
        let rules = SignInRules::new(&[Role::Owner], 30, 2, None).expect("within bounds");
        let began = Timestamp::UNIX_EPOCH;
        let at = |minutes| plus_minutes(began, minutes);
        assert_eq!(rules.ends(began, at(10)), at(40));
        assert_eq!(rules.ends(began, at(100)), at(120));
        assert!(rules.needs_factor(Role::Owner) && !rules.needs_factor(Role::Staff));
    }
}
