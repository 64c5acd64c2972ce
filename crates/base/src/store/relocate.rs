//! Moving an organization to another place: between engines, to another server, or to new files with
//! new keys. Requests go on being answered; writes wait for the last step alone, in which the little
//! that changed since the step before is copied, everything is compared and the old place is left.
//!
//! The old place is marked as left in the transaction that held it still, before anybody is told of
//! the new one: from then on nothing is written there, in whatever process. Whoever finds the mark
//! opens the organization at the new place. A move that is cut short changes nothing, and goes on
//! from where it was when it is begun again.

use super::copy::{self, Shape};
use super::keyring::KeyStore;
use super::session::Session;
use super::target::Target;
use super::{Error, Placed, Placement, Progress, Store, keyring, lock, migrate, place};
use crate::kit::{Actor, OrganizationId};

use super::backup::wait_for;

/// How long a move that told nothing may be gone on with, in seconds; then what it copied is removed.
const ABANDONED_SECONDS: i64 = 3_600;
/// Changed rows with which the last step is begun, since copying them takes a moment only.
const FEW_ROWS: u64 = 500;
/// Most steps before the last one.
const MAX_STEPS: u32 = 6;

/// How a move went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocated {
    /// Where it was.
    pub from: Placement,
    /// Where it is.
    pub to: Placement,
    /// Rows that were copied and compared.
    pub rows: u64,
    /// Steps before the last one.
    pub steps: u32,
    /// How long writes waited, in milliseconds.
    pub paused_ms: u64,
}

impl Store {
    /// Moves an organization: to `Some` place, or for `None` to new files with new keys beside the old
    /// ones. Blocks.
    ///
    /// # Errors
    /// [`Error::Copying`] when it is there already; [`Error::Archive`] when the copy is not equal, and
    /// it stays where it is; those of the databases.
    pub fn relocate(
        &self,
        id: OrganizationId,
        to: Option<Placement>,
        progress: &Progress,
    ) -> Result<Relocated, Error> {
        let went = self.carry(id, to, progress)?;
        self.control.finish_move(id, &went.from, &went.to)?;
        lock(&self.open).databases.remove(&id);
        // The worker looks after it at its new place.
        wait_for(self.write_regardless(id, Actor::SYSTEM, |tx| {
            tx.wake_at(tx.now());
            Ok::<_, Error>(())
        }))?;
        let placed = self.control.placed(id)?;
        self.clear_up(&placed)?;
        Ok(went)
    }

    /// Carries everything over, up to the mark at the old place.
    pub(super) fn carry(
        &self,
        id: OrganizationId,
        to: Option<Placement>,
        progress: &Progress,
    ) -> Result<Relocated, Error> {
        // Brings its schema up to date, and ends a move that was cut short at its very end.
        wait_for(self.read_regardless(id, Actor::SYSTEM, |_| Ok::<_, Error>(())))?;
        let from = self.control.openable(id)?;
        self.clear_up(&from)?;
        let to = self.destination(&from, to)?;
        wait_for(self.reach(&to))?;
        if let Some(other) = self.control.moving_to(id)?.filter(|other| *other != to) {
            // Changed its mind: nobody has used what is there.
            self.control.cancel_move(id)?;
            self.discard(&from, other)?;
        }
        let keys = self.control.keys(id, &self.shared.entropy)?;
        let next = self.control.begin_move(id, &to, &self.shared.entropy)?;
        let there = Placed {
            placement: to.clone(),
            ..from.clone()
        };
        let source = Target::new(&self.folder, &self.servers, &from, keys.database)?;
        let target = Target::new(&self.folder, &self.servers, &there, next.database)?;
        let entropy = &self.shared.entropy;
        let old_keys = KeyStore::open(
            &self.key_place(&from.placement)?,
            &keys.key_store,
            id,
            entropy,
        )?;
        let new_keys = KeyStore::open(&self.key_place(&to)?, &next.key_store, id, entropy)?;
        new_keys.raise_version(keys.wrapping.current.0, entropy)?;
        let moving = Moving {
            store: self,
            source,
            target,
            old_keys,
            new_keys,
            progress,
        };
        let (rows, steps, paused_ms) = moving.run()?;
        Ok(Relocated {
            from: from.placement,
            to,
            rows,
            steps,
            paused_ms,
        })
    }

    /// The place of that name: `file`, or `postgres:` and a server's name.
    ///
    /// # Errors
    /// [`Error::Copying`] for any other text; [`Error::Unavailable`] for a server that nobody knows.
    pub async fn placement_named(&self, text: &str) -> Result<Option<Placement>, Error> {
        if text == place::IN_FILE {
            return Ok(None);
        }
        match Placement::from(text.to_owned()) {
            place @ Placement::Server(_) => {
                self.reach(&place).await?;
                Ok(Some(place))
            }
            Placement::File(_) => Err(Error::Copying(format!(
                "{text} is no place: write {} or postgres:NAME",
                place::IN_FILE
            ))),
        }
    }

