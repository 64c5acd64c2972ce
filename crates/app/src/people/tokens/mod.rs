//! The terms under which a person is found: pure, so that what is typed and what is stored are
//! always folded alike. What is stored of a term is its blind token; so beginnings are stored in a
//! few lengths, and what is typed between two of them is looked up by the shorter one and compared
//! with the person. Each length is a row that every booking writes, at a place of its own: they are
//! as few as still let a search of very many people answer at once.

mod fold;

pub(super) use fold::words;
use fold::{digits, spelled_out};

/// Lengths in which beginnings of a name's words are stored, in characters.
const WORD_LENGTHS: &[usize] = &[1, 2, 4];
/// Lengths in which beginnings of an address are stored, in characters.
const EMAIL_LENGTHS: &[usize] = &[4, 10, 13];
/// Lengths in which endings of a telephone number are stored, in digits.
const ENDING_LENGTHS: &[usize] = &[3, 6];
/// Lengths in which beginnings of a telephone number are stored, in digits with the country's.
const BEGINNING_LENGTHS: &[usize] = &[4, 7, 8];
/// Words beyond the first that are looked at, so that a pasted page is no long question.
const MAX_MORE_WORDS: usize = 4;
/// Fewest digits that are looked up as the end of a telephone number.
const FEWEST_DIGITS: usize = 3;

/// What a term is of. Equal texts of two domains have nothing to do with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Domain {
    /// The beginning of a word of a name.
    Word,
    /// A whole name, its words in order.
    Name,
    /// An e-mail address.
    Email,
    /// The beginning of one.
    EmailBegins,
    /// A telephone number with its country code.
    Phone,
    /// The end of one, from the last digit to the first.
    PhoneEnds,
    /// The beginning of one.
    PhoneBegins,
}

impl Domain {
    /// Its number, which is part of every stored token.
    pub fn code(self) -> u8 {
        match self {
            Self::Word => 0,
            Self::Name => 1,
            Self::Email => 2,
            Self::EmailBegins => 3,
            Self::Phone => 4,
            Self::PhoneEnds => 5,
            Self::PhoneBegins => 6,
        }
    }
}

/// A text by which somebody is found.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Term {
    pub domain: Domain,
    pub text: String,
}

impl Term {
    fn new(domain: Domain, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { domain, text }
    }
}

/// A part of what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Everybody it means has this term.
    pub term: Term,
    /// The whole of it, folded as the term is.
    pub typed: String,
}

impl Part {
    fn new(domain: Domain, lengths: &[usize], typed: String) -> Option<Self> {
        let length = typed.chars().count();
        let stored = lengths.iter().rev().find(|stored| **stored <= length)?;
        let term = Term::new(domain, typed.chars().take(*stored).collect::<String>());
        Some(Self { term, typed })
    }

    /// Whether whoever has the term is meant; else the person is to be looked at.
    pub fn is_proved(&self) -> bool {
        self.term.text.len() == self.typed.len()
    }

    /// Whether it is of an address or a number.
    pub fn is_of_contacts(&self) -> bool {
        self.term.domain != Domain::Word
    }

    /// Whether it is of a number.
    pub fn is_of_numbers(&self) -> bool {
        matches!(
            self.term.domain,
            Domain::Phone | Domain::PhoneBegins | Domain::PhoneEnds
        )
    }
}

/// What is looked for: somebody whom all of `words` mean, or whom `or` does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sought {
    pub words: Vec<Part>,
    pub or: Option<Part>,
}

/// What is known of somebody, folded as what is typed.
pub(super) struct Known {
    words: Vec<String>,
    emails: Vec<String>,
    phones: Vec<String>,
}

impl Known {
    pub fn new<'a>(
        name: &str,
        emails: impl Iterator<Item = &'a str>,
        phones: impl Iterator<Item = &'a str>,
    ) -> Self {
        let mut known = words(name);
        known.extend(words(&spelled_out(name)));
        Self {
            words: known,
            emails: emails.map(str::to_lowercase).collect(),
            phones: phones.map(digits).collect(),
        }
    }

    /// Whether the part means them.
    pub fn has(&self, part: &Part) -> bool {
        let typed = part.typed.as_str();
        let begins = |all: &[String]| all.iter().any(|one| one.starts_with(typed));
        match part.term.domain {
            Domain::Word | Domain::Name => begins(&self.words),
            Domain::Email | Domain::EmailBegins => begins(&self.emails),
            Domain::Phone | Domain::PhoneBegins => begins(&self.phones),
            Domain::PhoneEnds => self
                .phones
                .iter()
                .any(|one| backwards(one).starts_with(typed)),
        }
    }
}

