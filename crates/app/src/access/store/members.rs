use jiff::Timestamp;
use kept_base::kit::{Email, TokenHash};
use kept_base::params;
use kept_base::store::{Error, Row, Tx};

use super::{addresses, browsers, directory, factor, identities, passkeys, sessions};
use crate::access::{LinkPurpose, Member, MemberState, NewMember, Role};
use crate::ids::{MemberId, MemberLinkId};

pub(super) const COLUMNS: &str = "member.id, name, email, role, state, staff_id, locale, locations";

pub(super) fn read(row: &Row<'_>) -> Result<Member, Error> {
    let role: &str = row.borrow(3)?;
    let state: &str = row.borrow(4)?;
    Ok(Member {
        id: row.get(0)?,
        name: row.get(1)?,
        email: row.get(2)?,
        role: Role::from_code(role).ok_or(Error::Decode("role"))?,
        state: MemberState::from_code(state).ok_or(Error::Decode("member state"))?,
        staff: row.get(5)?,
        locale: row.get(6)?,
        // One that is not there any more reaches nothing.
        locations: (row.borrow::<&str>(7)?.split(' '))
            .filter_map(|id| id.parse().ok())
            .collect(),
    })
}

pub(in crate::access) fn insert(tx: &Tx<'_>, id: MemberId, new: &NewMember) -> Result<(), Error> {
    tx.execute(
        "insert into member (id, name, email, role, state, staff_id, locale, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            id,
            new.name,
            new.email,
            new.role.code(),
            MemberState::Invited.code(),
            new.staff,
            new.locale,
            tx.now()
        ],
    )?;
    Ok(())
}

pub(in crate::access) fn count(tx: &Tx<'_>) -> Result<usize, Error> {
    let count = tx.query_opt("select count(*) from member", &[], |row| row.get::<i64>(0))?;
    Ok(count
        .and_then(|count| usize::try_from(count).ok())
        .unwrap_or(0))
}

pub(in crate::access) fn by_id(tx: &Tx<'_>, id: MemberId) -> Result<Option<Member>, Error> {
    tx.query_opt(
        &format!("select {COLUMNS} from member where id = $1"),
        params![id],
        read,
    )
}

pub(in crate::access) fn all(tx: &Tx<'_>) -> Result<Vec<Member>, Error> {
    tx.query(
        &format!("select {COLUMNS} from member order by created_at, id"),
        &[],
        read,
    )
}

/// Addresses are compared without regard to case, as people type them.
pub(in crate::access) fn by_email(
    tx: &Tx<'_>,
    email: &Email,
) -> Result<Option<(Member, Option<String>)>, Error> {
    tx.query_opt(
        &format!("select {COLUMNS}, password_hash from member where lower(email) = lower($1)"),
        params![email],
        |row| Ok((read(row)?, row.get(8)?)),
    )
}

pub(in crate::access) fn set_password(tx: &Tx<'_>, id: MemberId, hash: &str) -> Result<(), Error> {
    tx.execute(
        "update member set password_hash = $2, password_set_at = $3 where id = $1",
        params![id, hash, tx.now()],
    )?;
    Ok(())
}

pub(in crate::access) fn password_set_at(
    tx: &Tx<'_>,
    id: MemberId,
) -> Result<Option<Timestamp>, Error> {
    let found = tx.query_opt(
        "select password_set_at from member where id = $1",
        params![id],
        |row| row.get(0),
    )?;
    Ok(found.flatten())
}

/// Whether they are active and that is the hash of their password.
pub(in crate::access) fn has_this_password(
    tx: &Tx<'_>,
    id: MemberId,
    hash: &str,
) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from member where id = $1 and state = $2 and password_hash = $3",
        params![id, MemberState::Active.code(), hash],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Whether they could sign in by a password.