    /// Where it goes: a file gets a name that its organization has not used.
    fn destination(&self, from: &Placed, to: Option<Placement>) -> Result<Placement, Error> {
        match to {
            Some(to) if to == from.placement => {
                Err(Error::Copying(format!("it is in {to} already")))
            }
            Some(to) => Ok(to),
            None => {
                if let Some(begun @ Placement::File(_)) = self.control.moving_to(from.id)? {
                    return Ok(begun);
                }
                let names = std::iter::once(format!("{}.db", from.id))
                    .chain((2..).map(|number| format!("{}-{number}.db", from.id)));
                let is_free = |name: &String| {
                    let files = [name.clone(), keyring::key_store_beside(name)];
                    let mut all = files
                        .iter()
                        .flat_map(|file| [file.clone(), format!("{file}-wal")]);
                    !all.any(|file| self.folder.join(file).exists())
                };
                let mut free = names.filter(is_free);
                let name = free.next().ok_or(Error::Decode("name of a file"))?;
                Ok(Placement::File(name))
            }
        }
    }

    /// Removes what a move left behind that was cut short: at the old place after everything was moved,
    /// or at the new one when nobody went on with it.
    ///
    /// # Errors
    /// Those of the control database.
    pub async fn clear_up_moves(&self, id: OrganizationId) -> Result<(), Error> {
        let now = self.clock().now();
        let left = self.with_control(move |control| {
            // While it is being moved, whoever moves it does that.
            if control.is_moving(id, ABANDONED_SECONDS, now)? {
                return Ok((control.placed(id)?, None, None));
            }
            let (left, begun) = (control.left_behind(id)?, control.moving_to(id)?);
            Ok((control.placed(id)?, left, begun))
        });
        let (placed, left, begun) = left.await?;
        if let Some(begun) = begun {
            // It was not gone on with, and holds keys that an erasure would not find.
            let there = Placed {
                placement: begun,
                ..placed.clone()
            };
            self.try_remove_data(there).await?;
            self.with_control(move |control| control.cancel_move(id))
                .await?;
        }
        let Some(left) = left else {
            return Ok(());
        };
        let placement = left.clone();
        self.try_remove_data(Placed {
            placement,
            ..placed
        })
        .await?;
        self.with_control(move |control| control.cleared_up(id, &left))
            .await
    }

    /// Removes what an organization left behind where it was before. Blocks.
    fn clear_up(&self, placed: &Placed) -> Result<(), Error> {
        if let Some(left) = self.control.left_behind(placed.id)? {
            self.discard(placed, left.clone())?;
            self.control.cleared_up(placed.id, &left)?;
        }
        Ok(())
    }

    /// Removes what an organization has at a place that is not its own.
    fn discard(&self, placed: &Placed, at: Placement) -> Result<(), Error> {
        let there = Placed {
            placement: at,
            ..placed.clone()
        };
        wait_for(self.try_remove_data(there))
    }
}

/// A move at work.
struct Moving<'s> {
    store: &'s Store,
    source: Target,
    target: Target,
    old_keys: KeyStore,
    new_keys: KeyStore,
    progress: &'s Progress,
}

impl Moving<'_> {
    fn run(&self) -> Result<(u64, u32, u64), Error> {
        let steps = self.store.shared.options.organization_migrations;
        let shape = Shape::of_organization(steps)?;
        let version = self.source.read(migrate::version)?;
        if steps.last().is_none_or(|last| last.version != version) {
            return Err(Error::Migration("a newer program uses it".to_owned()));
        }
        self.target.prepare(steps)?;
        let mut taken = 0;
        loop {
            self.copy_keys()?;
            taken += 1;
            let changed = self
                .source
                .read(|source| self.step(source, &shape))?
                .changed;
            if changed <= FEW_ROWS || taken == MAX_STEPS {
                break;
            }
        }
        let paused = self.progress.now();
        let rows = self.last_step(&shape)?;
        // Keys that were overwritten while they were copied.
        self.new_keys.leave_no_trace()?;
        let resumed = self.progress.now();
        let paused = resumed.as_millisecond() - paused.as_millisecond();
        Ok((rows, taken, u64::try_from(paused).unwrap_or(0)))
    }

    /// Copies what differs.
    fn step(&self, source: &Session, shape: &Shape) -> Result<copy::Synced, Error> {
        let (target, progress) = (&self.target, self.progress);
        target.write(|session| {
            let commit = || {
                target.commit(session)?;
                target.begin(session)
            };
            copy::sync((source, session), shape, commit, |read| {
                progress.tell(read, 0)
            })
        })
    }

    /// Holds the source still, copies the rest, compares, and leaves.
    fn last_step(&self, shape: &Shape) -> Result<u64, Error> {
        self.source.hold(|source| {
            self.copy_keys()?;
            let synced = self.step(source, shape)?;
            let mut rows = 0;
            self.target.read(|target| {
                for (table, expected) in shape.tables.iter().zip(&synced.digests) {
                    self.progress.tell(0, 0)?;
                    if copy::digest(target, table)? != *expected {
                        return Err(Error::Archive("a table at the new place differs"));
                    }
                    rows += expected.rows;
                }
                Ok(())
            })?;
            if !self
                .new_keys
                .has_all_of(&self.old_keys, &self.store.shared.entropy)?
            {
                return Err(Error::Archive("a key at the new place differs"));
            }
            self.target.arrive()?;
            Ok(rows)
        })
    }

    fn copy_keys(&self) -> Result<(), Error> {
        let entropy = &self.store.shared.entropy;
        self.old_keys.each_page(|table, rows| {
            self.new_keys.take(table, rows, entropy)?;
            self.progress.tell(0, 0)
        })
    }
}
