use jiff::Timestamp;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::ids::{
    AppointmentId, BlockId, HoldId, LocationId, PersonId, RoomId, ServiceId, StaffId,
    StatusChangeId,
};
use crate::scheduling::staff::{Block, Conflict, Holder, Resource};
use crate::scheduling::{Appointment, Status};

/// Longest that an appointment can reach back from its end, in microseconds: a day.
const REACH_MICROSECONDS: i64 = 24 * 3_600 * 1_000_000;
/// The same of reserved time: two weeks.
const BLOCK_REACH_MICROSECONDS: i64 = 14 * REACH_MICROSECONDS;

/// An appointment as calendars show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id.
    pub id: AppointmentId,
    /// What people say on the telephone.
    pub reference: String,
    /// Which service.
    pub service: ServiceId,
    /// Where.
    pub location: LocationId,
    /// In which room.
    pub room: Option<RoomId>,
    /// Whose.
    pub person: PersonId,
    /// How it stands.
    pub status: Status,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// How often it was changed.
    pub revision: u32,
    /// Who serves.
    pub staff: Vec<StaffId>,
}

/// The appointments that touch `from..to`, in order of time; of at most `limit` rows, one for each
/// who serves. With `staff`, those of that staff member alone.
///
/// # Errors
/// Those of the store.
pub fn taken_between(
    tx: &Tx<'_>,
    (from, to): (Timestamp, Timestamp),
    staff: Option<StaffId>,
    among: Option<&[LocationId]>,
    limit: u32,
) -> Result<Vec<Taken>, Error> {
    let among: Option<String> = among.map(|all| all.iter().map(ToString::to_string).collect());
    let mut found: Vec<Taken> = Vec::new();
    let earliest = from.as_microsecond().saturating_sub(REACH_MICROSECONDS);
    tx.query(
        "select appointment.id, reference, service_id, location_id, room_id, person_id, status,
             starts_at, ends_at, revision, staff_id
         from appointment left join appointment_staff
             on appointment_staff.appointment_id = appointment.id
         where starts_at >= $1 and starts_at < $2 and ends_at > $3
           and (cast($4 as text) is null or exists (select 1 from appointment_staff as own
                where own.appointment_id = appointment.id and own.staff_id = $4))
           and (cast($6 as text) is null or $6 like '%' || location_id || '%')
         order by starts_at, appointment.id limit $5",
        params![earliest, to, from, staff, limit, among],
        |row| {
            let (id, member): (AppointmentId, Option<StaffId>) = (row.get(0)?, row.get(10)?);
            if let Some(last) = found.last_mut().filter(|last| last.id == id) {
                last.staff.extend(member);
                return Ok(());
            }
            found.push(Taken {
                id,
                reference: row.get(1)?,
                service: row.get(2)?,
                location: row.get(3)?,
                room: row.get(4)?,
                person: row.get(5)?,
                status: Status::from_code(row.borrow(6)?).ok_or(Error::Decode("status"))?,
                starts_at: row.get(7)?,
                ends_at: row.get(8)?,
                revision: row.get(9)?,
                staff: member.into_iter().collect(),
            });
            Ok(())
        },
    )?;
    for taken in &mut found {
        // Here and not in the query, which the index puts in order but for this.
        taken.staff.sort_unstable();
    }
    Ok(found)
}

