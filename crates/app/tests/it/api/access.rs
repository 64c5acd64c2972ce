use insta::assert_snapshot;
use kept_app::access::{self, Right, Scope};
use kept_app::http::api::{ROUTES, Route};
use serde_json::json;

use super::{Answer, Api, Ask, booking};
use crate::support::may;
use crate::support::{TestApp, clinic};

/// A request to a route, complete but for the token, with `id` where the path has one.
fn ask(route: &Route, slug: &str, id: &str) -> Ask {
    let path = route.path.replace("{org}", slug).replace("{id}", id);
    let name = route.path.rsplit('/').next().unwrap_or_default();
    match (route.method, name) {
        ("delete", _) => Ask::new("DELETE", path),
        ("get", "days") => Ask::get(format!(
            "{path}?service=checkup&from=2026-11-24&to=2026-11-25"
        )),
        ("get", "slots") => Ask::get(format!("{path}?service=checkup&date=2026-11-24")),
        ("get", "why") => Ask::get(format!(
            "{path}?service=checkup&starts_at=2026-11-24T09:00:00Z"
        )),
        ("get", _) => Ask::get(path),
        (_, "holds") => Ask::post(
            path,
            &json!({"service": "checkup", "starts_at": "2026-11-24T09:00:00Z"}),
        ),
        (_, "appointments") => Ask::post(path, &booking("2026-11-24T10:00:00Z")),
        (_, "rescheduling") => Ask::post(path, &json!({"starts_at": "2026-11-26T09:00:00Z"})),
        (_, "search") => Ask::post(path, &json!({"email": "ama@example.org"})),
        (_, "cancellation") => Ask::post(path, &json!({})),
        (method, name) => panic!("{method} {name} is not in this test"),
    }
}

fn is_public(route: &Route) -> bool {
    matches!(route.needs.right, Right::SeeOffering | Right::Book)
}

/// An id that the route's path takes, of a thing that exists where there can be one.
async fn existing(api: &Api, route: &Route) -> String {
    if route.path.contains("appointments/") {
        api.book("2026-11-25T09:00:00Z").await.at("/id")
    } else if route.path.contains("people/") {
        let booked = api.post_as_clinic("appointments", booking("2026-11-25T09:00:00Z"));
        booked.await.at("/person")
    } else {
        let hold = json!({"service": "checkup", "starts_at": "2026-11-25T09:00:00Z"});
        api.post("holds", hold).await.at("/id")
    }
}

async fn two_clinics() -> (Api, clinic::Clinic) {
    let test = TestApp::empty();
    let ours = clinic::create(&test, "riverside").await;
    let theirs = clinic::create(&test, "northgate").await;
    (Api::of(test, ours), theirs)
}

#[tokio::test]
async fn strangers_reach_what_is_public_and_nothing_else() {
    for route in ROUTES {
        let api = Api::new().await;
        let id = existing(&api, route).await;
        let answer = api.send(ask(route, "riverside", &id)).await;
        let name = format!("{} {} {}", route.method, route.path, answer.text());
        if is_public(route) {
            assert!((200..300).contains(&answer.status), "{name}");
        } else {
            assert_eq!(answer.status, 401, "{name}");
            assert_eq!(answer.headers["www-authenticate"], "Bearer realm=\"kept\"");
        }
    }
}

