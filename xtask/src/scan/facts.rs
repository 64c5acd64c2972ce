//! What there is in the demo: values that a scan sends beside those it makes up, so that it gets
//! past the doors that unknown names close.

use super::demo::{Demo, House};
use super::desk::{Member, between, broken, wrong};
use crate::ha::kept::connection;
use crate::ha::setup::{date, texts};
use crate::server::http::Connection;
use crate::step::Failure;

/// The service that is booked: it asks nothing that has to be answered.
const SERVICE: &str = "check-up";
/// From so many days ahead, for so many, times are looked for: late changes are refused a day before.
const AHEAD_DAYS: u32 = 3;
const DAYS: u32 = 12;
/// Most ids of one sort: so many that not all are canceled before they are moved.
const MANY: usize = 40;
/// How many users and groups a directory brings in before it is scanned, which deletes some of them.
const USERS: usize = 40;
const GROUPS: usize = 12;

/// What is known of both organizations.
pub struct Facts {
    /// The slug of the one whose JSON API is scanned.
    pub slug: String,
    pub service: &'static str,
    pub services: Vec<String>,
    pub staff: Vec<String>,
    pub locations: Vec<String>,
    pub dates: Vec<String>,
    /// Times at which the service can be booked.
    pub starts: Vec<String>,
    pub appointments: Vec<String>,
    pub people: Vec<String>,
    /// The id of the one whose directory is scanned.
    pub directory: String,
}

/// An appointment that somebody booked, and the token of its link.
pub struct Booked {
    pub id: String,
    pub token: String,
}

/// Asks the demo. `owner` is of the organization whose directory is scanned.
///
/// # Errors
///
/// When an answer is not what it should be.
pub fn ask(demo: &Demo<'_>, owner: &mut Member) -> Result<Facts, Failure> {
    let mut riverside = Api::of(demo, &demo.riverside);
    let mut days = Vec::new();
    for day in 0..DAYS {
        days.push(date(AHEAD_DAYS + day)?);
    }
    let mut starts = Vec::new();
    for day in &days {
        let slots = riverside.get(&format!("/slots?service={SERVICE}&date={day}"))?;
        starts.extend(texts(&slots, "starts_at").map(ToOwned::to_owned));
    }
    let future = format!(
        "/appointments?limit={MANY}&status=confirmed&from={}T00:00:00Z",
        days[0]
    );
    let directory = owner.page("/settings/directory")?;
    let directory = between(&directory, "/scim/v2/", "\"").ok_or_else(|| {
        let said = "xtask: scan: the page of the directory does not show its address";
        Failure::new(1, said)
    })?;
    Ok(Facts {
        slug: demo.riverside.slug.clone(),
        service: SERVICE,
        services: riverside.list("/services", "slug")?,
        staff: riverside.ids("/staff", "stf_")?,
        locations: riverside.ids("/locations", "loc_")?,
        appointments: riverside.ids(&future, "apt_")?,
        people: riverside.ids(&format!("/people?limit={MANY}"), "per_")?,
        dates: days,
        starts,
        directory: directory.to_owned(),
    })
}

/// Books as nobody, for the `number`th run: the latest of the times that is free.
///
/// # Errors
///
/// When nothing is booked.
pub fn book(demo: &Demo<'_>, facts: &Facts, number: usize) -> Result<Booked, Failure> {
    let path = format!("/api/v1/orgs/{}/appointments", facts.slug);
    let mut connection = connection(demo.address);
    // Each has its own time, and those of the first days are what the scan itself books.
    for at in facts.starts.iter().rev().skip(number) {
        let body = format!(
            r#"{{"service":"{SERVICE}","starts_at":"{at}","person":{{"name":"Ada Quist","email":"ada@example.org"}}}}"#
        );
        let answer = connection.post(&path, "content-type: application/json\r\n", &body);
        let answer = answer.map_err(|error| broken(&error))?;
        let id = texts(&answer.body, "id").next();
        let link = texts(&answer.body, "manage_url").next();
        let token = link.and_then(|link| link.rsplit('/').next());
        match (answer.status, id, token) {
            (201, Some(id), Some(token)) => {
                return Ok(Booked {
                    id: id.to_owned(),
                    token: token.to_owned(),
                });
            }
            (409, ..) => {}
            _ => return Err(wrong("a booking", &answer)),
        }
    }
    Err(Failure::new(1, "xtask: scan: no time is free"))
}

/// Brings users and groups in as a directory, for one run; tells the ids of both.
///
/// # Errors
///
/// When one is refused.
pub fn bring_in(
    demo: &Demo<'_>,
    facts: &Facts,
    (token, run): (&str, usize),
) -> Result<(Vec<String>, Vec<String>), Failure> {
    let mut connection = connection(demo.address);
    let fields =
        format!("authorization: Bearer {token}\r\ncontent-type: application/scim+json\r\n");
    let mut make = |kind: &str, name: &str, called: String| {
        let body = format!(
            r#"{{"schemas":["urn:ietf:params:scim:schemas:core:2.0:{kind}"],"{name}":"{called}"}}"#
        );
        let path = format!("/scim/v2/{}/{kind}s", facts.directory);
        let answer = connection.post(&path, &fields, &body);
        let answer = answer.map_err(|error| broken(&error))?;
        let id = texts(&answer.body, "id").next().map(ToOwned::to_owned);
        id.filter(|_| answer.status == 201)
            .ok_or_else(|| wrong(&path, &answer))
    };
    let users =
        (0..USERS).map(|number| make("User", "userName", format!("u{run}-{number}@example.org")));
    let users: Result<Vec<String>, Failure> = users.collect();
    let users = users?;
    let groups =
        (0..GROUPS).map(|number| make("Group", "displayName", format!("Group {run}-{number}")));
    let groups: Result<Vec<String>, Failure> = groups.collect();
    Ok((users, groups?))
}

/// The JSON API of an organization, asked with the demo's token.
struct Api {
    connection: Connection,
    base: String,
    fields: String,
}

impl Api {
    fn of(demo: &Demo<'_>, house: &House) -> Self {
        Self {
            connection: connection(demo.address),
            base: format!("/api/v1/orgs/{}", house.slug),
            fields: format!("authorization: Bearer {}\r\n", house.token),
        }
    }

    fn get(&mut self, path: &str) -> Result<String, Failure> {
        let answer = self
            .connection
            .get(&format!("{}{path}", self.base), &self.fields);
        let answer = answer.map_err(|error| broken(&error))?;
        match answer.status {
            200 => Ok(answer.body),
            _ => Err(wrong(path, &answer)),
        }
    }

    /// The texts that stand under a name.
    fn list(&mut self, path: &str, name: &str) -> Result<Vec<String>, Failure> {
        let body = self.get(path)?;
        Ok(texts(&body, name).map(ToOwned::to_owned).collect())
    }

    /// The ids of that sort.
    fn ids(&mut self, path: &str, sort: &str) -> Result<Vec<String>, Failure> {
        let mut ids = self.list(path, "id")?;
        ids.retain(|id| id.starts_with(sort));
        Ok(ids)
    }
}
