use super::*;
use crate::kit::{Actor, OperatorId, Token};
use crate::store::{Origin, sqlite};

#[test]
fn organizations_of_an_older_control_database_keep_their_keys() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("control.db");
    let entropy = Entropy::seeded(1);
    let root = Key::random(&entropy);
    let id = OrganizationId::new(Timestamp::UNIX_EPOCH, &entropy);
    let (organization, database) = (Key::random(&entropy), Key::random(&entropy));
    let older = sqlite::open(
        &path,
        &root.derive("kept control database 1"),
        sqlite::Use::Make,
    );
    let older = Session::Sqlite(Box::new(older.expect("opens")));
    crate::store::migrate::migrate(&older, &MIGRATIONS[..1], crate::store::migrate::no_rows)
        .expect("is made");
    older
        .execute(
            "insert into organization values ($1, 'alpha', 'alpha.db', $2, $3, 1, 0)",
            params![
                id,
                root.wrap(&format!("{id} organization 1"), &organization, &entropy),
                organization.wrap(&format!("{id} database 1"), &database, &entropy),
            ],
        )
        .expect("is kept");
    drop(older);
    let control = Control::in_file(&path, root.into(), None, &entropy).expect("opens");
    assert_eq!(control.by_slug("alpha").expect("is read"), Some(id));
    let placed = control.placed(id).expect("is read");
    assert_eq!(placed.placement, Placement::File("alpha.db".to_owned()));
    let keys = control.keys(id, &entropy).expect("are read");
    assert_eq!(keys.wrapping.current.0, 1);
    assert_eq!(keys.wrapping.current.1.bytes(), organization.bytes());
    assert_eq!(keys.database.bytes(), database.bytes());
    // Those it had not are made once.
    let again = control.keys(id, &entropy).expect("are read");
    assert_eq!(again.key_store.bytes(), keys.key_store.bytes());
    assert_eq!(again.index.bytes(), keys.index.bytes());
    assert_ne!(keys.key_store.bytes(), keys.index.bytes());
}

/// Accounts of before, which anybody could have made a link for, count as apart from nobody.
#[test]
fn operators_of_an_older_control_database_come_from_where_the_record_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("control.db");
    let entropy = Entropy::seeded(1);
    let root = Key::random(&entropy);
    let key = root.derive("kept control database 1");
    let older = sqlite::open(&path, &key, sqlite::Use::Make).expect("opens");
    let older = Session::Sqlite(Box::new(older));
    crate::store::migrate::migrate(&older, &MIGRATIONS[..7], crate::store::migrate::no_rows)
        .expect("is made");
    let ids = [1, 2, 3].map(|seed| OperatorId::new(Timestamp::UNIX_EPOCH, &Entropy::seeded(seed)));
    let acts = [
        ("operator_added", ids[0], "operator".to_owned()),
        (
            "operator_added",
            ids[1],
            Actor::operator(ids[0]).to_string(),
        ),
        ("operator_added", ids[2], "operator".to_owned()),
        ("link_made", ids[2], Actor::operator(ids[0]).to_string()),
    ];
    for (number, id) in ids.iter().enumerate() {
        older
            .execute(
                "insert into operator_account (id, name, password, state, created_at)
                 values ($1, $2, 'a hash', 'active', 0)",
                params![id, format!("robin-{number}")],
            )
            .expect("is kept");
    }
    for (number, (act, subject, author)) in acts.iter().enumerate() {
        older
            .execute(
                "insert into operator_act (id, at, author, act, subject, reason)
                 values ($1, 0, $2, $3, $4, '')",
                params![number.to_string(), author, *act, subject],
            )
            .expect("is kept");
    }
    let hash = |text: &str| Token::presented(text).expect("a token").hash("test");
    for (id, link) in [(ids[0], "first"), (ids[1], "second")] {
        older
            .execute(
                "insert into operator_link (operator_id, token_hash, expires_at)
                 values ($1, $2, 1000000)",
                params![id, hash(link)],
            )
            .expect("is kept");
    }
    drop(older);
    let control = Control::in_file(&path, root.into(), None, &entropy).expect("opens");
    let known = control.operators().expect("are read");
    let origins: Vec<Origin> = known.iter().map(|one| one.origin).collect();
    assert_eq!(origins, [Origin::Server, Origin::Unknown, Origin::Unknown]);
    assert!(known.iter().all(|one| one.held_since.is_none()));
    // A link that an operator made for somebody who had a password works no more.
    let now = Timestamp::UNIX_EPOCH;
    let redeem = |link| control.redeem_operator_link(hash(link), "x", (now, &entropy));
    assert_eq!(control.operator_of_link(hash("second"), now), Ok(None));
    assert_eq!(redeem("second"), Ok(None));
    assert_eq!(redeem("first"), Ok(Some(ids[0])));
}

