//! The SQL of the directory's way in: its rules and groups.

use kept_base::params;
use kept_base::store::{Error, Tx};

use super::groups::Group;
use super::rules::{Rules, Welcome, WithoutGroup};
use crate::access::Role;
use crate::ids::ScimGroupId;

pub(super) fn rules(tx: &Tx<'_>) -> Result<Option<Rules>, Error> {
    tx.query_opt(
        "select welcome, default_role, without_group from scim_rule",
        &[],
        |row| {
            Ok(Rules {
                welcome: Welcome::from_code(row.borrow(0)?).ok_or(Error::Decode("welcome"))?,
                default_role: Role::from_code(row.borrow(1)?).ok_or(Error::Decode("role"))?,
                without_group: WithoutGroup::from_code(row.borrow(2)?)
                    .ok_or(Error::Decode("without group"))?,
            })
        },
    )
}

pub(super) fn put_rules(tx: &Tx<'_>, rules: &Rules) -> Result<(), Error> {
    tx.execute("delete from scim_rule", &[])?;
    tx.execute(
        "insert into scim_rule (organization_id, welcome, default_role, without_group, changed_at)
         values ($1, $2, $3, $4, $5)",
        params![
            tx.organization(),
            rules.welcome.code(),
            rules.default_role.code(),
            rules.without_group.code(),
            tx.now()
        ],
    )?;
    Ok(())
}

pub(super) fn groups(tx: &Tx<'_>) -> Result<Vec<Group>, Error> {
    tx.query(
        "select id, name, external_id, role, created_at, changed_at from scim_group
         order by folded_name",
        &[],
        |row| {
            Ok(Group {
                id: row.get(0)?,
                name: row.get(1)?,
                external_id: row.get(2)?,
                role: Role::from_code(row.borrow(3)?),
                created_at: row.get(4)?,
                changed_at: row.get(5)?,
            })
        },
    )
}

pub(super) fn insert_group(tx: &Tx<'_>, group: &Group) -> Result<(), Error> {
    tx.execute(
        "insert into scim_group (id, name, folded_name, external_id, role, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        params![
            group.id,
            group.name,
            group.name.to_lowercase(),
            group.external_id,
            group.role.map_or("", Role::code),
            group.created_at,
            group.changed_at
        ],
    )?;
    Ok(())
}

pub(super) fn update_group(tx: &Tx<'_>, group: &Group) -> Result<(), Error> {
    tx.execute(
        "update scim_group set name = $2, folded_name = $3, external_id = $4, role = $5,
             changed_at = $6
         where id = $1",
        params![
            group.id,
            group.name,
            group.name.to_lowercase(),
            group.external_id,
            group.role.map_or("", Role::code),
            group.changed_at
        ],
    )?;
    Ok(())
}

pub(super) fn delete_group(tx: &Tx<'_>, id: ScimGroupId) -> Result<(), Error> {
    tx.execute("delete from scim_group where id = $1", params![id])?;
    Ok(())
}
