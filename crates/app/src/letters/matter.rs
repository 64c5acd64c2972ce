//! What a letter is about, gathered from the slices.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kept_base::args;
use kept_base::kit::time::from_microseconds;
use kept_base::kit::{Email, OrganizationId, PersonName, Token};
use kept_base::page::color::Rgb;
use kept_base::page::{Locale, OwnWords};
use kept_base::store::{Error, Tx};

use super::Desk;
use super::template::{self, Reader, Template};
use crate::ids::MessageId;
use crate::messaging::letter::Correspondent;
use crate::messaging::rules::{Facts, Standing};
use crate::messaging::{self, Audience, Kind, Leased};
use crate::offering::{Catalog, Location, Mode, Service};
use crate::organization::{self, Sender};
use crate::people;
use crate::scheduling::{Appointment, rules};

/// Everything a letter says. It has no `Debug`: much of it is personal.
#[derive(Clone)]
pub struct Matter {
    /// Whose organization's letter it is.
    pub organization: OrganizationId,
    /// The message it is written for.
    pub message: MessageId,
    /// When it is written.
    pub written_at: Timestamp,
    /// What happened.
    pub kind: Kind,
    /// Whether a person or a staff member reads it.
    pub reader: Reader,
    /// The appointment stands, but is no longer this staff member's.
    pub reassigned: bool,
    /// Language of the letter.
    pub locale: Locale,
    /// How the organization is called.
    pub organization_name: String,
    /// How its mail is signed.
    pub sender: Sender,
    /// Who reads it.
    pub to: Correspondent,
    /// Who booked.
    pub person: PersonName,
    /// What was booked.
    pub service: String,
    /// With whom.
    pub staff: Vec<String>,
    /// The location's name, address and zone.
    pub location: Words,
    /// The room's name.
    pub room: Option<String>,
    /// First instant.
    pub starts_at: Timestamp,
    /// First instant after it.
    pub ends_at: Timestamp,
    /// When it began before it was moved.
    pub previous_starts_at: Option<Timestamp>,
    /// The reader's zone.
    pub zone: TimeZone,
    /// What people say on the telephone.
    pub reference: String,
    /// The iCalendar UID.
    pub uid: String,
    /// The iTIP `SEQUENCE`.
    pub sequence: u32,
    /// Opens the person's page.
    pub manage_url: Option<String>,
    /// Where the person can book again.
    pub booking_url: String,
    /// Until when the person can move it, and cancel it.
    pub change_until: (Timestamp, Timestamp),
    /// The organization's own words, in place of ours.
    pub template: Option<Template>,
    /// The organization's own nouns.
    pub nouns: OwnWords,
    /// Its color on light and on dark paper.
    pub accents: (Rgb, Rgb),
}

impl Matter {
    pub(super) fn sender(&self) -> Correspondent {
        Correspondent {
            name: self.sender.name.clone(),
            address: self.sender.address.clone(),
        }
    }

