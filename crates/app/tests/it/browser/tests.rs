//! The harness itself, proved on a small site: what it asserts can fail, and does.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::get;
use fantoccini::key::Key;
use serde::Deserialize;

use super::site::Site;
use super::{Looks, browse};

/// As strict as ours; the scripts below run only with the nonce.
const POLICY: &str = "default-src 'none'; script-src 'nonce-n0nce'; style-src 'self'; \
    img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

const STYLE: &str = "
    body { color: #14211f; background: #fbfaf7; font: 17px sans-serif; margin: 1rem }
    main { display: grid; gap: 1rem; justify-items: start }
    a, button, input { min-block-size: 44px }
    .wide { inline-size: 30rem }
    .bare:focus-visible { outline: none }";

#[derive(Deserialize)]
struct Booking {
    name: String,
    when: String,
}

fn site() -> Site {
    Site::serve(
        Router::new()
            .route(
                "/style.css",
                get(async || ([(header::CONTENT_TYPE, "text/css")], STYLE)),
            )
            .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
            .route("/", get(async || page(GOOD)))
            .route("/bad", get(async || page(BAD)))
            .route("/wide", get(async || page("<p class=\"wide\">Wide</p>")))
            .route("/language", get(language))
            .route(
                "/cookie",
                get(async || ([(header::SET_COOKIE, "seen=1")], page("Counted"))),
            )
            .route("/book", get(async || page(FORM)).post(book))
            .route("/done", get(done)),
    )
}

fn page(main: &str) -> impl IntoResponse + use<> {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Proof</title>
         <meta name=\"viewport\" content=\"width=device-width\">
         <link rel=\"stylesheet\" href=\"/style.css\"></head>
         <body><main><h1>Proof</h1>{main}</main></body></html>"
    );
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page))
}

const GOOD: &str = "
    <p id=\"facts\">Written by the server</p>
    <noscript><p>No script here</p></noscript>
    <script nonce=\"n0nce\">
        const is = query => matchMedia(query).matches;
        document.getElementById('facts').textContent = [
            'Written by a script', innerWidth + ' by ' + innerHeight,
            is('(prefers-color-scheme: dark)') ? 'dark' : 'light',
            is('(forced-colors: active)') ? 'forced colors' : 'own colors',
            is('(prefers-reduced-motion: reduce)') ? 'still' : 'moving',
            is('(pointer: coarse)') ? 'touch' : 'mouse',
            navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone,
        ].join(', ');
    </script>
    <p><a href=\"/book\">Book now</a></p>";

const BAD: &str = "
    <img src=\"/favicon.ico\">
    <p style=\"color: #ddd\">An inline style</p>
    <script>document.title = 'an inline script'</script>
    <script nonce=\"n0nce\">document.body.insertAdjacentHTML('beforeend', '<b>markup</b>')</script>";

const FORM: &str = "
    <form method=\"post\">
        <p><label for=\"name\">Your name (required)</label>
           <input id=\"name\" name=\"name\" autocomplete=\"name\" value=\"Nobody\"></p>
        <p><label>Day <select name=\"when\"><option>Monday</option><option>Tuesday</option></select>
           </label></p>
        <p><button>Book\u{202f}it</button> <a class=\"bare\" href=\"/\">Leave</a></p>
    </form>";

async fn book(Form(booking): Form<Booking>) -> axum::response::Response {
    if booking.name.is_empty() {
        return (StatusCode::CONFLICT, page("Please say your name")).into_response();
    }
    Redirect::to(&format!(
        "/done?name={}&when={}",
        booking.name, booking.when
    ))
    .into_response()
}

async fn done(Query(booking): Query<Booking>) -> impl IntoResponse {
    let Booking { name, when } = booking;
    page(&format!(
        "<p>Done, \u{2068}{name}\u{2069}: {when}\u{a0}at 9</p>"
    ))
}

async fn language(headers: HeaderMap) -> impl IntoResponse {
    let asked = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    page(&format!("<p>Asked for {}</p>", asked.unwrap_or("nothing")))
}

#[test]
fn a_phone_in_the_dark_sees_a_page_made_for_it() {
    let site = site();
    browse(
        &Looks::phone()
            .dark()
            .reduced_motion()
            .zone("America/Vancouver"),
        async |tab| {
            tab.goto(&site.url("/")).await;
            tab.see("Written by a script, 390 by 844, dark, own colors, still, touch, en, America/Vancouver").await;
            tab.assert_fits().await;
            tab.assert_accessible().await;
            let picture = std::fs::read(tab.screenshot("proof-phone")).expect("it was written");
            assert!(picture.starts_with(b"\x89PNG"));
        },
    );
}

#[test]
fn a_desk_with_forced_colors_sees_a_page_made_for_it() {
    let site = site();
    browse(
        &Looks::desktop().forced_colors().language("de"),
        async |tab| {
            tab.goto(&site.url("/")).await;
            tab.see("1280 by 900, light, forced colors, moving, mouse, de")
                .await;
            tab.goto(&site.url("/language")).await;
            tab.see("Asked for de").await;
        },
    );
}

