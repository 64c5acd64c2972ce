//! The encrypted files of an organization, opened as whoever has every key would: page by page,
//! with what is free or left over.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aes::Aes256;
use cbc::cipher::{Block, BlockModeDecrypt as _, KeyIvInit as _};
use data_encoding::BASE64;
use kept_app::{manifest, migrations};
use kept_base::kit::{Clock, Entropy, ManualClock, OrganizationId};
use kept_base::store::{Key, Migration, Options, Place, RootKeyFile, Store, sqlite};

use crate::support::at;

const PAGE: usize = 4096;
/// What SQLCipher keeps at the end of a page: the IV and the seal.
const RESERVE: usize = 16 + 32;
const SALT: usize = 16;
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// An installation's folder, and what it takes to read everything in it.
pub struct Files {
    pub folder: PathBuf,
    root: Key,
}

impl Files {
    pub fn of(folder: &Path) -> Self {
        let root = RootKeyFile(folder.join("root.key"));
        Self {
            folder: folder.to_owned(),
            root: root.load().expect("the root key"),
        }
    }

    pub fn database(&self, id: OrganizationId) -> PathBuf {
        self.folder.join(format!("{id}.db"))
    }

    pub fn key_store(&self, id: OrganizationId) -> PathBuf {
        self.folder.join(format!("{id}.keys.db"))
    }

    /// The key under `kind` of the control database, as bytes.
    pub fn key(&self, id: OrganizationId, kind: &str) -> [u8; 32] {
        let control = self.control(sqlite::Use::Read);
        let wrapped = |kind: &str| -> (u32, Vec<u8>) {
            let id = id.to_string();
            let sql = "select version, wrapped from wrapped_key
                       where organization_id = ?1 and kind = ?2 order by version desc";
            control
                .query_row(sql, [id.as_str(), kind], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .expect("a wrapped key")
        };
        let bytes = |key: &Key, kind: &str| -> [u8; 32] {
            let (version, wrapped) = wrapped(kind);
            let opened = key.open(&format!("{id} {kind} {version}"), &wrapped);
            let opened = opened.expect("opens");
            opened.as_slice().try_into().expect("32 bytes")
        };
        let organization = bytes(&self.root, "organization");
        if kind == "organization" {
            return organization;
        }
        bytes(&Key::from_bytes(organization), kind)
    }

    fn control(&self, purpose: sqlite::Use) -> rusqlite::Connection {
        let sealed = std::fs::read_to_string(self.folder.join("control.key"));
        let sealed = BASE64.decode(sealed.expect("is there").trim().as_bytes());
        let key = (self.root).unwrap_key("kept control key 1", &sealed.expect("is sealed"));
        let path = self.folder.join("control.db");
        sqlite::open(&path, &key.expect("opens"), purpose).expect("opens")
    }

    /// Moves the control database's log into its file.
    pub fn fold_control(&self) {
        let control = self.control(sqlite::Use::Write);
        let folded = control.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0));
        assert_eq!(folded, Ok(0_i64), "nobody else reads it");
    }

    /// Closes the store, and waits until its last writer has let go of the organization's files:
    /// it is a thread that may still be about to.
    pub fn close(&self, store: &Store, id: OrganizationId) {
        store.close();
        let logs = [self.database(id), self.key_store(id)].map(|path| log_of(&path));
        while logs.iter().any(|log| log.exists()) {
            std::thread::yield_now();
        }
    }

    pub fn connect(&self, path: &Path, key: [u8; 32]) -> rusqlite::Connection {
        sqlite::open(path, &Key::from_bytes(key), sqlite::Use::Write).expect("opens")
    }

    /// Every byte of the organization's database and its log.
    pub fn plain_database(&self, id: OrganizationId) -> Vec<u8> {
        decrypted(&self.database(id), &self.key(id, "database"))
    }

    /// Every byte of the organization's key store and its log.
    pub fn plain_key_store(&self, id: OrganizationId) -> Vec<u8> {
        decrypted(&self.key_store(id), &self.key(id, "key_store"))
    }

    /// Opens the folder with these schema steps.
    pub fn open(&self, steps: &'static [Migration], seed: u64) -> Arc<Store> {
        let options = Options {
            organization_migrations: steps,
            erase: manifest::erase,
            group_commit: true,
        };
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new(at("2026-11-23T09:00:00Z")));
        let entropy = Arc::new(Entropy::seeded(seed));
        let store = Store::open(
            &Place::folder(&self.folder),
            self.root.clone(),
            options,
            clock,
            entropy,
        );
        Arc::new(store.expect("opens"))
    }

    pub fn reopen(&self, seed: u64) -> Arc<Store> {
        self.open(migrations::ORGANIZATION, seed)
    }
}

fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Copies a database file without a log.
pub fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_file(log_of(to));
    std::fs::copy(from, to).expect("a copy");
}

pub fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn decrypted(path: &Path, key: &[u8; 32]) -> Vec<u8> {
    let file = std::fs::read(path).expect("a database");
    let mut plain = Vec::with_capacity(file.len());
    for (number, page) in file.chunks_exact(PAGE).enumerate() {
        open_page(&mut plain, page, key, number == 0);
    }
    let log = std::fs::read(log_of(path)).unwrap_or_default();
    let frames = log.get(WAL_HEADER..).unwrap_or_default();
    for frame in frames.chunks_exact(FRAME_HEADER + PAGE) {
        let is_first = frame[..4] == [0, 0, 0, 1];
        open_page(&mut plain, &frame[FRAME_HEADER..], key, is_first);
    }
    plain
}

fn open_page(plain: &mut Vec<u8>, page: &[u8], key: &[u8; 32], is_first: bool) {
    let begin = if is_first { SALT } else { 0 };
    let iv: [u8; 16] = page[PAGE - RESERVE..][..16].try_into().expect("16 bytes");
    let mut decryptor = cbc::Decryptor::<Aes256>::new(key.into(), &iv.into());
    for block in page[begin..PAGE - RESERVE].chunks_exact(16) {
        let mut block = Block::<Aes256>::try_from(block).expect("16 bytes");
        decryptor.decrypt_block(&mut block);
        plain.extend_from_slice(&block);
    }
}
