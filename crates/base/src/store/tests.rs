use std::sync::Arc;

use super::*;
use crate::kit::ManualClock;
use crate::params;

const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "words",
    common: "create table word (id bigint primary key, text text not null)",
    sqlite: "create trigger word_ban before insert on word when new.text = 'banned'
             begin select raise(abort, 'word_banned'); end",
    rows: None,
}];

struct Fixture {
    folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
}

impl Fixture {
    fn new() -> Self {
        let now = "2026-11-23T09:00:00Z".parse().expect("an instant");
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            clock: Arc::new(ManualClock::new(now)),
        }
    }

    fn key(&self) -> Key {
        RootKeyFile(self.folder.path().join("root.key"))
            .load_or_create(&Entropy::seeded(1))
            .expect("a key")
    }

    fn open_with(&self, options: Options) -> Arc<Store> {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let entropy = Arc::new(Entropy::seeded(2));
        Arc::new(
            Store::open(self.folder.path(), self.key(), options, clock, entropy).expect("opens"),
        )
    }

    fn open(&self) -> Arc<Store> {
        self.open_with(Options {
            organization_migrations: MIGRATIONS,
            erase: |_, _| Ok(()),
            group_commit: true,
        })
    }
}

fn put(tx: &Tx<'_>, id: i64, text: &str) -> Result<(), Error> {
    tx.execute(
        "insert into word (id, text) values ($1, $2)",
        params![id, text],
    )
    .map(|_| ())
}

fn words(tx: &Tx<'_>) -> Result<Vec<String>, Error> {
    tx.query("select text from word order by id", &[], |row| row.get(0))
}

async fn organization(store: &Store, slug: &str) -> OrganizationId {
    let made = store
        .create_organization(slug, Actor::OPERATOR, |_| Ok::<(), Error>(()))
        .await;
    made.expect("is made").0
}

#[tokio::test]
async fn what_is_written_is_read_after_reopening_and_stands_in_no_file_in_clear() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "canary-7f3a91"))
        .await
        .expect("is written");
    drop(store);
    let store = fixture.open();
    assert_eq!(store.find_organization("alpha"), Ok(Some(id)));
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

impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

#[tokio::test]
async fn a_plain_file_and_a_wrong_key_are_refused() {
    let fixture = Fixture::new();
    let id = organization(&fixture.open(), "alpha").await;
    let file = fixture.folder.path().join(format!("{id}.db"));
    std::fs::remove_file(&file).expect("was there");
    rusqlite::Connection::open(&file)
        .and_then(|plain| plain.execute_batch("create table word (id bigint)"))
        .expect("a plain file");
    let read = fixture.open().read(id, Actor::SYSTEM, words).await;
    assert_eq!(read, Err(Error::File("is not encrypted".to_owned())));

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
    let opened = Store::open(fixture.folder.path(), other, options, clock, entropy);
    assert!(matches!(opened, Err(Error::File(_))));
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
    let refused = RootKeyFile(path).load().expect_err("is refused");
    assert_eq!(
        refused.to_string(),
        "key: root key file has mode 0640; others may read it, set 0600"
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
    let fixture = Fixture::new();
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
    let (start, untouched) = (store.revision(id), store.revision(other));
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "one"))
        .await
        .expect("is written");
    let moved = store.revision(id);
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
    assert_eq!(store.revision(id), moved);
    assert_eq!(store.revision(other), untouched);
}

