use kept_base::kit::OrganizationId;
use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::lending::sandbox::Sandbox;

pub(in crate::lending) fn known(tx: &Tx<'_>) -> Result<Option<Sandbox>, Error> {
    tx.query_opt(
        "select sandbox_id, slug, made_at from sandbox",
        &[],
        |row| {
            Ok(Sandbox {
                id: row.get(0)?,
                slug: row.get(1)?,
                made_at: row.get(2)?,
            })
        },
    )
}

pub(in crate::lending) fn put(tx: &Tx<'_>, id: OrganizationId, slug: &str) -> Result<(), Error> {
    tx.execute(
        "insert into sandbox (organization_id, sandbox_id, slug, made_at) values ($1, $2, $3, $4)
         on conflict (organization_id) do update set sandbox_id = $2, slug = $3, made_at = $4",
        params![tx.organization(), id, slug, tx.now()],
    )?;
    Ok(())
}

pub(in crate::lending) fn take_out(tx: &Tx<'_>) -> Result<(), Error> {
    tx.execute("delete from sandbox", &[])?;
    Ok(())
}
