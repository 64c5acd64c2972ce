//! `/o/{org}/account/provider` and `/o/{org}/account/proof/provider`: a member's own account at the provider,
//! linked with theirs here, and used as the proof that it is they.

use kept_base::input::Form;
use kept_base::problem::Problem;

use super::door::leave;
use crate::access;
use crate::access::pages::DoorRequest;
use crate::desk::{Answer, DeskTo};
use crate::page::see_other;
use crate::policy::rights::UseAccount;
use crate::sso::begin::Purpose;

const HERE: &str = "/account";

/// `POST /o/{org}/account/proof/provider`.
pub(super) async fn prove(desk: DeskTo<UseAccount>, door: DoorRequest, Form(_): Form) -> Answer {
    let next = door.next().map(str::to_owned);
    let left = leave(&door, Purpose::Proof(desk.session), next).await?;
    left.ok_or_else(Problem::not_found)
}

/// `POST /o/{org}/account/provider`.
pub(super) async fn link(desk: DeskTo<UseAccount>, door: DoorRequest, Form(_): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let left = leave(&door, Purpose::Link(desk.session), None).await?;
    left.ok_or_else(Problem::not_found)
}

/// `POST /o/{org}/account/provider/removal`.
pub(super) async fn unlink(desk: DeskTo<UseAccount>, Form(_): Form) -> Answer {
    if let Some(proof) = desk.wants_proof(HERE).await? {
        return Ok(proof);
    }
    let id = desk.member.id;
    let removed = desk.write(move |tx, _, by| access::unlink_identity(tx, by, id));
    let code = if removed.await?? {
        "provider-unlinked"
    } else {
        "unchanged"
    };
    Ok(see_other(&desk.url(&format!("{HERE}?done={code}"))))
}
