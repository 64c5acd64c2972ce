//! Where databases are: in the data folder or on PostgreSQL servers.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::postgres::{self, Dsn, Server};
use super::{Error, database::Shared, lock, off_runtime};
use crate::kit::OrganizationId;

/// What the server of the settings is called.
pub const MAIN_SERVER: &str = "main";
/// What operators call a place in the data folder.
pub const IN_FILE: &str = "file";
/// Begins the text of a placement on a server.
const ON_SERVER: &str = "postgres:";

/// Where an installation keeps its data.
#[derive(Debug, Clone)]
pub struct Place {
    /// The data folder.
    pub folder: PathBuf,
    /// The server that has the control database and new organizations; without one they are files
    /// in the folder.
    pub postgres: Option<Dsn>,
    /// Most connections of this process to a server.
    pub connections: usize,
    /// The folder in which erasures are logged, beside the backups; without one they are not.
    pub erasures: Option<PathBuf>,
}

impl Place {
    /// Everything in one folder.
    #[must_use]
    pub fn folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            postgres: None,
            connections: postgres::CONNECTIONS_DEFAULT,
            erasures: None,
        }
    }
}

/// Where the data of one organization is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// A file of this name in the data folder.
    File(String),
    /// A schema on the server of this name.
    Server(String),
}

impl std::fmt::Display for Placement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(name) => f.write_str(name),
            Self::Server(name) => write!(f, "{ON_SERVER}{name}"),
        }
    }
}

impl From<String> for Placement {
    fn from(text: String) -> Self {
        match text.strip_prefix(ON_SERVER) {
            Some(server) => Self::Server(server.to_owned()),
            None => Self::File(text),
        }
    }
}

/// The servers that organizations are on.
pub(super) struct Servers {
    main: Option<Arc<Server>>,
    /// Those that the control database knows, once they were needed.
    others: Mutex<HashMap<String, Arc<Server>>>,
    connections: usize,
}

impl Servers {
    /// Connects to the server of the settings, if there is one.
    pub fn open(place: &Place) -> Result<Self, Error> {
        let open =
            |dsn: &Dsn| off_runtime(|| Server::open(MAIN_SERVER, dsn.clone(), place.connections));
        Ok(Self {
            main: place.postgres.as_ref().map(open).transpose()?,
            others: Mutex::default(),
            connections: place.connections,
        })
    }

    /// The server of the settings.
    pub fn main(&self) -> Option<&Arc<Server>> {
        self.main.as_ref()
    }

    /// Where a new organization goes: `None` for a file of its own.
    pub fn default_placement(&self) -> Option<Placement> {
        let server = self.main.as_ref()?;
        Some(Placement::Server(server.name().to_owned()))
    }

    /// A server by its name.
    pub fn get(&self, name: &str) -> Result<Arc<Server>, Error> {
        let main = self.main.as_ref().filter(|server| server.name() == name);
        let found = main
            .cloned()
            .or_else(|| lock(&self.others).get(name).cloned());
        found.ok_or_else(|| Error::Unavailable(format!("{name} is not connected to")))
    }

    /// Connects to another server and listens to it. Blocks.
    pub fn add(&self, name: &str, dsn: Dsn, shared: &Shared) -> Result<(), Error> {
        let server = Server::open(name, dsn, self.connections)?;
        postgres::listen(&server, told(shared))?;
        lock(&self.others).entry(name.to_owned()).or_insert(server);
        Ok(())
    }

    pub async fn remove_schema(&self, name: &str, id: OrganizationId) -> Result<(), Error> {
        let server = self.get(name)?;
        let permit = server.permit().await?;
        let removed = tokio::task::spawn_blocking(move || {
            let schema = postgres::Schema::new(Arc::clone(&server), id);
            schema.remove(&server.lend(&permit, schema.name())?)
        });
        removed.await.unwrap_or(Err(Error::Closing))
    }

    /// Listens for what other processes change.
    pub fn listen(&self, shared: &Shared) -> Result<(), Error> {
        let Some(server) = &self.main else {
            return Ok(());
        };
        off_runtime(|| postgres::listen(server, told(shared)))
    }

    /// Takes the organizations that are due on the servers.
    pub async fn take_due(&self, now: Timestamp) -> Vec<OrganizationId> {
        let others: Vec<Arc<Server>> = lock(&self.others).values().cloned().collect();
        let mut due = Vec::new();
        for server in self.main.iter().cloned().chain(others) {
            due.extend(take_due_on(&server, now).await);
        }
        due
    }
}

async fn take_due_on(server: &Arc<Server>, now: Timestamp) -> Vec<OrganizationId> {
    let taken = match server.permit().await {
        Ok(permit) => {
            let server = Arc::clone(server);
            let taken = tokio::task::spawn_blocking(move || {
                postgres::take_due(server.lend(&permit, "")?.session(), now)
            });
            taken.await.unwrap_or(Err(Error::Closing))
        }
        Err(error) => Err(error),
    };
    taken.unwrap_or_else(|error| {
        tracing::warn!(error = %error, "The server did not say what is due");
        Vec::new()
    })
}

/// Whom a server's messages are for.
fn told(shared: &Shared) -> postgres::Told {
    postgres::Told {
        waiting: Arc::downgrade(&shared.waiting),
        wakes: Arc::downgrade(&shared.wakes),
        standing: Arc::downgrade(&shared.standing),
    }
}
