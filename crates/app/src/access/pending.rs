//! Sign-ins whose password or passkey was right and that are not done: a second factor is to be given
//! or set up, or the password is too old. Such a sign-in is known by a token that opens its next step, once,
//! for [`PENDING_MINUTES`], and nothing else: it is no session.

use std::net::IpAddr;

use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, Secret, Token};
use kept_base::store::{Error, Tx};

use super::browsers::{self, Browser};
use super::factor::{self, Checked, FactorError, FactorState, Given};
use super::identities::ByProvider;
use super::networks::{self, Standpoint};
use super::owed::{Gave, Stage, Standing, gave_before, means, still_owed};
use super::rules::{self, SignInRules};
use super::sessions::{self, Began};
use super::store::pending::Pending;
use super::{
    Grants, Member, MemberError, MemberState, Notice, PasswordHash, Role, provider_door,
    role_limits, store, telling,
};
use crate::audit::{self, Act};
use crate::ids::MemberId;

/// How long a sign-in waits for its next step, in minutes.
pub const PENDING_MINUTES: i64 = 10;
/// Most codes that are tried in one sign-in; then it begins anew with the password.
pub const MAX_CODE_TRIES: u32 = 5;

pub(super) const PURPOSE: &str = "pending sign-in";

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
    /// Not in: members of this role come in by the provider alone.
    Refused,
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

/// Lets a member in whose password, of that hash, was right or just set, or says what is still to come. `None`
/// when they have another one by now, or are not let in any more: to check one takes a while.
///
/// # Errors
/// Those of the store.
pub fn admit(
    tx: &Tx<'_>,
    member: MemberId,
    password: &PasswordHash,
    browser: &Browser,
) -> Result<Option<Admitted>, Error> {
    tx.keep_revision();
    if !store::members::has_this_password(tx, member, password.as_str())? {
        return Ok(None);
    }
    go_on(tx, member, browser, Gave::Password, Began::default()).map(Some)
}

/// Lets a member in whom the provider sent, or says what is still to come.
///
/// # Errors
/// Those of the store.
pub fn admit_by_provider(
    tx: &Tx<'_>,
    member: MemberId,
    browser: &Browser,
    by: &ByProvider,
) -> Result<Admitted, Error> {
    let gave = if by.two_factors {
        Gave::ProviderAndFactor
    } else {
        Gave::Provider
    };
    let before = Began {
        by_provider: Some(*by),
        ..Began::default()
    };
    go_on(tx, member, browser, gave, before)
}

/// What is next after a step, which [`still_owed`] alone says. `before.past_networks` is whether a link by mail
/// stands for the network of whoever it is, if they are an owner.
pub(super) fn go_on(
    tx: &Tx<'_>,
    id: MemberId,
    browser: &Browser,
    gave: Gave,
    before: Began,
) -> Result<Admitted, Error> {
    tx.keep_revision();
    let rules: SignInRules = rules::sign_in_rules(tx)?;
    let member = store::members::by_id(tx, id)?.ok_or(Error::Decode("member"))?;
    let by = before.by_provider.as_ref();
    let is_only_way = provider_door(tx)?.is_some_and(|door| door.is_only_way);
    let is_beside_it = is_only_way && by.is_none();
    if is_beside_it && member.role != Role::Owner {
        audit::record(tx, Act::SignInRefused, id, "provider_only")?;
        return Ok(Admitted::Refused);
    }
    let set_at = store::members::password_set_at(tx, id)?;
    let past_networks = before.past_networks && member.role == Role::Owner;
    let standing = Standing {
        has_factor: factor::factor_state(tx, id)? == FactorState::On,
        has_passkey: store::passkeys::has_any(tx, id)?,
        gave,
        role_needs_factor: rules.needs_factor(member.role),
        password_is_old: by.is_none() && rules.is_password_old(set_at, tx.now()),
        is_outside: !past_networks && is_outside(tx, &member, browser.from)?,
    };
    let began = Began {
        by_passkey: gave == Gave::Passkey,
        past_networks,
        by_provider: before.by_provider,
    };
    if let Some(stage) = still_owed(standing) {
        let token = Token::session(tx.entropy());
        let expires_at = plus_minutes(tx.now(), PENDING_MINUTES);
        let hash = token.hash(PURPOSE);
        store::pending::insert(tx, hash, id, (stage, &began), expires_at)?;
        if stage == Stage::Outside {
            audit::record(tx, Act::SignInRefused, id, "network")?;
        }
        return Ok(Admitted::Next(token, stage));
    }
    if is_beside_it {
        audit::record(tx, Act::PasswordUsedByOwner, id, "")?;
        telling::tell_owners(tx, Notice::OwnerPassword)?;
    }
    if let Some(before) = &browser.session {
        sessions::end_replaced(tx, before)?;
    }
    let means = means(standing, &began);
    let session = sessions::start(tx, id, browser.device, (&began, means))?;
    let browser = browsers::recognize(tx, id, browser)?;
    Ok(Admitted::In {
        session,
        browser,
        grants: member.grants(role_limits::limits(tx)?),
    })
}

