//! `/o/{org}/look/letters`: an organization's own words for each letter, and how they read.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::page::{Caching, Locale};
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::super::{
    MAX_LETTER_BODY_CHARS, MAX_LETTER_SUBJECT_CHARS, Placeholder, Reader, Sample, Template,
    TemplateError, change_template, check, starter, template,
};
use super::faults::in_words;
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::look::pages::{Tab, tabs};
use crate::messaging::Kind;
use crate::policy::rights::ChangeSettings;

/// 422: something in the form is to be corrected.
const TO_CORRECT: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const LIST: &str = "/look/letters";

#[derive(askama::Template)]
#[template(path = "letters/list.html")]
struct ListPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    readers: Vec<(String, Vec<Row>)>,
}

/// One letter, in each language.
struct Row {
    name: String,
    languages: Vec<RowLanguage>,
}

struct RowLanguage {
    tag: &'static str,
    name: &'static str,
    own: bool,
    url: String,
}

#[derive(askama::Template)]
#[template(path = "letters/edit.html")]
struct EditPage<'p> {
    d: DeskFrame<'p>,
    tabs: Vec<Tab>,
    heading: String,
    here: String,
    language: &'static str,
    subject: String,
    body: String,
    max_subject: usize,
    max_body: usize,
    slots: Vec<(String, String)>,
    own: bool,
    errors: Vec<(&'static str, String)>,
    shown: Option<(String, String)>,
}

/// Which letter a path names.
#[derive(Clone, Copy)]
struct Which {
    kind: Kind,
    reader: Reader,
    locale: Locale,
}

impl Which {
    fn of(desk: &Desk) -> Result<Self, Problem> {
        let (reader, locale) = (desk.segment("reader"), desk.segment("locale"));
        let kind = Kind::from_code(desk.segment("kind"));
        let reader = Reader::ALL.into_iter().find(|one| one.code() == reader);
        let locale = Locale::ALL.iter().copied().find(|one| one.tag() == locale);
        match (kind, reader, locale) {
            (Some(kind), Some(reader), Some(locale)) => Ok(Self {
                kind,
                reader,
                locale,
            }),
            _ => Err(Problem::not_found()),
        }
    }

    fn path(self) -> String {
        let (kind, reader) = (self.kind.code(), self.reader.code());
        format!("{LIST}/{kind}/{reader}/{}", self.locale)
    }

    fn sample<'s>(self, desk: &'s Desk) -> Sample<'s> {
        Sample {
            catalog: &desk.catalog,
            kind: self.kind,
            reader: self.reader,
            locale: self.locale,
            now: desk.app.store.clock().now(),
            base_url: &desk.app.base_url,
        }
    }
}

pub(super) async fn list(desk: DeskTo<ChangeSettings>) -> Answer {
    let all: Vec<Which> = Reader::ALL
        .into_iter()
        .flat_map(|reader| Kind::ALL.into_iter().map(move |kind| (reader, kind)))
        .flat_map(|(reader, kind)| {
            Locale::ALL.iter().map(move |&locale| Which {
                kind,
                reader,
                locale,
            })
        })
        .collect();
    let asked = all.clone();
    let own = desk.read(move |tx, _| {
        let one =
            |which: &Which| Ok(template(tx, which.kind, which.reader, which.locale)?.is_some());
        asked.iter().map(one).collect::<Result<Vec<bool>, Error>>()
    });
    let own = own.await??;
    let words = desk.words();
    let letters: Vec<(Which, bool)> = all.into_iter().zip(own).collect();
    let row = |reader: Reader, kind: Kind| Row {
        name: words.say(&format!("letter-{}", kind.code())),
        languages: letters
            .iter()
            .filter(|(which, _)| which.reader == reader && which.kind == kind)
            .map(|(which, own)| RowLanguage {
                tag: which.locale.tag(),
                name: which.locale.endonym(),
                own: *own,
                url: desk.url(&which.path()),
            })
            .collect(),
    };
    let readers = Reader::ALL.into_iter().map(|reader| {
        let rows = Kind::ALL
            .into_iter()
            .map(|kind| row(reader, kind))
            .collect();
        (
            words.say(&format!("look-letters-to-{}", reader.code())),
            rows,
        )
    });
    let page = ListPage {
        d: desk.frame(&words.say("look-letters-title"), Section::Settings),
        tabs: tabs(&desk, LIST),
        readers: readers.collect(),
    };
    desk.respond(StatusCode::OK, &page.d.f.nonce, &page)
}

pub(super) async fn show(desk: DeskTo<ChangeSettings>) -> Answer {
    let which = Which::of(&desk)?;
    page(&desk, which, StatusCode::OK, None).await
}

