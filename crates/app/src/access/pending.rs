//! Sign-ins whose password was right and that are not done: a second factor is to be given or set up,
//! or the password is too old. Such a sign-in is known by a token that opens its next step, once,
//! for [`PENDING_MINUTES`], and nothing else: it is no session.

use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, Secret, Token};
use kept_base::store::{Error, Tx};

use super::browsers::{self, Browser};
use super::factor::{self, Checked, FactorError, FactorState, Given};
use super::rules::{self, SignInRules};
use super::{
    Grants, Member, MemberError, MemberState, PasswordHash, role_limits, start_session, store,
};
use crate::audit::{self, Act};
use crate::ids::MemberId;

/// How long a sign-in waits for its next step, in minutes.
pub const PENDING_MINUTES: i64 = 10;
/// Most codes that are tried in one sign-in; then it begins anew with the password.
pub const MAX_CODE_TRIES: u32 = 5;

const PURPOSE: &str = "pending sign-in";

/// What a sign-in waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The member's second factor.
    Code,
    /// A second factor, which the member's role needs and they have not.
    SetUp,
    /// A new password.
    Password,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 3] = [Self::Code, Self::SetUp, Self::Password];

    /// The stable code, as stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::SetUp => "set_up",
            Self::Password => "password",
        }
    }

    /// Reads a stored code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.code() == code)
    }
}

/// What is known of a sign-in after a step of it.
#[derive(Debug, Clone, Copy)]
struct Standing {
    has_factor: bool,
    gave_factor: bool,
    role_needs_factor: bool,
    password_is_old: bool,
}

/// What is still to come; `None` when all was done. A right code stands for nothing before the
/// password, because only a password begins a sign-in.
fn still_owed(standing: Standing) -> Option<Stage> {
    if standing.has_factor && !standing.gave_factor {
        Some(Stage::Code)
    } else if standing.role_needs_factor && !standing.has_factor {
        Some(Stage::SetUp)
    } else if standing.password_is_old {
        Some(Stage::Password)
    } else {
        None
    }
}

/// What a step led to.
#[derive(Debug)]
pub enum Admitted {
    /// In.
    In {
        /// For the session's cookie.
        session: Token,
        /// For the cookie by which the browser is known again.
        browser: Token,
        /// What they may do.
        grants: Grants,
    },
    /// The next step, which this token opens.
    Next(Token, Stage),
}

/// What came of a second factor that was given.
#[derive(Debug)]
pub enum CodeOutcome {
    /// It was right.
    Admitted(Admitted),
    /// It was wrong; so many tries are left, at least one.
    Wrong(u32),
    /// It was wrong too often: the sign-in is over.
    Over,
    /// For now only recovery codes are taken of this member.
    Locked,
    /// There is no such sign-in, or its time is over.
    Gone,
}

/// Lets a member in whose password was right or just set, or says what is still to come.
///
/// # Errors
/// Those of the store.
pub fn admit(tx: &Tx<'_>, member: MemberId, browser: &Browser) -> Result<Admitted, Error> {
    go_on(tx, member, browser, false)
}

fn go_on(
    tx: &Tx<'_>,
    id: MemberId,
    browser: &Browser,
    gave_factor: bool,
) -> Result<Admitted, Error> {
    tx.keep_revision();
    let rules: SignInRules = rules::sign_in_rules(tx)?;
    let member = store::members::by_id(tx, id)?.ok_or(Error::Decode("member"))?;
    let set_at = store::members::password_set_at(tx, id)?;
    let standing = Standing {
        has_factor: factor::factor_state(tx, id)? == FactorState::On,
        gave_factor,
        role_needs_factor: rules.needs_factor(member.role),
        password_is_old: rules.is_password_old(set_at, tx.now()),
    };
    if let Some(stage) = still_owed(standing) {
        let token = Token::session(tx.entropy());
        let expires_at = plus_minutes(tx.now(), PENDING_MINUTES);
        store::pending::insert(tx, token.hash(PURPOSE), id, stage, expires_at)?;
        return Ok(Admitted::Next(token, stage));
    }
    let session = start_session(tx, id, browser.device)?;
    let browser = browsers::recognize(tx, id, browser)?;
    Ok(Admitted::In {
        session,
        browser,
        grants: member.grants(role_limits::limits(tx)?),
    })
}

