//! One service as the fields of a form, in both directions.

use kept_base::input::Fields;
use kept_base::kit::{Currency, Money};
use kept_base::page::money;
use kept_slots::{Rules, Staffing};

use super::form::{ids, number, some_number, text};
use crate::offering::{Catalog, Mode, NewService, Service, ServiceSetup};

/// "First visit (30 min)" becomes `first-visit-30-min`.
fn slug_of(name: &str, catalog: &Catalog) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(30);
    let slug = slug.trim_matches('-');
    let slug = if slug.len() < 2 { "service" } else { slug };
    let is_known = |slug: &String| catalog.services.iter().any(|s| s.slug == *slug);
    let numbered = (2..).map(|n: u32| format!("{slug}-{n}"));
    let mut all = std::iter::once(slug.to_owned()).chain(numbered);
    all.find(|slug| !is_known(slug)).unwrap_or_default()
}

/// Reads the form.
///
/// # Errors
/// The name of the field that cannot be read.
pub(super) fn read(catalog: &Catalog, form: &Fields) -> Result<ServiceSetup, &'static str> {
    let name = text(form, "name");
    let slug = match text(form, "slug") {
        empty if empty.is_empty() => slug_of(&name, catalog),
        slug => slug,
    };
    let length = number(form, "length", 0)?;
    let mode = Mode::from_code(&text(form, "mode")).unwrap_or(Mode::Place);
    let link = Some(text(form, "video")).filter(|link| !link.is_empty() && mode == Mode::Video);
    Ok(ServiceSetup {
        basic: NewService {
            name,
            slug,
            description: text(form, "description"),
            rules: Rules {
                length_minutes: length,
                buffer_before_minutes: number(form, "before", 0)?,
                buffer_after_minutes: number(form, "after", 0)?,
                step_minutes: number(form, "step", 30)?,
                step_offset_minutes: number(form, "offset", 0)?,
                notice_minutes: hours(form, "notice", 120)?,
                horizon_days: number(form, "horizon", 60)?,
                daily_limit: some_number(form, "limit")?,
            },
            staffing: match form.get("staffing") {
                Some("all_of") => Staffing::AllOf,
                _ => Staffing::AnyOf,
            },
            staff: ids(form, "staff"),
            rooms: ids(form, "rooms"),
            price: price(form)?,
            move_until_minutes: hours(form, "move", 1_440)?,
            cancel_until_minutes: hours(form, "cancel", 1_440)?,
        },
        mode,
        video_link: link,
        room_capacity: some_number(form, "capacity")?,
        skills: ids(form, "skills"),
    })
}

/// Hours, perhaps with a fraction, as minutes.
fn hours(form: &Fields, name: &'static str, fallback: u32) -> Result<u32, &'static str> {
    let typed = text(form, name).replace(',', ".");
    if typed.is_empty() {
        return Ok(fallback);
    }
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let whole: u32 = whole.parse().map_err(|_| name)?;
    let tenths = match part.as_bytes() {
        [] => 0,
        [digit @ b'0'..=b'9'] => u32::from(digit - b'0') * 100,
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => u32::from(a - b'0') * 100 + u32::from(b - b'0') * 10,
        _ => return Err(name),
    };
    let minutes = (tenths * 60 + 500) / 1_000;
    let whole = whole.checked_mul(60).filter(|minutes| *minutes <= 100_000);
    whole.map(|whole| whole + minutes).ok_or(name)
}

fn hours_text(minutes: u32) -> String {
    let hundredths = (minutes % 60) * 100 / 60;
    match (minutes / 60, hundredths) {
        (hours, 0) => hours.to_string(),
        (hours, part) => format!("{hours}.{part:02}"),
    }
}

fn price(form: &Fields) -> Result<Option<Money>, &'static str> {
    let typed = text(form, "price").replace(',', ".");
    if typed.is_empty() {
        return Ok(None);
    }
    let currency = Currency::parse(&text(form, "currency").to_uppercase()).ok_or("currency")?;
    let digits = money::fraction_digits(currency.code());
    let (whole, part) = typed.split_once('.').unwrap_or((&typed, ""));
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || part.len() > digits || !plain(whole) || !plain(part)
    {
        return Err("price");
    }
    let minor = format!("{whole}{part:0<digits$}")
        .parse()
        .map_err(|_| "price")?;
    Ok(Some(Money { minor, currency }))
}

