//! Who may do what: the policy table, members with their passwords, second factors and sessions, API
//! tokens, capability links, and answers kept for repeated requests (idempotency).

mod addresses;
mod attempts;
mod blocks;
mod browsers;
mod challenges;
mod change_back;
mod changing;
mod common_passwords;
mod device;
mod directory;
mod factor;
mod giving;
pub mod idempotency;
mod identities;
mod links;
mod members;
mod networks;
mod networks_back;
mod owed;
mod owners;
mod pace;
pub mod pages;
mod passkey_use;
mod passkeys;
mod passwords;
mod past_networks;
mod pending;
mod provider_door;
mod provider_records;
mod provisioned;
mod records;
mod recovery;
mod refusals;
mod role_limits;
mod rules;
mod sessions;
mod store;
mod telling;
mod tokens;
mod totp;
mod webauthn;

use jiff::Timestamp;
use kept_base::kit::{Entropy, Token};
use kept_base::store::{Error, Tx};

pub use crate::policy::{
    Area, Denied, Extent, Grant, Grants, Integrator, Level, Limits, Maker, Part, Right, Role,
    Scope, Terms, Way, allow, extent, table,
};
pub use addresses::{
    ADDRESS_HOURS, AddressError, AddressState, address_of_letter, address_of_link, address_state,
    ask_address, keep_address, take_address,
};
pub use attempts::{
    Attempt, Attempts, MAX_FAILURES_PER_ADDRESS, MAX_FAILURES_PER_PAIR, WINDOW_MINUTES,
};
pub use blocks::PACE_BLOCK;
pub use browsers::{Browser, KNOWN_BROWSER_DAYS, MAX_KNOWN_BROWSERS};
pub use challenges::{CHALLENGE_MINUTES, MAX_CHALLENGES};
pub use change_back::take_back as undo;
pub use changing::{
    change_account, change_member, end_sessions_of, invite, remove_member, rename_member, serve_as,
};
pub use device::Device;
pub use directory::{
    DirectoryEntry, MAX_DIRECTORY_NAME_CHARS, directory_entries, join_group, leave_group,
    memberships, put_directory_entry,
};
pub use factor::{
    Checked, FACTOR_SET_UP_MINUTES, FACTOR_WINDOW_HOURS, FactorError, FactorState, Given,
    MAX_FACTOR_FAILURES, check_factor, clear_factor, confirm_factor, factor_state,
    members_with_factor, propose_factor, proposed_secret, remove_factor, remove_factor_of,
};
pub use identities::{
    ByProvider, Identity, end_provider_sessions, identities_of, identity, join_by_provider,
    link_identity, note_identity, sid_hash, unlink_identity, unlink_identity_of, welcome_invited,
};
pub use links::{
    INVITATION_HOURS, LinkPurpose, PASS_MINUTES, RESET_HOURS, invite_again, issue_link, open_link,
    record_link, use_link,
};
pub use members::{
    MAX_MEMBER_LOCATIONS, MAX_MEMBERS, Member, MemberError, MemberState, NewMember, add_member,
    author, grants_of, member, member_by_email, members, set_password, sign_in_data,
};
pub use networks::{
    MAX_NETWORK_BYTES, MAX_NETWORK_NOTE_CHARS, MAX_NETWORKS, Network, NetworkError, Networks,
    NewNetwork, Standpoint, add_network, clear_networks, is_let_in, networks, read_network,
    remove_network,
};
pub use owed::Stage;
pub use owners::{assign, reassign};
pub use pace::{
    ADDRESS_REQUESTS_A_MINUTE, CHANGE_REQUESTS, MAX_API_REQUESTS_A_MINUTE,
    MAX_SCIM_REQUESTS_A_MINUTE, Pace, seconds_to_next_minute, take_block,
};
pub use passkey_use::{
    PasskeyOutcome, ask_for_passkey, ask_for_proof, prove_by_passkey, sign_in_with_passkey,
};
pub use passkeys::{
    MAX_PASSKEY_NAME_CHARS, MAX_PASSKEYS, Passkey, PasskeyError, Wanted, add_passkey, passkey_name,
    passkeys_of, propose_passkey, remove_passkey, rename_passkey,
};
pub use passwords::{
    HashError, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordError, PasswordHash, check_password,
    hash_password, verify_password,
};
pub use past_networks::{
    PAST_NETWORKS_MINUTES, WAITING_MINUTES, ask_to_pass, can_pass, pass_networks,
};
pub use pending::{
    Admitted, CodeOutcome, MAX_CODE_TRIES, PENDING_MINUTES, admit, admit_by_provider,
    confirm_at_sign_in, give_factor, pending_member, propose_at_sign_in, set_password_at_sign_in,
};
pub use provider_door::{
    MAX_PROVIDER_NAME_CHARS, ProviderDoor, close_provider_door, provider_door,
    provider_door_settings, put_provider_door,
};
pub use provider_records::PROVIDER_RECORDS;
pub use provisioned::{change_provisioned, provision};
pub use records::RECORDS;
pub use recovery::{
    RECOVERY_CODES, make_recovery_codes, new_recovery_code, recovery_code_hash, recovery_codes_left,
};
pub use refusals::{
    REFUSAL_MINUTES, note_failed_sign_in, note_outside, note_refusal, note_refused_provider,
    note_token_refusal,
};
pub use role_limits::{limits, set_limit};
pub use rules::{
    MAX_IDLE_MINUTES, MAX_PASSWORD_DAYS, MAX_SESSION_HOURS, MIN_IDLE_MINUTES, MIN_PASSWORD_DAYS,
    RuleError, SignInRules, change_sign_in_rules, expire_password_of, expire_passwords,
    sign_in_rules,
};
pub use sessions::{
    PROOF_MINUTES, SESSION_HOURS, SESSION_IDLE_HOURS, Session, SessionEntry, Shown,
    end_own_session, end_session, end_sessions, is_by_two_factors, is_proved, note_session,
    prove_session, session, session_ends_at, sessions_of, start_session,
};
pub use telling::tell_owners;
pub use tokens::{
    Credential, ENDED_TOKEN_DAYS, MAX_OVERLAP_DAYS, MAX_TOKEN_DAYS, MAX_TOKEN_NAME_CHARS,
    MAX_TOKENS, NewToken, TOKEN_DAYS, TOKEN_NOTICE_DAYS, TOKEN_PREFIX, TokenEntry, TokenError,
    TokenKind, TokenRefusal, TokenState, authenticate, create_token, make_token, note_use,
    revoke_token, revoke_tokens_of, rotate_token, tell_of_ending_tokens, token_refusal, tokens,
};
pub use totp::{CODE_DIGITS, CODE_SECONDS, TotpSecret};
pub use webauthn::{
    ALGORITHMS, CHALLENGE_BYTES, MAX_AUTHENTICATOR_BYTES, MAX_CLIENT_DATA_BYTES,
    MAX_CREDENTIAL_ID_BYTES, MAX_SIGNATURE_BYTES, Made, Party, PublicKey, Refusal, Signing,
    USER_HANDLE_BYTES, Used,
};

