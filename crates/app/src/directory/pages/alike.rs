//! Records that may be of one person: the pairs, and two of them side by side.

use askama::Template;
use axum::http::StatusCode;
use kept_base::args;
use kept_base::input::{Fields, Form};
use kept_base::kit::{Email, Note, Phone};
use kept_base::page::when;
use kept_base::problem::Problem;
use kept_base::store::Error;

use super::person::{language, shown};
use crate::desk::{Answer, Desk, DeskFrame, DeskTo, Section};
use crate::ids::PersonId;
use crate::people::{
    self, Changes, MAX_CONTACTS_OF_A_KIND, MAX_PAIRS_SHOWN, PersonField, Reach, Record,
};
use crate::policy::Right;
use crate::policy::rights::ChangePeople;
use crate::{directory, scheduling};

/// Two people who may be one.
struct PairLine {
    url: String,
    first: String,
    second: String,
    why: String,
}

#[derive(Template)]
#[template(path = "directory/alike.html")]
struct PairsPage<'d> {
    d: DeskFrame<'d>,
    pairs: Vec<PairLine>,
    cut: Option<String>,
}

/// Something that differs, or does not.
struct Choice {
    name: String,
    label: String,
    /// What either says; the second is chosen.
    sides: [String; 2],
    second: bool,
}

/// An address or a number of either.
struct ContactChoice {
    name: String,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "directory/merge.html")]
struct MergePage<'d> {
    d: DeskFrame<'d>,
    action: String,
    heads: [Head; 2],
    choices: Vec<Choice>,
    contacts: Vec<ContactChoice>,
    wrong: Option<String>,
}

/// What is said of either beside what is chosen.
struct Head {
    name: String,
    url: String,
    since: String,
    appointments: Option<String>,
}

/// `GET /people/alike`.
pub(super) async fn pairs(desk: DeskTo<ChangePeople>) -> Answer {
    let pairs = desk.read(|tx, _| people::alike(tx)).await??;
    let words = desk.words();
    let d = desk.frame(&words.say("people-alike"), Section::People);
    let nonce = d.f.nonce.clone();
    let full = pairs.len() == MAX_PAIRS_SHOWN;
    let page = PairsPage {
        d,
        cut: full.then(|| words.with("people-alike-cut", args!["count" => MAX_PAIRS_SHOWN])),
        pairs: pairs
            .iter()
            .map(|pair| PairLine {
                url: desk.url(&format!(
                    "/people/alike/{}/{}",
                    pair.first.id, pair.second.id
                )),
                first: pair.first.name.expose().to_owned(),
                second: pair.second.name.expose().to_owned(),
                why: words.say(&format!("people-alike-{}", pair.alike.code())),
            })
            .collect(),
    };
    desk.respond(StatusCode::OK, &nonce, &page)
}

/// Both people, the organization's own fields, and how many appointments either has, for whoever sees those.
struct Both {
    records: [Record; 2],
    fields: Vec<PersonField>,
    appointments: [Option<usize>; 2],
}

async fn both(desk: &Desk) -> Result<Both, Problem> {
    let id = |name| {
        let id: Result<PersonId, _> = desk.segment(name).parse();
        id.map_err(|_| Problem::not_found())
    };
    let (first, second) = (id("first")?, id("second")?);
    let sees = desk.grant(Right::SeeAppointments);
    let read = desk.read(move |tx, _| {
        let one = |id| {
            let record = people::record_of(tx, id)?;
            let appointments = match &sees {
                Some(sees) => {
                    let all = scheduling::appointments_of(tx, id, 1_000)?;
                    let seen = all
                        .iter()
                        .filter(|one| sees.covers(one.location, &one.staff));
                    Some(seen.count())
                }
                None => None,
            };
            Ok::<_, Error>((record, appointments))
        };
        Ok::<_, Error>((one(first)?, one(second)?, people::fields(tx)?))
    });
    let (first, second, fields) = read.await??;
    match (first, second) {
        ((Some(one), a), (Some(other), b)) if one.id != other.id => Ok(Both {
            records: [one, other],
            fields,
            appointments: [a, b],
        }),
        _ => Err(Problem::not_found()),
    }
}

/// `GET /people/alike/{first}/{second}`.
pub(super) async fn compare(desk: DeskTo<ChangePeople>) -> Answer {
    let both = both(&desk).await?;
    show(&desk, &both, None, None)
}

