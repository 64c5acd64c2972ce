//! The root key: known by a seal, and changed while others are at work.
//!
//! Whoever uses it looks at the seal in the same transaction. When that does not open, another process
//! has changed the root key since, and it is read again from where it comes from.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::keys::KeyKind;
use super::{Control, Place, file_key, operator_factor, servers};
use crate::kit::{Entropy, OrganizationId};
use crate::params;
use crate::store::root::{RootKey, RootKeyFile};
use crate::store::rotation::RootChange;
use crate::store::session::{Row, Session};
use crate::store::{Error, Key};

/// What is sealed to tell the root key of this installation from any other.
const SEALED_AS: &str = "kept root 1";

/// The root key in use, and where it comes from.
pub(super) struct Root {
    source: RootKey,
    current: Mutex<Key>,
    /// Whether opening brought a change to its end that was cut short.
    was_settled: AtomicBool,
}

impl Root {
    pub fn new(source: RootKey, current: Key) -> Self {
        Self {
            source,
            current: Mutex::new(current),
            was_settled: AtomicBool::new(false),
        }
    }

    /// The one before, where it was given.
    pub fn earlier(&self) -> Option<&Key> {
        self.source.earlier()
    }

    pub(super) fn current(&self) -> Key {
        let current = self.current.lock();
        current.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, key: Key) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = key;
    }
}

impl Control {
    /// Finds which of the root keys that the source gives is in use. The first one that is ever used
    /// leaves its seal.
    pub(super) fn know_root(&self, candidates: Vec<Key>, entropy: &Entropy) -> Result<(), Error> {
        let known = self.with(|session| {
            self.lock_root(session)?;
            let known = seal(session)?;
            if known.is_none() {
                put_seal(session, &self.root.current(), entropy)?;
            }
            Ok(known)
        })?;
        let Some(known) = known else { return Ok(()) };
        let current = (candidates.into_iter())
            .find(|key| opens(key, &known))
            .ok_or_else(|| {
                Error::Key("the root key is not the one that this data was made with".to_owned())
            })?;
        self.root.set(current);
        let was_settled = self.settle(entropy)?;
        self.root.was_settled.store(was_settled, Ordering::SeqCst);
        Ok(())
    }

    /// Runs `work` as one transaction with the root key that is in use.
    pub(super) fn with_root<T>(
        &self,
        work: impl FnOnce(&Session, &Key) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut work = Some(work);
        for _ in 0..2 {
            let root = self.root.current();
            // Nobody changes it before this has committed.
            let done = self.with_locked("root_key", |session| {
                let is_current = seal(session)?.is_some_and(|seal| opens(&root, &seal));
                match work.take() {
                    Some(work) if is_current => work(session, &root).map(Some),
                    not_yet => {
                        work = not_yet;
                        Ok(None)
                    }
                }
            })?;
            match done {
                Some(done) => return Ok(done),
                None => self.read_root_again()?,
            }
        }
        Err(Error::Key("the root key changes too often".to_owned()))
    }

    fn read_root_again(&self) -> Result<(), Error> {
        // The file may be about to be replaced.
        for _ in 0..2 {
            let known = self.with(seal)?;
            let candidates = self.root.source.candidates()?;
            let mut found = candidates.into_iter();
            let current = found.find(|key| known.as_ref().is_some_and(|known| opens(key, known)));
            if let Some(current) = current {
                self.root.set(current);
                return Ok(());
            }
        }
        Err(Error::Key(
            "the root key was changed, and where it comes from gives another".to_owned(),
        ))
    }

    /// Nobody else looks at the seal or changes it before the transaction has ended.
    fn lock_root(&self, session: &Session) -> Result<(), Error> {
        if self.is_file() {
            // There one transaction comes after the other.
            return Ok(());
        }
        session.batch("lock table root_key in exclusive mode")
    }

    /// The root key in use.
    pub fn root(&self) -> Result<Key, Error> {
        self.with_root(|_, root| Ok(root.clone()))
    }

    /// The root key in use, and the one before it where that was given.
    pub(super) fn roots(&self) -> Result<Vec<Key>, Error> {
        let mut roots = vec![self.root()?];
        roots.extend(self.root.source.earlier().cloned());
        Ok(roots)
    }

