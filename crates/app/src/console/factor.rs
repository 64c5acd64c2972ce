//! An operator's second factor: the same one-time codes and recovery codes as members have. What the app and
//! Kept share is sealed under the root key.

use jiff::Timestamp;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{OperatorId, Secret, Token, TokenHash};
use kept_base::store::{Error, Operator, OperatorFactor, OperatorSession, Store};
use zeroize::Zeroizing;

use super::start_session;
use crate::access::{
    Checked, FACTOR_SET_UP_MINUTES, FACTOR_WINDOW_HOURS, FactorError, Given, MAX_CODE_TRIES,
    MAX_FACTOR_FAILURES, PENDING_MINUTES, RECOVERY_CODES, TotpSecret, new_recovery_code,
    recovery_code_hash,
};

const PENDING: &str = "operator sign-in";

/// What comes after the right password, or a link that set it.
#[derive(Debug)]
pub enum Admitted {
    /// They are in, by this session.
    In(Token),
    /// A code of their app is asked for, of whoever has this token.
    Code(Token),
    /// They were suspended, or have another password or a second factor, since a moment ago.
    Refused,
}

/// What a code of a sign-in that waits led to.
#[derive(Debug)]
pub enum CodeOutcome {
    /// They are in, by this session.
    In(Token),
    /// It is another one; so many tries are left.
    Wrong(u32),
    /// That was the last try.
    Over,
    /// For now only recovery codes are taken.
    Locked,
    /// No such sign-in waits.
    Gone,
}

/// Lets an operator in who gave the password with that stored hash, or asks for the second factor that they
/// have.
///
/// # Errors
/// Those of the control database.
pub async fn admit(
    store: &Store,
    operator: &Operator,
    password: String,
) -> Result<Admitted, Error> {
    if operator.has_factor {
        let token = Token::session(store.entropy());
        let (hash, who) = (token.hash(PENDING), (operator.id, password));
        let waits = store.put_operator_pending(who, hash, PENDING_MINUTES);
        return Ok(match waits.await? {
            true => Admitted::Code(token),
            false => Admitted::Refused,
        });
    }
    let session = start_session(store, operator.id, Some(password)).await?;
    Ok(session.map_or(Admitted::Refused, Admitted::In))
}

/// Whose sign-in waits for a code.
///
/// # Errors
/// Those of the control database.
pub async fn waiting(store: &Store, token: &Token) -> Result<Option<Operator>, Error> {
    let found = store.operator_pending(token.hash(PENDING)).await?;
    Ok(found.map(|(operator, _)| operator))
}

/// Gives the second factor of a sign-in that waits. A wrong one is counted.
///
/// # Errors
/// Those of the control database.
pub async fn give(store: &Store, token: &Token, given: &Given) -> Result<CodeOutcome, Error> {
    let hash = token.hash(PENDING);
    let Some((operator, _)) = store.operator_pending(hash).await? else {
        return Ok(CodeOutcome::Gone);
    };
    match check(store, operator.id, given).await? {
        Checked::Right => {
            if !store.end_operator_pending(hash).await? {
                return Ok(CodeOutcome::Gone);
            }
            let session = start_session(store, operator.id, None).await?;
            Ok(session.map_or(CodeOutcome::Gone, CodeOutcome::In))
        }
        Checked::Locked => Ok(CodeOutcome::Locked),
        Checked::Wrong => {
            let failures = store.fail_operator_pending(hash, MAX_CODE_TRIES).await?;
            Ok(match MAX_CODE_TRIES.saturating_sub(failures) {
                0 => CodeOutcome::Over,
                left => CodeOutcome::Wrong(left),
            })
        }
    }
}

