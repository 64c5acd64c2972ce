//! Databases of older and newer programs.

use super::tests::{Fixture, MIGRATIONS, organization, put, words};
use super::*;

#[tokio::test]
async fn a_file_from_a_newer_program_is_refused() {
    const NEWER: &[Migration] = &[
        MIGRATIONS[0],
        Migration {
            version: 2,
            name: "more",
            common: "create table more (id bigint)",
            sqlite: "",
            postgres: "",
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
            postgres: "",
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
