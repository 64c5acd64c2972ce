use std::collections::BTreeSet;

use insta::assert_snapshot;
use kept_app::http::api::{DOCUMENT, ROUTES, problems};
use serde_json::{Value, json};

use super::contract::{conforms, resolve};
use super::{Api, Ask};

#[tokio::test]
async fn the_document_is_served_as_it_is_known() {
    let api = Api::new().await;
    let answer = api.get("/api/v1/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "application/json");
    assert_eq!(answer.headers["cache-control"], "public, max-age=300");
    assert_eq!(answer.json(), *DOCUMENT);
    assert_eq!(answer.at("/openapi"), "3.1.0");
    let text = serde_json::to_string_pretty(&*DOCUMENT).expect("JSON");
    assert_snapshot!("openapi", text);
}

#[test]
fn document_and_table_name_the_same_routes() {
    let paths = DOCUMENT["paths"].as_object().expect("paths").iter();
    let documented: BTreeSet<String> = paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").keys();
            methods.map(move |method| format!("{method} {path}"))
        })
        .collect();
    let routed: BTreeSet<String> = ROUTES
        .iter()
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(documented, routed);
    assert_eq!(routed.len(), ROUTES.len());
}

#[tokio::test]
async fn the_router_answers_at_every_documented_route() {
    let api = Api::new().await;
    for route in ROUTES {
        let path = route.path.replace("{org}", "riverside");
        let path = path.replace("{id}", "apt_00000000000000000000000000");
        let method = route.method.to_uppercase().leak();
        let answer = api.send(Ask::new(method, path)).await;
        assert_ne!(answer.status, 405, "{} {}", route.method, route.path);
        let is_missing = answer.status == 404 && !route.path.contains("holds/");
        assert!(!is_missing, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn an_address_that_is_too_long_is_refused_as_documented() {
    let api = Api::new().await;
    for route in ROUTES {
        let path = route.path.replace("{org}", "riverside");
        let path = path.replace("{id}", "apt_00000000000000000000000000");
        let path = format!("{path}?after={}", "a".repeat(5_000));
        let method = route.method.to_uppercase().leak();
        let answer = api.send(Ask::new(method, path)).await;
        let name = format!("{} {}", route.method, route.path);
        assert_eq!(answer.status, 414, "{name}");
        let documented = &DOCUMENT["paths"][route.path][route.method]["responses"];
        assert!(documented["414"].is_object(), "{name}");
    }
}

#[test]
fn every_operation_is_described_and_its_examples_are_of_their_types() {
    let mut ids = BTreeSet::new();
    for route in ROUTES {
        let operation = &DOCUMENT["paths"][route.path][route.method];
        let name = format!("{} {}", route.method, route.path);
        for word in ["operationId", "summary"] {
            assert!(operation[word].is_string(), "{name} {word}");
        }
        assert!(ids.insert(operation["operationId"].to_string()), "{name}");
        assert_eq!(
            operation["parameters"][0]["$ref"],
            "#/components/parameters/org"
        );
        let parameters = operation["parameters"].as_array().expect("a list");
        for parameter in parameters.iter().filter(|p| p.get("$ref").is_none()) {
            assert!(parameter["description"].is_string(), "{name} {parameter}");
        }
        if let Some(body) = operation.get("requestBody") {
            let content = &body["content"]["application/json"];
            example_conforms(content, &format!("{name} body"));
            // Bodies are objects, and nothing else is read.
            let nothing = conforms(&content["schema"], &Value::Null, "");
            assert_ne!(nothing, Ok(()), "{name}");
        }
        let responses = operation["responses"].as_object().expect("responses");
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name}"
        );
        for (status, response) in responses {
            let name = format!("{name} {status}");
            assert!(
                response["description"]
                    .as_str()
                    .is_some_and(|d| !d.is_empty()),
                "{name}"
            );
            match response["content"].get("application/json") {
                Some(content) => example_conforms(content, &name),
                None if status == "204" => {}
                None => problems_conform(&response["content"], status, &name),
            }
        }
        let is_public = operation["security"]
            .as_array()
            .is_some_and(|s| s.contains(&json!({})));
        let right = route.needs.right;
        let public = kept_app::access::allow(kept_base::kit::ActorKind::Visitor, &[], right);
        assert_eq!(is_public, public.is_ok(), "{name}");
    }
}

fn example_conforms(content: &Value, name: &str) {
    let example = content
        .get("example")
        .unwrap_or_else(|| panic!("{name}: no example"));
    let outcome = conforms(&content["schema"], example, "");
    assert_eq!(outcome, Ok(()), "{name}");
}

fn problems_conform(content: &Value, status: &str, name: &str) {
    let content = &content["application/problem+json"];
    let examples = content["examples"].as_object().expect("examples");
    for (code, example) in examples {
        let example = resolve(example);
        assert_eq!(example["value"]["code"], *code, "{name}");
        assert_eq!(example["value"]["status"].to_string(), status, "{name}");
        assert_eq!(
            conforms(&content["schema"], &example["value"], ""),
            Ok(()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn the_page_shows_every_operation_and_every_code() {
    let api = Api::new().await;
    let page = api.get("/api").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    let html = page.text();
    for route in ROUTES {
        let operation = &DOCUMENT["paths"][route.path][route.method];
        let id = operation["operationId"].as_str().expect("an id");
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
        assert!(html.contains(&format!("href=\"#{id}\"")), "{id}");
        assert!(
            html.contains(&format!("</b> {}</code>", route.path)),
            "{id}"
        );
    }
    for kind in problems::kinds() {
        let id = format!("id=\"{}\"", kind.code);
        assert_eq!(html.matches(&id).count(), 1, "{}", kind.code);
    }
    let ids = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let mut ids: Vec<&str> = ids.collect();
    for link in html
        .split("href=\"#")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert!(ids.contains(&link), "{link}");
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "ids stand once");
    // Nothing of others, nothing inline.
    for foreign in ["http://", "https://", "//"] {
        let elsewhere = html.split(foreign).skip(1);
        let known = elsewhere
            .filter(|rest| !rest.starts_with("kept.test") && !rest.starts_with("book.example.org"));
        assert_eq!(known.count(), 0, "{foreign}");
    }
    for inline in ["<script", "<style", "style=\"", " onclick"] {
        assert!(!html.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn an_example_command_of_the_page_shows() {
    let api = Api::new().await;
    let html = api.get("/api").await.text();
    let section = html
        .split("<section id=\"createHold\"")
        .nth(1)
        .expect("a section");
    let section = section.split("</section>").next().unwrap_or_default();
    assert_snapshot!(section, @r##"
     aria-labelledby="createHold-title">
    <h3 id="createHold-title">Hold a time</h3>
    <p class="route"><code><b>POST</b> /api/v1/orgs/{org}/holds</code></p>
    <p>Keeps a time for ten minutes, for somebody who is still typing. Nobody else can book it meanwhile.</p>
    <p class="muted">Open to everybody. A token needs the scope <code>appointments:write</code>.</p>
    <pre><code>curl -X POST &#39;http://kept.test/api/v1/orgs/riverside/holds&#39; \
      -H &#34;Idempotency-Key: $(uuidgen)&#34; \
      -H &#39;Content-Type: application/json&#39; \
      -d &#39;{
      &#34;service&#34;: &#34;checkup&#34;,
      &#34;starts_at&#34;: &#34;2026-12-01T13:30:00Z&#34;
    }&#39;</code></pre>
    <h4>Body</h4>
    <dl class="fields">
    <dt><code>location</code> <span class="small muted">string or null</span></dt>
    <dd>Where; anywhere where it is left out.</dd>
    <dt><code>service</code> <span class="small muted">string, needed</span></dt>
    <dd>Which service, as its id or slug.</dd>
    <dt><code>staff</code> <span class="small muted">string or null</span></dt>
    <dd>With whom; the least recently booked of all who are free where it is left out.</dd>
    <dt><code>starts_at</code> <span class="small muted">instant, needed</span></dt>
    <dd>When it begins.</dd>
    </dl>
    <h4>Answer 201</h4>
    <p>The time is held.</p>
    <pre><code>{
      &#34;expires_at&#34;: &#34;2026-11-23T08:10:00Z&#34;,
      &#34;id&#34;: &#34;hld_3w0c9y5tqfvx8h2m7d1k6e4r0a&#34;
    }</code></pre>
    <details>
    <summary>Fields<span class="vh"> of the answer: Hold a time</span></summary>
    <dl class="fields">
    <dt><code>expires_at</code> <span class="small muted">instant</span></dt>
    <dd>Until when the time is kept.</dd>
    <dt><code>id</code> <span class="small muted">string</span></dt>
    <dd>What to send as <code>hold</code> when booking. Whoever knows it can use it.</dd>
    </dl>
    </details>
    <h4>Problems</h4>
    <p class="codes"><a href="#invalid_idempotency_key"><code>invalid_idempotency_key</code></a> <a href="#malformed_json"><code>malformed_json</code></a> <a href="#unauthorized"><code>unauthorized</code></a> <a href="#forbidden"><code>forbidden</code></a> <a href="#missing_scope"><code>missing_scope</code></a> <a href="#not_found"><code>not_found</code></a> <a href="#body_timeout"><code>body_timeout</code></a> <a href="#slot_taken"><code>slot_taken</code></a> <a href="#too_large"><code>too_large</code></a> <a href="#uri_too_long"><code>uri_too_long</code></a> <a href="#unsupported_media_type"><code>unsupported_media_type</code></a> <a href="#idempotency_key_reused"><code>idempotency_key_reused</code></a> <a href="#invalid_fields"><code>invalid_fields</code></a> <a href="#too_many_holds"><code>too_many_holds</code></a> <a href="#too_many_requests"><code>too_many_requests</code></a> <a href="#busy"><code>busy</code></a> <a href="#organization_suspended"><code>organization_suspended</code></a> <a href="#storage_damaged"><code>storage_damaged</code></a> <a href="#storage_full"><code>storage_full</code></a> <a href="#timeout"><code>timeout</code></a> <a href="#unavailable"><code>unavailable</code></a> </p>
    "##);
}
