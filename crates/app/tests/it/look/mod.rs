//! What an organization has of its own: chosen on members' pages, seen on public ones and in
//! letters, taken back.

mod color;
mod letters;
mod logo;
mod screens;
mod words;

use axum::body::Body;
use axum::http::StatusCode;
use kept_app::access::Role;

use crate::support::desk::Staffer;
use crate::support::visitor::{Page, Visitor};
use crate::support::{Clinic, TestApp};

/// A clinic, an admin of it, and somebody who comes by.
pub struct House {
    pub test: TestApp,
    pub clinic: Clinic,
    pub admin: Staffer,
    pub visitor: Visitor,
}

impl House {
    pub async fn open() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        Self {
            admin: Staffer::of(&test, &clinic, Role::Admin).await,
            visitor: Visitor::of(&test),
            test,
            clinic,
        }
    }

    /// Sends a form that works, and sees the page after it.
    pub async fn done(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.admin.post(path, fields).await;
        let page = self.admin.get(&answer.location()).await;
        assert_eq!(page.status, StatusCode::OK);
        page
    }

    /// Takes back what the page says was done.
    pub async fn take_back(&self, page: &Page) {
        let undo = page.attribute("action=\"/o/riverside/undo/", "action");
        let undo = undo.expect("an offer to take it back");
        let answer = self
            .admin
            .post(&undo, &[("back", "/o/riverside/look")])
            .await;
        assert!(
            answer.location().contains("done=undone"),
            "{}",
            answer.location()
        );
    }

    /// Sends a file as the field `name`.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Page {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"x.png\"\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
        let kind = "multipart/form-data; boundary=b";
        self.admin
            .send_as("POST", path, kind, Body::from(body))
            .await
    }

    /// The acts of the audit record, as code and detail, without those of signing in.
    pub async fn acts(&self) -> Vec<String> {
        let acts = self
            .test
            .read(self.clinic.id, |tx| kept_app::audit::after(tx, 0, 1_000));
        let acts = acts.await.into_iter();
        acts.filter(|act| act.act.starts_with("look") || act.act.starts_with("letter"))
            .map(|act| format!("{} {}", act.act, act.detail))
            .collect()
    }
}

#[tokio::test]
async fn every_page_stands_in_every_language_and_says_nothing_twice() {
    let house = House::open().await;
    let staff = Staffer::of(&house.test, &house.clinic, Role::Staff).await;
    for path in [
        "/look",
        "/look/words",
        "/look/texts",
        "/look/letters",
        "/look/letters/booked/person/en",
        "/look/letters/canceled/staff/de",
        "/embed",
    ] {
        let page = house.admin.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        // A text that is missing shows as its id.
        for id in ["look-", "embed-", "noun-"] {
            let text = page.text();
            let shown = text
                .lines()
                .find(|line| line.contains(id) && !line.contains('['));
            assert_eq!(shown, None, "{path}");
        }
        assert_eq!(
            staff.get(path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    for path in [
        "/look/letters/lost/person/en",
        "/look/letters/booked/nobody/en",
        "/look/letters/booked/person/fr",
    ] {
        assert_eq!(
            house.admin.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let nowhere = house.admin.post("/look/words/fr", &[]).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_unchanged_is_no_act() {
    let house = House::open().await;
    house.done("/look/color", &[("ours", "1")]).await;
    house.done("/embed", &[("origins", " ")]).await;
    assert_eq!(house.acts().await, [""; 0]);
}
