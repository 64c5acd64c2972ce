//! What owners and admins do for a member who lost something: turn a second factor off, have a password chosen
//! anew (both ask for a proof first, and the member is written to), take their link with the provider off, and sign
//! them out.

use kept_base::input::Form;
use kept_base::problem::Problem;

use crate::access::{self, MemberError};
use crate::desk::{Answer, Desk, DeskTo};
use crate::ids::MemberId;
use crate::policy::rights::ManageMembers;

const HERE: &str = "/members";

fn member_id(desk: &Desk) -> Result<MemberId, Problem> {
    desk.segment("id").parse().map_err(|_| Problem::not_found())
}

fn problem(error: MemberError) -> Problem {
    match error {
        MemberError::Unknown => Problem::not_found(),
        MemberError::OwnersOnly | MemberError::Beyond => Problem::forbidden(),
        MemberError::Store(error) => error.into(),
        error => Problem::conflict().because(&error),
    }
}

/// `POST /o/{org}/members/{id}/factor-removal`: the member signs in by password alone again, or sets up
/// another factor where their role needs one. Their sessions end.
pub(super) async fn remove_factor(desk: DeskTo<ManageMembers>, Form(_): Form) -> Answer {
    let id = member_id(&desk)?;
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let removed = desk.write(move |tx, _, by| access::remove_factor_of(tx, by, id));
    removed.await?.map_err(problem)?;
    Ok(desk.done(HERE, "member-factor-off", None))
}

/// `POST /o/{org}/members/{id}/password`: the member's next sign-in asks for a new password.
pub(super) async fn expire_password(desk: DeskTo<ManageMembers>, Form(_): Form) -> Answer {
    let id = member_id(&desk)?;
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let expired = desk.write(move |tx, _, by| access::expire_password_of(tx, by, id));
    expired.await?.map_err(problem)?;
    Ok(desk.done(HERE, "member-password-expired", None))
}

/// `POST /o/{org}/members/{id}/provider-removal`: the member is linked with no account at the provider any more.
pub(super) async fn unlink(desk: DeskTo<ManageMembers>, Form(_): Form) -> Answer {
    let id = member_id(&desk)?;
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let unlinked = desk.write(move |tx, _, by| access::unlink_identity_of(tx, by, id));
    let code = match unlinked.await?.map_err(problem)? {
        true => "member-unlinked",
        false => "unchanged",
    };
    Ok(desk.done(HERE, code, None))
}

/// `POST /o/{org}/members/{id}/sessions/end`: the member is signed out everywhere. It takes something away, so it
/// needs no proof.
pub(super) async fn end_sessions(desk: DeskTo<ManageMembers>, Form(_): Form) -> Answer {
    let id = member_id(&desk)?;
    let ended = desk.write(move |tx, _, by| access::end_sessions_of(tx, by, id));
    ended.await?.map_err(problem)?;
    Ok(desk.done(HERE, "member-signed-out", None))
}
