//! What an organization's own values may be. Pure.

use std::collections::BTreeMap;

use kept_base::page::{Locale, Noun};
use kept_base::store::Error;

use super::{
    Change, FootLink, MAX_FOOT_LINKS, MAX_LINK_BYTES, MAX_LINK_LABEL_CHARS, MAX_NOUN_CHARS,
    MAX_OWN_TEXT_CHARS, NOUNS, PictureError, Refused, Shades, Texts,
};

/// Most sites that may show pages in frames.
pub const MAX_ORIGINS: usize = 20;
/// Longest origin of a site, in bytes.
pub const MAX_ORIGIN_BYTES: usize = 255;

/// Why a change is refused.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The color cannot be read on our paper.
    #[error("the color has too little contrast")]
    Color(Refused),
    /// The file is no picture that can be shown.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A value is not as it must be: the name of its field, and a code that says why.
    #[error("{0}: {1}")]
    Field(String, &'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

/// Checks a change and brings its values into the form in which they are kept. `house` is the
/// organization's own language.
pub(super) fn check(change: &Change, house: Locale) -> Result<Change, LookError> {
    Ok(match change {
        Change::Color(color) => {
            if let Some(color) = color {
                Shades::checked(*color).map_err(LookError::Color)?;
            }
            Change::Color(*color)
        }
        Change::Logo(logo) => Change::Logo(logo.clone()),
        Change::Languages(chosen) => Change::Languages(languages(chosen, house)?),
        Change::Words(locale, nouns) => Change::Words(*locale, words(nouns)?),
        Change::Texts(locale, texts, links) => {
            let texts = Texts {
                welcome: text("welcome", &texts.welcome)?,
                done: text("done", &texts.done)?,
            };
            Change::Texts(*locale, texts, foot_links(links)?)
        }
        Change::Origins(sites) => Change::Origins(origins(sites)?),
    })
}

fn wrong(field: impl Into<String>, code: &'static str) -> LookError {
    LookError::Field(field.into(), code)
}

/// All of them is written as none in particular, so that a language that is added later is offered.
fn languages(chosen: &[Locale], house: Locale) -> Result<Vec<Locale>, LookError> {
    if chosen.is_empty() || !chosen.contains(&house) {
        return Err(wrong("languages", "house"));
    }
    let offered: Vec<Locale> = Locale::ALL
        .iter()
        .copied()
        .filter(|locale| chosen.contains(locale))
        .collect();
    Ok(if offered.len() == Locale::ALL.len() {
        Vec::new()
    } else {
        offered
    })
}

fn words(nouns: &BTreeMap<String, Noun>) -> Result<BTreeMap<String, Noun>, LookError> {
    let mut kept = BTreeMap::new();
    for (name, noun) in nouns {
        if !NOUNS.contains(&name.as_str()) {
            return Err(wrong(format!("one-{name}"), "unknown"));
        }
        let one = line(&format!("one-{name}"), &noun.one, MAX_NOUN_CHARS)?;
        let many = line(&format!("many-{name}"), &noun.many, MAX_NOUN_CHARS)?;
        match (one.is_empty(), many.is_empty()) {
            (true, true) => {}
            (false, false) => {
                kept.insert(name.clone(), Noun { one, many });
            }
            (true, false) => return Err(wrong(format!("one-{name}"), "both")),
            (false, true) => return Err(wrong(format!("many-{name}"), "both")),
        }
    }
    Ok(kept)
}

/// One line, trimmed.
fn line(field: &str, typed: &str, max_chars: usize) -> Result<String, LookError> {
    let typed = typed.trim();
    if typed.chars().count() > max_chars {
        Err(wrong(field, "long"))
    } else if typed.chars().any(char::is_control) {
        Err(wrong(field, "line"))
    } else {
        Ok(typed.to_owned())
    }
}

/// Any number of lines, trimmed.
fn text(field: &str, typed: &str) -> Result<String, LookError> {
    let typed = typed.replace("\r\n", "\n").trim().to_owned();
    if typed.chars().count() > MAX_OWN_TEXT_CHARS {
        Err(wrong(field, "long"))
    } else if typed.chars().any(|c| c.is_control() && c != '\n') {
        Err(wrong(field, "line"))
    } else {
        Ok(typed)
    }
}

fn foot_links(links: &[FootLink]) -> Result<Vec<FootLink>, LookError> {
    let mut kept = Vec::new();
    for (number, link) in (1..).zip(links) {
        let (label_field, url_field) = (format!("label-{number}"), format!("url-{number}"));
        let label = line(&label_field, &link.label, MAX_LINK_LABEL_CHARS)?;
        let url = link.url.trim().to_owned();
        match (label.is_empty(), url.is_empty()) {
            (true, true) => continue,
            (true, false) => return Err(wrong(label_field, "label")),
            (false, true) => return Err(wrong(url_field, "url")),
            (false, false) => {}
        }
        if url.len() > MAX_LINK_BYTES {
            return Err(wrong(url_field, "long"));
        }
        if !is_web_address(&url) {
            return Err(wrong(url_field, "url"));
        }
        kept.push(FootLink { label, url });
    }
    if kept.len() > MAX_FOOT_LINKS {
        return Err(wrong(format!("url-{}", MAX_FOOT_LINKS + 1), "many"));
    }
    Ok(kept)
}

/// Whether a text is the address of a page on the web, over TLS.
pub(crate) fn is_web_address(url: &str) -> bool {
    let printable = url
        .chars()
        .all(|c| !c.is_control() && !c.is_whitespace() && c != '"');
    let host = url.strip_prefix("https://").map(|rest| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        &rest[..end]
    });
    printable && host.is_some_and(|host| host_and_port(host).is_some())
}

