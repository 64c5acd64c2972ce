use proptest::prelude::*;

use super::super::migrate::migrate;
use super::super::session::Session;
use super::super::{Error, Migration, Value};
use super::row::TableDigest;
use super::shape::Shape;
use super::{Reader, Writer, digest, let_references_wait, load, sync};

const STEPS: &[Migration] = &[Migration {
    version: 1,
    name: "family",
    common: "create table child (
                 parent text not null references parent (id),
                 number bigint not null,
                 word text,
                 bytes bytea,
                 primary key (parent, number)
             );
             create table parent (id text primary key, name text not null unique);
             create table single (at bigint not null)",
    sqlite: "",
    postgres: "",
    rows: None,
}];

fn shape() -> Shape {
    Shape::of_organization(STEPS).expect("has a shape")
}

fn empty() -> Session {
    let session = Session::Sqlite(Box::new(
        rusqlite::Connection::open_in_memory().expect("opens"),
    ));
    migrate(&session, STEPS, |_| Ok(())).expect("is made");
    session
        .batch(super::super::keyring::TABLES)
        .expect("are made");
    session
        .batch("delete from schema_version")
        .expect("is empty");
    session
        .batch("pragma foreign_keys = on")
        .expect("references are looked at");
    session
}

/// What a random family is made of: parents by number with a name, children with what they hold.
type Family = (
    std::collections::BTreeMap<u8, u16>,
    Vec<(u8, i64, Option<String>, Option<Vec<u8>>)>,
);

fn family() -> impl Strategy<Value = Family> {
    let child = (
        any::<u8>(),
        -3..4_i64,
        proptest::option::of("[a-z\\x00é]{0,3}"),
        proptest::option::of(proptest::collection::vec(any::<u8>(), 0..3)),
    );
    (
        proptest::collection::btree_map(0..12_u8, any::<u16>(), 0..12),
        proptest::collection::vec(child, 0..40),
    )
}

fn fill(session: &Session, (parents, children): &Family) {
    for (id, name) in parents {
        let values = [
            Value::Text(format!("p{id}").into()),
            Value::Text(format!("{name} {id}").into()),
        ];
        session
            .execute("insert into parent (id, name) values ($1, $2)", &values)
            .expect("is kept");
    }
    let ids: Vec<&u8> = parents.keys().collect();
    for (parent, number, word, bytes) in children.iter().filter(|_| !ids.is_empty()) {
        let parent = ids[usize::from(*parent) % ids.len()];
        let values = [
            Value::Text(format!("p{parent}").into()),
            Value::Int(*number),
            word.as_ref()
                .map_or(Value::Null, |word| Value::Text(word.as_str().into())),
            bytes
                .as_ref()
                .map_or(Value::Null, |bytes| Value::Blob(bytes.as_slice().into())),
        ];
        session
            .execute(
                "insert into child (parent, number, word, bytes) values ($1, $2, $3, $4)
                 on conflict (parent, number) do nothing",
                &values,
            )
            .expect("is kept");
    }
}

fn digests(session: &Session) -> Vec<TableDigest> {
    let shape = shape();
    let tables = shape.tables.iter();
    tables
        .map(|table| digest(session, table).expect("is read"))
        .collect()
}

fn archive(session: &Session) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), &"test").expect("begins");
    for table in &shape().tables {
        writer.table(session, table, |_| Ok(())).expect("is copied");
    }
    writer.end().expect("ends").0
}

#[test]
fn tables_stand_after_those_they_refer_to_with_their_keys_first() {
    let listed: Vec<String> = (shape().tables.iter())
        .map(|table| format!("{} ({}) {}", table.name, table.list(), table.key))
        .collect();
    insta::assert_snapshot!(listed.join("\n"), @r#"
    erasure_watermark ("sequence") 1
    key_store_made ("made") 1
    parent ("id", "name") 1
    child ("parent", "number", "word", "bytes") 2
    retired_key ("key_id") 1
    schema_version ("version") 1
    single ("at") 1
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_two_databases_hold_after_syncing_they_hold_the_same(
        one in family(), other in family()
    ) {
        let (source, target) = (empty(), empty());
        fill(&source, &one);
        fill(&target, &other);
        let shape = shape();
        let begin = || {
            target.batch("begin immediate")?;
            let_references_wait(&target, true)
        };
        begin().expect("begins");
        let commit = || target.batch("commit").and_then(|()| begin());
        let synced = sync((&source, &target), &shape, commit, |_| Ok(())).expect("is synced");
        target.batch("commit").expect("references hold");
        prop_assert_eq!(&synced.digests, &digests(&source));
        prop_assert_eq!(digests(&source), digests(&target));
        begin().expect("begins");
        let again = sync((&source, &target), &shape, || Ok(()), |_| Ok(())).expect("is synced");
        target.batch("commit").expect("references hold");
        prop_assert_eq!(again.changed, 0);
    }

    #[test]
    fn what_an_archive_holds_is_put_back(family in family()) {
        let (source, target) = (empty(), empty());
        fill(&source, &family);
        let bytes = archive(&source);
        let (reader, about) = Reader::new::<String>(bytes.as_slice()).expect("is an archive");
        prop_assert_eq!(about, "test");
        load(reader, &target, &shape(), |_| Ok(())).expect("is loaded");
        prop_assert_eq!(digests(&source), digests(&target));
    }

    #[test]
    fn a_changed_or_cut_archive_is_refused(
        family in family(), at in any::<prop::sample::Index>(), bit in 0..8_u8
    ) {
        let source = empty();
        fill(&source, &family);
        let bytes = archive(&source);
        let at = at.index(bytes.len());
        let check = |bytes: &[u8]| match Reader::new::<String>(bytes) {
            Ok((reader, about)) if about == "test" => reader.check().map(|_| ()),
            Ok(_) => Err(Error::Archive("about something else")),
            Err(error) => Err(error),
        };
        prop_assert_eq!(check(&bytes), Ok(()));
        prop_assert!(check(&bytes[..at]).is_err());
        let mut changed = bytes.clone();
        changed[at] ^= 1 << bit;
        prop_assert!(check(&changed).is_err());
    }
}
