//! The calendar entry in a letter (iTIP, RFC 5546).

use kept_base::args;
use kept_ical::{Attendee, Event, Method, Participation, Party};

use super::render::Page;
use super::template::Reader;
use crate::messaging::Kind;
use crate::messaging::letter::Calendar;

/// Names the program in calendar objects.
const PRODUCT: &str = concat!("-//Kept//Kept ", env!("CARGO_PKG_VERSION"), "//EN");

impl Page<'_> {
    /// The entry for the reader's calendar. It never has the link to the person's page: calendars
    /// are shared, and the link is a key.
    pub fn calendar(&self) -> Calendar {
        let matter = self.matter;
        let method = match matter.kind {
            Kind::Booked | Kind::Moved => Method::Request,
            Kind::Canceled => Method::Cancel,
        };
        let title = format!("mail-entry-{}", matter.reader.code());
        let args = args![
            "organization" => &matter.organization_name,
            "service" => &matter.service,
            "reference" => &matter.reference,
        ];
        let sender = matter.sender();
        let event = Event {
            uid: matter.uid.clone(),
            sequence: matter.sequence,
            stamp: matter.written_at,
            starts_at: matter.starts_at,
            ends_at: matter.ends_at,
            summary: self.texts.say_of(matter, &title, args),
            description: self.description(),
            location: matter.place(),
            url: None,
            organizer: Party {
                name: sender.name,
                email: sender.address.expose().to_owned(),
            },
            attendees: vec![Attendee {
                party: Party {
                    name: matter.to.name.clone(),
                    email: matter.to.address.expose().to_owned(),
                },
                participation: Participation::Accepted,
            }],
            canceled: matter.kind == Kind::Canceled,
            alarm: None,
        };
        Calendar {
            method: method.name(),
            object: kept_ical::write(method, PRODUCT, &event),
        }
    }

    /// What the letter's rows say, but for who booked and what the entry itself shows.
    fn description(&self) -> String {
        let shown = |id: &str, value: &str| format!("{}: {value}", self.say(id));
        let mut lines = self.when();
        lines.push(shown("mail-service", &self.matter.service));
        if self.matter.reader == Reader::Person && !self.matter.staff.is_empty() {
            lines.push(shown("mail-with", &self.matter.staff.join(", ")));
        }
        lines.push(shown("mail-reference", &self.matter.reference));
        lines.join("\n")
    }
}
