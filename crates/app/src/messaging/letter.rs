//! A finished letter, and its form on the wire (RFC 5322, MIME, iMIP).

use jiff::Timestamp;
use kept_base::kit::{Email, OrganizationId};
use kept_base::page::Locale;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use crate::ids::MessageId;

/// Name of the attached calendar file.
const ATTACHMENT_NAME: &str = "invite.ics";

/// Somebody with a name and an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// Shown name; personal, when it is a person's.
    pub name: String,
    /// The address.
    pub address: Email,
}

/// A letter to one recipient. It has no `Debug`: all of it is personal.
#[derive(Clone)]
pub struct Letter {
    /// Whose organization's it is.
    pub organization: OrganizationId,
    /// The message it is written for. Its `Message-ID` follows from it, so that a second copy can
    /// be told from a second message.
    pub message: MessageId,
    /// When it was written.
    pub written_at: Timestamp,
    /// Its language.
    pub locale: Locale,
    /// Who writes.
    pub from: Correspondent,
    /// Where answers go, when not to the sender.
    pub reply_to: Option<Email>,
    /// Who is written to.
    pub to: Correspondent,
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The calendar object, when there is one.
    pub calendar: Option<Calendar>,
}

/// The calendar object of a letter.
#[derive(Clone)]
pub struct Calendar {
    /// The iTIP method inside, which the part's type must repeat (RFC 6047, 2.4).
    pub method: &'static str,
    /// The object.
    pub object: String,
}

/// The letter cannot be put into the form of a mail; the text is a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the letter cannot be written as a mail: {0}")]
pub struct Unsendable(pub &'static str);

/// A mail as a server takes it: envelope and bytes.
pub struct Mail {
    /// Sender and recipient on the wire.
    pub envelope: Envelope,
    /// Header and body, lines ending in CRLF.
    pub bytes: Vec<u8>,
}

/// Tells other programs not to answer by themselves (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Letter {
    /// Writes the letter as a mail. Header values are encoded by the mail library, which lets no
    /// line break through.
    ///
    /// # Errors
    /// [`Unsendable`] when an address or the whole is not acceptable to the mail library.
    pub fn mail(&self) -> Result<Mail, Unsendable> {
        let from = mailbox(&self.from, "sender_address")?;
        let domain = from.email.domain().to_owned();
        let mut builder = Message::builder()
            .from(from)
            .to(mailbox(&self.to, "recipient_address")?)
            .subject(one_line(&self.subject))
            .date(self.written_at.into())
            .message_id(Some(format!("<{}@{domain}>", self.message)))
            .header(AutoSubmitted);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(Mailbox::new(None, address(reply_to, "reply_to_address")?));
        }
        let message = builder
            .multipart(self.body()?)
            .map_err(|_| Unsendable("unwritable"))?;
        Ok(Mail {
            envelope: message.envelope().clone(),
            bytes: message.formatted(),
        })
    }

    /// The parts: the same content three times, the richest last, and the calendar object once
    /// more as a file for programs that do not look inside.
    fn body(&self) -> Result<MultiPart, Unsendable> {
        let alternatives = MultiPart::alternative()
            .singlepart(SinglePart::plain(self.text.clone()))
            .singlepart(SinglePart::html(self.html.clone()));
        let Some(calendar) = &self.calendar else {
            return Ok(alternatives);
        };
        let of_type = |kind: &str| {
            let value = format!("{kind}; method={}; charset=UTF-8", calendar.method);
            ContentType::parse(&value).map_err(|_| Unsendable("unwritable"))
        };
        let inline = SinglePart::builder()
            .header(of_type("text/calendar")?)
            .body(calendar.object.clone());
        let file = Attachment::new(ATTACHMENT_NAME.to_owned())
            .body(calendar.object.clone(), of_type("application/ics")?);
        Ok(MultiPart::mixed()
            .multipart(alternatives.singlepart(inline))
            .singlepart(file))
    }
}

fn mailbox(who: &Correspondent, code: &'static str) -> Result<Mailbox, Unsendable> {
    let name = one_line(&who.name);
    let name = (!name.is_empty()).then_some(name);
    Ok(Mailbox::new(name, address(&who.address, code)?))
}

/// The address with its domain in ASCII (IDNA), which every server takes.
fn address(email: &Email, code: &'static str) -> Result<Address, Unsendable> {
    let (local, domain) = email.expose().rsplit_once('@').ok_or(Unsendable(code))?;
    let domain = idna::domain_to_ascii(domain).map_err(|_| Unsendable(code))?;
    Address::new(local, domain).map_err(|_| Unsendable(code))
}

/// Control characters become spaces: a header has one line.
fn one_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.trim().to_owned()
}

#[cfg(test)]
#[path = "letter_tests.rs"]
mod tests;
