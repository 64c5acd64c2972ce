use std::sync::Arc;

use super::*;
use crate::kit::ManualClock;
use crate::params;

pub(super) const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "words",
    common: "create table word (id bigint primary key, text text not null)",
    sqlite: "create trigger word_ban before insert on word when new.text = 'banned'
             begin select raise(abort, 'word_banned'); end",
    postgres: "create function banned() returns trigger language plpgsql as
               $$ begin raise exception 'word_banned'; end $$;
               create trigger word_ban before insert on word for each row
               when (new.text = 'banned') execute function banned()",
    rows: None,
}];

/// A place on the engine that the environment asks for.
pub(super) struct Fixture {
    pub(super) folder: tempfile::TempDir,
    pub(super) database: Option<Scratch>,
    pub(super) clock: Arc<ManualClock>,
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self {
            database: Scratch::for_test("base"),
            ..Self::in_files()
        }
    }

    /// For what only files have.
    pub(super) fn in_files() -> Self {
        let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            database: None,
            clock: Arc::new(ManualClock::new(now)),
        }
    }

    pub(super) fn place(&self) -> Place {
        Place {
            postgres: self
                .database
                .as_ref()
                .map(|database| database.dsn().clone()),
            ..Place::folder(self.folder.path())
        }
    }

    pub(super) fn key(&self) -> Key {
        RootKeyFile(self.folder.path().join("root.key"))
            .load_or_create(&Entropy::seeded(1))
            .expect("a key")
    }

    pub(super) fn open_with(&self, options: Options) -> Arc<Store> {
        self.open_as(options, 2)
    }

    /// As another process, which has other randomness.
    pub(super) fn open_seeded(&self, seed: u64) -> Arc<Store> {
        self.open_as(self.options(), seed)
    }

    /// With few connections.
    pub(super) fn open_narrow(&self, connections: usize) -> Arc<Store> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let (place, entropy) = (self.place(), Arc::new(Entropy::seeded(4)));
        let place = Place {
            connections,
            ..place
        };
        let opened = Store::open(&place, self.key(), self.options(), clock, entropy);
        Arc::new(opened.expect("opens"))
    }

    pub(super) fn options(&self) -> Options {
        Options {
            organization_migrations: MIGRATIONS,
            erase: |_, _| Ok(()),
            group_commit: true,
        }
    }

    fn open_as(&self, options: Options, seed: u64) -> Arc<Store> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let entropy = Arc::new(Entropy::seeded(seed));
        Arc::new(Store::open(&self.place(), self.key(), options, clock, entropy).expect("opens"))
    }

    /// As another process, with a root key from where it comes from.
    pub(super) fn open_from(
        &self,
        root: impl Into<RootKey>,
        seed: u64,
    ) -> Result<Arc<Store>, Error> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let entropy = Arc::new(Entropy::seeded(seed));
        Store::open(&self.place(), root, self.options(), clock, entropy).map(Arc::new)
    }

    pub(super) fn open(&self) -> Arc<Store> {
        self.open_with(self.options())
    }
}

pub(super) fn put(tx: &Tx<'_>, id: i64, text: &str) -> Result<(), Error> {
    tx.execute(
        "insert into word (id, text) values ($1, $2)",
        params![id, text],
    )
    .map(|_| ())
}

pub(super) fn words(tx: &Tx<'_>) -> Result<Vec<String>, Error> {
    tx.query("select text from word order by id", &[], |row| row.get(0))
}

pub(super) async fn organization(store: &Store, slug: &str) -> OrganizationId {
    let made = store
        .create_organization(slug, Actor::OPERATOR, |_| Ok::<(), Error>(()))
        .await;
    made.expect("is made").0
}