/// Whether a text names sites as they are kept, one space between.
pub(crate) fn are_origins(kept: &str) -> bool {
    let sites: Vec<String> = kept.split_whitespace().map(str::to_owned).collect();
    origins(&sites).is_ok_and(|checked| checked.join(" ") == kept)
}

fn origins(sites: &[String]) -> Result<Vec<String>, LookError> {
    let mut kept: Vec<String> = Vec::new();
    for site in sites
        .iter()
        .map(|site| site.trim())
        .filter(|site| !site.is_empty())
    {
        let origin = origin(site).ok_or_else(|| wrong("origins", "origin"))?;
        if !kept.contains(&origin) {
            kept.push(origin);
        }
    }
    if kept.len() > MAX_ORIGINS {
        return Err(wrong("origins", "many"));
    }
    Ok(kept)
}

/// The origin that a site's address names: `https://` and a host, perhaps a port. `http://` for the
/// machine itself alone, to try things. No wildcards: each site that may show pages is named.
fn origin(site: &str) -> Option<String> {
    let lower = site.to_lowercase();
    let lower = lower.strip_suffix('/').unwrap_or(&lower);
    let (scheme, rest) = lower.split_once("://")?;
    let (host, port) = host_and_port(rest)?;
    let local = matches!(host.as_str(), "localhost" | "127.0.0.1");
    let allowed = match scheme {
        "https" => true,
        "http" => local,
        _ => false,
    };
    let port = port
        .filter(|port| (scheme, *port) != ("https", 443) && (scheme, *port) != ("http", 80))
        .map_or_else(String::new, |port| format!(":{port}"));
    let origin = format!("{scheme}://{host}{port}");
    (allowed && origin.len() <= MAX_ORIGIN_BYTES).then_some(origin)
}

/// A host's name in the letters that DNS knows, and the port.
fn host_and_port(text: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (
            host,
            Some(port.parse::<u16>().ok().filter(|port| *port > 0)?),
        ),
        None => (text, None),
    };
    let host = idna::domain_to_ascii(host).ok()?;
    let label = |label: &str| {
        let known = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-';
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(known)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (host.len() <= 253 && host.split('.').all(label)).then_some((host, port))
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
