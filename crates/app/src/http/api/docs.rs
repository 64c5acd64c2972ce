//! `/api`: the documentation for people, written from the OpenAPI document.

use std::sync::{Arc, LazyLock};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use kept_base::page::Locale;
use kept_base::problem::Problem;
use serde_json::Value;

use super::openapi::DOCUMENT;
use super::operation::{Field, Operation, Text, Way, example_text, fields, operation, text};
use super::{ROUTES, problems};
use crate::app::App;
use crate::page::{Frame, Look};

/// Operations about one thing.
struct Group {
    name: String,
    about: Text,
    operations: Vec<Operation>,
}

/// One sort of problem.
struct Explained {
    code: &'static str,
    status: u16,
    about: Text,
}

/// What the page says, the same for every request.
struct Contents {
    about: Text,
    ways: Vec<(&'static str, Text)>,
    key: Text,
    groups: Vec<Group>,
    problem: Vec<Field>,
    problem_example: String,
    problems: Vec<Explained>,
}

static CONTENTS: LazyLock<Contents> = LazyLock::new(|| {
    let document = &*DOCUMENT;
    let schemes = &document["components"]["securitySchemes"];
    let slot_taken = &document["components"]["examples"]["slot_taken"]["value"];
    Contents {
        about: text(&document["info"]["description"]),
        ways: vec![
            ("API token", text(&schemes["token"]["description"])),
            ("Manage token", text(&schemes["manage"]["description"])),
        ],
        key: text(&document["components"]["parameters"]["idempotencyKey"]["description"]),
        groups: groups(document),
        problem: fields(&document["components"]["schemas"]["Problem"], Way::Out),
        problem_example: example_text(slot_taken),
        problems: problems::EXPLAINED.iter().map(explained).collect(),
    }
});

fn groups(document: &Value) -> Vec<Group> {
    let tags = document["tags"].as_array().into_iter().flatten();
    let group = |tag: &Value| Group {
        name: tag["name"].as_str().unwrap_or_default().to_owned(),
        about: text(&tag["description"]),
        operations: ROUTES
            .iter()
            .map(|route| (route, &document["paths"][route.path][route.method]))
            .filter(|(_, described)| described["tags"][0] == tag["name"])
            .map(|(route, described)| operation(route, described))
            .collect(),
    };
    tags.map(group).collect()
}

fn explained((code, about): &(&'static str, &'static str)) -> Explained {
    Explained {
        code,
        status: problems::kind(code).map_or(0, |kind| kind.status.as_u16()),
        about: text(&Value::from(*about)),
    }
}

#[derive(askama::Template)]
#[template(path = "api/docs.html")]
struct DocsPage<'p> {
    f: Frame<'p>,
    base_url: &'p str,
    contents: &'static Contents,
}

/// `GET /api`: the documentation.
pub(super) async fn docs(State(app): State<Arc<App>>) -> Result<Response, Problem> {
    let nonce = Look::nonce(app.store.entropy());
    let page = DocsPage {
        f: Frame::new(&app.look, Locale::En, nonce.clone(), "Kept API", None),
        base_url: &app.base_url,
        contents: &CONTENTS,
    };
    app.look.respond(StatusCode::OK, &nonce, &page)
}
