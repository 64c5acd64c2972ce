//! Reads whole days out of somebody's iCalendar file: holidays, mostly. Bounded in every way,
//! because the file is a stranger's; what is not a whole day is counted, not guessed at.

use std::borrow::Cow;

use jiff::ToSpan as _;
use jiff::civil::Date;

/// Largest file that is read, in bytes.
pub const MAX_READ_BYTES: usize = 1024 * 1024;
/// Most events that are read of a file.
pub const MAX_READ_EVENTS: usize = 2_000;
/// Deepest nesting of components.
pub const MAX_READ_DEPTH: usize = 8;
/// Longest line, unfolded, in bytes; the rest of a longer one is left out.
pub const MAX_READ_LINE_BYTES: usize = 8 * 1024;
/// Most days of one event.
const MAX_EVENT_DAYS: i32 = 366;

/// Days that an event takes whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WholeDays {
    /// The first day.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
    /// What it is called; may be empty.
    pub summary: String,
    /// Whether it comes again every year on the same day.
    pub yearly: bool,
}

/// What was read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Read {
    /// Events of whole days, in the order of the file.
    pub days: Vec<WholeDays>,
    /// How many events are not whole days, come again by a rule that is not understood, or make no
    /// sense.
    pub left_out: usize,
}

/// Why a file is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadError {
    /// It is no iCalendar object, or breaks off.
    NotCalendar,
    /// It is larger, deeper or has more events than is read.
    TooLarge,
}

#[derive(Default)]
struct Event {
    start: Option<Date>,
    end: Option<Date>,
    summary: String,
    yearly: bool,
    odd: bool,
    canceled: bool,
}

/// Reads the `VEVENT`s of a file whose `DTSTART` is a `DATE` (RFC 5545, 3.6.1).
///
/// # Errors
/// [`ReadError`]; nothing is read then.
pub fn read_whole_days(text: &str) -> Result<Read, ReadError> {
    if text.len() > MAX_READ_BYTES {
        return Err(ReadError::TooLarge);
    }
    let mut read = Read::default();
    let mut open: Vec<String> = Vec::new();
    let mut event: Option<Event> = None;
    let mut events = 0;
    let mut was_calendar = false;
    for line in unfold(text.trim_start_matches('\u{feff}')) {
        let Some((name, parameters, value)) = split(&line) else {
            if line.trim().is_empty() {
                continue;
            }
            return Err(ReadError::NotCalendar);
        };
        match name.as_str() {
            "BEGIN" => {
                let component = value.trim().to_ascii_uppercase();
                if open.is_empty() && component != "VCALENDAR" {
                    return Err(ReadError::NotCalendar);
                }
                if open.len() == MAX_READ_DEPTH {
                    return Err(ReadError::TooLarge);
                }
                if open.len() == 1 && component == "VEVENT" {
                    events += 1;
                    event = Some(Event::default());
                }
                was_calendar = true;
                open.push(component);
            }
            "END" => {
                let component = value.trim().to_ascii_uppercase();
                if open.pop() != Some(component) {
                    return Err(ReadError::NotCalendar);
                }
                if events > MAX_READ_EVENTS {
                    return Err(ReadError::TooLarge);
                }
                if open.len() == 1
                    && let Some(event) = event.take()
                {
                    keep(event, &mut read);
                }
            }
            _ if open.is_empty() => return Err(ReadError::NotCalendar),
            // What stands deeper, such as an alarm, is not about the event's days.
            name if open.len() == 2 => {
                if let Some(event) = &mut event {
                    property(event, name, parameters, value);
                }
            }
            _ => {}
        }
    }
    if open.is_empty() && was_calendar {
        Ok(read)
    } else {
        Err(ReadError::NotCalendar)
    }
}

fn property(event: &mut Event, name: &str, parameters: &str, value: &str) {
    match name {
        "DTSTART" | "DTEND" => {
            let is_date = parameters.to_ascii_uppercase().contains("VALUE=DATE")
                && !parameters.to_ascii_uppercase().contains("VALUE=DATE-TIME")
                || value.trim().len() == 8;
            let date = Some(value.trim()).filter(|_| is_date).and_then(date);
            event.odd |= date.is_none();
            if name == "DTSTART" {
                event.start = date;
            } else {
                event.end = date;
            }
        }
        "SUMMARY" => event.summary = unescape(value),
        "RRULE" => {
            let rule = value.trim().to_ascii_uppercase();
            let plain = |part: &str| {
                part == "FREQ=YEARLY"
                    || part == "INTERVAL=1"
                    || part.starts_with("WKST=")
                    || part.is_empty()
            };
            event.yearly = rule.split(';').all(plain);
            event.odd |= !event.yearly;
        }
        "RDATE" | "EXDATE" | "RECURRENCE-ID" | "DURATION" => event.odd = true,
        "STATUS" => event.canceled = value.trim().eq_ignore_ascii_case("CANCELLED"),
        _ => {}
    }
}