#[tokio::test]
async fn every_route_wants_its_scope_and_no_other() {
    for route in ROUTES {
        let api = Api::new().await;
        let id = existing(&api, route).await;
        for scope in Scope::ALL {
            let token = api.test.write(api.clinic.id, move |tx| {
                access::create_token(tx, "t", &[scope])
            });
            let token = token.await.1.expose().to_owned();
            let answer = api.send(ask(route, "riverside", &id).bearer(&token)).await;
            let name = format!(
                "{} {} {} {}",
                route.method,
                route.path,
                scope.code(),
                answer.text()
            );
            if route.needs.right.scope() == Some(scope) {
                assert!((200..300).contains(&answer.status), "{name}");
            } else {
                assert_eq!(
                    (answer.status, answer.at("/code").as_str()),
                    (403, "missing_scope")
                );
                let needed = route.needs.right.scope().map(Scope::code);
                assert_eq!(Some(answer.at("/scope").as_str()), needed, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn tokens_that_are_not_valid_are_refused_everywhere() {
    let (api, theirs) = two_clinics().await;
    let revoked = api
        .test
        .write(api.clinic.id, |tx| {
            let (id, token) = access::create_token(tx, "old", &Scope::ALL)?;
            access::revoke_token(tx, &may(), id)?;
            Ok::<_, kept_base::store::Error>(token)
        })
        .await;
    let unknown = format!("kept_{}", "A".repeat(32));
    let mut answers: Vec<serde_json::Value> = Vec::new();
    for route in ROUTES {
        let id = "apt_00000000000000000000000000";
        for authorization in [
            format!("Bearer {unknown}"),
            format!("Bearer {}", revoked.expose()),
            format!("Bearer {}", theirs.token),
            format!("Bearer {}", "A".repeat(32)),
            format!("Basic {}", api.clinic.token),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            format!("Bearer {} x", api.clinic.token),
            "Bearer <script>".to_owned(),
            format!("Bearer {}", "A".repeat(129)),
        ] {
            let ask = ask(route, "riverside", id).header("authorization", &authorization);
            let answer = api.send(ask).await;
            assert_eq!(answer.status, 401, "{} {authorization}", route.path);
            answers.push(answer.without_request_id());
        }
        let twice = ask(route, "riverside", id).bearer(&api.clinic.token);
        let twice = api.send(twice.bearer(&api.clinic.token)).await;
        assert_eq!(twice.status, 401);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_snapshot!(serde_json::to_string_pretty(&answers[0]).expect("JSON"), @r#"
    {
      "code": "unauthorized",
      "status": 401,
      "title": "A valid API token is needed",
      "type": "/api#unauthorized"
    }
    "#);
}

#[tokio::test]
async fn things_of_others_are_things_that_never_were() {
    let (ours, theirs) = two_clinics().await;
    let theirs = Api::of(
        TestApp {
            app: ours.test.app.clone(),
            clock: ours.test.clock.clone(),
            folder: ours.test.folder.clone(),
        },
        theirs,
    );
    let token = ours.clinic.token.clone();
    for route in ROUTES.iter().filter(|route| route.path.contains("{id}")) {
        let prefix = match route.path {
            path if path.contains("/people/") => "per",
            path if path.contains("/holds/") => "hld",
            _ => "apt",
        };
        let foreign = existing(&theirs, route).await;
        let never = format!("{prefix}_7zzzzzzzzzzzzzzzzzzzzzzzzz");
        let mut answers = Vec::new();
        for id in [
            foreign.as_str(),
            &never,
            "nonsense",
            "%F0%9F%98%80",
            "per_x",
            "..%2f..%2f",
        ] {
            let answer = ours.send(ask(route, "riverside", id).bearer(&token)).await;
            assert_eq!(answer.status, 404, "{} {id} {}", route.path, answer.text());
            answers.push((answer.without_request_id(), plain(&answer)));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{}", route.path);
        // The same id with its own token is there.
        let own = theirs.send(ask(route, "northgate", &foreign).bearer(&theirs.clinic.token));
        assert!((200..300).contains(&own.await.status), "{}", route.path);
    }
}

#[tokio::test]
async fn ids_of_others_in_queries_and_bodies_name_nothing() {
    let (api, theirs) = two_clinics().await;
    let at = "2026-11-24T09:00:00Z";
    let never = |prefix: &str| format!("{prefix}_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    for (name, foreign, never) in [
        ("service", theirs.checkup.to_string(), never("svc")),
        ("staff", theirs.vogt.to_string(), never("stf")),
        ("location", theirs.harbor.to_string(), never("loc")),
    ] {
        let mut answers = Vec::new();
        for id in [foreign, never] {
            let mut query = format!("service=checkup&{name}={id}");
            let mut body = booking(at);
            body[name] = json!(id);
            if name == "service" {
                query = format!("service={id}");
            }
            let mut hold = body.clone();
            hold.as_object_mut().expect("an object").remove("person");
            answers.push([
                api.get(&format!("days?{query}&from=2026-11-24&to=2026-11-25"))
                    .await,
                api.get(&format!("slots?{query}&date=2026-11-24")).await,
                api.get(&format!("slots/why?{query}&starts_at={at}")).await,
                api.post("appointments", body).await,
                api.post("holds", hold).await,
            ]);
        }
        for (foreign, never) in answers[0].iter().zip(&answers[1]) {
            assert_eq!(foreign.status, 404, "{name} {}", foreign.text());
            assert_eq!(foreign.without_request_id(), never.without_request_id());
        }
    }
    let hold = json!({"service": "checkup", "starts_at": at});
    let slug = &theirs.slug;
    let foreign = api
        .send(Ask::post(format!("/api/v1/orgs/{slug}/holds"), &hold))
        .await;
    let mut body = booking(at);
    body["hold"] = json!(foreign.at("/id"));
    assert_eq!(api.post("appointments", body).await.status, 201);
}

#[tokio::test]
async fn organizations_that_never_were_are_not_found() {
    let api = Api::new().await;
    let mut answers = Vec::new();
    for route in ROUTES {
        for slug in ["nowhere", "RIVERSIDE", "%00", "a%2Fb", &"a".repeat(300)] {
            let ask = ask(route, slug, "apt_00000000000000000000000000");
            let answer = api.send(ask.bearer(&api.clinic.token)).await;
            assert_eq!(answer.status, 404, "{} {slug}", route.path);
            answers.push(answer.without_request_id());
        }
    }
    let elsewhere = api.get("/api/v1/nothing").await;
    assert_eq!(elsewhere.status, 404);
    answers.push(elsewhere.without_request_id());
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let method = api.send(Ask::new("PUT", "services")).await;
    assert_eq!(method.status, 405);
    assert_eq!(method.headers["allow"], "GET,HEAD");
}

#[tokio::test]
async fn words_of_people_are_shown_to_those_who_may_see_people() {
    let api = Api::new().await;
    let id = api.book("2026-11-25T09:00:00Z").await.at("/id");
    let token = api.test.write(api.clinic.id, |tx| {
        access::create_token(tx, "t", &[Scope::AppointmentsRead])
    });
    let token = token.await.1.expose().to_owned();
    let one = api
        .send(Ask::get(format!("appointments/{id}")).bearer(&token))
        .await;
    assert_eq!(one.status, 200);
    assert!(one.json().get("answers").is_none());
    assert!(one.json().get("cancellation_reason").is_none());
    let one = api
        .get_as_clinic(&format!("appointments/{id}"))
        .await
        .json();
    assert_eq!(
        (&one["answers"], &one["cancellation_reason"]),
        (&json!({}), &json!(null))
    );
}

#[tokio::test]
async fn the_use_of_a_token_is_written_down_now_and_then() {
    let api = Api::new().await;
    let last_used = || {
        api.test.read(api.clinic.id, |tx| {
            tx.query_opt("select last_used_at from token", &[], |row| {
                row.get::<Option<jiff::Timestamp>>(0)
            })
        })
    };
    assert_eq!(last_used().await, Some(None));
    let started = api.test.app.store.clock().now();
    let days = "days?service=checkup&from=2026-11-23&to=2026-11-28";
    for (minutes, noted) in [(0, 0), (9, 0), (2, 11)] {
        api.test.clock.advance_minutes(minutes);
        assert_eq!(api.get_as_clinic(days).await.status, 200);
        let noted = kept_base::kit::time::plus_minutes(started, noted);
        assert_eq!(last_used().await, Some(Some(noted)), "{minutes}");
    }
}

/// The headers of an answer that must not differ, either.
fn plain(answer: &Answer) -> Vec<(String, String)> {
    let headers = answer.headers.iter();
    headers
        .filter(|(name, _)| *name != "x-request-id")
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect()
}
