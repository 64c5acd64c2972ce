//! Texts without what people leave out when they type: case, accents, marks.

use icu_normalizer::DecomposingNormalizer;

/// The words of a name without case and accents, each once.
pub(in crate::people) fn words(name: &str) -> Vec<String> {
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
pub(super) fn spelled_out(name: &str) -> String {
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

/// The digits of a text alone.
pub(super) fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
