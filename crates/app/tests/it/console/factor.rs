//! An operator's second factor.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{StatusCode, header};
use kept_app::access::{MAX_CODE_TRIES, MAX_FACTOR_FAILURES, RECOVERY_CODES, TotpSecret};
use kept_app::http::operator_routes;

use super::{Browser, operator};
use crate::access::door::{code_of, codes_of, secret_on};
use crate::support::TestApp;
use crate::support::desk::PASSWORD;
use crate::support::visitor::Page;

const HERE: &str = "/operator/account/factor";
pub(super) const CODE: &str = "/operator/sign-in/code";

pub(super) fn present<'a>() -> (&'a str, &'a str) {
    ("present", PASSWORD)
}

/// Turns an operator's second factor on; the answer is what their app has, and the recovery codes.
pub(super) async fn turn_on(test: &TestApp, robin: &Browser) -> (TotpSecret, Vec<String>) {
    let begun = robin.post(&format!("{HERE}/begin"), &[present()]).await;
    assert_eq!(begun.location(), HERE);
    let secret = secret_on(&robin.get(HERE).await);
    let code = code_of(test, &secret);
    let codes = codes_of(&robin.post(HERE, &[("code", &code)]).await);
    assert_eq!(codes.len(), RECOVERY_CODES);
    test.clock.advance_minutes(1);
    (secret, codes)
}

pub(super) async fn password(test: &TestApp, name: &str) -> Page {
    let form = [("name", name), ("password", PASSWORD)];
    let stranger = Browser::of(test, "");
    stranger
        .post("/operator/sign-in?next=%2Foperator%2Fjobs", &form)
        .await
}

/// Somebody who gave the right password and waits for a code.
pub(super) async fn waiting(test: &TestApp, name: &str) -> Browser {
    let page = password(test, name).await;
    assert!(page.location().starts_with(CODE), "{}", page.location());
    Browser::of(test, "").signed_in(&page)
}