/// Whose sign-in it is that waits at `stage`; `None` when it is unknown, over, at another stage, or
/// the member is not active any more.
///
/// # Errors
/// Those of the store.
pub fn pending_member(tx: &Tx<'_>, token: &Token, stage: Stage) -> Result<Option<Member>, Error> {
    let found = store::pending::load(tx, token.hash(PURPOSE))?;
    let here = found.filter(|(member, at)| *at == stage && member.state == MemberState::Active);
    Ok(here.map(|(member, _)| member))
}

/// Gives the second factor of a sign-in. A wrong one is counted.
///
/// # Errors
/// Those of the store.
pub fn give_factor(
    tx: &Tx<'_>,
    token: &Token,
    given: &Given,
    browser: &Browser,
) -> Result<CodeOutcome, Error> {
    tx.keep_revision();
    let Some(member) = pending_member(tx, token, Stage::Code)? else {
        return Ok(CodeOutcome::Gone);
    };
    tx.recognize(Actor::member(member.id));
    let hash = token.hash(PURPOSE);
    match factor::check_factor(tx, member.id, given)? {
        Checked::Right => {
            store::pending::remove(tx, hash)?;
            go_on(tx, member.id, browser, true).map(CodeOutcome::Admitted)
        }
        Checked::Locked => Ok(CodeOutcome::Locked),
        Checked::Wrong => {
            let failures = store::pending::fail(tx, hash)?;
            let left = MAX_CODE_TRIES.saturating_sub(failures);
            if left > 0 {
                return Ok(CodeOutcome::Wrong(left));
            }
            store::pending::remove(tx, hash)?;
            audit::record(tx, Act::SignInRefused, member.id, "code")?;
            Ok(CodeOutcome::Over)
        }
    }
}

/// Begins the factor that a sign-in waits for.
///
/// # Errors
/// [`FactorError::NotBegun`] when there is no such sign-in; those of the store.
pub fn propose_at_sign_in(tx: &Tx<'_>, token: &Token) -> Result<(), FactorError> {
    tx.keep_revision();
    let member = pending_member(tx, token, Stage::SetUp)?.ok_or(FactorError::NotBegun)?;
    factor::propose_factor(tx, member.id)
}

/// Turns on the factor that a sign-in waits for; the answer is the recovery codes, and what is next.
///
/// # Errors
/// [`FactorError`]; [`FactorError::NotBegun`] also when there is no such sign-in.
pub fn confirm_at_sign_in(
    tx: &Tx<'_>,
    token: &Token,
    typed: &str,
    browser: &Browser,
) -> Result<(Vec<Secret>, Admitted), FactorError> {
    tx.keep_revision();
    let member = pending_member(tx, token, Stage::SetUp)?.ok_or(FactorError::NotBegun)?;
    tx.recognize(Actor::member(member.id));
    let codes = factor::confirm_factor(tx, member.id, typed, None)?;
    Ok((codes, go_on(tx, member.id, browser, true)?))
}

/// Sets the password that a sign-in waits for.
///
/// # Errors
/// [`MemberError::Unknown`] when there is no such sign-in; those of the store.
pub fn set_password_at_sign_in(
    tx: &Tx<'_>,
    token: &Token,
    hash: &PasswordHash,
    browser: &Browser,
) -> Result<Admitted, MemberError> {
    tx.keep_revision();
    let member = pending_member(tx, token, Stage::Password)?.ok_or(MemberError::Unknown)?;
    tx.recognize(Actor::member(member.id));
    super::set_password(tx, member.id, hash)?;
    super::end_sessions(tx, member.id, None)?;
    // This stage is the last: whoever has a factor gave it before.
    Ok(go_on(tx, member.id, browser, true)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_owed_is_left_out() {
        let all = [false, true];
        for has_factor in all {
            for gave_factor in all {
                for role_needs_factor in all {
                    for password_is_old in all {
                        let owed = still_owed(Standing {
                            has_factor,
                            gave_factor,
                            role_needs_factor,
                            password_is_old,
                        });
                        let done = (!has_factor || gave_factor)
                            && (!role_needs_factor || has_factor)
                            && !password_is_old;
                        assert_eq!(owed.is_none(), done);
                        assert!(owed != Some(Stage::Password) || !has_factor || gave_factor);
                        assert!(owed != Some(Stage::SetUp) || !has_factor);
                    }
                }
            }
        }
    }
}
