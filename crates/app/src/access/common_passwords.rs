//! Passwords that are tried first: those that many people use, and those made of what is known of
//! whoever chose them. Pure, but for the list, which is compiled in and unpacked once.

use std::io::Read as _;
use std::sync::OnceLock;

use flate2::read::GzDecoder;

/// About 20,000 passwords from published breaches, the most used first.
const LIST: &[u8] = include_bytes!("../../assets/passwords/common.txt.gz");

/// Longest row of digits and signs at the end of a password that is looked past, in characters: a
/// year, a date, an exclamation mark. A longer one may be chosen at random.
const MAX_TAIL_CHARS: usize = 8;
/// With fewer letters beside what is known of somebody, a password is made of that, in characters.
const MIN_OWN_LETTERS: usize = 4;
/// Shorter words of a name or an address are part of too many other words, in characters.
const MIN_KNOWN_CHARS: usize = 3;

/// Sorted, in small letters.
fn listed() -> &'static [Box<str>] {
    static LISTED: OnceLock<Vec<Box<str>>> = OnceLock::new();
    LISTED.get_or_init(|| {
        let mut text = String::new();
        GzDecoder::new(LIST)
            .read_to_string(&mut text)
            .expect("the list is compiled in and a test unpacks it");
        let mut all: Vec<Box<str>> = text.lines().map(|line| fold(line).into()).collect();
        all.sort_unstable();
        all.dedup();
        all
    })
}

fn is_listed(text: &str) -> bool {
    listed()
        .binary_search_by(|known| (**known).cmp(text))
        .is_ok()
}

/// Whether many people use `password`: as it is, in other letters, several times over, or with
/// digits and signs behind it.
pub(super) fn is_common(password: &str) -> bool {
    let folded = fold(password);
    let stem = without_tail(&folded);
    [folded.as_str(), stem]
        .into_iter()
        .any(|text| is_listed(text) || is_listed(unit(text)))
}

/// Whether `password` is made of `known`: a name, an address, an organization's name, with little
/// else.
pub(super) fn is_own(password: &str, known: &[&str]) -> bool {
    let mut rest = letters_and_digits(password);
    let parts = known.iter().flat_map(|text| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words.chain([*text])
    });
    let mut words: Vec<String> = parts.map(letters_and_digits).collect();
    words.retain(|word| word.chars().count() >= MIN_KNOWN_CHARS);
    // The longest first, so that no piece of one is left behind by a shorter one in it.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let whole = rest.len();
    for word in &words {
        rest = rest.replace(word.as_str(), "");
    }
    let letters = rest.chars().filter(|c| c.is_alphabetic()).count();
    rest.len() < whole && letters < MIN_OWN_LETTERS
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

fn letters_and_digits(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Without the digits and signs at the end, unless they are many or all there is.
fn without_tail(text: &str) -> &str {
    let stem = text.trim_end_matches(|c: char| !c.is_alphabetic());
    let tail = text[stem.len()..].chars().count();
    if stem.is_empty() || tail > MAX_TAIL_CHARS {
        text
    } else {
        stem
    }
}

/// What `text` repeats from beginning to end; itself where it repeats nothing.
fn unit(text: &str) -> &str {
    let ends = text.char_indices().map(|(at, _)| at).skip(1);
    let mut units = ends.filter(|&end| text.len().is_multiple_of(end));
    let found = units.find(|&end| text[..end].repeat(text.len() / end) == text);
    found.map_or(text, |end| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_whole() {
        assert!(listed().len() > 19_000);
        assert!(listed().iter().all(|known| !known.is_empty()));
    }

    #[test]
    fn what_many_people_use_is_known_however_it_is_dressed_up() {
        for (password, common) in [
            ("password", true),
            ("PassWord", true),
            ("password1", true),
            ("Password2026!", true),
            ("password31121999", true),
            ("passwordpassword", true),
            ("qwertyuiop", true),
            ("1234567890", true),
            ("abcabcabcabc", true),
            (" iloveyou ", true),
            // Nine digits are no date: they may have been thrown.
            ("password319264075", false),
            ("maple lantern orbit", false),
            ("password of the old mill", false),
            ("Straßenbahnschaffner", false),
            ("ééééé", false),
            ("", false),
        ] {
            assert_eq!(is_common(password), common, "{password}");
        }
    }

    #[test]
    fn what_is_known_of_somebody_is_no_password() {
        let known = ["Ama Okafor", "ama.o@example.org", "Riverside Clinic", ""];
        for (password, own) in [
            ("ama.o@example.org", true),
            ("AmaOkafor", true),
            ("okafor-ama-1999", true),
            ("Riverside Clinic", true),
            ("riversideclinic2026!", true),
            ("Clinic Okafor xyz", true),
            ("maple lantern orbit", false),
            ("riverside maple orbit", false),
            // Nothing of theirs, and no letters: not for this rule to say.
            ("1957264", false),
            ("", false),
        ] {
            assert_eq!(is_own(password, &known), own, "{password}");
        }
        assert!(!is_own("anything else", &[]));
    }
}
