//! How organizations stand: active or suspended, since when they are there, where they are.

use jiff::Timestamp;

use super::operators::By;
use super::{Control, read_placed};
use crate::kit::OrganizationId;
use crate::params;
use crate::store::operators::OperatorActKind;
use crate::store::standing::{OrganizationState, STANDING_CHANGED};
use crate::store::{Error, Placed, Row};

/// What the control database knows of an organization.
pub(in crate::store) struct Known {
    pub placed: Placed,
    pub state: OrganizationState,
    pub because: Option<String>,
    pub created_at: Timestamp,
}

fn read(row: &Row<'_>) -> Result<Known, Error> {
    Ok(Known {
        placed: read_placed(row)?,
        state: OrganizationState::from_code(row.borrow(3)?),
        because: row.get(4)?,
        created_at: row.get(5)?,
    })
}

impl Control {
    /// All that are suspended: few.
    pub fn suspended(&self) -> Result<Vec<OrganizationId>, Error> {
        self.with(|session| {
            session.query(
                "select id from organization where state = $1",
                params![OrganizationState::Suspended.code()],
                |row| row.get(0),
            )
        })
    }

    /// Records an act about an organization that is done in its own data.
    pub fn note_act(
        &self,
        id: OrganizationId,
        (act, reason): (OperatorActKind, &str),
        by: By<'_>,
    ) -> Result<(), Error> {
        self.with(|session| by.record(session, act, &id.to_string(), reason))
    }

    /// Suspends an active organization for `reason`, or with `None` lets a suspended one go on.
    /// `false` when it stands otherwise.
    pub fn set_standing(
        &self,
        id: OrganizationId,
        reason: Option<&str>,
        by: By<'_>,
    ) -> Result<bool, Error> {
        let (from, to, act) = match reason {
            Some(_) => (
                OrganizationState::Active,
                OrganizationState::Suspended,
                OperatorActKind::OrganizationSuspended,
            ),
            None => (
                OrganizationState::Suspended,
                OrganizationState::Active,
                OperatorActKind::OrganizationResumed,
            ),
        };
        self.with(|session| {
            let changed = session.execute(
                "update organization set state = $2, held_because = $3
                 where id = $1 and state = $4 and complete = 1",
                params![id, to.code(), reason, from.code()],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            by.record(session, act, &id.to_string(), reason.unwrap_or_default())?;
            if !self.is_file() {
                // Told with the commit. Every commit of the server waits for it, this once.
                session.batch(&format!(
                    "select pg_notify('kept', '{id}{STANDING_CHANGED}')"
                ))?;
            }
            Ok(true)
        })
    }

    /// Organizations by slug, at most `limit`, after the slug `after`: those with `sought` in it.
    pub fn known(&self, sought: &str, after: &str, limit: u32) -> Result<Vec<Known>, Error> {
        // A slug has letters, digits and hyphens: none of them means anything to `like`.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !sought.chars().all(is_plain) {
            return Ok(Vec::new());
        }
        let pattern = format!("%{}%", sought.to_ascii_lowercase());
        self.with(|session| {
            session.query(
                "select id, slug, placement, state, held_because, created_at from organization
                 where complete = 1 and slug like $1 and slug > $2 order by slug limit $3",
                params![pattern, after, limit],
                read,
            )
        })
    }

    /// The organization of that slug.
    pub fn known_by_slug(&self, slug: &str) -> Result<Option<Known>, Error> {
        self.with(|session| {
            session.query_opt(
                "select id, slug, placement, state, held_because, created_at from organization
                 where complete = 1 and slug = $1",
                params![slug],
                read,
            )
        })
    }

    /// How many organizations there are.
    pub fn count(&self) -> Result<u64, Error> {
        let found = self.with(|session| {
            session.query_opt(
                "select count(*) from organization where complete = 1",
                &[],
                |row| row.get::<i64>(0),
            )
        })?;
        Ok(found.unwrap_or(0).unsigned_abs())
    }
}
