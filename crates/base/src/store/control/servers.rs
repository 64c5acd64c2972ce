//! Servers beside that of the settings: how each is reached, sealed under the root key.

use jiff::Timestamp;

use super::Control;
use crate::kit::Entropy;
use crate::params;
use crate::store::session::Session;
use crate::store::{Dsn, Error, Key};

/// Most characters of a server's name.
pub const MAX_SERVER_NAME_CHARS: usize = 40;

fn seal_name(name: &str) -> String {
    format!("kept server {name}")
}

impl Control {
    /// Keeps how a server is reached; one of the same name is reached so from now on.
    pub fn keep_server(
        &self,
        name: &str,
        dsn: &Dsn,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<(), Error> {
        self.with_root(|session, root| {
            let sealed = root.seal(&seal_name(name), dsn.expose().as_bytes(), entropy);
            session.execute(
                "insert into server (name, sealed_dsn, created_at) values ($1, $2, $3)
                 on conflict (name) do update set sealed_dsn = excluded.sealed_dsn",
                params![name, sealed, now],
            )?;
            Ok(())
        })
    }

    /// How a server is reached; none when nobody said.
    pub fn server(&self, name: &str) -> Result<Option<Dsn>, Error> {
        let opened = self.with_root(|session, root| {
            let sealed = session.query_opt(
                "select sealed_dsn from server where name = $1",
                params![name],
                |row| row.get::<Vec<u8>>(0),
            )?;
            (sealed.map(|sealed| root.open(&seal_name(name), &sealed))).transpose()
        })?;
        let Some(opened) = opened else {
            return Ok(None);
        };
        let text = std::str::from_utf8(&opened).map_err(|_| Error::Decode("connection string"))?;
        Dsn::parse(text).map(Some)
    }

    /// The names of all, with how many organizations are on each.
    pub fn server_names(&self) -> Result<Vec<(String, u32)>, Error> {
        self.with(|session| {
            session.query(
                "select name, cast((select count(*) from organization
                                    where placement = 'postgres:' || name) as integer)
                 from server order by name",
                &[],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
        })
    }
}

/// Seals under `new` how each server is reached.
pub(super) fn seal_anew(
    session: &Session,
    old: &Key,
    new: &Key,
    entropy: &Entropy,
) -> Result<(), Error> {
    let all = session.query("select name, sealed_dsn from server", &[], |row| {
        Ok((row.get::<String>(0)?, row.get::<Vec<u8>>(1)?))
    })?;
    for (name, sealed) in all {
        let opened = old.open(&seal_name(&name), &sealed)?;
        let again = new.seal(&seal_name(&name), &opened, entropy);
        session.execute(
            "update server set sealed_dsn = $2 where name = $1",
            params![name, again],
        )?;
    }
    Ok(())
}
