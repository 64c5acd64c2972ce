//! The public pages, asked in process as a browser without scripts would.

mod choosing;
mod person;
mod screens;
mod trouble;
mod whole;

use crate::support::visitor::{Page, Visitor};

/// What a person types who is in no hurry.
pub const TYPED: &[(&str, &str)] = &[
    ("name", "Ama Okafor"),
    ("email", "ama@example.org"),
    ("phone", "+49 30 123456"),
];

/// Chooses the time `at` of `service` and comes to the details.
pub async fn hold(visitor: &Visitor, service: &str, at: &str) -> String {
    let url = format!("/riverside/{service}/hold");
    visitor.post(&url, &[("at", at)]).await.location()
}

/// Books `checkup` at `at` and comes to the person's page.
pub async fn book(visitor: &Visitor, at: &str) -> (String, Page) {
    let details = hold(visitor, "checkup", at).await;
    let done = visitor.post(&details, TYPED).await.location();
    let page = visitor.get(&done).await;
    (done, page)
}
