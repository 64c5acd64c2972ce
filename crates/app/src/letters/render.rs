//! From what a letter is about to the letter: subject, text, HTML, calendar object. Pure.

use askama::Template as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kept_base::args;
use kept_base::page::color::Rgb;
use kept_base::page::{Locale, when};

use super::template::{Piece, Placeholder, Reader, Template, pieces};
use super::{Matter, Texts};
use crate::messaging::Kind;
use crate::messaging::letter::Letter;

struct Row {
    label: String,
    lines: Vec<String>,
}

struct Link {
    label: String,
    url: String,
}

#[derive(askama::Template)]
#[template(path = "mail/letter.txt")]
struct Text<'l> {
    hello: &'l str,
    opening: &'l str,
    rows: &'l [Row],
    notes: &'l [String],
    link: Option<&'l Link>,
    organization: &'l str,
    powered: &'l str,
}

#[derive(askama::Template)]
#[template(path = "mail/letter.html")]
struct Html<'l> {
    locale: Locale,
    /// The organization's color on light and on dark paper.
    light: Rgb,
    dark: Rgb,
    subject: &'l str,
    own: Option<&'l [Paragraph]>,
    hello: &'l str,
    opening: &'l str,
    rows: &'l [Row],
    notes: &'l [String],
    link: Option<&'l Link>,
    organization: &'l str,
    powered: &'l str,
}

struct Paragraph {
    lines: Vec<Line>,
}

struct Line {
    pieces: Vec<OwnPiece>,
}

struct OwnPiece {
    text: String,
    is_link: bool,
}

/// Writes the letter.
///
/// # Panics
/// Never: a template of ours writes into a string, which does not fail.
#[must_use]
pub fn render(texts: &Texts, matter: &Matter) -> Letter {
    let page = Page::new(texts, matter);
    let (subject, text, own) = match matter.template.as_ref().and_then(|own| page.own(own)) {
        Some((subject, text, paragraphs)) => (subject, text, Some(paragraphs)),
        None => (page.subject(), page.text(), None),
    };
    let html = Html {
        locale: matter.locale,
        light: matter.accents.0,
        dark: matter.accents.1,
        subject: &subject,
        own: own.as_deref(),
        hello: &page.hello,
        opening: &page.opening,
        rows: &page.rows,
        notes: &page.notes,
        link: page.link.as_ref(),
        organization: &matter.organization_name,
        powered: &page.powered,
    };
    let html = html.render().expect("writing into a string does not fail");
    Letter {
        organization: matter.organization,
        message: matter.message,
        written_at: matter.written_at,
        locale: matter.locale,
        from: matter.sender(),
        reply_to: matter.sender.reply_to.clone(),
        to: matter.to.clone(),
        subject,
        text,
        html,
        calendar: Some(page.calendar()),
    }
}

/// The words of one letter.
pub(super) struct Page<'l> {
    pub texts: &'l Texts,
    pub matter: &'l Matter,
    hello: String,
    opening: String,
    rows: Vec<Row>,
    notes: Vec<String>,
    link: Option<Link>,
    powered: String,
}

impl<'l> Page<'l> {
    fn new(texts: &'l Texts, matter: &'l Matter) -> Self {
        let say = |id: &str| texts.say_of(matter, id, &[]);
        let change = if matter.reassigned {
            "reassigned"
        } else {
            matter.kind.code()
        };
        let mut page = Self {
            texts,
            matter,
            hello: texts.say_of(matter, "mail-hello", args!["name" => &matter.to.name]),
            opening: say(&format!("mail-open-{}-{change}", matter.reader.code())),
            rows: Vec::new(),
            notes: Vec::new(),
            link: None,
            powered: say("mail-powered"),
        };
        page.rows = page.rows();
        if matter.reader == Reader::Person {
            page.notes = page.notes();
            page.link = Some(page.link());
        }
        page
    }

    pub fn say(&self, id: &str) -> String {
        self.texts.say_of(self.matter, id, &[])
    }

    fn row(&self, id: &str, lines: Vec<String>) -> Row {
        let label = self.say(id);
        Row { label, lines }
    }

    fn rows(&self) -> Vec<Row> {
        let matter = self.matter;
        let mut rows = vec![self.row("mail-when", self.when())];
        if let Some(before) = matter.previous_starts_at {
            let before = when::date_time(matter.locale, before, &matter.zone);
            rows.push(self.row("mail-before", vec![before]));
        }
        rows.push(self.row("mail-service", vec![matter.service.clone()]));
        match matter.reader {
            Reader::Person if !matter.staff.is_empty() => {
                rows.push(self.row("mail-with", vec![matter.staff.join(", ")]));
            }
            Reader::Person => {}
            Reader::Staff => {
                let person = matter.person.expose().to_owned();
                rows.push(self.row("mail-for", vec![person]));
            }
        }
        rows.push(self.row("mail-where", vec![matter.place()]));
        rows.push(self.row("mail-reference", vec![matter.reference.clone()]));
        rows
    }

