//! Wherever a password is set, one that many people use or that is made of what is known of somebody is
//! refused by name, in their language.

use axum::http::StatusCode;
use kept_app::access::{self, LinkPurpose, Role};

use crate::support::TestApp;
use crate::support::desk::{PASSWORD, Staffer};
use crate::support::visitor::{Page, Visitor};

const REFUSED: [(&str, &str, &str); 4] = [
    ("Password2026!", "Many people use this", "haben viele"),
    ("qwertyuiop", "Many people use this", "haben viele"),
    (
        "robin-vale-1999",
        "made of your name",
        "besteht aus Ihrem Namen",
    ),
    (
        "riverside clinic",
        "made of your name",
        "besteht aus Ihrem Namen",
    ),
];

fn is_refused(page: &Page, (password, text): (&str, &str), place: &str) {
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{place}");
    assert!(page.text().contains(text), "{place}: {}", page.text());
    assert!(!page.body.contains(password), "{place}");
}

#[tokio::test]
async fn what_is_tried_first_is_refused_wherever_a_password_is_set() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let visitor = Visitor::of(&test);
    for (purpose, path, whose) in [
        (LinkPurpose::Join, "join", Some(member.id)),
        (LinkPurpose::Reset, "reset", Some(member.id)),
        (LinkPurpose::SetUp, "own", None),
    ] {
        let issue = move |tx: &kept_base::store::Tx<'_>| access::issue_link(tx, purpose, whose);
        let link = test.write(clinic.id, issue).await;
        for (password, english, german) in REFUSED {
            for (language, text) in [("en", english), ("de", german)] {
                let url = format!("/o/riverside/{path}/{}?lang={language}", link.expose());
                let mut form = vec![("password", password)];
                if purpose != LinkPurpose::Reset {
                    form.push(("name", "Robin Vale"));
                    form.push(("email", "robin@riverside.example"));
                }
                let page = visitor.post(&url, &form).await;
                is_refused(&page, (password, text), path);
            }
        }
    }
    for (password, text, _) in REFUSED {
        let form = [("present", PASSWORD), ("password", password)];
        let page = member.post("/account/password", &form).await;
        is_refused(&page, (password, text), "account");
    }
    let form = [("present", PASSWORD), ("password", "violet harbour ladder")];
    let page = member.post("/account/password", &form).await;
    assert!(page.location().contains("done=password-set"));
}

#[tokio::test]
async fn a_password_is_taken_as_it_was_typed_and_may_be_long() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let visitor = Visitor::of(&test);
    let signs_in = async |password: &str| {
        let form = [("email", "staff@riverside.example"), ("password", password)];
        let page = visitor.post("/o/riverside/sign-in", &form).await;
        page.status == StatusCode::SEE_OTHER
    };
    let long = "Violet Hafen-Leiter 7! ".repeat(9);
    let long: String = long.chars().take(access::MAX_PASSWORD_CHARS).collect();
    let mut present = PASSWORD.to_owned();
    for password in [
        "  violet harbour ladder ",
        "Füße über Straße 東京 🔑",
        long.as_str(),
    ] {
        let form = [("present", present.as_str()), ("password", password)];
        let page = member.post("/account/password", &form).await;
        assert!(page.location().contains("done=password-set"));
        assert!(signs_in(password).await);
        let mut shorter = password.to_owned();
        shorter.pop();
        for other in [password.trim(), &password.to_lowercase(), &shorter] {
            assert!(other == password || !signs_in(other).await, "{other}");
        }
        password.clone_into(&mut present);
    }
}