#[tokio::test]
async fn a_first_transaction_that_fails_leaves_no_organization() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let failed = store
        .create_organization("alpha", Actor::OPERATOR, |tx| put(tx, 1, "banned"))
        .await;
    assert!(failed.is_err());
    assert_eq!(store.find_organization("alpha"), Ok(None));
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
    let interrupted = store
        .control
        .add("alpha", fixture.clock.now(), &Entropy::seeded(5));
    let (half, _) = interrupted.expect("is recorded");
    store
        .write(half.id, Actor::OPERATOR, |tx| put(tx, 1, "half"))
        .await
        .expect("is written");
    drop(store);
    let store = fixture.open();
    assert_eq!(store.find_organization("alpha"), Ok(None));
    assert_eq!(store.organizations(), Ok(Vec::new()));
    let id = organization(&store, "alpha").await;
    assert_eq!(store.read(id, Actor::SYSTEM, words).await, Ok(Vec::new()));
    assert!(!fixture.folder.path().join(half.placement).exists());
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
    assert!(lock(&store.open).files.len() <= MAX_OPEN_ORGANIZATIONS);
    for (number, id) in ids.into_iter().enumerate() {
        let read = store.read(id, Actor::SYSTEM, words).await;
        assert_eq!(read, Ok(vec![format!("word {number}")]));
    }
}

#[tokio::test]
async fn a_file_from_a_newer_program_is_refused() {
    const NEWER: &[Migration] = &[
        MIGRATIONS[0],
        Migration {
            version: 2,
            name: "more",
            common: "create table more (id bigint)",
            sqlite: "",
            rows: None,
        },
    ];
    let fixture = Fixture::new();
    let newer = fixture.open_with(Options {
        organization_migrations: NEWER,
        erase: |_, _| Ok(()),
        group_commit: true,
    });
    let id = organization(&newer, "alpha").await;
    drop(newer);
    let refused = fixture.open().read(id, Actor::SYSTEM, words).await;
    assert_eq!(
        refused.expect_err("is refused").to_string(),
        "migration: the file is at version 2, this program knows up to 1: use a newer one"
    );
}

#[tokio::test]
async fn an_older_file_is_brought_up_to_date_with_its_rows() {
    const NEWER: &[Migration] = &[
        MIGRATIONS[0],
        Migration {
            version: 2,
            name: "length",
            common: "alter table word add column length bigint not null default 0;
                     update word set length = length(text)",
            sqlite: "",
            rows: None,
        },
    ];
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    store
        .write(id, Actor::SYSTEM, |tx| put(tx, 1, "seven77"))
        .await
        .expect("is written");
    drop(store);
    let newer = fixture.open_with(Options {
        organization_migrations: NEWER,
        erase: |_, _| Ok(()),
        group_commit: true,
    });
    let length = newer
        .read(id, Actor::SYSTEM, |tx| {
            tx.query_opt("select length from word", &[], |row| row.get::<i64>(0))
        })
        .await;
    assert_eq!(length, Ok(Some(7)));
}

#[tokio::test]
async fn parameters_are_bound_by_number_wherever_they_stand() {
    let fixture = Fixture::new();
    let store = fixture.open();
    let id = organization(&store, "alpha").await;
    let read = store
        .read(id, Actor::SYSTEM, |tx| {
            tx.query_opt(
                "select $2 || $1 || $2, $3 is null",
                params!["b", "a", None::<String>],
                |row| Ok((row.get::<String>(0)?, row.get::<bool>(1)?)),
            )
        })
        .await;
    assert_eq!(read, Ok(Some(("aba".to_owned(), true))));
    let missing = store
        .read(id, Actor::SYSTEM, |tx| {
            tx.query_opt("select $2", params!["b"], |_| Ok(()))
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
    assert_eq!(store.wakes().next(), None);
    let asking = move |tx: &Tx<'_>| {
        tx.wake_at(due);
        put(tx, 1, "one")
    };
    store
        .write(id, Actor::SYSTEM, asking)
        .await
        .expect("is written");
    assert_eq!(store.wakes().next(), Some(due));
    assert_eq!(store.wakes().take_due(fixture.clock.now()), Vec::new());
    fixture.clock.advance_minutes(10);
    assert_eq!(store.wakes().take_due(fixture.clock.now()), vec![id]);
    assert_eq!(store.wakes().next(), None);
}
