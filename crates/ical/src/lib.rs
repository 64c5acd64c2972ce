//! iCalendar (RFC 5545) and iTIP (RFC 5546), mostly writing: an [`Event`] in, the text of a calendar
//! object out. Pure: no clock, no input or output, no randomness.
//!
//! ```text
//! let text = kept_ical::write(Method::Request, "-//Kept//Kept 0.1//EN", &event);
//! ```
//!
//! Decisions that hold for everything written here:
//!
//! - **Times are UTC instants** (`DTSTART:20261201T133000Z`) and there is no `VTIMEZONE`. Zone
//!   rules change often and late, and calendar programs carry old ones; an instant is right in all
//!   of them. The price is that a program shows the time in its own zone, so callers put the time
//!   and zone of the place into the description.
//! - **No input can add a property.** Line breaks are escaped in text and become spaces in names,
//!   other control characters are dropped, names stand in quotes with RFC 6868 escapes, and
//!   addresses are percent-encoded by RFC 6068.
//! - **Reading is for whole days alone** ([`read_whole_days`]), bounded, and counts what it leaves
//!   out.
//! - **Lines end in CRLF** and are folded at 75 octets, never inside a character.

mod line;
mod object;
mod read;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use object::{calendar, write};
pub use read::{
    MAX_READ_BYTES, MAX_READ_DEPTH, MAX_READ_EVENTS, MAX_READ_LINE_BYTES, Read, ReadError,
    WholeDays, read_whole_days,
};

/// What the calendar object asks its receiver to do: the iTIP method (RFC 5546, 1.4).
///
/// In a mail, the `method` parameter of the `text/calendar` part must be [`Method::name`] of the
/// object inside (RFC 6047, 2.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// An invitation, or a change to one: same UID, higher sequence.
    Request,
    /// The event will not take place: same UID, sequence not lower than the last one sent.
    Cancel,
    /// A copy to keep, for example an `.ics` download. Carries no attendees (RFC 5546, 3.2.1), so
    /// that a calendar program does not offer to answer.
    Publish,
}

impl Method {
    /// The method as iCalendar spells it, such as `REQUEST`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// An organizer or attendee. `name` may be empty; `email` is a bare address such as
/// `mei@example.com`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// What calendar programs show.
    pub name: String,
    /// The address, without `mailto:`. Of the organizer: where answers arrive.
    pub email: String,
}

/// Whether an attendee has answered (`PARTSTAT`, RFC 5545, 3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Participation {
    /// Has agreed, as someone has who booked the time. No answer is asked for.
    Accepted,
    /// Is asked to answer.
    NeedsAction,
}

/// Someone who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Who it is.
    pub party: Party,
    /// What they have answered so far.
    pub participation: Participation,
}

/// A reminder that the receiver's own calendar program shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    /// Minutes before the start.
    pub minutes_before: u32,
}

/// One event, as it stands at `stamp`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The same for the whole life of the event, and unique in the world.
    pub uid: String,
    /// Starts at 0 and grows by one with each change of time or place.
    pub sequence: u32,
    /// When this description of the event was made (`DTSTAMP`).
    pub stamp: Timestamp,
    /// First instant. Written in whole seconds.
    pub starts_at: Timestamp,
    /// First instant after the event. Left out unless it is later than `starts_at`.
    pub ends_at: Timestamp,
    /// One line of text.
    pub summary: String,
    /// Text of any number of lines; left out when empty.
    pub description: String,
    /// One line of text; left out when empty.
    pub location: String,
    /// An absolute URI where the event can be seen. What may not stand in a URI is
    /// percent-encoded.
    pub url: Option<String>,
    /// Who holds the event.
    pub organizer: Party,
    /// Who takes part. A [`Method::Request`] needs at least one (RFC 5546, 3.2.2).
    pub attendees: Vec<Attendee>,
    /// The event is called off. Always so under [`Method::Cancel`].
    pub canceled: bool,
    /// A reminder; left out when the event is called off (RFC 5546, 3.2.5).
    pub alarm: Option<Alarm>,
}
