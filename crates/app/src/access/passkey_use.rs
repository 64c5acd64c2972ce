//! Using a passkey: to sign in, and as the proof of who is at the screen.

use kept_base::kit::{Actor, Token};
use kept_base::store::{Error, Tx};

use super::browsers::Browser;
use super::challenges::{Purpose, challenge};
use super::owed::{Gave, Stage};
use super::pending::{self, Admitted};
use super::sessions::Began;
use super::store::passkeys as store;
use super::webauthn::{self, CHALLENGE_BYTES, GoodUse, Party, Refusal, Used};
use super::{Member, MemberState, prove_session};
use crate::audit::{self, Act};
use crate::ids::{MemberId, SessionId};
use crate::messaging::{self, Notice};
use crate::policy::May;
use crate::policy::rights::UseAccount;

/// What came of signing in with a passkey. Whoever tried is not told why they are refused.
#[derive(Debug)]
pub enum PasskeyOutcome {
    /// It is good.
    Admitted(Box<Admitted>),
    /// It is not.
    Refused,
}

/// Begins a sign-in with a passkey, whoever's it will be: what the browser keeps until it answers, and
/// what the passkey is to sign.
///
/// # Errors
/// Those of the store.
pub fn ask_for_passkey(tx: &Tx<'_>) -> Result<(Token, [u8; CHALLENGE_BYTES]), Error> {
    tx.keep_revision();
    let token = Token::session(tx.entropy());
    let challenge = challenge(tx, Purpose::SignIn.hash(&token))?;
    Ok((token, challenge))
}

/// Signs in whoever used a passkey of theirs. An unknown one is answered like a wrong one, and the
/// challenge is used up by either. `pending` is the sign-in that waits for it, where there is one.
///
/// # Errors
/// Those of the store.
pub fn sign_in_with_passkey(
    tx: &Tx<'_>,
    token: &Token,
    (used, party): (&Used, &Party),
    (browser, pending): (&Browser, Option<&Token>),
) -> Result<PasskeyOutcome, Error> {
    tx.keep_revision();
    let asked = store::take_challenge(tx, Purpose::SignIn.hash(token))?;
    let Some(member) = holder(tx, used, asked.as_deref(), party, None)? else {
        return Ok(PasskeyOutcome::Refused);
    };
    tx.recognize(Actor::member(member.id));
    // The second step of a sign-in by the provider, where it is one.
    let waiting = match pending {
        Some(pending) => pending::waiting(tx, pending, Stage::Passkey, browser.from)?,
        None => None,
    };
    let waiting = waiting.filter(|waiting| waiting.member.id == member.id);
    let before = Began {
        by_provider: waiting.and_then(|waiting| waiting.began.by_provider),
        ..Began::default()
    };
    let admitted = pending::go_on(tx, member.id, browser, Gave::Passkey, before)?;
    Ok(PasskeyOutcome::Admitted(Box::new(admitted)))
}

/// Asks for a passkey of whoever uses `session`: what it is to sign, and the ids of theirs.
///
/// # Errors
/// Those of the store.
pub fn ask_for_proof(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    session: SessionId,
) -> Result<([u8; CHALLENGE_BYTES], Vec<Vec<u8>>), Error> {
    tx.keep_revision();
    let challenge = challenge(tx, Purpose::Proof.of_session(session)?)?;
    Ok((challenge, store::credential_ids(tx, member)?))
}

/// Takes a use of a passkey as the proof that `session` asked for, which goes on by another token; none when it
/// is no proof.
///
/// # Errors
/// Those of the store.
pub fn prove_by_passkey(
    tx: &Tx<'_>,
    _: &May<UseAccount>,
    member: MemberId,
    session: SessionId,
    (used, party): (&Used, &Party),
) -> Result<Option<Token>, Error> {
    tx.keep_revision();
    let asked = store::take_challenge(tx, Purpose::Proof.of_session(session)?)?;
    let holder = holder(tx, used, asked.as_deref(), party, Some(member))?;
    holder.map(|_| prove_session(tx, session)).transpose()
}

/// Whose passkey was used well, when they are active and, where it matters, `only` that member; its
/// use is written down.
fn holder(
    tx: &Tx<'_>,
    used: &Used,
    challenge: Option<&[u8]>,
    party: &Party,
    only: Option<MemberId>,
) -> Result<Option<Member>, Error> {
    let found = store::by_credential(tx, &used.credential_id)?;
    let found = found.filter(|found| only.is_none_or(|only| only == found.member));
    let Some(found) = found else {
        return Ok(None);
    };
    let member = super::store::members::by_id(tx, found.member)?;
    let Some(member) = member.filter(|member| member.state == MemberState::Active) else {
        return Ok(None);
    };
    let checked = match challenge {
        // A passkey names its holder where nobody has told who it is (7.2, step 6).
        Some(_) if !names_holder(used, &found, only) => Err(Refusal::Malformed),
        Some(challenge) => webauthn::check_used(used, challenge, party, &found.known),
        None => Err(Refusal::Challenge),
    };
    match checked {
        Ok(good) => {
            note(tx, &found, &good)?;
            Ok(Some(member))
        }
        Err(refusal) => {
            let detail = format!("passkey {refusal}");
            audit::record(tx, Act::SignInRefused, member.id, &detail)?;
            Ok(None)
        }
    }
}

fn names_holder(used: &Used, found: &store::Found, only: Option<MemberId>) -> bool {
    let is_told = only.is_some() && used.user_handle.is_empty();
    is_told || used.user_handle == found.user_handle
}

/// A count that went back may come from a copy of the key, or from an authenticator that counts badly:
/// its member hears of it and is not locked out.
fn note(tx: &Tx<'_>, found: &store::Found, good: &GoodUse) -> Result<(), Error> {
    store::note_use(tx, found.id, good)?;
    if good.count_went_back {
        let detail = format!("{} {} {}", found.member, found.known.count, good.count);
        audit::record(tx, Act::PasskeyCountWentBack, found.id, &detail)?;
        messaging::notify(tx, Notice::PasskeyCount, found.member)?;
    }
    Ok(())
}