    /// Day, time and zone; a second line where the place's clocks show another time.
    pub fn when(&self) -> Vec<String> {
        let Matter {
            locale,
            starts_at,
            ends_at,
            ..
        } = *self.matter;
        let range = |zone: &TimeZone| when::date_time_range(locale, starts_at, ends_at, zone);
        let zone_line = |zone: &TimeZone| when::zone_line(locale, starts_at, zone);
        let (zone, place) = (&self.matter.zone, &self.matter.location);
        let mut lines = vec![range(zone), zone_line(zone)];
        if self.matter.place_differs() {
            let there = format!("{}, {}", range(&place.zone), zone_line(&place.zone));
            let args = args!["place" => &place.name, "when" => &there];
            lines.push(self.texts.say_of(self.matter, "mail-at-place", args));
        }
        lines
    }

    /// Until when the person can change something, as far as that is still to come.
    fn notes(&self) -> Vec<String> {
        let (move_until, cancel_until) = self.matter.change_until;
        let until = |id: &str, at: Timestamp| {
            let at = when::date_time(self.matter.locale, at, &self.matter.zone);
            self.texts.say_of(self.matter, id, args!["when" => &at])
        };
        if self.matter.kind == Kind::Canceled {
            return Vec::new();
        }
        if move_until == cancel_until && self.matter.is_ahead(move_until) {
            return vec![until("mail-until-both", move_until)];
        }
        [
            ("mail-until-move", move_until),
            ("mail-until-cancel", cancel_until),
        ]
        .into_iter()
        .filter(|(_, at)| self.matter.is_ahead(*at))
        .map(|(id, at)| until(id, at))
        .collect()
    }

    fn link(&self) -> Link {
        let (move_until, cancel_until) = self.matter.change_until;
        let (label, url) = match &self.matter.manage_url {
            Some(url) if self.matter.is_ahead(move_until.max(cancel_until)) => ("mail-manage", url),
            Some(url) => ("mail-see", url),
            None => ("mail-book-again", &self.matter.booking_url),
        };
        Link {
            label: self.say(label),
            url: url.clone(),
        }
    }

    fn subject(&self) -> String {
        let matter = self.matter;
        let id = format!(
            "mail-subject-{}-{}",
            matter.reader.code(),
            matter.kind.code()
        );
        let mut at = when::date_time(matter.locale, matter.starts_at, &matter.zone);
        if matter.place_differs() {
            let zone = when::zone_line(matter.locale, matter.starts_at, &matter.zone);
            at = format!("{at}, {zone}");
        }
        let args = args!["organization" => &matter.organization_name, "when" => &at];
        self.texts.say_of(matter, &id, args)
    }

    fn text(&self) -> String {
        let text = Text {
            hello: &self.hello,
            opening: &self.opening,
            rows: &self.rows,
            notes: &self.notes,
            link: self.link.as_ref(),
            organization: &self.matter.organization_name,
            powered: &self.powered,
        };
        text.render().expect("writing into a string does not fail")
    }

    /// The organization's own words, filled in; `None` when they do not read, which saving them
    /// rules out.
    fn own(&self, own: &Template) -> Option<(String, String, Vec<Paragraph>)> {
        let fill = |text: &str| -> Option<Vec<OwnPiece>> {
            let pieces = pieces(text).ok()?;
            Some(pieces.iter().map(|piece| self.fill(*piece)).collect())
        };
        let joined = |pieces: &[OwnPiece]| -> String {
            pieces.iter().map(|piece| piece.text.as_str()).collect()
        };
        let subject = joined(&fill(&own.subject)?);
        let mut paragraphs = Vec::new();
        for paragraph in own.body.split("\n\n").filter(|text| !text.is_empty()) {
            let lines = paragraph.split('\n');
            let lines = lines.map(|line| fill(line).map(|pieces| Line { pieces }));
            let lines = lines.collect::<Option<_>>()?;
            paragraphs.push(Paragraph { lines });
        }
        let text = joined(&fill(&own.body)?);
        let text = format!("{text}\n\n-- \n{}\n", self.powered);
        Some((subject, text, paragraphs))
    }

    fn fill(&self, piece: Piece<'_>) -> OwnPiece {
        let matter = self.matter;
        let text = match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Slot(Placeholder::Name) => matter.person.expose().to_owned(),
            Piece::Slot(Placeholder::Service) => matter.service.clone(),
            Piece::Slot(Placeholder::When) => self.when().join(", "),
            Piece::Slot(Placeholder::Where) => matter.place(),
            Piece::Slot(Placeholder::Reference) => matter.reference.clone(),
            Piece::Slot(Placeholder::ManageUrl) => matter.manage_url.clone().unwrap_or_default(),
        };
        let is_link = piece == Piece::Slot(Placeholder::ManageUrl);
        OwnPiece { text, is_link }
    }
}