#[tokio::test]
async fn what_is_written_is_read_after_reopening_and_stands_in_no_file_in_clear() {
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "canary-7f3a91"))
        .await
        .expect("is written");
    drop(store);
    let store = fixture.open();
    assert_eq!(store.find_organization("alpha").await, Ok(Some(id)));
    let read = store.read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Ok(vec!["canary-7f3a91".to_owned()]));
    for entry in std::fs::read_dir(fixture.folder.path()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("readable");
        for needle in [b"canary-7f3a91".as_slice(), b"SQLite format 3", b"alpha"] {
            assert!(
                !bytes.windows(needle.len()).any(|window| window == needle),
                "{} holds clear text",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn a_plain_file_and_a_wrong_key_are_refused() {
    let fixture = Fixture::in_files();
    let id = organization(&fixture.open(), "alpha").await;
    let file = fixture.folder.path().join(format!("{id}.db"));
    std::fs::remove_file(&file).expect("was there");
    rusqlite::Connection::open(&file)
        .and_then(|plain| plain.execute_batch("create table word (id bigint)"))
        .expect("a plain file");
    let read = fixture.open().read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Err(Error::File(format!("{id}.db is not encrypted"))));

    std::fs::remove_file(fixture.folder.path().join("root.key")).expect("was there");
    let clock: Arc<dyn Clock> = fixture.clock.clone();
    let options = Options {
        organization_migrations: MIGRATIONS,
        erase: |_, _| Ok(()),
        group_commit: true,
    };
    let other = RootKeyFile(fixture.folder.path().join("root.key"))
        .load_or_create(&Entropy::seeded(99))
        .expect("another key");
    let entropy = Arc::new(Entropy::seeded(2));
    let opened = Store::open(&fixture.place(), other, options, clock, entropy);
    assert_eq!(
        opened.err(),
        Some(Error::Key(
            "control.key does not open with the root key: that is another one's".to_owned()
        ))
    );
}

#[cfg(unix)]
#[test]
fn a_root_key_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::new();
    let _made = fixture.key();
    let path = fixture.folder.path().join("root.key");
    let mode = std::fs::metadata(&path)
        .expect("there")
        .permissions()
        .mode()
        & 0o777;
    assert_eq!(mode, 0o600);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("changed");
    let refused = RootKeyFile(path.clone()).load().expect_err("is refused");
    assert_eq!(
        refused.to_string(),
        format!(
            "key: root key file {}: has mode 0640; others may read it, set 0600",
            path.display()
        )
    );
}

#[tokio::test]
async fn a_failing_or_panicking_verb_undoes_itself_and_nothing_else() {
    for group_commit in [true, false] {
        let fixture = Fixture::new();
        let store = fixture.open_with(Options {
            organization_migrations: MIGRATIONS,
            erase: |_, _| Ok(()),
            group_commit,
        });
        let id = organization(&store, "alpha").await;
        let write = |verb: fn(&Tx<'_>) -> Result<(), Error>| store.write(id, Actor::SYSTEM, verb);
        let (kept, refused, panicked, banned, last) = tokio::join!(
            write(|tx| put(tx, 1, "one")),
            write(|tx| put(tx, 2, "two").and(Err(Error::Decode("thing")))),
            write(|tx| {
                put(tx, 3, "three")?;
                panic!("a bug")
            }),
            write(|tx| put(tx, 4, "four").and_then(|()| put(tx, 5, "banned"))),
            write(|tx| put(tx, 6, "six")),
        );
        assert_eq!(kept, Ok(()));
        assert_eq!(refused, Err(Error::Decode("thing")));
        assert_eq!(panicked, Err(Error::Panicked));
        assert!(banned.expect_err("is refused").is_constraint("word_banned"));
        assert_eq!(last, Ok(()));
        let read = store.read(id, Actor::SYSTEM, words).await;
        assert_eq!(read, Ok(vec!["one".to_owned(), "six".to_owned()]));
    }
}

#[tokio::test]
async fn a_reader_cannot_write_and_a_panic_in_it_costs_nothing() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let refused = store.read(id, Actor::SYSTEM, |tx| put(tx, 1, "one")).await;
    assert!(matches!(refused, Err(Error::Engine(_))), "{refused:?}");
    let panicked: Result<(), Error> = store.read(id, Actor::SYSTEM, |_| panic!("a bug")).await;
    assert_eq!(panicked, Err(Error::Panicked));
    assert_eq!(store.read(id, Actor::SYSTEM, words).await, Ok(Vec::new()));
}

#[tokio::test]
async fn no_other_file_can_be_attached() {
    let fixture = Fixture::in_files();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let attach = |tx: &Tx<'_>| {
        tx.execute("attach database ':memory:' as other", &[])
            .map(|_| ())
    };
    assert!(store.write(id, Actor::SYSTEM, attach).await.is_err());
    assert!(store.read(id, Actor::SYSTEM, attach).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parallel_writes_all_stand_and_readers_see_whole_transactions() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..200_i64 {
        let store = Arc::clone(&store);
        writers.spawn(async move {
            let verb = move |tx: &Tx<'_>| {
                put(tx, number * 2, "even")?;
                put(tx, number * 2 + 1, "odd")
            };
            store
                .write(id, Actor::SYSTEM, verb)
                .await
                .expect("is written");
            let count = store
                .read(id, Actor::SYSTEM, |tx| words(tx).map(|w| w.len()))
                .await;
            assert_eq!(count.expect("is read") % 2, 0);
        });
    }
    while let Some(done) = writers.join_next().await {
        done.expect("no panic");
    }
    let count = store
        .read(id, Actor::SYSTEM, |tx| words(tx).map(|w| w.len()))
        .await;
    assert_eq!(count, Ok(400));
}