/// Every term of a person.
pub(super) fn terms<'a>(
    name: &str,
    emails: impl Iterator<Item = &'a str>,
    phones: impl Iterator<Item = &'a str>,
) -> Vec<Term> {
    let mut terms = vec![whole(name)];
    for word in words(name).into_iter().chain(words(&spelled_out(name))) {
        beginnings(&mut terms, Domain::Word, WORD_LENGTHS, &word);
    }
    for address in emails {
        let whole = email(address);
        beginnings(&mut terms, Domain::EmailBegins, EMAIL_LENGTHS, &whole.text);
        terms.push(whole);
    }
    for number in phones {
        let whole = phone(number);
        let ending = backwards(&whole.text);
        beginnings(&mut terms, Domain::PhoneEnds, ENDING_LENGTHS, &ending);
        beginnings(
            &mut terms,
            Domain::PhoneBegins,
            BEGINNING_LENGTHS,
            &whole.text,
        );
        terms.push(whole);
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

fn beginnings(terms: &mut Vec<Term>, domain: Domain, lengths: &[usize], text: &str) {
    let ends: Vec<usize> = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .collect();
    let stored = lengths.iter().filter_map(|length| ends.get(length - 1));
    terms.extend(stored.map(|end| Term::new(domain, &text[..*end])));
}

/// The term that two people share who are called alike, whatever the order, case and accents.
pub(super) fn whole(name: &str) -> Term {
    let mut words = words(name);
    words.sort_unstable();
    Term::new(Domain::Name, words.join(" "))
}

/// The term of an e-mail address.
pub(super) fn email(address: &str) -> Term {
    Term::new(Domain::Email, address.to_lowercase())
}

/// The term of a telephone number in E.164 form.
pub(super) fn phone(number: &str) -> Term {
    Term::new(Domain::Phone, digits(number))
}

fn backwards(digits: &str) -> String {
    digits.chars().rev().collect()
}

/// Reads what somebody typed to find people: the beginning of an address, a part of a telephone
/// number, or beginnings of words of a name. `None` when nothing could be found by it.
pub(super) fn sought(typed: &str) -> Option<Sought> {
    let typed = typed.trim();
    let one = |part: Option<Part>| {
        let words = vec![part?];
        Some(Sought { words, or: None })
    };
    let begins = |text: &str| Part::new(Domain::EmailBegins, EMAIL_LENGTHS, text.to_lowercase());
    if typed.contains('@') {
        return one(begins(typed.trim_start_matches('@')));
    }
    let of_number = |c: char| c.is_ascii_digit() || " +()-./\u{a0}".contains(c);
    let number = digits(typed);
    if typed.chars().all(of_number) && number.len() >= FEWEST_DIGITS {
        let abroad = typed.strip_prefix('+').or_else(|| typed.strip_prefix("00"));
        return one(match abroad {
            Some(number) => Part::new(Domain::PhoneBegins, BEGINNING_LENGTHS, digits(number)),
            // As it is dialed at home, or only its end.
            None => {
                let ending = backwards(number.trim_start_matches('0'));
                Part::new(Domain::PhoneEnds, ENDING_LENGTHS, ending)
            }
        });
    }
    let mut words = words(typed);
    // The longest word narrows most.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let words = words.into_iter().take(1 + MAX_MORE_WORDS);
    let words: Vec<Part> = words
        .filter_map(|word| Part::new(Domain::Word, WORD_LENGTHS, word))
        .collect();
    let is_one_word = !typed.contains(char::is_whitespace);
    (!words.is_empty()).then(|| Sought {
        words,
        or: is_one_word.then(|| begins(typed)).flatten(),
    })
}

#[cfg(test)]
mod tests;
