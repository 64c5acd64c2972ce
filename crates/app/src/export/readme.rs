//! `README.txt`, in the organization's language.

use kept_base::page::Locale;

use super::rules::Why;
use super::schema::Schema;

const ENGLISH: &str = include_str!("readme.en.txt");
const GERMAN: &str = include_str!("readme.de.txt");

/// The whole text.
pub(super) fn text(schema: &Schema) -> String {
    let locale = Locale::from_tag(&schema.organization.locale).unwrap_or_default();
    let text = match locale {
        Locale::De => GERMAN,
        Locale::En => ENGLISH,
    };
    let rows: u64 = schema.tables.iter().map(|table| table.rows).sum();
    text.replace("{name}", &schema.organization.name)
        .replace("{slug}", &schema.organization.slug)
        .replace("{made_at}", &schema.made_at.to_string())
        .replace("{program}", &schema.program)
        .replace("{tables}", &schema.tables.len().to_string())
        .replace("{rows}", &rows.to_string())
        .replace("{left_out}", &left_out(schema, locale))
}

/// Each reason with what stays behind for it.
fn left_out(schema: &Schema, locale: Locale) -> String {
    let mut text = String::new();
    for why in Why::ALL {
        let tables = (schema.left_out.iter())
            .filter(|(_, code)| *code == why.code())
            .map(|(table, _)| table.clone());
        let columns = schema.tables.iter().flat_map(|table| {
            (table.left_out.iter())
                .filter(|(_, code)| *code == why.code())
                .map(|(column, _)| format!("{}.{column}", table.name))
        });
        let names: Vec<String> = tables.chain(columns).collect();
        let names = names.join(", ");
        text.push_str(&format!("- {}\n  ({names})\n", reason(why, locale)));
    }
    text
}

fn reason(why: Why, locale: Locale) -> &'static str {
    match (why, locale) {
        (Why::Secret, Locale::En) => {
            "What lets somebody in: hashes of passwords, sessions, links and tokens."
        }
        (Why::Secret, Locale::De) => {
            "Womit man hineinkommt: Prüfwerte von Passwörtern, Anmeldungen, Links und Schlüsseln."
        }
        (Why::Keys, Locale::En) => "Names of the installation's keys; an import makes new keys.",
        (Why::Keys, Locale::De) => {
            "Namen der Schlüssel dieser Installation; beim Einlesen entstehen neue."
        }
        (Why::Rebuilt, Locale::En) => "What people are found by; an import makes it again.",
        (Why::Rebuilt, Locale::De) => {
            "Wonach Personen gefunden werden; beim Einlesen entsteht es neu."
        }
        (Why::Passing, Locale::En) => {
            "What goes by itself within a day: held times, lists being brought in, what can be undone."
        }
        (Why::Passing, Locale::De) => {
            "Was binnen eines Tages von selbst vergeht: gehaltene Zeiten, Listen in Arbeit, Rückgängiges."
        }
        (Why::Installation, Locale::En) => "What is about this copy of the data only.",
        (Why::Installation, Locale::De) => "Was nur diesen einen Datenbestand betrifft.",
    }
}