/// Checks what somebody gives as the second factor of an operator, and uses it up.
///
/// # Errors
/// Those of the control database.
pub async fn check(store: &Store, id: OperatorId, given: &Given) -> Result<Checked, Error> {
    let factor = store.operator_factor(id).await?;
    let Some(factor) = factor.filter(|factor| factor.is_on) else {
        return Ok(Checked::Wrong);
    };
    let typed = match given {
        Given::Recovery(typed) => {
            let is_right = match recovery_code_hash(typed.expose()) {
                Some(hash) => store.use_operator_code(id, hash).await?,
                None => false,
            };
            return Ok(if is_right {
                Checked::Right
            } else {
                Checked::Wrong
            });
        }
        Given::Code(typed) => typed,
    };
    let minutes = FACTOR_WINDOW_HOURS * 60;
    let tries = store.count_operator_try(id, minutes, MAX_FACTOR_FAILURES);
    let Some(tries) = tries.await? else {
        return Ok(Checked::Locked);
    };
    let (secret, now) = (secret_of(&factor)?, store.clock().now());
    if let Some(step) = secret.accept_typed(typed.expose(), now, Some(factor.last_step)) {
        // Of two who give it at once, one was first.
        if store.use_operator_step(id, step).await? {
            return Ok(Checked::Right);
        }
    }
    if tries == MAX_FACTOR_FAILURES {
        store.note_operator_lock(id).await?;
    }
    Ok(Checked::Wrong)
}

/// Begins a factor in that session; `false` when one is on.
///
/// # Errors
/// Those of the control database.
pub async fn propose(store: &Store, session: &OperatorSession) -> Result<bool, Error> {
    let secret = TotpSecret::random(store.entropy());
    let bytes = Zeroizing::new(secret.bytes().to_vec());
    store
        .propose_operator_factor(session.operator.id, session.id, bytes)
        .await
}

/// The secret of a factor that was begun in that session and is neither confirmed nor too old.
///
/// # Errors
/// Those of the control database.
pub async fn proposed(
    store: &Store,
    session: &OperatorSession,
) -> Result<Option<(TotpSecret, Timestamp)>, Error> {
    let since = plus_minutes(store.clock().now(), -FACTOR_SET_UP_MINUTES);
    let factor = store.operator_factor(session.operator.id).await?;
    let open = factor.filter(|factor| {
        !factor.is_on && factor.proposed_at > since && factor.session == Some(session.id)
    });
    open.map(|factor| Ok((secret_of(&factor)?, factor.proposed_at)))
        .transpose()
}

fn secret_of(factor: &OperatorFactor) -> Result<TotpSecret, Error> {
    TotpSecret::from_bytes(&factor.secret).ok_or(Error::Decode("factor of an operator"))
}

/// Turns a factor on that was begun, for whoever has a code of it: every other session ends. The answer is
/// the recovery codes, to be shown once.
///
/// # Errors
/// [`FactorError`].
pub async fn confirm(
    store: &Store,
    session: &OperatorSession,
    typed: &str,
) -> Result<Vec<Secret>, FactorError> {
    if session.operator.has_factor {
        return Err(FactorError::Already);
    }
    let begun = proposed(store, session).await?;
    let (secret, begun) = begun.ok_or(FactorError::NotBegun)?;
    let step = secret.accept_typed(typed, store.clock().now(), None);
    let step = step.ok_or(FactorError::Wrong)?;
    let (codes, hashes) = new_codes(store);
    let on = store.confirm_operator_factor(session, (begun, step), hashes);
    if on.await? {
        Ok(codes)
    } else {
        Err(FactorError::NotBegun)
    }
}

/// Makes new recovery codes, to be shown once; those before are dead. `None` when no factor is on.
///
/// # Errors
/// Those of the control database.
pub async fn make_codes(store: &Store, id: OperatorId) -> Result<Option<Vec<Secret>>, Error> {
    let (codes, hashes) = new_codes(store);
    let made = store.put_operator_codes(id, hashes).await?;
    Ok(made.then_some(codes))
}

fn new_codes(store: &Store) -> (Vec<Secret>, Vec<TokenHash>) {
    let all = (0..RECOVERY_CODES).map(|_| new_recovery_code(store.entropy()));
    all.unzip()
}
