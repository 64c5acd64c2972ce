//! What is written down can be taken away as a file and flagged; what is flagged needs an outcome.

use axum::http::StatusCode;

use super::{House, vet};
use crate::console::operator;

#[tokio::test]
async fn a_flagged_use_gets_an_outcome_from_somebody_else() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:view").await;
    inside.get(&house.sheet()).await;
    let list = house.owner.get("/access").await;
    let one = list.body.split("/access/uses/").nth(1).expect("a use");
    let one = one.split('"').next().expect("an id").to_owned();
    let path = format!("/access/uses/{one}");
    let page = house.owner.get(&path).await;
    assert!(page.text().contains("Somebody else at the operator"));
    for note in ["", "two\nlines", &"x".repeat(501)] {
        let page = house.owner.post(&path, &[("note", note)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let note = [("note", "=Why this one?")];
    let done = house.owner.post(&path, &note).await;
    assert!(done.location().ends_with("done=use-flagged"));
    assert!(
        house
            .owner
            .get(&path)
            .await
            .text()
            .contains("Nothing was said yet")
    );

    let settle = format!("/operator/conduct/{one}");
    let own = house.robin.get("/operator/access").await;
    assert!(own.text().contains("It is about you"), "{}", own.text());
    let own = house.robin.post(&settle, &[("outcome", "All fine")]).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND);
    let ash = operator(&house.test, "ash").await;
    vet(&house.test, "ash").await;
    let seen = ash.get("/operator/access").await;
    assert!(seen.text().contains("=Why this one?") && seen.text().contains("robin"));
    let empty = ash.post(&settle, &[("outcome", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let said = ash
        .post(&settle, &[("outcome", "A wrong click; talked about")])
        .await;
    assert!(said.location().ends_with("done=conduct-settled"));
    let again = ash.post(&settle, &[("outcome", "Another")]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "it is said once");
    let read = house.owner.get(&path).await;
    assert!(read.text().contains("A wrong click; talked about"));

    let file = house
        .owner
        .get(&format!("/access/uses-file?grant={loan}"))
        .await;
    let kind = file.header("content-type").expect("a kind");
    assert_eq!(kind, "text/csv; charset=utf-8");
    assert!(
        file.body
            .starts_with("at,grant,operator,environment,ticket,method,route,ids,people")
    );
    assert!(
        file.body.contains("'=Why this one?"),
        "no formula: {}",
        file.body
    );
    assert!(file.body.contains(&house.appointment.to_string()));
    let none = house.owner.get("/access/uses-file?grant=nothing").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let unknown = house.owner.get("/access/uses/lus_1").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_an_operator_does_stands_in_the_record_under_the_grant() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:full").await;
    let page = inside
        .post(
            &format!("{}/status", house.sheet()),
            &[("to", "canceled"), ("back", "/")],
        )
        .await;
    assert!(
        page.status.is_redirection() || page.status.is_success(),
        "{}",
        page.text()
    );
    let id = house.appointment.to_string();
    let acts = house
        .test
        .read::<_, kept_base::store::Error, _>(house.clinic.id, move |tx| {
            kept_app::audit::of(tx, &id, 10)
        });
    let acts = acts.await;
    let by = format!("operator_on_grant:{loan}");
    assert!(
        acts.iter()
            .all(|act| act.actor == by || act.act == "appointment.booked")
    );
    let seen = house.owner.get("/access").await;
    assert!(seen.text().contains("Did"), "{}", seen.text());
}

#[tokio::test]
async fn leaving_closes_the_door() {
    let house = House::new().await;
    let (loan, inside) = house.inside("calendar:view").await;
    let left = house
        .robin
        .post(&format!("/operator/access/{loan}/leave"), &[])
        .await;
    assert_eq!(left.location(), "/operator/access?done=access-left");
    assert!(
        left.header("set-cookie")
            .expect("an end")
            .contains("Max-Age=0")
    );
    super::refused(&inside.get("/calendar").await, "left");
    let back = house.enter(&house.robin, &loan).await;
    assert_eq!(back.get("/calendar").await.status, StatusCode::OK);
    let ash = operator(&house.test, "ash").await;
    let others = ash
        .post(&format!("/operator/access/{loan}/entry"), &[])
        .await;
    assert_eq!(others.status, StatusCode::NOT_FOUND);
}