fn keep(event: Event, read: &mut Read) {
    // A `DTEND` names the first day after; without one it is one day.
    let last = match (event.start, event.end) {
        (Some(start), None) => Some(start),
        (Some(start), Some(end)) if end == start => Some(start),
        (Some(_), Some(end)) => end.checked_sub(1.day()).ok(),
        (None, _) => None,
    };
    let sound = event.start.zip(last).filter(|(first, last)| {
        let days = (*last - *first).get_days();
        (0..MAX_EVENT_DAYS).contains(&days)
    });
    match sound {
        Some((first, last)) if !event.odd && !event.canceled => read.days.push(WholeDays {
            first,
            last,
            summary: event.summary,
            yearly: event.yearly,
        }),
        _ => read.left_out += 1,
    }
}

/// The lines of a file with folded ones put together (RFC 5545, 3.1).
fn unfold(text: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut lines = text.split('\n').peekable();
    std::iter::from_fn(move || {
        let mut line = Cow::Borrowed(lines.next()?.trim_end_matches('\r'));
        while let Some(more) = lines.next_if(|next| next.starts_with([' ', '\t'])) {
            let more = more.trim_end_matches('\r');
            if line.len() + more.len() <= MAX_READ_LINE_BYTES {
                line.to_mut().push_str(&more[1..]);
            }
        }
        Some(line)
    })
}

/// Name in capitals, parameters, value. A colon within quotes belongs to a parameter.
fn split(line: &str) -> Option<(String, &str, &str)> {
    let mut quoted = false;
    let colon = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == ':' && !quoted
    });
    let (head, value) = (&line[..colon?.0], &line[colon?.0 + 1..]);
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fine = !name.is_empty() && name.chars().all(plain);
    fine.then(|| (name.to_ascii_uppercase(), parameters, value))
}

fn date(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (text[..4].parse(), text[4..6].parse(), text[6..].parse());
    Date::new(year.ok()?, month.ok()?, day.ok()?).ok()
}

/// Undoes the escapes of TEXT (RFC 5545, 3.3.11); lines and controls become spaces.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') | None => out.push(' '),
                Some(other) => out.push(other),
            },
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn calendar(events: &str) -> String {
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
    }

    fn read(events: &str) -> Read {
        read_whole_days(&calendar(events)).expect("is read")
    }

    #[test]
    fn whole_days_are_read_and_all_else_is_counted() {
        let found = read(
            "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\n\
             SUMMARY;LANGUAGE=de:Weih\r\n nachten\\, zwei Tage\r\n\
             BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nSUMMARY:No\r\nEND:VALARM\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nDTSTART:20270101\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:New Year\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nDTSTART:20270101T100000Z\r\nSUMMARY:A visit\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270105\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270106\r\nDTEND;VALUE=DATE:20270101\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270107\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nSUMMARY:Never\r\nEND:VEVENT\r\n",
        );
        assert_eq!(found.left_out, 5);
        assert_eq!(
            found.days,
            [
                WholeDays {
                    first: date(2026, 12, 25),
                    last: date(2026, 12, 26),
                    summary: "Weihnachten, zwei Tage".to_owned(),
                    yearly: false,
                },
                WholeDays {
                    first: date(2027, 1, 1),
                    last: date(2027, 1, 1),
                    summary: "New Year".to_owned(),
                    yearly: true,
                },
            ]
        );
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        for text in [
            "",
            "hello",
            "BEGIN:VEVENT\nEND:VEVENT\n",
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n",
            "BEGIN:VCALENDAR\n",
            "SUMMARY:x\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
        ] {
            assert_eq!(
                read_whole_days(text),
                Err(ReadError::NotCalendar),
                "{text:?}"
            );
        }
    }

    #[test]
    fn size_depth_and_number_are_bounded() {
        let nested = |depth: usize| {
            let (open, close) = ("BEGIN:X\n".repeat(depth), "END:X\n".repeat(depth));
            read_whole_days(&calendar(&format!("{open}{close}")))
        };
        assert!(nested(MAX_READ_DEPTH - 1).is_ok());
        assert_eq!(nested(MAX_READ_DEPTH), Err(ReadError::TooLarge));
        let event = "BEGIN:VEVENT\nDTSTART:20270101\nEND:VEVENT\n";
        assert_eq!(
            read(&event.repeat(MAX_READ_EVENTS)).days.len(),
            MAX_READ_EVENTS
        );
        let many = calendar(&event.repeat(MAX_READ_EVENTS + 1));
        assert_eq!(read_whole_days(&many), Err(ReadError::TooLarge));
        let large = " ".repeat(MAX_READ_BYTES + 1);
        assert_eq!(read_whole_days(&large), Err(ReadError::TooLarge));
        let long = format!("SUMMARY:{}", "a\n b".repeat(MAX_READ_LINE_BYTES));
        let found = read(&format!(
            "BEGIN:VEVENT\nDTSTART:20270101\n{long}\nEND:VEVENT\n"
        ));
        assert!(found.days[0].summary.len() <= MAX_READ_LINE_BYTES);
    }

    #[test]
    fn nothing_panics_on_odd_bytes() {
        for odd in [
            "DTSTART:2027é101",
            "DTSTART;VALUE=DATE:99999999",
            ":",
            ";:",
            "é:é",
            "\u{0}",
        ] {
            let _ = read_whole_days(&calendar(&format!("BEGIN:VEVENT\n{odd}\nEND:VEVENT\n")));
            let _ = read_whole_days(odd);
        }
    }
}
