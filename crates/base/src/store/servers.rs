//! Servers that organizations can be placed on, beside that of the settings.

use std::sync::Arc;

use super::control::{Control, MAX_SERVER_NAME_CHARS};
use super::place::{IN_FILE, MAIN_SERVER};
use super::{Dsn, Error, Placement, Store};

impl Store {
    /// Makes a server known under `name`, if it can be reached; one of that name is reached by `dsn`
    /// from the next start on.
    ///
    /// # Errors
    /// [`Error::Unavailable`] for a name that will not do, and when nobody answers.
    pub async fn add_server(&self, name: &str, dsn: Dsn) -> Result<(), Error> {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_long = !(1..=MAX_SERVER_NAME_CHARS).contains(&name.len());
        if is_long || !name.chars().all(is_plain) || [MAIN_SERVER, IN_FILE].contains(&name) {
            return Err(Error::Unavailable(format!(
                "a server's name has 1 to {MAX_SERVER_NAME_CHARS} lower-case letters, digits and \
                 hyphens, and is neither {MAIN_SERVER} nor {IN_FILE}"
            )));
        }
        self.connect_to(name.to_owned(), dsn.clone()).await?;
        let (name, now) = (name.to_owned(), self.clock().now());
        let entropy = Arc::clone(self.entropy());
        self.with_control(move |control| control.keep_server(&name, &dsn, now, &entropy))
            .await
    }

    /// The names of the servers beside that of the settings, with how many organizations are on each.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn servers(&self) -> Result<Vec<(String, u32)>, Error> {
        self.with_control(Control::server_names).await
    }

    /// Makes sure that the server of a placement is connected to.
    pub(super) async fn reach(&self, placement: &Placement) -> Result<(), Error> {
        let Placement::Server(name) = placement else {
            return Ok(());
        };
        if self.servers.get(name).is_ok() {
            return Ok(());
        }
        let asked = name.clone();
        let dsn = (self.with_control(move |control| control.server(&asked))).await?;
        let dsn = dsn.ok_or_else(|| Error::Unavailable(format!("nobody knows a server {name}")))?;
        self.connect_to(name.clone(), dsn).await
    }

    async fn connect_to(&self, name: String, dsn: Dsn) -> Result<(), Error> {
        let (servers, shared) = (Arc::clone(&self.servers), self.shared.clone());
        let connected = tokio::task::spawn_blocking(move || servers.add(&name, dsn, &shared));
        connected.await.unwrap_or(Err(Error::Closing))
    }
}
