//! The words under which a person is found: pure, so that what is typed and what is stored are
//! always folded alike. They stand in a table of their own, apart from the person.

use icu_normalizer::DecomposingNormalizer;

/// Begins the token of a whole name, its words in order.
const WHOLE: char = '=';
/// Begins the token of an e-mail address.
const AT: char = '@';
/// Begins the token of a telephone number, with its country code.
const PLUS: char = '+';
/// Begins the token of a telephone number's digits from the last to the first.
const ENDING: char = '~';

/// Words beyond the first that are looked at, so that a pasted page is no long question.
const MAX_MORE_WORDS: usize = 4;
/// Fewest digits that are looked up as the end of a telephone number.
const FEWEST_DIGITS: usize = 3;

/// A stretch of tokens: from the first to before the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub from: String,
    pub to: String,
}

impl Stretch {
    fn begins(with: String) -> Self {
        // The last character there is: every token that begins so is before it.
        let to = format!("{with}\u{10FFFF}");
        Self { from: with, to }
    }
}

/// What is looked for: somebody who has a token in `first` and one in each of `more`, or one in
/// `or`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sought {
    pub first: Stretch,
    pub more: Vec<Stretch>,
    pub or: Option<Stretch>,
}

impl Sought {
    fn one(token: String) -> Self {
        Self {
            first: Stretch::begins(token),
            more: Vec::new(),
            or: None,
        }
    }
}

/// Every token of a person.
pub(super) fn tokens<'a>(
    name: &str,
    emails: impl Iterator<Item = &'a str>,
    phones: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let mut tokens = words(name);
    for other in words(&spelled_out(name)) {
        if !tokens.contains(&other) {
            tokens.push(other);
        }
    }
    tokens.push(whole(name));
    tokens.extend(emails.map(email));
    for digits in phones.map(digits) {
        tokens.push(format!(
            "{ENDING}{}",
            digits.chars().rev().collect::<String>()
        ));
        tokens.push(format!("{PLUS}{digits}"));
    }
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// The token that two people share who are called alike, whatever the order, case and accents.
pub(super) fn whole(name: &str) -> String {
    let mut words = words(name);
    words.sort_unstable();
    format!("{WHOLE}{}", words.join(" "))
}

/// The token of an e-mail address.
pub(super) fn email(address: &str) -> String {
    format!("{AT}{}", address.to_lowercase())
}

/// The token of a telephone number in E.164 form.
pub(super) fn phone(number: &str) -> String {
    format!("{PLUS}{}", digits(number))
}

/// Reads what somebody typed to find people: the beginning of an address, a part of a telephone
/// number, or beginnings of words of a name. `None` when nothing could be found by it.
pub(super) fn sought(typed: &str) -> Option<Sought> {
    let typed = typed.trim();
    if typed.contains(AT) {
        return Some(Sought::one(email(typed.trim_start_matches(AT))));
    }
    let of_number = |c: char| c.is_ascii_digit() || " +()-./\u{a0}".contains(c);
    let number = digits(typed);
    if typed.chars().all(of_number) && number.len() >= FEWEST_DIGITS {
        let abroad = typed.strip_prefix('+').or_else(|| typed.strip_prefix("00"));
        return Some(Sought::one(match abroad {
            Some(number) => format!("{PLUS}{}", digits(number)),
            // As it is dialed at home, or only its end.
            None => {
                let ending: String = number.trim_start_matches('0').chars().rev().collect();
                format!("{ENDING}{ending}")
            }
        }));
    }
    let mut words = words(typed);
    // The longest word narrows most.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let (first, others) = words.split_first()?;
    let or_address = !typed.contains(char::is_whitespace);
    Some(Sought {
        first: Stretch::begins(first.clone()),
        more: others
            .iter()
            .take(MAX_MORE_WORDS)
            .cloned()
            .map(Stretch::begins)
            .collect(),
        or: or_address.then(|| Stretch::begins(email(typed))),
    })
}

/// The words of a name without case and accents, each once.
pub(super) fn words(name: &str) -> Vec<String> {
    let plain = plain(name);
    let mut words: Vec<String> = Vec::new();
    for word in plain.split(|c: char| !c.is_alphanumeric()) {
        if !word.is_empty() && !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// German umlauts as those write them who lack the keys: "Müller" is found as "Mueller".
fn spelled_out(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.to_lowercase().chars() {
        match c {
            'ä' => out.push_str("ae"),
            'ö' | 'ø' => out.push_str("oe"),
            'ü' => out.push_str("ue"),
            'å' => out.push_str("aa"),
            c => out.push(c),
        }
    }
    out
}

fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let lower = name.to_lowercase();
    for c in DecomposingNormalizer::new_nfkd().normalize(&lower).chars() {
        match c {
            // Marks above and below letters, and apostrophes within names.
            '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' => {}
            '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}' | '\'' | '’' | 'ʼ' => {}
            // Letters that are no letter with a mark.
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            c => out.push(c),
        }
    }
    out
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> String {
        tokens(name, std::iter::empty(), std::iter::empty()).join(" | ")
    }

    #[test]
    fn names_are_folded() {
        for (name, tokens) in [
            ("Ama Okafor", "=ama okafor | ama | okafor"),
            ("Okafor, AMA", "=ama okafor | ama | okafor"),
            (
                "Jürgen Müller",
                "=jurgen muller | juergen | jurgen | mueller | muller",
            ),
            (
                "José García-López",
                "=garcia jose lopez | garcia | jose | lopez",
            ),
            ("Dr. O'Brien", "=dr obrien | dr | obrien"),
            ("Łukasz Groß", "=gross lukasz | gross | lukasz"),
            ("İnci", "=inci | inci"),
            ("李 小龍", "=小龍 李 | 小龍 | 李"),
            ("Anna Anna", "=anna | anna"),
        ] {
            assert_eq!(of(name), tokens);
        }
    }

    #[test]
    fn addresses_and_numbers_are_tokens_too() {
        let found = tokens(
            "A",
            ["Ama@example.org"].into_iter(),
            ["+4930123"].into_iter(),
        );
        assert_eq!(found.join(" "), "+4930123 =a @ama@example.org a ~3210394");
    }

    #[test]
    fn what_is_typed_is_read() {
        let read = |typed: &str| {
            sought(typed).map(|sought| {
                let more = sought
                    .more
                    .into_iter()
                    .map(|one| format!(" & {}", one.from));
                let more: String = more.collect();
                let or = sought.or.map(|one| format!(" or {}", one.from));
                format!("{}{more}{}", sought.first.from, or.unwrap_or_default())
            })
        };
        for (typed, expected) in [
            ("Ök", Some("ok or @ök")),
            ("am okafor", Some("okafor & am")),
            ("ama.o", Some("ama & o or @ama.o")),
            ("Ama@Ex", Some("@ama@ex")),
            ("+49 30", Some("+4930")),
            ("0049 30", Some("+4930")),
            ("030 123-456", Some("~65432103")),
            ("42", Some("42 or @42")),
            ("  ", None),
            ("?!", None),
        ] {
            assert_eq!(read(typed).as_deref(), expected, "{typed}");
        }
    }
}
