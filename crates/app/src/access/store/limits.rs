use kept_base::params;
use kept_base::store::{Error, Tx};

use crate::access::{Area, Level, Role};

pub(in crate::access) fn all(tx: &Tx<'_>) -> Result<Vec<(Role, Area, Level)>, Error> {
    tx.query(
        "select role, area, level from role_limit order by role, area",
        &[],
        |row| {
            let role = Role::from_code(row.borrow(0)?).ok_or(Error::Decode("role"))?;
            let area = Area::from_code(row.borrow(1)?).ok_or(Error::Decode("area"))?;
            let level = Level::from_code(row.borrow(2)?).ok_or(Error::Decode("level"))?;
            Ok((role, area, level))
        },
    )
}

pub(in crate::access) fn put(
    tx: &Tx<'_>,
    role: Role,
    area: Area,
    level: Level,
) -> Result<(), Error> {
    tx.execute(
        "delete from role_limit where role = $1 and area = $2",
        params![role.code(), area.code()],
    )?;
    if level != Level::Full {
        tx.execute(
            "insert into role_limit (role, area, level) values ($1, $2, $3)",
            params![role.code(), area.code(), level.code()],
        )?;
    }
    Ok(())
}