/// `POST /people/alike/{first}/{second}`.
pub(super) async fn merge(desk: DeskTo<ChangePeople>, Form(form): Form) -> Answer {
    let both = both(&desk).await?;
    let result = chosen(&both, &form);
    let too_many = result.emails.len().max(result.phones.len()) > MAX_CONTACTS_OF_A_KIND;
    if too_many {
        let most = args!["most" => MAX_CONTACTS_OF_A_KIND].to_vec();
        let wrong = desk.words().with("people-merge-too-many", &most);
        return show(&desk, &both, Some(&form), Some(wrong));
    }
    let [keep, gone] = [both.records[0].id, both.records[1].id];
    let undo = desk.write(move |tx, _, by| directory::merge(tx, by, keep, gone, &result));
    let undo = undo.await??;
    Ok(desk.done(&format!("/people/{keep}"), "people-merged", Some(undo)))
}

/// The record that a form describes.
fn chosen(both: &Both, form: &Fields) -> Changes {
    let [first, second] = &both.records;
    let side = |name: &str| {
        if form.get(name) == Some("2") {
            second
        } else {
            first
        }
    };
    let mut changes = Changes {
        name: side("name").name.clone(),
        emails: Vec::new(),
        phones: Vec::new(),
        zone: side("zone").zone.clone(),
        locale: side("locale").locale.clone(),
        values: Vec::new(),
    };
    for contact in first.contacts.iter().chain(&second.contacts) {
        if form.get(&contact.id.to_string()).is_none() {
            continue;
        }
        match &contact.reach {
            Reach::Email(email) if !changes.emails.contains(email) => {
                changes.emails.push(email.clone());
            }
            Reach::Phone(phone) if !changes.phones.contains(phone) => {
                changes.phones.push(phone.clone());
            }
            Reach::Email(_) | Reach::Phone(_) => {}
        }
    }
    for field in &both.fields {
        let text = side(&field.id.to_string()).value(field.id).cloned();
        changes.values.push((field.id, text));
    }
    changes
}

fn show(desk: &Desk, both: &Both, form: Option<&Fields>, wrong: Option<String>) -> Answer {
    let words = desk.words();
    let d = desk.frame(&words.say("people-merge"), Section::People);
    let nonce = d.f.nonce.clone();
    let [first, second] = &both.records;
    let path = format!("/people/alike/{}/{}", first.id, second.id);
    let head = |at: usize| {
        let record = &both.records[at];
        let created = desk.catalog.zone.to_datetime(record.created_at).date();
        Head {
            name: record.name.expose().to_owned(),
            url: desk.url(&format!("/people/{}", record.id)),
            since: when::date_long(desk.locale(), created),
            appointments: both.appointments[at]
                .map(|count| words.with("people-appointments-count", args!["count" => count])),
        }
    };
    let status = if wrong.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = MergePage {
        d,
        action: desk.url(&path),
        heads: [head(0), head(1)],
        choices: choices(desk, both, form),
        contacts: contacts(both, form),
        wrong,
    };
    desk.respond(status, &nonce, &page)
}

fn choices(desk: &Desk, both: &Both, form: Option<&Fields>) -> Vec<Choice> {
    let words = desk.words();
    let [first, second] = &both.records;
    let sides = |read: &dyn Fn(&Record) -> String| [read(first), read(second)];
    let mut rows = vec![
        (
            "name".to_owned(),
            words.say("people-name"),
            sides(&|r| r.name.expose().to_owned()),
        ),
        (
            "zone".to_owned(),
            words.say("people-zone"),
            sides(&|r| r.zone.clone()),
        ),
        (
            "locale".to_owned(),
            words.say("people-locale"),
            sides(&language),
        ),
    ];
    for field in &both.fields {
        let read = |record: &Record| {
            let text = record.value(field.id).map(Note::expose);
            text.map(|text| shown(desk, field, text))
                .unwrap_or_default()
        };
        let texts = sides(&read);
        if texts.iter().any(|text| !text.is_empty()) {
            rows.push((field.id.to_string(), field.label.clone(), texts));
        }
    }
    let rows = rows.into_iter();
    rows.map(|(name, label, sides)| Choice {
        // What only the second has is wanted, if nothing else is said.
        second: form.map_or(sides[0].is_empty(), |form| form.get(&name) == Some("2")),
        name,
        label,
        sides,
    })
    .collect()
}

/// Every address and number once, all of them wanted.
fn contacts(both: &Both, form: Option<&Fields>) -> Vec<ContactChoice> {
    let mut found: Vec<ContactChoice> = Vec::new();
    for contact in both.records.iter().flat_map(|record| &record.contacts) {
        let text = match &contact.reach {
            Reach::Email(email) => Email::expose(email),
            Reach::Phone(phone) => Phone::expose(phone),
        };
        if found.iter().all(|known| known.text != text) {
            let name = contact.id.to_string();
            found.push(ContactChoice {
                chosen: form.is_none_or(|form| form.get(&name).is_some()),
                name,
                text: text.to_owned(),
            });
        }
    }
    found
}
