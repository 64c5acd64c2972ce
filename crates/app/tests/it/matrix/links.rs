//! Links with a secret in them: one of another organization, of another kind or of another time opens
//! what one opens that never was.

use kept_app::access::{self, LinkPurpose, Purpose};
use kept_app::calendar;
use kept_app::http::open_routes;
use kept_app::page::Door;
use kept_base::kit::time::plus_minutes;
use kept_base::kit::{Actor, Token};
use kept_base::store::Error;

use super::world::{Side, World};
use crate::support::TestApp;
use crate::support::may;
use crate::support::visitor::Visitor;

/// A secret of each kind that the organization gave out, with the word in the path that it is for.
async fn secrets(test: &TestApp, side: &Side) -> Vec<(&'static str, Token)> {
    let (staff, member) = (side.clinic.vogt, side.owner.id);
    test.write(side.clinic.id, move |tx| {
        // A calendar's address opens what its maker may see.
        tx.recognize(Actor::member(member));
        let sql = "select id, person_id from appointment";
        let found = tx.query_opt(sql, &[], |row| Ok::<_, Error>((row.get(0)?, row.get(1)?)))?;
        let (appointment, person) =
            found.ok_or_else(|| Error::Damaged("no appointment".to_owned()))?;
        let ends_at = plus_minutes(tx.now(), 60);
        let link = |purpose| access::issue_link(tx, purpose, Some(member));
        let feed = calendar::make_feed(tx, &may(), staff)?
            .ok_or_else(|| Error::Damaged("no room".to_owned()))?;
        Ok::<_, Error>(vec![
            (
                "appointment",
                access::issue_capability(tx, Purpose::Manage, appointment, person, ends_at)?,
            ),
            ("feed", feed.1),
            ("join", link(LinkPurpose::Join)?),
            ("reset", link(LinkPurpose::Reset)?),
            ("pass", link(LinkPurpose::Pass)?),
        ])
    })
    .await
}

#[tokio::test]
async fn a_link_of_others_opens_what_one_opens_that_never_was() {
    let World { test, ours, theirs } = World::new().await;
    let visitor = Visitor::of(&test);
    let (own, foreign) = (secrets(&test, &ours).await, secrets(&test, &theirs).await);
    let mut opened = 0;
    let open = open_routes();
    for route in open.list().iter().filter(|route| route.door == Door::Link) {
        let method = route.method.to_uppercase();
        let address = |token: &str| {
            let path = route.path.replace("{org}", "riverside");
            let ending = if path.contains("/feed/") { ".ics" } else { "" };
            path.replace("{token}", &format!("{token}{ending}"))
        };
        let ask = async |token: &str| {
            let page = visitor.send(&method, &address(token), "".into()).await;
            (
                page.status,
                page.body.len(),
                page.header("location").map(str::to_owned),
            )
        };
        let never = ask("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
        for (kind, token) in &foreign {
            let answer = ask(token.expose()).await;
            assert_eq!(answer, never, "{method} {} {kind}", route.path);
        }
        for (kind, token) in &own {
            let is_for_it = route.path.contains(&format!("/{kind}/"));
            if !is_for_it {
                let answer = ask(token.expose()).await;
                assert_eq!(answer, never, "{method} {} {kind}", route.path);
            } else if method == "GET" {
                assert_ne!(ask(token.expose()).await, never, "{} opens", route.path);
                opened += 1;
            }
        }
    }
    assert!(opened >= 6, "{opened}");
}
