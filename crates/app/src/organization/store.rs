use kept_base::kit::OrganizationId;
use kept_base::params;
use kept_base::store::{Error, Tx};

use super::{Organization, Sender};

pub(super) fn insert(tx: &Tx<'_>, organization: &Organization) -> Result<(), Error> {
    let Organization {
        id,
        slug,
        name,
        zone,
        locale,
        sender,
    } = organization;
    tx.execute(
        "insert into organization (id, slug, name, zone, locale, sender_name, sender_address,
             reply_to, offering_revision, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
        params![
            id,
            slug,
            name,
            zone,
            locale,
            sender.name,
            sender.address,
            sender.reply_to,
            tx.now()
        ],
    )?;
    Ok(())
}

pub(super) fn load(tx: &Tx<'_>) -> Result<Option<Organization>, Error> {
    tx.query_opt(
        "select id, slug, name, zone, locale, sender_name, sender_address, reply_to
         from organization",
        &[],
        |row| {
            Ok(Organization {
                id: row.get(0)?,
                slug: row.get(1)?,
                name: row.get(2)?,
                zone: row.get(3)?,
                locale: row.get(4)?,
                sender: Sender {
                    name: row.get(5)?,
                    address: row.get(6)?,
                    reply_to: row.get(7)?,
                },
            })
        },
    )
}

pub(super) fn update(tx: &Tx<'_>, organization: &Organization) -> Result<(), Error> {
    let sender = &organization.sender;
    tx.execute(
        "update organization set name = $1, zone = $2, locale = $3, sender_name = $4,
             sender_address = $5, reply_to = $6",
        params![
            organization.name,
            organization.zone,
            organization.locale,
            sender.name,
            sender.address,
            sender.reply_to
        ],
    )?;
    Ok(())
}

pub(super) fn offering_revision(tx: &Tx<'_>) -> Result<Option<i64>, Error> {
    tx.query_opt("select offering_revision from organization", &[], |row| {
        row.get(0)
    })
}

/// A number that was never there before, not the next one: a number whose transaction is undone must
/// not come again for something else, or what somebody read under it would be taken for that.
pub(super) fn touch_offering(tx: &Tx<'_>) -> Result<(), Error> {
    let never_before = i64::from_le_bytes(tx.entropy().bytes());
    tx.execute(
        "update organization set offering_revision = $1",
        params![never_before],
    )?;
    Ok(())
}

pub(super) fn mark_sandbox(tx: &Tx<'_>, live: OrganizationId) -> Result<(), Error> {
    tx.execute(
        "insert into sandbox_mark (organization_id, live_id, made_at) values ($1, $2, $3)",
        params![tx.organization(), live, tx.now()],
    )?;
    Ok(())
}

pub(super) fn sandbox_of(tx: &Tx<'_>) -> Result<Option<OrganizationId>, Error> {
    tx.query_opt("select live_id from sandbox_mark", &[], |row| row.get(0))
}
