//! Where the data is that is measured: a folder and, for the other engine, a database on a server.

use std::io::{Error, Result};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kept_app::{manifest, migrations};
use kept_base::kit::{Entropy, SystemClock};
use kept_base::store::{Migration, Options, Place, RootKeyFile, Scratch, Store};

use crate::prepare::Anything;

/// A folder with a root key and, in it, a data folder; what is on a server is gone with this.
pub struct Ground {
    folder: PathBuf,
    database: Option<Scratch>,
}

impl Ground {
    /// On files in this folder, which must exist.
    pub fn files(folder: &Path) -> Result<Self> {
        let ground = Self {
            folder: folder.to_owned(),
            database: None,
        };
        let mut builder = std::fs::DirBuilder::new();
        builder.mode(0o700).recursive(true).create(ground.data())?;
        Ok(ground)
    }

    /// On a database of its own.
    pub fn server(folder: &Path, database: Scratch) -> Result<Self> {
        let files = Self::files(folder)?;
        let mut options = std::fs::OpenOptions::new();
        let mut file = (options.write(true).create_new(true).mode(0o600)).open(files.dsn())?;
        std::io::Write::write_all(&mut file, database.dsn().expose().as_bytes())?;
        Ok(Self {
            database: Some(database),
            ..files
        })
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn dsn(&self) -> PathBuf {
        self.folder.join("dsn")
    }

    pub fn is_on_server(&self) -> bool {
        self.database.is_some()
    }

    /// The settings of `kept serve` for this data.
    pub fn settings(&self) -> Result<PathBuf> {
        let mut text = String::from(
            "[server]\nlisten = \"127.0.0.1:0\"\n\n[log]\nlevel = \"warn\"\n\n[data]\n",
        );
        let mut line = |name: &str, path: PathBuf| -> Result<()> {
            let path = path
                .to_str()
                .ok_or_else(|| Error::other("a path is not text"))?;
            text += &format!("{name} = \"{path}\"\n");
            Ok(())
        };
        line("folder", self.data())?;
        line("root_key_file", self.folder.join("root.key"))?;
        if self.is_on_server() {
            line("postgres_file", self.dsn())?;
        }
        let settings = self.folder.join("kept.toml");
        std::fs::write(&settings, text)?;
        Ok(settings)
    }

    /// The same, which believe this machine about who asks.
    pub fn settings_behind_proxy(&self) -> Result<PathBuf> {
        let settings = self.settings()?;
        let text = std::fs::read_to_string(&settings)?;
        let trusting = "[server]\ntrusted_proxies = \"127.0.0.1\"\n";
        std::fs::write(&settings, text.replace("[server]\n", trusting))?;
        Ok(settings)
    }

    /// Opens it in this process.
    pub fn open(&self) -> std::result::Result<Arc<Store>, Anything> {
        self.open_with(migrations::ORGANIZATION)
    }

    /// As [`Ground::open`], with other schema steps.
    pub fn open_with(
        &self,
        steps: &'static [Migration],
    ) -> std::result::Result<Arc<Store>, Anything> {
        let entropy = Arc::new(Entropy::from_system()?);
        let root = RootKeyFile(self.folder.join("root.key")).load_or_create(&entropy)?;
        let options = Options {
            organization_migrations: steps,
            erase: manifest::erase,
            group_commit: true,
        };
        let place = Place {
            postgres: self
                .database
                .as_ref()
                .map(|database| database.dsn().clone()),
            ..Place::folder(&self.data())
        };
        let store = Store::open(&place, root, options, Arc::new(SystemClock), entropy)?;
        Ok(Arc::new(store))
    }
}
