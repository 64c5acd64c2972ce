//! `POST /o/{org}/undo/{id}`: takes back what its author did, by the slice that did it.

use std::net::IpAddr;

use kept_base::input::Form;
use kept_base::kit::Actor;
use kept_base::problem::Problem;
use kept_base::store::{Error, Tx};

use crate::access::{self, MemberError};
use crate::app::App;
use crate::calendar;
use crate::desk::{self, Answer, Desk, DeskTo};
use crate::directory;
use crate::ids::UndoId;
use crate::letters::{self, TemplateError};
use crate::look::{self, LookError};
use crate::offering::{self, OfferingError};
use crate::organization;
use crate::packages::{self, PackageError};
use crate::people::{self, PeopleError};
use crate::policy::rights::UseAccount;
use crate::scheduling::{self, staff::StaffError};
use crate::sso;
use crate::undo::{self, Taken};

/// The route.
pub(super) fn desk() -> desk::Routes {
    desk::Routes::new().post("/undo/{id}", take_back)
}

/// Why a change cannot be taken back: nothing of it is.
enum NotTaken {
    /// There is no such offer, or it ran out.
    Gone,
    /// What came later is in the way.
    InTheWay,
    /// The store failed.
    Store(Error),
}

impl From<Error> for NotTaken {
    fn from(error: Error) -> Self {
        Self::Store(error)
    }
}

async fn take_back(desk: DeskTo<UseAccount>, Form(form): Form) -> Answer {
    let back = back(&desk, form.filled("back"));
    let Ok(id) = desk.segment("id").parse::<UndoId>() else {
        return Err(Problem::not_found());
    };
    if changes_access(&desk, id).await?
        && let Some(proof) = desk.wants_proof(&back).await?
    {
        return Ok(proof);
    }
    let from = desk.from;
    let taken = desk.write(move |tx, app, _| {
        let taken = undo::take(tx, id)?.ok_or(NotTaken::Gone)?;
        apply(tx, app, &taken, from)
    });
    match taken.await? {
        Ok(()) => Ok(desk.done(&back, "undone", None)),
        Err(NotTaken::Gone) => Ok(desk.done(&back, "undo-gone", None)),
        Err(NotTaken::InTheWay) => Ok(desk.done(&back, "undo-in-the-way", None)),
        Err(NotTaken::Store(error)) => Err(error.into()),
    }
}

/// Whether it is about who is let in, and how: what asks for a proof when it is done asks for one
/// when it is taken back.
async fn changes_access(desk: &Desk, id: UndoId) -> Result<bool, Problem> {
    let author = Actor::member(desk.member.id);
    let kind = desk
        .read(move |tx, _| undo::kind(tx, id, &author))
        .await??;
    let is_access = |kind: &str| kind.starts_with("access.") || kind.starts_with("sso.");
    Ok(kind.is_some_and(|kind| is_access(&kind) && kind != "access.passkey"))
}

/// Where the form stood, below the organization.
fn back(desk: &Desk, sent: Option<&str>) -> String {
    let home = desk.url("/");
    let rest = sent.and_then(|sent| sent.strip_prefix(&home));
    let inside = rest.filter(|rest| rest.starts_with('/') || rest.starts_with('?'));
    inside.map_or_else(|| "/".to_owned(), str::to_owned)
}

/// Hands the earlier values to the slice that wrote them.
fn apply(tx: &Tx<'_>, app: &App, taken: &Taken, from: Option<IpAddr>) -> Result<(), NotTaken> {
    let (slice, what) = taken.kind.split_once('.').unwrap_or((&taken.kind, ""));
    match slice {
        "organization" => Ok(organization::undo(tx, what, &taken.payload)?),
        "offering" => Ok(offering::undo(tx, &taken.payload)?),
        "access" => Ok(access::undo(tx, what, &taken.payload, from)?),
        "directory" => Ok(directory::take_back(tx, &taken.kind, &taken.payload)?),
        "people" => Ok(people::take_back(tx, &taken.kind, &taken.payload)?),
        "look" => Ok(look::undo(tx, what, &taken.payload)?),
        "letters" => Ok(letters::undo(tx, what, &taken.payload)?),
        "scheduling" => Ok(scheduling::staff::undo(tx, &app.catalogs, &taken.payload)?),
        "packages" => Ok(packages::undo(tx, &taken.payload)?),
        "calendar" => Ok(calendar::undo(tx, &taken.payload)?),
        "sso" if sso::take_back(tx, &taken.payload)? => Ok(()),
        _ => Err(NotTaken::InTheWay),
    }
}

impl From<LookError> for NotTaken {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Store(error) => Self::Store(error),
            _ => Self::InTheWay,
        }
    }
}

impl From<TemplateError> for NotTaken {
    fn from(error: TemplateError) -> Self {
        match error {
            TemplateError::Store(error) => Self::Store(error),
            _ => Self::InTheWay,
        }
    }
}

impl From<MemberError> for NotTaken {
    fn from(error: MemberError) -> Self {
        match error {
            MemberError::Store(error) => Self::Store(error),
            _ => Self::InTheWay,
        }
    }
}

impl From<PeopleError> for NotTaken {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Store(error) => Self::Store(error),
            _ => Self::InTheWay,
        }
    }
}

impl From<PackageError> for NotTaken {
    fn from(error: PackageError) -> Self {
        match error {
            PackageError::Store(error) => Self::Store(error),
            _ => Self::InTheWay,
        }
    }
}

impl From<OfferingError> for NotTaken {
    fn from(error: OfferingError) -> Self {
        match error {
            OfferingError::Store(error) => Self::Store(error),
            _ => Self::InTheWay,
        }
    }
}

impl From<StaffError> for NotTaken {
    fn from(error: StaffError) -> Self {
        match error {
            StaffError::Store(error) => Self::Store(error),
            _ => Self::InTheWay,
        }
    }
}