    /// Whether the root key in use is not the one that its place gives: a change was begun.
    fn next_root(&self, entropy: &Entropy) -> Result<Option<Key>, Error> {
        let current = self.root()?;
        let source = &self.root.source;
        let given = source.candidates()?.into_iter().next();
        let given = given.ok_or(Error::Decode("root key"))?;
        if !given.is_same(&current) {
            // It is there already, and the one before was given too.
            return Ok(Some(given));
        }
        if source.earlier().is_some() {
            return Ok(None);
        }
        let file = source.file().ok_or_else(|| {
            Error::Key(
                "let the command print a new root key, and say with --from which file has the one \
                 before"
                    .to_owned(),
            )
        })?;
        let next = file.next();
        if let Ok(begun) = next.load() {
            return Ok(Some(begun));
        }
        // One that cannot be read was never used: the one in use is known.
        match std::fs::remove_file(&next.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                let shown = next.0.display();
                return Err(Error::Key(format!("root key file {shown}: {error}")));
            }
            _ => next.keep(&Key::random(entropy))?,
        }
        next.load().map(Some)
    }

    /// Whether the root key comes from this file, or the next one is to.
    pub fn takes_root_from(&self, path: &Path) -> bool {
        let Some(file) = self.root.source.file() else {
            return false;
        };
        let at = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        [&file.0, &file.next().0]
            .iter()
            .any(|known| at(known) == at(path))
    }

    /// Puts another root key in the place of this one: everything that was wrapped under the old one is
    /// wrapped under the new one, in one transaction. `keep` is handed the old one before anything
    /// changes. Cut short at any moment, it goes on with the new key or stays with the old one.
    pub fn rotate_root(
        &self,
        keep: impl FnOnce(&Key) -> Result<(), Error>,
        entropy: &Entropy,
    ) -> Result<RootChange, Error> {
        if self.root.was_settled.load(Ordering::SeqCst) {
            return Ok(RootChange::Ended);
        }
        let Some(next) = self.next_root(entropy)? else {
            return Ok(RootChange::Already);
        };
        let current = self.root()?;
        keep(&current)?;
        let changed = self.with(|session| {
            self.lock_root(session)?;
            if !seal(session)?.is_some_and(|seal| opens(&current, &seal)) {
                return Err(Error::Busy);
            }
            self.seal_file_key(&[&current, &next], entropy)?;
            let changed = wrap_anew(session, &current, &next, entropy)?;
            put_seal(session, &next, entropy)?;
            Ok(changed)
        })?;
        self.root.set(next);
        self.settle(entropy)?;
        Ok(RootChange::Changed(changed))
    }

    /// Does what a change of the root key does last, and one that was cut short did not; tells whether
    /// there was anything to do.
    fn settle(&self, entropy: &Entropy) -> Result<bool, Error> {
        let next = self.root.source.file().map(RootKeyFile::next);
        // One that cannot be read was not used yet.
        let is_next = |root: &Key| {
            let next = next.as_ref().map(RootKeyFile::load);
            next.is_some_and(|next| next.is_ok_and(|next| next.is_same(root)))
        };
        let is_sealed_twice = || match &self.place {
            Place::File { path, .. } => file_key::is_sealed_twice(path),
            Place::Server(_) => false,
        };
        if !is_sealed_twice() && !is_next(&self.root.current()) {
            return Ok(false);
        }
        let root = self.root.current();
        self.with(|session| {
            self.lock_root(session)?;
            // Another process may have changed it again, which does this itself.
            if !seal(session)?.is_some_and(|seal| opens(&root, &seal)) {
                return Ok(false);
            }
            let is_next = is_next(&root);
            let is_begun = next.as_ref().is_some_and(|next| next.0.exists()) && !is_next;
            if is_sealed_twice() && !is_begun {
                // Before the old key is gone, since the control database must open with either.
                self.seal_file_key(&[&root], entropy)?;
            }
            match self.root.source.file() {
                Some(file) if is_next => file.replace().map(|()| true),
                _ => Ok(false),
            }
        })
    }

    fn seal_file_key(&self, roots: &[&Key], entropy: &Entropy) -> Result<(), Error> {
        match &self.place {
            Place::File { path, key, .. } => file_key::keep(path, key, roots, entropy),
            Place::Server(_) => Ok(()),
        }
    }
}

fn seal(session: &Session) -> Result<Option<Vec<u8>>, Error> {
    let seal = |row: &Row<'_>| row.get::<Vec<u8>>(0);
    session.query_opt("select seal from root_key", &[], seal)
}

fn put_seal(session: &Session, root: &Key, entropy: &Entropy) -> Result<(), Error> {
    let seal = root.seal(SEALED_AS, b"kept", entropy);
    session.execute("delete from root_key", &[])?;
    session.execute("insert into root_key (seal) values ($1)", params![seal])?;
    Ok(())
}

fn opens(key: &Key, seal: &[u8]) -> bool {
    key.open(SEALED_AS, seal).is_ok()
}

/// Wraps under `new` everything that is wrapped under `old`.
fn wrap_anew(session: &Session, old: &Key, new: &Key, entropy: &Entropy) -> Result<u64, Error> {
    let kind = KeyKind::Organization;
    let wrapped = session.query(
        "select organization_id, version, wrapped from wrapped_key where kind = $1",
        params![kind.code()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut changed = 0;
    for (id, version, wrapped) in wrapped {
        let (id, version, wrapped): (OrganizationId, u32, Vec<u8>) = (id, version, wrapped);
        let name = kind.name(id, version);
        let again = new.wrap(&name, &old.unwrap_key(&name, &wrapped)?, entropy);
        session.execute(
            "update wrapped_key set wrapped = $4
             where organization_id = $1 and kind = $2 and version = $3",
            params![id, kind.code(), version, again],
        )?;
        changed += 1;
    }
    servers::seal_anew(session, old, new, entropy)?;
    operator_factor::seal_anew(session, old, new, entropy)?;
    Ok(changed)
}
