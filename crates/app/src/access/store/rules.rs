use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::access::SignInRules;

pub(in crate::access) fn load(tx: &Tx<'_>) -> Result<Option<SignInRules>, Error> {
    tx.query_opt(
        "select factor_roles, idle_minutes, session_hours, password_days from sign_in_rule",
        &[],
        |row| {
            let roles: &str = row.borrow(0)?;
            Ok(SignInRules::from_store(
                roles,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
            ))
        },
    )
}

pub(in crate::access) fn put(tx: &Tx<'_>, rules: &SignInRules) -> Result<(), Error> {
    tx.execute("delete from sign_in_rule", &[])?;
    tx.execute(
        "insert into sign_in_rule (organization_id, factor_roles, idle_minutes, session_hours,
             password_days, changed_at)
         values ($1, $2, $3, $4, $5, $6)",
        params![
            tx.organization(),
            rules.factor_roles(),
            rules.idle_minutes,
            rules.session_hours,
            rules.password_days,
            tx.now()
        ],
    )?;
    Ok(())
}
