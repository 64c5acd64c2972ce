//! What clients and the worker meet when the ground gives way: no room, damaged or missing files, a
//! clock that is set back, a server that goes away.

mod clock;
mod server;

use std::path::PathBuf;

use kept_app::people;
use kept_base::store::{Error, Store, Tx};
use serde_json::{Value, json};

use crate::api::{Answer, Api, Ask, booking};
use crate::support::{TestApp, clinic};

const PAGE: usize = 4_096;

/// The `number`th of the times that the clinic offers, and the body that books it for somebody new.
fn nth(number: u32) -> Value {
    let (day, half) = (24 + number / 12 % 3, number % 12);
    let hour = 9 + half / 2;
    let mut body = booking(&format!("2026-11-{day}T{hour:02}:{:02}:00Z", half % 2 * 30));
    body["person"] = json!({
        "name": format!("Guest {number}"),
        "email": format!("guest-{number}@example.org"),
    });
    body
}

fn said(answer: &Answer) -> (u16, String) {
    let code = answer.json()["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    (answer.status, code)
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Lets the data of the clinic grow by `more` pages and no further.
async fn set_room(api: &Api, more: i64) {
    let limit = move |tx: &Tx<'_>| {
        let has = tx.query_opt("pragma page_count", &[], |row| row.get::<i64>(0))?;
        let limit = format!("pragma max_page_count = {}", has.unwrap_or(0) + more);
        tx.query(&limit, &[], |_| Ok(())).map(|_| ())
    };
    api.test.write::<_, Error, _>(api.clinic.id, limit).await;
}

async fn listed(api: &Api) -> Vec<String> {
    let answer = api.get_as_clinic("appointments?limit=200").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let rows = answer.json()["data"].as_array().cloned();
    let ids = rows.into_iter().flatten().map(|row| row["id"].clone());
    ids.map(|id| id.as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn a_full_disk_refuses_bookings_shows_what_is_there_and_goes_on_by_itself() {
    let (test, clinic) = TestApp::with_clinic_in_files().await;
    let api = Api::of(test, clinic);
    set_room(&api, 0).await;
    let mut booked = Vec::new();
    let mut next = 0..;
    let refused = loop {
        let answer = api
            .post("appointments", nth(next.next().unwrap_or(0)))
            .await;
        match answer.status {
            201 => booked.push(answer.at("/id")),
            409 => {}
            _ => break answer,
        }
        assert!(booked.len() < 30, "there is still room");
    };
    assert_eq!(said(&refused), problem(503, "storage_full"));
    assert_eq!(refused.headers["retry-after"], "60");
    let mut found = listed(&api).await;
    found.sort();
    booked.sort();
    assert_eq!(found, booked, "what was acknowledged, and nothing else");
    for path in ["services", "slots?service=checkup&date=2026-11-24"] {
        assert_eq!(api.get(path).await.status, 200, "{path}");
    }
    for path in ["/healthz", "/riverside", "/riverside/checkup"] {
        assert_eq!(api.get(path).await.status, 200, "{path}");
    }

    set_room(&api, 1_000).await;
    let answer = api
        .post("appointments", nth(next.next().unwrap_or(0)))
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(listed(&api).await.len(), booked.len() + 1);
    let faults = api.test.app.store.faults(api.clinic.id).await;
    assert_eq!(faults.expect("can be read"), Vec::<String>::new());
}

/// An installation with two clinics whose files can be changed behind its back.
struct Two {
    test: TestApp,
    clinic: clinic::Clinic,
    other: clinic::Clinic,
}

impl Two {
    /// Closed, with a person in each.
    async fn closed() -> Self {
        let test = TestApp::empty_in_files();
        let clinic = clinic::create(&test, "riverside").await;
        let other = clinic::create(&test, "hillside").await;
        for id in [clinic.id, other.id] {
            for number in 0..40 {
                let new = clinic::person(
                    &format!("Guest {number}"),
                    &format!("guest-{number}@example.org"),
                );
                test.write(id, move |tx| people::record(tx, &new)).await;
            }
        }
        let now = kept_base::kit::Clock::now(&*test.clock);
        let folder = std::sync::Arc::clone(&test.folder);
        drop(test);
        let test = TestApp::open(folder, now, true);
        Self {
            test,
            clinic,
            other,
        }
    }

    fn file(&self, ending: &str) -> PathBuf {
        let name = format!("{}{ending}", self.clinic.id);
        self.test.folder.path().join(name)
    }

    /// Closes the files and opens them with the next request.
    fn reopen(self) -> (Api, String) {
        let other = self.other.slug.clone();
        (Api::of(self.test, self.clinic), other)
    }
}

fn damage(path: &std::path::Path) -> Vec<u8> {
    let good = std::fs::read(path).expect("is there");
    let mut bytes = good.clone();
    for page in 1..bytes.len() / PAGE {
        let middle = page * PAGE + PAGE / 2;
        bytes[middle..middle + 16].fill(0xA5);
    }
    std::fs::write(path, bytes).expect("is ours");
    good
}

/// The other clinic shows its services and takes a booking.
async fn is_untouched(api: &Api, slug: &str) {
    let services = api.get(&format!("/api/v1/orgs/{slug}/services")).await;
    assert_eq!(services.status, 200, "{}", services.text());
    assert_eq!(api.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn damaged_files_close_one_organization_until_good_ones_are_back() {
    for ending in [".db", ".keys.db"] {
        let two = Two::closed().await;
        let path = two.file(ending);
        let good = damage(&path);
        let (api, other) = two.reopen();
        for _ in 0..3 {
            let answer = api.post("appointments", nth(1)).await;
            assert_eq!(said(&answer), problem(503, "storage_damaged"), "{ending}");
            assert_eq!(answer.headers["retry-after"], "60");
        }
        let page = api.get("/riverside").await;
        assert_eq!(page.status, 503, "{ending}");
        assert!(!page.text().contains("org_"), "a stranger is told no ids");
        is_untouched(&api, &other).await;

        std::fs::write(&path, good).expect("is ours");
        let answer = api.post("appointments", nth(1)).await;
        assert_eq!(answer.status, 201, "{ending}: {}", answer.text());
    }
}

#[tokio::test]
async fn missing_files_are_not_replaced_by_empty_ones() {
    for ending in [".db", ".keys.db"] {
        let two = Two::closed().await;
        let (path, aside) = (two.file(ending), two.file(".aside"));
        std::fs::rename(&path, &aside).expect("is ours");
        let (api, other) = two.reopen();
        for ask in [Ask::post("appointments", &nth(1)), Ask::get("services")] {
            let answer = api.send(ask).await;
            assert_eq!(said(&answer), problem(503, "storage_damaged"), "{ending}");
        }
        is_untouched(&api, &other).await;
        assert!(!path.exists(), "{ending}");
        std::fs::rename(&aside, &path).expect("is ours");
        let answer = api.post("appointments", nth(1)).await;
        assert_eq!(answer.status, 201, "{ending}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_a_look_at_everything_says_names_the_damaged_key_store() {
    let two = Two::closed().await;
    damage(&two.file(".keys.db"));
    let store: &Store = &two.test.app.store;
    let found = store.faults(two.clinic.id).await;
    let said = match found {
        Ok(faults) => faults.join("; "),
        Err(error) => error.to_string(),
    };
    assert!(
        said.contains("damaged") || said.contains("key store"),
        "{said}"
    );
    let found = store.faults(two.other.id).await;
    assert_eq!(found.expect("can be read"), Vec::<String>::new());
}
