//! What one run of Schemathesis is told: known values beside those it makes up, and its pace.

use std::fmt::Write as _;

use super::course::Visit;
use super::facts::Facts;
use super::roles::Interface;

/// Requests that a token of the JSON API sends within any minute: fewer than are answered.
const JSON_PACE: &str = "1140/m";
/// Requests a second of a directory: all of an organization count together, in each of three runs.
const SCIM_PACE: &str = "18/s";
/// How often a known value is sent where the field decides whether anything else is looked at.
const MOSTLY: &str = "0.9";
/// How often otherwise.
const OFTEN: &str = "0.6";

/// The settings as TOML; with `paced`, requests are counted by the token.
pub fn text(interface: Interface, facts: &Facts, visit: &Visit, paced: bool) -> String {
    let mut text = String::new();
    if paced {
        let pace = match interface {
            Interface::Json => JSON_PACE,
            Interface::Scim => SCIM_PACE,
        };
        let _ = writeln!(text, "rate-limit = \"{pace}\"\n");
    }
    if visit.token.is_some() {
        // The secret stays in the environment.
        text += "[headers]\nAuthorization = \"Bearer ${KEPT_TOKEN}\"\n\n";
    }
    match interface {
        Interface::Json => json(&mut text, facts, visit.appointment.as_deref()),
        Interface::Scim => scim(&mut text, facts, visit),
    }
    text
}

fn json(text: &mut String, facts: &Facts, own: Option<&str>) {
    let half = facts.dates.len() / 2;
    let mut appointments = facts.appointments.clone();
    if let Some(own) = own {
        // Else an appointment of others would be tried nearly always.
        appointments.truncate(2);
        appointments.extend([own.to_owned(), own.to_owned()]);
    }
    dictionaries(
        text,
        &[
            ("service", vec![facts.service.to_owned()]),
            ("services", facts.services.clone()),
            ("staff", facts.staff.clone()),
            ("locations", facts.locations.clone()),
            ("starts", facts.starts.clone()),
            ("from", facts.dates[..half].to_vec()),
            ("to", facts.dates[half..].to_vec()),
            (
                "instants",
                facts
                    .dates
                    .iter()
                    .map(|day| format!("{day}T00:00:00Z"))
                    .collect(),
            ),
            ("zones", own_texts(&["Europe/Berlin", "Asia/Kathmandu"])),
            ("emails", own_texts(&["ada@example.org", "bo@example.org"])),
            ("names", own_texts(&["Ada Quist", "Bo"])),
            ("phones", own_texts(&["+49 30 1234567"])),
            ("languages", own_texts(&["de", "en"])),
            ("keys", own_texts(&["\"one\"", "two", "three"])),
            ("appointments", appointments),
            ("people", facts.people.clone()),
        ],
    );
    let _ = writeln!(text, "\n[parameters]\n\"path.org\" = \"{}\"", facts.slug);
    for (field, dictionary, probability) in [
        ("query.service", "services", MOSTLY),
        ("query.staff", "staff", OFTEN),
        ("query.location", "locations", OFTEN),
        ("query.starts_at", "starts", OFTEN),
        ("query.date", "from", MOSTLY),
        ("query.from", "instants", OFTEN),
        ("query.to", "instants", OFTEN),
        ("query.zone", "zones", OFTEN),
        ("query.person", "people", OFTEN),
        ("header.Idempotency-Key", "keys", OFTEN),
        ("body.service", "service", MOSTLY),
        ("body.starts_at", "starts", MOSTLY),
        ("body.staff", "staff", OFTEN),
        ("body.location", "locations", OFTEN),
        ("body.email", "emails", MOSTLY),
        ("body.person.name", "names", MOSTLY),
        ("body.person.email", "emails", MOSTLY),
        ("body.person.phone", "phones", MOSTLY),
        ("body.person.zone", "zones", MOSTLY),
        ("body.person.locale", "languages", OFTEN),
    ] {
        bind(text, field, dictionary, probability);
    }
    operations(text, "/days$");
    bind(text, "query.from", "from", MOSTLY);
    bind(text, "query.to", "to", MOSTLY);
    operations(text, "/appointments/[{]id");
    bind(text, "path.id", "appointments", MOSTLY);
    bind(text, "body.starts_at", "starts", MOSTLY);
    operations(text, "/people/[{]id");
    bind(text, "path.id", "people", MOSTLY);
}