use crate::audit::{self, Act};
use crate::ids::{AppointmentId, CapabilityId, PersonId};
use crate::messaging::Notice;

/// How long a capability link outlives the end of its appointment, in days.
pub const CAPABILITY_DAYS_AFTER: i64 = 30;

/// What a capability link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The person's own page of one appointment: see, move, cancel.
    Manage,
}

impl Purpose {
    fn code(self) -> &'static str {
        match self {
            Self::Manage => "manage",
        }
    }
}

/// A presented capability link that is known and alive.
#[derive(Debug, Clone, Copy)]
pub struct Capability {
    /// Its id.
    pub id: CapabilityId,
    /// The appointment it opens.
    pub appointment: AppointmentId,
    /// Whose it is.
    pub person: PersonId,
}

/// Makes a capability link for a person's appointment that ends at `ends_at`; the secret is handed
/// out once, in an answer or a mail.
///
/// # Errors
/// Those of the store.
pub fn issue_capability(
    tx: &Tx<'_>,
    purpose: Purpose,
    appointment: AppointmentId,
    person: PersonId,
    ends_at: Timestamp,
) -> Result<Token, Error> {
    let token = fresh_capability(tx.entropy());
    record_capability(tx, purpose, &token, (appointment, person), ends_at)?;
    Ok(token)
}

/// A secret that opens nothing until [`record_capability`] has committed: so that a letter can be
/// written first, and its link exists only when it is sent.
#[must_use]
pub fn fresh_capability(entropy: &Entropy) -> Token {
    Token::new("", entropy)
}

/// Makes `token` open a person's appointment that ends at `ends_at`.
///
/// # Errors
/// Those of the store.
pub fn record_capability(
    tx: &Tx<'_>,
    purpose: Purpose,
    token: &Token,
    (appointment, person): (AppointmentId, PersonId),
    ends_at: Timestamp,
) -> Result<(), Error> {
    let id = CapabilityId::new(tx.now(), tx.entropy());
    let expires_at = link_expiry(tx, ends_at);
    let capability = Capability {
        id,
        appointment,
        person,
    };
    store::insert_capability(
        tx,
        &capability,
        purpose.code(),
        hash(purpose, token),
        expires_at,
    )?;
    audit::record(tx, Act::CapabilityIssued, id, &appointment.to_string())
}

/// Lets the links of an appointment that was moved live as long as those made for its new end.
///
/// # Errors
/// Those of the store.
pub fn extend_capabilities(
    tx: &Tx<'_>,
    appointment: AppointmentId,
    ends_at: Timestamp,
) -> Result<(), Error> {
    store::extend_capabilities(tx, appointment, link_expiry(tx, ends_at))
}

fn link_expiry(tx: &Tx<'_>, ends_at: Timestamp) -> Timestamp {
    kept_base::kit::time::plus_minutes(ends_at.max(tx.now()), CAPABILITY_DAYS_AFTER * 24 * 60)
}

/// Recognizes a presented capability link; `None` when it is unknown or expired.
///
/// # Errors
/// Those of the store.
pub fn open_capability(
    tx: &Tx<'_>,
    purpose: Purpose,
    token: &Token,
) -> Result<Option<Capability>, Error> {
    store::living_capability(tx, purpose.code(), hash(purpose, token))
}

/// Removes expired links and kept answers; tells how many rows went.
///
/// # Errors
/// Those of the store.
pub fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.keep_revision();
    let before = kept_base::kit::time::plus_minutes(tx.now(), -FACTOR_SET_UP_MINUTES);
    let removed = store::remove_expired(tx)? + store::factor::remove_stale(tx, before)?;
    if removed > 0 {
        audit::record(
            tx,
            Act::RetentionApplied,
            tx.organization(),
            &format!("access {removed}"),
        )?;
    }
    Ok(removed)
}

fn hash(purpose: Purpose, token: &Token) -> kept_base::kit::TokenHash {
    token.hash(&format!("capability {}", purpose.code()))
}