    /// Location, room and address, on one line.
    pub(super) fn place(&self) -> String {
        let Words { name, address, .. } = &self.location;
        [Some(name), self.room.as_ref(), Some(address)]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// Whether clocks at the place show another time than the reader's.
    pub(super) fn place_differs(&self) -> bool {
        self.zone.to_offset(self.starts_at) != self.location.zone.to_offset(self.starts_at)
    }

    pub(super) fn is_ahead(&self, at: Timestamp) -> bool {
        self.written_at < at
    }
}

/// A place in words.
#[derive(Clone)]
pub struct Words {
    /// Its name.
    pub name: String,
    /// Its address, on one line.
    pub address: String,
    /// Its zone.
    pub zone: TimeZone,
}

/// Whether the letter carries a link to the person's page.
pub(super) fn has_link(message: &Leased) -> bool {
    Reader::of(message.audience) == Reader::Person && message.kind != Kind::Canceled
}

/// What the gate asks.
pub(super) fn facts(
    tx: &Tx<'_>,
    desk: &Desk,
    message: &Leased,
    found: Option<&Appointment>,
) -> Result<Facts, Error> {
    let standing = found.map(|found| Standing {
        canceled: found.canceled_at.is_some(),
        ends_at: found.ends_at,
        serves: serves(found, message.audience),
    });
    let address = match message.audience {
        Audience::Person => people::find(tx, message.about.person)?
            .and_then(|person| person.email)
            .is_some(),
        Audience::Staff(staff) => desk
            .catalogs
            .get(tx)?
            .staff_member(staff)
            .is_some_and(|member| member.email.is_some()),
    };
    Ok(Facts {
        standing,
        newest: messaging::is_newest(tx, message)?,
        address,
        mail_on: desk.mail_on && !organization::is_sandbox(tx)?,
    })
}

fn serves(appointment: &Appointment, audience: Audience) -> bool {
    audience
        .staff()
        .is_none_or(|staff| appointment.staff.contains(&staff))
}

/// Everything the letter says; `None` when part of it no longer exists.
pub(super) fn gather(
    tx: &Tx<'_>,
    desk: &Desk,
    message: &Leased,
    found: &Appointment,
    link: Option<&Token>,
) -> Result<Option<Matter>, Error> {
    let catalog = desk.catalogs.get(tx)?;
    let Some(person) = people::find(tx, message.about.person)? else {
        return Ok(None);
    };
    let places = catalog
        .service(found.service)
        .zip(catalog.location(found.location));
    let Some((service, location)) = places else {
        return Ok(None);
    };
    let house = Locale::from_tag(&catalog.organization.locale).unwrap_or_default();
    let of_person = Correspondent {
        name: person.name.expose().to_owned(),
        address: match &person.email {
            Some(email) => email.clone(),
            None if message.audience == Audience::Person => return Ok(None),
            // Not used: the letter goes to the staff member.
            None => catalog.organization.sender.address.clone(),
        },
    };
    let (to, locale, zone) = match message.audience {
        Audience::Person => {
            let zone = desk.zones.get(&person.zone);
            let locale = Locale::from_tag(&person.locale).unwrap_or(house);
            (Some(of_person), locale, zone)
        }
        Audience::Staff(staff) => (staff_member(&catalog, staff), house, None),
    };
    let Some(to) = to else { return Ok(None) };
    let reader = Reader::of(message.audience);
    let reassigned = !serves(found, message.audience) && found.canceled_at.is_none();
    let (starts_at, ends_at) = times(found, message, reassigned);
    let base = format!("{}/{}", desk.base_url, catalog.organization.slug);
    Ok(Some(Matter {
        organization: tx.organization(),
        message: message.id,
        written_at: tx.now(),
        kind: message.kind,
        reader,
        reassigned,
        locale,
        organization_name: catalog.organization.name.clone(),
        sender: catalog.organization.sender.clone(),
        to,
        person: person.name,
        service: service.name.clone(),
        staff: staff_names(&catalog, found),
        location: words(desk, locale, service, location),
        room: found
            .room
            .filter(|_| service.mode == Mode::Place)
            .and_then(|room| catalog.room(room))
            .map(|room| room.name.clone()),
        starts_at,
        ends_at,
        previous_starts_at: message
            .about
            .previous_starts_at
            .filter(|_| message.kind == Kind::Moved),
        zone: zone.unwrap_or_else(|| location.place.zone.clone()),
        reference: found.reference.clone(),
        uid: found.uid.clone(),
        sequence: message.about.revision,
        manage_url: link.map(|link| format!("{base}/appointment/{}", link.expose())),
        booking_url: format!("{base}/{}", service.slug),
        change_until: change_until(service, starts_at),
        template: template::template(tx, message.kind, reader, locale)?,
        nouns: catalog.look.words.clone(),
        accents: accents(&catalog),
    }))
}

/// Our own color, where the organization has none: that of `tokens.css`.
pub(super) const ACCENTS: (Rgb, Rgb) = (Rgb([0x0b, 0x5a, 0x54]), Rgb([0x6f, 0xd3, 0xc5]));

pub(super) fn accents(catalog: &Catalog) -> (Rgb, Rgb) {
    let shades = catalog.look.shades();
    shades.map_or(ACCENTS, |shades| (shades.light.accent, shades.dark.accent))
}

/// A staff member who is told that somebody else serves now had it at its time before.
fn times(found: &Appointment, message: &Leased, reassigned: bool) -> (Timestamp, Timestamp) {
    let before = message.about.previous_starts_at.filter(|_| reassigned);
    let Some(starts_at) = before else {
        return (found.starts_at, found.ends_at);
    };
    let length = found.ends_at.as_microsecond() - found.starts_at.as_microsecond();
    (
        starts_at,
        from_microseconds(starts_at.as_microsecond().saturating_add(length)),
    )
}

fn staff_member(catalog: &Catalog, staff: crate::ids::StaffId) -> Option<Correspondent> {
    let member = catalog.staff_member(staff)?;
    let address: Email = member.email.clone()?;
    Some(Correspondent {
        name: member.name.clone(),
        address,
    })
}

fn staff_names(catalog: &Catalog, found: &Appointment) -> Vec<String> {
    found
        .staff
        .iter()
        .filter_map(|id| catalog.staff_member(*id))
        .map(|member| member.name.clone())
        .collect()
}

/// Where it is in words: the location, or how people meet instead.
fn words(desk: &Desk, locale: Locale, service: &Service, location: &Location) -> Words {
    let distant = match service.mode {
        Mode::Place => None,
        Mode::Phone => Some("mail-by-phone"),
        Mode::Video => Some("mail-by-video"),
        Mode::Customer => Some("mail-at-customer"),
    };
    let distant = distant.map(|id| desk.texts.say(locale, id, args![]));
    Words {
        address: match &distant {
            Some(_) => service.video_link.clone().unwrap_or_default(),
            None => location.address.clone(),
        },
        name: distant.unwrap_or_else(|| location.name.clone()),
        zone: location.place.zone.clone(),
    }
}

fn change_until(service: &Service, starts_at: Timestamp) -> (Timestamp, Timestamp) {
    let closes = |minutes| rules::change_closes_at(starts_at, minutes);
    (
        closes(service.move_until_minutes),
        closes(service.cancel_until_minutes),
    )
}