#[tokio::test]
async fn the_revision_moves_with_changes_and_only_with_them() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let (id, other) = (
        organization(&store, "alpha").await,
        organization(&store, "beta").await,
    );
    let (start, untouched) = (store.revision(id).await, store.revision(other).await);
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "one"))
        .await
        .expect("is written");
    let moved = store.revision(id).await;
    assert_ne!(start, moved);
    let quiet = |tx: &Tx<'_>| {
        tx.keep_revision();
        put(tx, 2, "two")
    };
    store
        .write(id, Actor::SYSTEM, quiet)
        .await
        .expect("is written");
    let failing = |tx: &Tx<'_>| put(tx, 3, "banned");
    assert!(store.write(id, Actor::SYSTEM, failing).await.is_err());
    assert_eq!(store.revision(id).await, moved);
    assert_eq!(store.revision(other).await, untouched);
}

#[tokio::test]
async fn a_first_transaction_that_fails_leaves_no_organization() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let failed = store
        .create_organization("alpha", Actor::OPERATOR, |tx| put(tx, 1, "banned"))
        .await;
    assert!(failed.is_err());
    assert_eq!(store.find_organization("alpha").await, Ok(None));
    let files = std::fs::read_dir(fixture.folder.path()).expect("a folder");
    let left: Vec<_> = files
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with("org_"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    organization(&store, "alpha").await;
    let twice = store
        .create_organization("alpha", Actor::OPERATOR, |_| Ok::<(), Error>(()))
        .await;
    assert!(
        twice
            .expect_err("is refused")
            .is_constraint("organization.slug")
    );
}

#[tokio::test]
async fn an_interrupted_creation_is_taken_over() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let (now, place) = (fixture.clock.now(), store.servers.default_placement());
    let interrupted =
        store.with_control(move |control| control.add("alpha", place, now, &Entropy::seeded(5)));
    let (half, _) = interrupted.await.expect("is recorded");
    store
        .write(half.id, Actor::OPERATOR, |tx| put(tx, 1, "half"))
        .await
        .expect("is written");
    drop(store);
    let store = fixture.open();
    assert_eq!(store.find_organization("alpha").await, Ok(None));
    assert_eq!(store.organizations().await, Ok(Vec::new()));
    let id = organization(&store, "alpha").await;
    assert_eq!(store.read(id, Actor::SYSTEM, words).await, Ok(Vec::new()));
    match half.placement {
        Placement::File(name) => assert!(!fixture.folder.path().join(name).exists()),
        Placement::Server(_) => assert!(store.read(half.id, Actor::SYSTEM, words).await.is_err()),
    }
}

#[tokio::test]
async fn more_organizations_than_open_files_are_all_reachable() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let mut ids = Vec::new();
    for number in 0..MAX_OPEN_ORGANIZATIONS + 3 {
        let id = organization(&store, &format!("org-{number}")).await;
        let text = format!("word {number}");
        store
            .write(id, Actor::SYSTEM, move |tx| put(tx, 1, &text))
            .await
            .expect("is written");
        ids.push(id);
    }
    assert!(lock(&store.open).databases.len() <= MAX_OPEN_ORGANIZATIONS);
    for (number, id) in ids.into_iter().enumerate() {
        let read = store.read(id, Actor::SYSTEM, words).await;
        assert_eq!(read, Ok(vec![format!("word {number}")]));
    }
}

#[tokio::test]
async fn parameters_are_bound_by_number_wherever_they_stand() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let read = store
        .read(id, Actor::SYSTEM, |tx| {
            tx.query_opt(
                "select $2 || $1 || $2, coalesce($3, '') = ''",
                params!["b", "a", None::<String>],
                |row| Ok((row.get::<String>(0)?, row.get::<bool>(1)?)),
            )
        })
        .await;
    assert_eq!(read, Ok(Some(("aba".to_owned(), true))));
    let missing = store
        .read(id, Actor::SYSTEM, |tx| {
            tx.query_opt("select $2 || $1", params!["b"], |_| Ok(()))
        })
        .await;
    assert_eq!(missing, Err(Error::Engine("no value for $2".to_owned())));
}

#[tokio::test]
async fn work_left_behind_is_asked_for_after_the_commit() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let due = "2026-11-23T09:10:00Z".parse().expect("an instant");
    let failing = move |tx: &Tx<'_>| {
        tx.wake_at(due);
        put(tx, 1, "banned")
    };
    assert!(store.write(id, Actor::SYSTEM, failing).await.is_err());
    let asking = move |tx: &Tx<'_>| {
        tx.wake_at(due);
        put(tx, 1, "one")
    };
    store
        .write(id, Actor::SYSTEM, asking)
        .await
        .expect("is written");
    assert_eq!(store.take_due(fixture.clock.now()).await, Vec::new());
    fixture.clock.advance_minutes(10);
    assert_eq!(store.take_due(fixture.clock.now()).await, vec![id]);
    assert_eq!(store.take_due(fixture.clock.now()).await, Vec::new());
}