/// The reserved time that touches `from..to`, in order; of at most `limit` rows, one for each
/// person or room that it takes.
///
/// # Errors
/// Those of the store.
pub fn blocks_between(
    tx: &Tx<'_>,
    (from, to): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Block>, Error> {
    let earliest = from
        .as_microsecond()
        .saturating_sub(BLOCK_REACH_MICROSECONDS);
    read_blocks(
        tx,
        "where block.starts_at >= $1 and block.starts_at < $2 and block.ends_at > $3
         order by block.starts_at, block.id, resource_id limit $4",
        params![earliest, to, from, limit],
    )
}

pub(in crate::scheduling) fn block(tx: &Tx<'_>, id: BlockId) -> Result<Option<Block>, Error> {
    let found = read_blocks(
        tx,
        "where block.id = $1 order by block.id, resource_id",
        params![id],
    )?;
    Ok(found.into_iter().next())
}

fn read_blocks(
    tx: &Tx<'_>,
    condition: &str,
    params: &[kept_base::store::Value<'_>],
) -> Result<Vec<Block>, Error> {
    let mut found: Vec<Block> = Vec::new();
    let sql = format!(
        "select block.id, label, block.starts_at, block.ends_at, resource_id
         from block join claim on claim.block_id = block.id {condition}"
    );
    tx.query(&sql, params, |row| {
        let (id, resource): (BlockId, String) = (row.get(0)?, row.get(4)?);
        if let Some(last) = found.last_mut().filter(|last| last.id == id) {
            last.resources.push(resource);
            return Ok(());
        }
        found.push(Block {
            id,
            label: row.get(1)?,
            starts_at: row.get(2)?,
            ends_at: row.get(3)?,
            resources: vec![resource],
        });
        Ok(())
    })?;
    Ok(found)
}

pub(in crate::scheduling) fn insert_block(tx: &Tx<'_>, block: &Block) -> Result<(), Error> {
    tx.execute(
        "insert into block (id, label, starts_at, ends_at, created_at, created_by)
         values ($1, $2, $3, $4, $5, $6)",
        params![
            block.id,
            block.label,
            block.starts_at,
            block.ends_at,
            tx.now(),
            tx.actor().to_string()
        ],
    )?;
    for resource in &block.resources {
        tx.execute(
            "insert into claim (resource_id, starts_at, ends_at, block_id)
             values ($1, $2, $3, $4)",
            params![resource, block.starts_at, block.ends_at, block.id],
        )?;
    }
    Ok(())
}

pub(in crate::scheduling) fn delete_block(tx: &Tx<'_>, id: BlockId) -> Result<(), Error> {
    tx.execute("delete from claim where block_id = $1", params![id])?;
    tx.execute("delete from block where id = $1", params![id])?;
    Ok(())
}

/// What takes time of a resource between `from` and `to`, but for the claims of `moving`.
pub(in crate::scheduling) fn conflicts(
    tx: &Tx<'_>,
    resource: Resource,
    (from, to): (Timestamp, Timestamp),
    moving: Option<AppointmentId>,
) -> Result<Vec<Conflict>, Error> {
    tx.query(
        "select starts_at, ends_at, appointment_id, hold_id, block_id from claim
         where resource_id = $1 and starts_at < $3
           and starts_at >= coalesce(
               (select max(starts_at) from claim where resource_id = $1 and starts_at < $2), $2)
           and ends_at > $2
           and (appointment_id is null or appointment_id <> coalesce($4, ''))
         order by starts_at",
        params![resource.to_string(), from, to, moving],
        |row| {
            let appointment: Option<AppointmentId> = row.get(2)?;
            let hold: Option<HoldId> = row.get(3)?;
            let block: Option<BlockId> = row.get(4)?;
            let holder = match (appointment, hold, block) {
                (Some(id), _, _) => Holder::Appointment(id),
                (_, Some(_), _) => Holder::Hold,
                (_, _, Some(id)) => Holder::Block(id),
                _ => return Err(Error::Decode("holder of a claim")),
            };
            Ok(Conflict {
                resource,
                starts_at: row.get(0)?,
                ends_at: row.get(1)?,
                holder,
            })
        },
    )
}

/// Sets a status, and keeps who set it and when. The record of a cancellation stands as long as the
/// appointment is cancelled.
pub(in crate::scheduling) fn update_status(
    tx: &Tx<'_>,
    before: &Appointment,
    changed: &Appointment,
) -> Result<(), Error> {
    let id = changed.id;
    tx.execute(
        "update appointment set status = $2, revision = $3 where id = $1",
        params![id, changed.status.code(), changed.revision],
    )?;
    tx.execute(
        "delete from cancellation where appointment_id = $1",
        params![id],
    )?;
    if changed.status == Status::Canceled {
        tx.execute(
            "insert into cancellation (appointment_id, at, actor) values ($1, $2, $3)",
            params![id, tx.now(), tx.actor().to_string()],
        )?;
    }
    tx.execute(
        "insert into status_change (id, appointment_id, from_status, to_status, at, actor)
         values ($1, $2, $3, $4, $5, $6)",
        params![
            StatusChangeId::new(tx.now(), tx.entropy()),
            id,
            before.status.code(),
            changed.status.code(),
            tx.now(),
            tx.actor().to_string()
        ],
    )?;
    Ok(())
}