#[tokio::test]
async fn it_is_turned_on_asked_for_and_turned_off() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let elsewhere = Browser::of(&test, "").signed_in(&password(&test, "robin").await);
    assert_eq!(elsewhere.get("/operator").await.status, StatusCode::OK);
    let unproved = robin
        .post(&format!("{HERE}/begin"), &[("present", "x")])
        .await;
    assert_eq!(unproved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unproved
            .text()
            .contains("The present password is another one")
    );
    let early = robin.post(HERE, &[("code", "123456")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "none was begun");
    robin
        .post(&format!("{HERE}/begin"), &[present()])
        .await
        .location();
    let there = elsewhere.get(HERE).await;
    assert!(
        !there.body.contains("typed-off"),
        "where it was begun alone"
    );
    let wrong = robin.post(HERE, &[("code", "12345")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(elsewhere.get("/operator").await.status, StatusCode::OK);
    let (secret, _) = turn_on(&test, &robin).await;
    assert_eq!(robin.get("/operator").await.status, StatusCode::OK);
    assert!(
        elsewhere
            .get("/operator")
            .await
            .location()
            .contains("/sign-in"),
        "others are out"
    );
    let page = robin.get(HERE).await;
    assert!(
        !page.body.contains("typed-off"),
        "the secret is shown no more"
    );
    assert!(page.text().contains("You have 10 recovery codes left"));

    // The password alone opens nothing.
    let page = password(&test, "robin").await;
    let cookie = page.header("set-cookie").expect("a cookie");
    assert!(
        cookie.starts_with("__Secure-kept-operator-pending="),
        "{cookie}"
    );
    assert!(cookie.contains("; Path=/operator; Max-Age=600; Secure; HttpOnly; SameSite=Strict"));
    let half = Browser::of(&test, "").signed_in(&page);
    assert!(half.get("/operator").await.location().contains("/sign-in"));
    let (_, token) = cookie
        .split(';')
        .next()
        .and_then(|pair| pair.split_once('='))
        .expect("one");
    let disguised = Browser::of(&test, &format!("__Secure-kept-operator={token}"));
    assert!(
        disguised
            .get("/operator")
            .await
            .location()
            .contains("/sign-in")
    );
    let step = half.get(&page.location()).await;
    assert!(step.text().contains("One more step"), "{}", step.text());
    let code = code_of(&test, &secret);
    let done = half.post(&page.location(), &[("code", &code)]).await;
    assert_eq!(done.location(), "/operator/jobs");
    let cookies = done.headers.get_all(header::SET_COOKIE);
    assert_eq!(cookies.iter().count(), 2, "what waited is over");
    let again = half.signed_in(&done);
    assert_eq!(again.get("/operator/jobs").await.status, StatusCode::OK);
    assert!(
        again
            .get("/operator/operators")
            .await
            .text()
            .contains("Second factor turned on")
    );

    // Off again, for whoever has both.
    test.clock.advance_minutes(1);
    let code = code_of(&test, &secret);
    let off = format!("{HERE}/removal");
    for wrong in [
        vec![("code", code.as_str())],
        vec![("present", "x"), ("code", &code)],
        vec![present()],
        vec![present(), ("code", "000000")],
    ] {
        let page = again.post(&off, &wrong).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong:?}");
    }
    let page = again.post(&off, &[present(), ("code", &code)]).await;
    assert!(page.location().contains("done=factor-off"));
    assert!(robin.get("/operator").await.location().contains("/sign-in"));
    let page = password(&test, "robin").await;
    assert_eq!(page.location(), "/operator/jobs");
    let acts = test.app.store.operator_acts(50).await.expect("are read");
    let factors: Vec<_> = acts.iter().map(|act| act.act.code()).collect();
    let of = |code: &str| factors.iter().filter(|one| **one == code).count();
    assert_eq!((of("factor_added"), of("factor_removed")), (1, 1));
}

#[tokio::test]
async fn a_code_works_once_and_few_are_tried() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let (secret, _) = turn_on(&test, &robin).await;
    let code = code_of(&test, &secret);
    let (one, two) = (waiting(&test, "robin").await, waiting(&test, "robin").await);
    assert_eq!(
        one.post(CODE, &[("code", &code)]).await.location(),
        "/operator"
    );
    let used = two.post(CODE, &[("code", &code)]).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
    let over = one.post(CODE, &[("code", &code)]).await;
    assert!(
        over.location().contains("done=sign-in-over"),
        "what was done waits no more"
    );
    for _ in 2..MAX_CODE_TRIES {
        let page = two.post(CODE, &[("code", "000000")]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let last = two.post(CODE, &[("code", "000000")]).await;
    assert_eq!(last.location(), "/operator/sign-in?done=sign-in-codes");
    assert!(two.get(CODE).await.location().contains("done=sign-in-over"));
    // They count with wrong passwords of the same name from the same address.
    let third = waiting(&test, "robin").await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(third.post(CODE, &[("code", "000000")]).await.status);
    }
    assert!(
        statuses.contains(&StatusCode::TOO_MANY_REQUESTS),
        "{statuses:?}"
    );
    // From wherever: after so many only recovery codes are taken.
    for _ in 0..MAX_FACTOR_FAILURES {
        test.clock.advance_minutes(16);
        let waits = waiting(&test, "robin").await;
        waits.post(CODE, &[("code", "000000")]).await;
    }
    test.clock.advance_minutes(16);
    let waits = waiting(&test, "robin").await;
    let right = code_of(&test, &secret);
    let page = waits.post(CODE, &[("code", &right)]).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        page.text().contains("only recovery codes"),
        "{}",
        page.text()
    );
    test.clock.advance_minutes(24 * 60);
    let waits = waiting(&test, "robin").await;
    let right = code_of(&test, &secret);
    let page = waits.post(CODE, &[("code", &right)]).await;
    assert_eq!(page.location(), "/operator");
    let robin = Browser::of(&test, "").signed_in(&page);
    let acts = robin.get("/operator/operators").await.text();
    let noted = acts
        .matches("Only recovery codes taken for a while")
        .count();
    assert_eq!(noted, 1, "{acts}");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_new_ones_end_the_old() {
    let test = TestApp::empty();
    let robin = operator(&test, "robin").await;
    let (_, codes) = turn_on(&test, &robin).await;
    let first = [("recovery", codes[0].as_str())];
    let page = waiting(&test, "robin").await.post(CODE, &first).await;
    assert_eq!(page.location(), "/operator");
    let page = waiting(&test, "robin").await.post(CODE, &first).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(robin.get(HERE).await.text().contains("9 recovery codes"));
    let make = format!("{HERE}/codes");
    let alone = robin.post(&make, &[present()]).await;
    assert_eq!(alone.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = robin.post(&make, &[present(), ("code", &codes[2])]).await;
    let new = codes_of(&made);
    let old = [("recovery", codes[1].as_str())];
    let page = waiting(&test, "robin").await.post(CODE, &old).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let typed = new[0].to_lowercase().replace('-', " ");
    let new = [("recovery", typed.as_str())];
    let page = waiting(&test, "robin").await.post(CODE, &new).await;
    assert_eq!(page.location(), "/operator");
}

#[tokio::test]
async fn where_it_is_required_nothing_else_opens_before() {
    let mut test = TestApp::empty();
    let app = Arc::get_mut(&mut test.app).expect("nobody else has it");
    app.operators_need_factor = true;
    let robin = operator(&test, "robin").await;
    let allowed = ["/operator/sign-out", HERE, "/operator/account/factor/begin"];
    for route in operator_routes().list() {
        let method = route.method.to_uppercase();
        let url = route
            .path
            .replace("{slug}", "riverside")
            .replace("{id}", "nothing");
        if allowed.contains(&url.as_str()) {
            continue;
        }
        let page = robin.send(&method, &url, Body::from("")).await;
        assert_eq!(page.location(), HERE, "{method} {url}");
    }
    let page = robin.get(HERE).await;
    assert!(
        page.text().contains("Operators need a second factor here"),
        "{}",
        page.text()
    );
    let (secret, _) = turn_on(&test, &robin).await;
    assert_eq!(robin.get("/operator").await.status, StatusCode::OK);
    let code = code_of(&test, &secret);
    let waits = waiting(&test, "robin").await;
    assert_eq!(
        waits.post(CODE, &[("code", &code)]).await.location(),
        "/operator"
    );
}