/// Whether a member comes in from elsewhere alone.
fn is_outside(tx: &Tx<'_>, member: &Member, from: Option<IpAddr>) -> Result<bool, Error> {
    let who = Standpoint {
        role: Some(member.role),
        from,
    };
    Ok(!networks::is_let_in(tx, who)?)
}

/// Whose sign-in it is that waits at `stage`; `None` when it is unknown, over, at another stage, the
/// member is not active any more, or the step is for inside and this is not.
///
/// # Errors
/// Those of the store.
pub fn pending_member(
    tx: &Tx<'_>,
    token: &Token,
    stage: Stage,
    from: Option<IpAddr>,
) -> Result<Option<Member>, Error> {
    Ok(waiting(tx, token, stage, from)?.map(|pending| pending.member))
}

/// The same, with how it began.
pub(super) fn waiting(
    tx: &Tx<'_>,
    token: &Token,
    stage: Stage,
    from: Option<IpAddr>,
) -> Result<Option<Pending>, Error> {
    let found = store::pending::load(tx, token.hash(PURPOSE))?;
    let here =
        found.filter(|found| found.stage == stage && found.member.state == MemberState::Active);
    let Some(pending) = here else {
        return Ok(None);
    };
    let shows_who = matches!(stage, Stage::Code | Stage::Passkey | Stage::Outside);
    let is_past_networks = pending.began.past_networks && pending.member.role == Role::Owner;
    if !shows_who && !is_past_networks && is_outside(tx, &pending.member, from)? {
        return Ok(None);
    }
    Ok(Some(pending))
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
    let Some(Pending { member, began, .. }) = waiting(tx, token, Stage::Code, browser.from)? else {
        return Ok(CodeOutcome::Gone);
    };
    tx.recognize(Actor::member(member.id));
    let hash = token.hash(PURPOSE);
    match factor::check_factor(tx, member.id, given)? {
        Checked::Right => {
            store::pending::remove(tx, hash)?;
            go_on(tx, member.id, browser, Gave::Factor, began).map(CodeOutcome::Admitted)
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
pub fn propose_at_sign_in(
    tx: &Tx<'_>,
    token: &Token,
    from: Option<IpAddr>,
) -> Result<(), FactorError> {
    tx.keep_revision();
    let member = pending_member(tx, token, Stage::SetUp, from)?.ok_or(FactorError::NotBegun)?;
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
    let found = waiting(tx, token, Stage::SetUp, browser.from)?;
    let Pending { member, began, .. } = found.ok_or(FactorError::NotBegun)?;
    tx.recognize(Actor::member(member.id));
    let codes = factor::confirm_factor(tx, member.id, typed, None)?;
    Ok((codes, go_on(tx, member.id, browser, Gave::Factor, began)?))
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
    let found = waiting(tx, token, Stage::Password, browser.from)?;
    let Pending { member, began, .. } = found.ok_or(MemberError::Unknown)?;
    tx.recognize(Actor::member(member.id));
    super::set_password(tx, member.id, hash)?;
    super::end_sessions(tx, member.id, None)?;
    // This stage is the last: whoever has a factor gave it before.
    Ok(go_on(tx, member.id, browser, gave_before(&began), began)?)
}
