//! From a fresh organization to times that can be booked, by the forms that its owner fills in.

use std::process::Command;

use super::kept::{Created, Organization};
use crate::postgres;
use crate::server::http::{Answer, Connection};
use crate::step::Failure;

/// What is booked.
pub const SERVICE: &str = "visit";
/// How many days are booked from, beginning with the one after tomorrow.
const DAYS: u32 = 50;

/// Makes the owner, the service and its hours, and asks for the times.
///
/// # Errors
///
/// When an answer is not what it should be.
pub fn set_up(connection: &mut Connection, created: Created) -> Result<Organization, Failure> {
    let Created { slug, token, own } = created;
    let password = postgres::secret()?;
    let owner = format!("name=Robin+Vale&email=robin%40example.org&password={password}");
    let answer = post(connection, &own, "", &owner)?;
    let cookie = answer
        .field("set-cookie")
        .and_then(|cookie| cookie.split(';').next());
    let cookie = cookie.ok_or_else(|| wrong("the owner's link", &answer))?;
    let mut first = format!(
        "kit=clinic&service={SERVICE}&length=5&place=Hall&address=&staff=Robin&from=00%3A00&to=24%3A00"
    );
    for day in 1..=7 {
        first += &format!("&day={day}");
    }
    let cookie = format!("cookie: {cookie}\r\n");
    post(connection, &format!("/o/{slug}/set-up"), &cookie, &first)?;
    let mut starts = Vec::new();
    for day in 1..=DAYS {
        let day = date(day + 1)?;
        let path = format!("/api/v1/orgs/{slug}/slots?service={SERVICE}&date={day}");
        let answer = connection.get(&path, "").map_err(|error| broken(&error))?;
        if answer.status != 200 {
            return Err(wrong("slots", &answer));
        }
        starts.extend(texts(&answer.body, "starts_at").map(ToOwned::to_owned));
    }
    Ok(Organization {
        slug,
        token,
        starts,
    })
}

/// The date in so many days.
///
/// # Errors
///
/// When the system does not say.
pub fn date(days: u32) -> Result<String, Failure> {
    let ahead = format!("+{days} days");
    let said = Command::new("date")
        .args(["-u", "-d", &ahead, "+%F"])
        .output();
    let said = said.map_err(|error| Failure::new(1, format!("xtask: date: {error}")))?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// Every text that stands under a name in JSON that has no quotes within its texts.
pub fn texts<'t>(json: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    let start = format!("\"{name}\":\"");
    let places: Vec<usize> = json
        .match_indices(&start)
        .map(|(at, _)| at + start.len())
        .collect();
    places
        .into_iter()
        .filter_map(|at| json[at..].split('"').next())
}

fn post(
    connection: &mut Connection,
    path: &str,
    fields: &str,
    form: &str,
) -> Result<Answer, Failure> {
    let fields = format!("{fields}content-type: application/x-www-form-urlencoded\r\n");
    let answer = connection
        .post(path, &fields, form)
        .map_err(|error| broken(&error))?;
    match answer.status {
        303 => Ok(answer),
        _ => Err(wrong("a form of the set-up", &answer)),
    }
}

fn wrong(what: &str, answer: &Answer) -> Failure {
    Failure::new(
        1,
        format!("xtask: kept: {what}: answered {}", answer.status),
    )
}

fn broken(error: &std::io::Error) -> Failure {
    Failure::new(1, format!("xtask: kept: no answer: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_by_their_name() {
        let json = r#"{"data":[{"id":"a","at":"1"},{"id":"b","at":"2"}],"next":null}"#;
        assert!(texts(json, "id").eq(["a", "b"]));
        assert_eq!(texts(json, "next").next(), None);
    }
}
