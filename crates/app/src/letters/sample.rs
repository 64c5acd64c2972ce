//! Letters about an appointment that nobody has: how an organization's own words read before
//! anybody gets them.

use jiff::Timestamp;
use kept_base::kit::time::{plus_minutes, plus_seconds};
use kept_base::kit::{Email, Entropy, PersonName};
use kept_base::page::Locale;

use super::matter::{self, Matter, Words};
use super::template::{Placeholder, Reader, Template};
use super::{Texts, render};
use crate::ids::MessageId;
use crate::messaging::Kind;
use crate::messaging::letter::{Correspondent, Letter};
use crate::offering::Catalog;

/// Half past nine of the day after tomorrow, by UTC: a time like any other.
const AHEAD_MINUTES: i64 = 2 * 24 * 60;
const SECONDS_OF_DAY: i64 = 24 * 60 * 60;

/// Which letter, of which organization, when.
pub struct Sample<'s> {
    /// What the organization offers.
    pub catalog: &'s Catalog,
    /// What happened.
    pub kind: Kind,
    /// Who reads it.
    pub reader: Reader,
    /// In which language.
    pub locale: Locale,
    /// When it is looked at.
    pub now: Timestamp,
    /// What links begin with.
    pub base_url: &'s str,
}

impl Sample<'_> {
    /// The letter with these words, or with ours. `None` while nothing is offered anywhere, and
    /// nothing invented would be true.
    #[must_use]
    pub fn letter(
        &self,
        texts: &Texts,
        entropy: &Entropy,
        own: Option<Template>,
    ) -> Option<Letter> {
        let mut matter = self.matter(entropy)?;
        matter.template = own;
        Some(render(texts, &matter))
    }

    fn matter(&self, entropy: &Entropy) -> Option<Matter> {
        let catalog = self.catalog;
        let service = catalog.services.first()?;
        let location = catalog.locations.first()?;
        let staff: Vec<_> = service
            .staff
            .iter()
            .filter_map(|at| catalog.staff.get(*at))
            .collect();
        let organization = &catalog.organization;
        let own_address = organization.sender.address.clone();
        let person = PersonName::parse("Robin Sample").ok()?;
        let to = match self.reader {
            Reader::Person => Correspondent {
                name: person.expose().to_owned(),
                address: Email::parse("robin@example.org").ok()?,
            },
            Reader::Staff => Correspondent {
                name: staff.first().map_or("", |member| &member.name).to_owned(),
                address: own_address,
            },
        };
        let linked = self.reader == Reader::Person && self.kind != Kind::Canceled;
        let since_midnight = self.now.as_second().rem_euclid(SECONDS_OF_DAY);
        let midnight = plus_seconds(self.now, -since_midnight);
        let starts_at = plus_minutes(midnight, AHEAD_MINUTES + 9 * 60 + 30);
        let base = format!("{}/{}", self.base_url, organization.slug);
        Some(Matter {
            organization: organization.id,
            message: MessageId::new(self.now, entropy),
            written_at: self.now,
            kind: self.kind,
            reader: self.reader,
            reassigned: false,
            locale: self.locale,
            organization_name: organization.name.clone(),
            sender: organization.sender.clone(),
            to,
            person,
            service: service.name.clone(),
            staff: staff
                .first()
                .map(|member| member.name.clone())
                .into_iter()
                .collect(),
            location: Words {
                name: location.name.clone(),
                address: location.address.clone(),
                zone: location.place.zone.clone(),
            },
            room: None,
            starts_at,
            ends_at: plus_minutes(starts_at, service.rules.length_minutes.into()),
            previous_starts_at: (self.kind == Kind::Moved)
                .then(|| plus_minutes(starts_at, -24 * 60)),
            zone: location.place.zone.clone(),
            reference: "BK-000-000".to_owned(),
            uid: String::new(),
            sequence: 0,
            manage_url: linked.then(|| format!("{base}/appointment/...")),
            booking_url: format!("{base}/{}", service.slug),
            change_until: (
                plus_minutes(starts_at, -24 * 60),
                plus_minutes(starts_at, -24 * 60),
            ),
            template: None,
            nouns: catalog.look.words.clone(),
            accents: matter::accents(catalog),
        })
    }
}

/// Our words for a letter as a template, to begin one's own with.
#[must_use]
pub fn starter(texts: &Texts, sample: &Sample<'_>) -> Template {
    let (kind, reader) = (sample.kind, sample.reader);
    let own = &sample.catalog.look.words;
    let say = |id: &str, args: &[(&str, String)]| {
        let args: Vec<_> = args
            .iter()
            .map(|(name, text)| (*name, text.into()))
            .collect();
        texts.0.text_in(sample.locale, id, &args, own)
    };
    let slot = |slot: Placeholder| slot.to_string();
    let name = &sample.catalog.organization.name;
    let (subject, opening) = (
        format!("mail-subject-{}-{}", reader.code(), kind.code()),
        format!("mail-open-{}-{}", reader.code(), kind.code()),
    );
    let subject_args = [
        ("organization", name.clone()),
        ("when", slot(Placeholder::When)),
    ];
    let mut lines = Vec::new();
    if reader == Reader::Person {
        lines.push(say("mail-hello", &[("name", slot(Placeholder::Name))]));
        lines.push(String::new());
    }
    lines.push(say(&opening, &[]));
    lines.push(String::new());
    let mut row = |id: &str, of: Placeholder| lines.push(format!("{}: {of}", say(id, &[])));
    row("mail-when", Placeholder::When);
    row("mail-service", Placeholder::Service);
    if reader == Reader::Staff {
        row("mail-for", Placeholder::Name);
    }
    row("mail-where", Placeholder::Where);
    row("mail-reference", Placeholder::Reference);
    if reader == Reader::Person && kind != Kind::Canceled {
        lines.push(String::new());
        lines.push(format!("{}:", say("mail-manage", &[])));
        lines.push(slot(Placeholder::ManageUrl));
    }
    if reader == Reader::Person {
        lines.push(String::new());
        lines.push(name.clone());
    }
    Template {
        subject: say(&subject, &subject_args),
        body: lines.join("\n"),
    }
}