#[test]
fn a_form_is_filled_with_the_mouse() {
    let site = site();
    browse(&Looks::desktop(), async |tab| {
        tab.goto(&site.url("/")).await;
        tab.click("Book now").await;
        assert_eq!(tab.value("Your name").await, "Nobody");
        tab.fill("Your name", "").await;
        tab.click("Book it").await;
        tab.see("Please say your name").await;
        tab.excuse("409").await;
        tab.back().await;
        tab.fill("Your name", "Ada").await;
        tab.choose("Day", "Tuesday").await;
        tab.click("Book it").await;
        tab.see("Done, Ada: Tuesday at 9").await;
        tab.see_no("Nobody").await;
        assert_eq!(tab.path().await, "/done?name=Ada&when=Tuesday");
        assert_eq!(tab.cookies().await, Vec::<String>::new());
        tab.goto(&site.url("/cookie")).await;
        assert_eq!(tab.cookies().await, ["seen"]);
    });
}

#[test]
fn a_form_is_filled_with_the_keyboard_alone() {
    let site = site();
    browse(&Looks::desktop(), async |tab| {
        tab.goto(&site.url("/book")).await;
        assert_eq!(tab.focused().await, "");
        tab.tab_to("Your name").await;
        // Reaching a field by Tab selects what stands in it, so typing replaces it.
        tab.type_text("Bo").await;
        tab.tab_to("Day").await;
        tab.press(Key::Down).await;
        tab.tab_to("Book it").await;
        tab.press(Key::Enter).await;
        tab.see("Done, Bo: Tuesday at 9").await;
    });
}

#[test]
#[should_panic(expected = "Leave does not show that it has focus")]
fn a_stop_that_hides_the_focus_is_a_failure() {
    let site = site();
    browse(&Looks::desktop(), async |tab| {
        tab.goto(&site.url("/book")).await;
        tab.tab_to("Leave").await;
    });
}

#[test]
fn without_javascript_no_script_runs_and_the_page_is_still_read() {
    let site = site();
    browse(&Looks::narrow().without_javascript(), async |tab| {
        tab.goto(&site.url("/")).await;
        tab.see("Written by the server").await;
        tab.see("No script here").await;
        tab.see_no("Written by a script").await;
        tab.assert_fits().await;
        tab.assert_accessible().await;
        tab.click("Book now").await;
        tab.click("Leave").await;
        tab.see("Written by the server").await;
    });
}

#[test]
fn what_is_wrong_with_a_page_is_found() {
    let site = site();
    browse(&Looks::desktop(), async |tab| {
        tab.goto(&site.url("/bad")).await;
        let complaints = tab.complaints().join("\n");
        for violation in [
            "\"securitypolicyviolation\" \"style-src-attr\" \"inline\"",
            "\"securitypolicyviolation\" \"script-src-elem\" \"inline\"",
            "\"securitypolicyviolation\" \"require-trusted-types-for\"",
        ] {
            assert!(
                complaints.contains(violation),
                "{violation} is not among\n{complaints}"
            );
        }
        let findings = tab.findings().await;
        let image = findings
            .iter()
            .find(|finding| finding.starts_with("image-alt (critical)"));
        let image = image.unwrap_or_else(|| panic!("{findings:?}"));
        assert!(
            image.contains("Images must have alternative text"),
            "{image}"
        );
        assert!(image.ends_with("[\"img\"]"), "{image}");
    });
}

#[test]
#[should_panic(expected = "the browser complains:\n")]
fn a_walk_with_complaints_fails_at_its_end() {
    let site = site();
    browse(&Looks::desktop(), async |tab| {
        tab.goto(&site.url("/bad")).await;
    });
}

#[test]
#[should_panic(
    expected = "axe on /bad:\nimage-alt (critical): Images must have alternative text; "
)]
fn a_page_with_findings_is_a_failure_that_names_them() {
    let site = site();
    browse(&Looks::desktop(), async |tab| {
        tab.goto(&site.url("/bad")).await;
        tab.assert_accessible().await;
    });
}

#[test]
#[should_panic(expected = "wider than the window")]
fn a_page_wider_than_the_window_is_a_failure() {
    let site = site();
    browse(&Looks::narrow(), async |tab| {
        tab.goto(&site.url("/wide")).await;
        tab.assert_fits().await;
    });
}

#[test]
fn a_field_is_found_by_its_label_and_a_wait_ends_when_the_thing_is_there() {
    let site = site();
    browse(&Looks::desktop(), async |tab| {
        tab.goto(&site.url("/book")).await;
        let started = Instant::now();
        assert_eq!(
            tab.find("#name")
                .await
                .attr("name")
                .await
                .ok()
                .flatten()
                .as_deref(),
            Some("name")
        );
        assert_eq!(tab.find_all("option").await.len(), 2);
        assert!(started.elapsed() < Duration::from_secs(5));
    });
}