pub(in crate::access) fn has_password(tx: &Tx<'_>, id: MemberId) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from member where id = $1 and password_hash is not null",
        params![id],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

pub(in crate::access) fn expire_passwords(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute("update member set password_set_at = null", &[])?;
    Ok(())
}

pub(in crate::access) fn expire_password(tx: &Tx<'_>, id: MemberId) -> Result<(), Error> {
    tx.execute(
        "update member set password_set_at = null where id = $1",
        params![id],
    )?;
    Ok(())
}

pub(in crate::access) fn set_state(
    tx: &Tx<'_>,
    id: MemberId,
    state: MemberState,
) -> Result<(), Error> {
    tx.execute(
        "update member set state = $2 where id = $1",
        params![id, state.code()],
    )?;
    Ok(())
}

pub(in crate::access) fn update(tx: &Tx<'_>, changed: &Member) -> Result<(), Error> {
    let locations: Vec<String> = changed.locations.iter().map(ToString::to_string).collect();
    let locations = locations.join(" ");
    tx.execute(
        "update member set name = $2, email = $3, role = $4, state = $5, staff_id = $6,
             locale = $7, locations = $8
         where id = $1",
        params![
            changed.id,
            changed.name,
            changed.email,
            changed.role.code(),
            changed.state.code(),
            changed.staff,
            changed.locale,
            locations
        ],
    )?;
    Ok(())
}

pub(in crate::access) fn delete(tx: &Tx<'_>, id: MemberId) -> Result<(), Error> {
    sessions::end_all(tx, id, None)?;
    factor::remove(tx, id)?;
    passkeys::forget(tx, id)?;
    browsers::remove_all(tx, id)?;
    addresses::remove_all(tx, id)?;
    directory::remove(tx, id)?;
    identities::remove_all(tx, id)?;
    tx.execute("delete from member_link where member_id = $1", params![id])?;
    tx.execute("delete from member where id = $1", params![id])?;
    Ok(())
}

pub(in crate::access) fn has_active_owner(tx: &Tx<'_>) -> Result<bool, Error> {
    let found = tx.query_opt(
        "select 1 from member where role = $1 and state = $2",
        params![Role::Owner.code(), MemberState::Active.code()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

pub(in crate::access) fn insert_link(
    tx: &Tx<'_>,
    id: MemberLinkId,
    hash: TokenHash,
    purpose: LinkPurpose,
    member: Option<MemberId>,
    expires_at: Timestamp,
) -> Result<(), Error> {
    tx.execute(
        "insert into member_link (id, token_hash, purpose, member_id, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![id, hash, purpose.code(), member, tx.now(), expires_at],
    )?;
    Ok(())
}

pub(in crate::access) fn link(
    tx: &Tx<'_>,
    purpose: LinkPurpose,
    hash: TokenHash,
) -> Result<Option<Option<MemberId>>, Error> {
    tx.query_opt(
        "select member_id from member_link
         where token_hash = $1 and purpose = $2 and expires_at > $3",
        params![hash, purpose.code(), tx.now()],
        |row| row.get(0),
    )
}

pub(in crate::access) fn use_link(tx: &Tx<'_>, hash: TokenHash) -> Result<(), Error> {
    tx.execute(
        "delete from member_link where token_hash = $1",
        params![hash],
    )?;
    Ok(())
}

pub(in crate::access) fn remove_links(
    tx: &Tx<'_>,
    purpose: LinkPurpose,
    member: Option<MemberId>,
) -> Result<(), Error> {
    let member = member.map_or_else(String::new, |id| id.to_string());
    tx.execute(
        "delete from member_link where purpose = $1 and coalesce(member_id, '') = $2",
        params![purpose.code(), member],
    )?;
    Ok(())
}

/// Links by which somebody joins as a member or sets their password.
pub(in crate::access) fn remove_all_links(tx: &Tx<'_>, member: MemberId) -> Result<(), Error> {
    tx.execute(
        "delete from member_link where member_id = $1",
        params![member],
    )?;
    Ok(())
}

pub(super) fn remove_expired(tx: &Tx<'_>) -> Result<usize, Error> {
    tx.execute(
        "delete from member_link where expires_at <= $1",
        params![tx.now()],
    )
}