fn scim(text: &mut String, facts: &Facts, visit: &Visit) {
    let filters = [
        "userName eq \"admin@northgate.example\"",
        "active eq true and displayName co \"a\"",
        "emails[type eq \"work\"].value sw \"s\"",
        "not (id pr) or meta.resourceType eq \"User\"",
    ];
    let described = [
        "User",
        "Group",
        "urn:ietf:params:scim:schemas:core:2.0:User",
        "urn:ietf:params:scim:schemas:core:2.0:Group",
    ];
    dictionaries(
        text,
        &[
            ("users", known(&visit.users)),
            ("groups", known(&visit.groups)),
            ("filters", own_texts(&filters)),
            ("described", own_texts(&described)),
            (
                "attributes",
                own_texts(&["displayName", "emails.value,userName", "members"]),
            ),
            (
                "names",
                own_texts(&["ada@example.org", "bo@example.org", "Front desk"]),
            ),
            ("versions", own_texts(&["*", "*", "*", "W/\"0\""])),
        ],
    );
    let _ = writeln!(
        text,
        "\n[parameters]\n\"path.org\" = \"{}\"",
        facts.directory
    );
    for (field, dictionary, probability) in [
        ("query.filter", "filters", OFTEN),
        ("body.filter", "filters", OFTEN),
        ("query.attributes", "attributes", OFTEN),
        ("query.excludedAttributes", "attributes", "0.2"),
        ("header.If-Match", "versions", MOSTLY),
        ("body.userName", "names", OFTEN),
        ("body.members[*].value", "users", MOSTLY),
    ] {
        bind(text, field, dictionary, probability);
    }
    operations(text, "/Users/[{]id");
    bind(text, "path.id", "users", MOSTLY);
    operations(text, "/Groups/[{]id");
    bind(text, "path.id", "groups", MOSTLY);
    operations(text, "/(ResourceTypes|Schemas)/[{]id");
    bind(text, "path.id", "described", MOSTLY);
}

/// These, or one that nothing has: a dictionary must not be empty.
fn known(ids: &[String]) -> Vec<String> {
    if ids.is_empty() {
        return vec!["none".to_owned()];
    }
    ids.to_vec()
}

fn own_texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn dictionaries(text: &mut String, all: &[(&str, Vec<String>)]) {
    text.push_str("[dictionaries]\n");
    for (name, values) in all {
        // Debug's quotes are TOML's for what stands in ASCII without control characters.
        let _ = writeln!(text, "{name} = {{ values = {values:?} }}");
    }
}

fn operations(text: &mut String, path: &str) {
    let _ = writeln!(
        text,
        "\n[[operations]]\ninclude-path-regex = \"{path}\"\n[operations.parameters]"
    );
}

fn bind(text: &mut String, field: &str, dictionary: &str, probability: &str) {
    let _ = writeln!(
        text,
        "\"{field}\" = {{ dictionary = \"{dictionary}\", probability = {probability} }}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_values_and_no_secret_is_written_down() {
        let some = || vec!["a_1".to_owned(), "a_2".to_owned()];
        let facts = Facts {
            slug: "riverside".to_owned(),
            service: "check-up",
            services: some(),
            staff: some(),
            locations: some(),
            dates: some(),
            starts: some(),
            appointments: some(),
            people: some(),
            directory: "org_1".to_owned(),
        };
        let visit = Visit {
            token: Some("kept_api_x".to_owned()),
            appointment: Some("apt_9".to_owned()),
            ..Visit::default()
        };
        for interface in [Interface::Json, Interface::Scim] {
            let text = text(interface, &facts, &visit, true);
            let mut bound = 0;
            for line in text.lines().filter(|line| line.contains("dictionary = ")) {
                let name = line.split('"').nth(3).unwrap_or_default();
                assert!(
                    text.contains(&format!("\n{name} = {{ values = [\"")),
                    "{line}"
                );
                bound += 1;
            }
            assert!(bound > 5, "{bound}");
            assert!(text.contains("Authorization = \"Bearer ${KEPT_TOKEN}\""));
            assert!(!text.contains("kept_api_x"));
        }
        let nobody = text(Interface::Json, &facts, &Visit::default(), false);
        assert!(!nobody.contains("Authorization") && !nobody.contains("rate-limit"));
    }
}