fn price_text(price: &Money) -> String {
    let digits = money::fraction_digits(price.currency.code());
    let text = format!("{:0>width$}", price.minor, width = digits + 1);
    let (whole, part) = text.split_at(text.len() - digits);
    if part.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{part}")
    }
}

/// Fields as a form would send them.
pub(super) fn written(fields: &[(&str, String)]) -> Fields {
    let own = |(name, value): &(&str, String)| ((*name).to_owned(), value.clone());
    fields.iter().map(own).collect()
}

pub(super) fn as_fields(catalog: &Catalog, service: &Service) -> Fields {
    let rules = &service.rules;
    let mut fields = vec![
        ("name", service.name.clone()),
        ("slug", service.slug.clone()),
        ("description", service.description.clone()),
        ("length", rules.length_minutes.to_string()),
        ("before", rules.buffer_before_minutes.to_string()),
        ("after", rules.buffer_after_minutes.to_string()),
        ("step", rules.step_minutes.to_string()),
        ("offset", rules.step_offset_minutes.to_string()),
        ("notice", hours_text(rules.notice_minutes)),
        ("horizon", rules.horizon_days.to_string()),
        (
            "limit",
            rules
                .daily_limit
                .map_or_else(String::new, |n| n.to_string()),
        ),
        ("mode", service.mode.code().to_owned()),
        ("video", service.video_link.clone().unwrap_or_default()),
        (
            "capacity",
            service
                .room_capacity
                .map_or_else(String::new, |n| n.to_string()),
        ),
        ("move", hours_text(service.move_until_minutes)),
        ("cancel", hours_text(service.cancel_until_minutes)),
    ];
    if service.staffing == Staffing::AllOf {
        fields.push(("staffing", "all_of".to_owned()));
    }
    if let Some(price) = &service.price {
        fields.push(("price", price_text(price)));
        fields.push(("currency", price.currency.code().to_owned()));
    }
    let staff = service.listed_staff.iter().map(|at| catalog.staff[*at].id);
    fields.extend(staff.map(|id| ("staff", id.to_string())));
    let rooms = service.listed_rooms.iter().map(|at| catalog.rooms[*at].id);
    fields.extend(rooms.map(|id| ("rooms", id.to_string())));
    let skills = service.skills.iter().map(|at| catalog.skills[*at].id);
    fields.extend(skills.map(|id| ("skills", id.to_string())));
    written(&fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_hours_are_read_as_they_are_written() {
        let form =
            |price: &str| written(&[("price", price.to_owned()), ("currency", "eur".to_owned())]);
        let read = |text: &str| price(&form(text)).map(|price| price.map(|p| price_text(&p)));
        assert_eq!(read(""), Ok(None));
        assert_eq!(read("80"), Ok(Some("80.00".to_owned())));
        assert_eq!(read("7,5"), Ok(Some("7.50".to_owned())));
        assert_eq!(read("0.05"), Ok(Some("0.05".to_owned())));
        for wrong in ["-1", "1.234", ".5", "8 0", "1e3"] {
            assert_eq!(read(wrong), Err("price"), "{wrong}");
        }
        let read = |text: &str| hours(&written(&[("notice", text.to_owned())]), "notice", 7);
        assert_eq!(read(""), Ok(7));
        assert_eq!(read("2"), Ok(120));
        assert_eq!(read("1,5"), Ok(90));
        assert_eq!(read("0.25"), Ok(15));
        assert_eq!(read("two"), Err("notice"));
        assert_eq!(read("9999999"), Err("notice"));
        assert_eq!(hours_text(90), "1.50");
        for minutes in [0, 15, 60, 90, 125] {
            assert_eq!(read(&hours_text(minutes)), Ok(minutes));
        }
    }
}