/// What was typed.
fn typed(form: &Fields) -> Template {
    let text = |name: &str| form.get(name).unwrap_or_default().to_owned();
    Template {
        subject: text("subject"),
        body: text("body"),
    }
}

/// Takes the words, or shows how they read (`show`).
pub(super) async fn save(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let which = Which::of(&desk)?;
    let template = typed(&form);
    if form.get("show").is_some() {
        let error = check(which.kind, which.reader, &template).err();
        return page(&desk, which, StatusCode::OK, Some((template, error))).await;
    }
    let wanted = template.clone();
    let Which {
        kind,
        reader,
        locale,
    } = which;
    let done =
        desk.write(move |tx, _, by| change_template(tx, by, (kind, reader, locale), Some(&wanted)));
    match done.await? {
        Ok(undo) => Ok(desk.done(&which.path(), "look-letter", Some(undo))),
        Err(TemplateError::Store(error)) => Err(error.into()),
        Err(error) => page(&desk, which, TO_CORRECT, Some((template, Some(error)))).await,
    }
}

/// Back to our words.
pub(super) async fn reset(desk: DeskTo<ChangeSettings>) -> Answer {
    let which = Which::of(&desk)?;
    let Which {
        kind,
        reader,
        locale,
    } = which;
    let done = desk.write(move |tx, _, by| change_template(tx, by, (kind, reader, locale), None));
    match done.await? {
        Ok(undo) => Ok(desk.done(&which.path(), "look-letter-reset", Some(undo))),
        Err(TemplateError::Store(error)) => Err(error.into()),
        Err(_) => Err(Problem::internal()),
    }
}

/// The letter as it reads, for the script: the subject on the first line, or what is wrong.
pub(super) async fn preview(desk: DeskTo<ChangeSettings>, Form(form): Form) -> Answer {
    let which = Which::of(&desk)?;
    let text = match check(which.kind, which.reader, &typed(&form)) {
        Ok(template) => match read(&desk, which, template) {
            Some((subject, text)) => format!("{subject}\n{text}"),
            None => String::new(),
        },
        Err(error) => format!("{}\n", in_words(desk.words(), &typed(&form), &error).1),
    };
    let mut response = Response::new(Body::from(text));
    *response.headers_mut() = desk.app.look.headers.data(Caching::NoStore);
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    Ok(response)
}

/// Subject and text of the letter with these words.
fn read(desk: &Desk, which: Which, own: Template) -> Option<(String, String)> {
    let entropy = desk.app.store.entropy();
    let letter = which
        .sample(desk)
        .letter(&desk.app.letters, entropy, Some(own))?;
    Some((letter.subject, letter.text))
}

async fn page(
    desk: &Desk,
    which: Which,
    status: StatusCode,
    sent: Option<(Template, Option<TemplateError>)>,
) -> Answer {
    let Which {
        kind,
        reader,
        locale,
    } = which;
    let kept = desk
        .read(move |tx, _| template(tx, kind, reader, locale))
        .await??;
    let words = desk.words();
    let own = kept.is_some();
    let ours = || starter(&desk.app.letters, &which.sample(desk));
    let (template, error) = match sent {
        Some((template, error)) => (template, error),
        None => (kept.unwrap_or_else(ours), None),
    };
    let name = words.say(&format!("letter-{}", kind.code()));
    let to = words.say(&format!("look-letters-to-{}", reader.code()));
    let heading = args!["letter" => &name, "reader" => &to, "language" => locale.endonym()];
    let heading = words.with("look-letter-heading", heading);
    let slots = Placeholder::ALL.into_iter();
    let linked = reader == Reader::Person && kind != Kind::Canceled;
    let slots = slots.filter(|slot| linked || *slot != Placeholder::ManageUrl);
    let page = EditPage {
        d: desk.frame(&heading, Section::Settings).script("look.js"),
        tabs: tabs(desk, LIST),
        heading,
        here: desk.url(&which.path()),
        language: locale.tag(),
        max_subject: MAX_LETTER_SUBJECT_CHARS,
        max_body: MAX_LETTER_BODY_CHARS,
        slots: slots
            .map(|slot| {
                let id = format!("look-letter-slot-{}", slot.code());
                (slot.to_string(), words.say(&id))
            })
            .collect(),
        own,
        shown: check(kind, reader, &template)
            .ok()
            .and_then(|template| read(desk, which, template)),
        errors: error
            .map(|error| in_words(words, &template, &error))
            .into_iter()
            .collect(),
        subject: template.subject,
        body: template.body,
    };
    desk.respond(status, &page.d.f.nonce, &page)
}
