//! The demo's mailbox, and the whole way through it: book, follow the link in the mail, move,
//! cancel, as somebody with a browser does.

use std::sync::Arc;

use insta::assert_snapshot;
use kept_app::letters;
use kept_app::messaging::transport::Transport;

use super::Post;
use crate::pages::{TYPED, hold};
use crate::support::clinic;
use crate::support::visitor::{Page, Visitor};

fn visitor(post: &Post) -> Visitor {
    let more = letters::pages::mailbox(&post.transport);
    Visitor::of_demo(&post.test, more)
}

/// The newest link to a person's page, as a path.
fn link(mailbox: &Page) -> String {
    let (_, rest) = mailbox
        .body
        .split_once("href=\"http://kept.test/riverside/appointment/")
        .expect("a link");
    let token = rest.split('"').next().expect("an end");
    format!("/riverside/appointment/{token}")
}

#[tokio::test]
async fn from_the_mail_through_the_page_and_back() {
    let post = Post::captured().await;
    let visitor = visitor(&post);
    let details = hold(&visitor, "checkup", "2026-12-01T09:00:00Z").await;
    visitor.post(&details, TYPED).await.location();
    post.run().await;

    let mailbox = visitor.get("/_demo/mailbox").await;
    assert_eq!(mailbox.status, 200);
    let own = visitor.get(&link(&mailbox)).await;
    assert!(own.text().contains("● Confirmed"), "{}", own.text());

    let to_move = format!("{}/move", link(&mailbox));
    let at = [("at", "2026-12-01T13:30:00Z")];
    visitor.post(&to_move, &at).await.location();
    post.advance(60);
    post.run().await;
    let mailbox = visitor.get("/_demo/mailbox").await;
    let own = visitor.get(&link(&mailbox)).await;
    assert!(own.text().contains("Tue 1 Dec 2026, 14:30–15:00"));
    let sequences = |mailbox: &Page| mailbox.body.matches("\nSEQUENCE:1\r\n").count();
    assert_eq!(sequences(&mailbox), 2, "person and staff");

    let to_cancel = format!("{}/cancel", link(&mailbox));
    visitor.post(&to_cancel, &[]).await.location();
    post.advance(60);
    post.run().await;
    let mailbox = visitor.get("/_demo/mailbox?org=riverside").await;
    assert_eq!(mailbox.body.matches("<article").count(), 6);
    assert_eq!(mailbox.body.matches("\nMETHOD:CANCEL\r\n").count(), 2);
    let uids: std::collections::BTreeSet<&str> = mailbox
        .body
        .lines()
        .filter(|line| line.starts_with("UID:"))
        .collect();
    assert_eq!(uids.len(), 1);
    let first = mailbox.text();
    let person = first
        .split("Canceled: Riverside Clinic")
        .nth(1)
        .expect("the person's letter");
    assert!(person.contains("Book another time:"));
}

#[tokio::test]
async fn the_page_as_it_reads() {
    let post = Post::captured().await;
    let visitor = visitor(&post);
    assert_snapshot!(visitor.get("/_demo/mailbox").await.text());
    post.book(post.clinic.checkup, "2026-12-01T09:00:00Z").await;
    post.run().await;
    let page = visitor.get("/_demo/mailbox").await;
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("set-cookie"), None);
    let token = link(&page).replace("/riverside/appointment/", "");
    let text = page.text().replace(&token, "TOKEN");
    let mut letters = text.split("Calendar entry");
    let person = letters.find(|letter| letter.contains("Booked: Riverside"));
    let person = person.expect("a letter").split_once("Booked: ");
    assert_snapshot!(person.expect("a subject").1);
    let german = visitor.get("/_demo/mailbox?lang=de&org=nobody").await;
    assert_snapshot!(german.text());
}

#[tokio::test]
async fn each_organization_s_letters_stand_apart() {
    let post = Post::captured().await;
    clinic::create(&post.test, "northgate").await;
    post.book(post.clinic.checkup, "2026-12-01T09:00:00Z").await;
    post.run().await;
    let visitor = visitor(&post);
    let count = |page: Page| page.body.matches("<article").count();
    assert_eq!(count(visitor.get("/_demo/mailbox").await), 2);
    assert_eq!(count(visitor.get("/_demo/mailbox?org=riverside").await), 2);
    assert_eq!(count(visitor.get("/_demo/mailbox?org=northgate").await), 0);
}

#[tokio::test]
async fn words_of_others_are_shown_and_do_nothing() {
    let post = Post::captured().await;
    let mut new = post
        .clinic
        .booking(post.clinic.checkup, "2026-12-01T09:00:00Z");
    let name = "<script>alert(1)</script> http://kept.test/x javascript:1";
    new.person.name = kept_base::kit::PersonName::from_store(name.to_owned());
    let catalogs = Arc::clone(&post.test.app.catalogs);
    post.write(move |tx| kept_app::scheduling::book(tx, &catalogs, &new))
        .await;
    post.run().await;
    let page = visitor(&post).get("/_demo/mailbox").await;
    assert!(!page.body.contains("<script>alert"));
    assert!(!page.body.contains("href=\"javascript:"));
    assert!(!page.body.contains("href=\"http://kept.test/x"));
    assert!(page.text().contains("alert(1)"));
}

#[tokio::test]
async fn only_the_demo_has_it() {
    let post = Post::with(Transport::Off).await;
    assert_eq!(visitor(&post).get("/_demo/mailbox").await.status, 404);
    let plain = Visitor::of(&post.test);
    assert_eq!(plain.get("/_demo/mailbox").await.status, 404);
}