impl Control {
    /// Lets the file have no more than `most` pages, or as many as it has; gives that number.
    pub fn limit_pages(&self, most: i64) -> Result<i64, Error> {
        self.with(|session| {
            let limit = format!("pragma max_page_count = {most}");
            let has = session.query_opt(&limit, &[], |row| row.get(0))?;
            has.ok_or(Error::Decode("number of pages"))
        })
    }

    /// Puts each one's organization key in the place of the other's.
    pub fn swap_keys(&self, one: OrganizationId, other: OrganizationId) -> Result<(), Error> {
        self.with(|session| {
            for (from, to) in [(one.to_string(), "aside"), (other.to_string(), "other")] {
                session.execute(
                    "update wrapped_key set organization_id = $2
                     where organization_id = $1 and kind = 'organization'",
                    params![from, to],
                )?;
            }
            for (from, to) in [("aside", other), ("other", one)] {
                session.execute(
                    "update wrapped_key set organization_id = $2
                     where organization_id = $1 and kind = 'organization'",
                    params![from, to],
                )?;
            }
            Ok(())
        })
    }
}

fn control() -> (tempfile::TempDir, Control) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let entropy = Entropy::seeded(1);
    let root = Key::random(&entropy);
    let path = folder.path().join("control.db");
    let control = Control::in_file(&path, root.into(), None, &entropy).expect("opens");
    (folder, control)
}

#[test]
fn wrong_tries_count_within_their_stretch_and_under_no_name() {
    let (_folder, control) = control();
    let at = |minutes: i64| Timestamp::from_second(minutes * 60).expect("an instant");
    let names = ["pair a".to_owned(), "address a".to_owned()];
    let stretch = |now: i64| (at(now - 15), at(now));
    let failures = |now: i64| {
        control
            .door_failures(&names, stretch(now))
            .expect("are read")
    };
    assert_eq!(failures(100), [0, 0]);
    let fail = |names: &[String], now: i64| {
        let failed = control.add_door_failure(names, stretch(now));
        failed.expect("is counted");
    };
    fail(&names, 100);
    fail(&names[..1], 110);
    assert_eq!(failures(110), [2, 1]);
    assert_eq!(failures(114), [2, 1]);
    assert_eq!(failures(115), [2, 0], "a stretch after its last one");
    // Counted ahead of a clock that was set back, it counts as nothing, and begins anew.
    assert_eq!(failures(105), [0, 1]);
    fail(&names[..1], 105);
    assert_eq!(failures(105), [1, 1]);
    control
        .forget_door_failures(&names[0])
        .expect("is forgotten");
    assert_eq!(failures(105), [0, 1]);
    fail(&names[..1], 200);
    let rows = |sql: &str| {
        let read = control.with(|session| session.query(sql, &[], |row| row.get::<Vec<u8>>(0)));
        read.expect("are read")
    };
    let hashes = rows("select key_hash from door_count");
    assert_eq!(hashes.len(), 1, "what is over is gone");
    assert!(hashes[0].len() == 32 && !hashes[0].windows(4).any(|part| part == b"pair"));
}

#[test]
fn what_is_taken_of_a_minute_adds_up_and_goes() {
    let (_folder, control) = control();
    let take = |name: &str, minute: i64, taken: u32| {
        let sum = control.add_to_pace(name, minute, taken);
        sum.expect("is counted")
    };
    assert_eq!((take("a", 10, 120), take("a", 10, 60)), (120, 180));
    assert_eq!((take("b", 10, 60), take("a", 11, 60)), (60, 60));
    assert_eq!(take("a", 10, 60), 240, "a clock that is a minute behind");
    assert_eq!(take("a", 12, 60), 60);
    let minutes = control.with(|session| {
        session.query("select minute from pace order by minute", &[], |row| {
            row.get::<i64>(0)
        })
    });
    assert_eq!(minutes.expect("are read"), [11, 12]);
}
