//! Amounts of money as people read them: "€35.00", "35,00 €", "CHF 1,250.00".

use super::locale::Locale;

/// Currencies whose minor unit is not a hundredth, by ISO 4217.
const OTHER_DIGITS: &[(usize, &[&str])] = &[
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
            "VND", "VUV", "XAF", "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
];

/// Signs that mean one currency wherever they are read; others show their code, since a bare "$"
/// would be anyone's.
const SIGNS: &[(&str, &str)] = &[
    ("EUR", "€"),
    ("GBP", "£"),
    ("USD", "$"),
    ("JPY", "¥"),
    ("INR", "₹"),
    ("ILS", "₪"),
];

/// Digits after the decimal mark, which is how many minor units a major one has.
#[must_use]
pub fn fraction_digits(currency: &str) -> usize {
    let found = OTHER_DIGITS
        .iter()
        .find(|(_, codes)| codes.contains(&currency));
    found.map_or(2, |(digits, _)| *digits)
}

/// Writes an amount. `minor` counts minor units (cents, yen, fils); `currency` is an ISO 4217
/// code, which stands as it is when it has no sign of its own. No-break spaces keep it on a line.
#[must_use]
pub fn price(locale: Locale, minor: i64, currency: &str) -> String {
    let amount = amount(locale, minor.unsigned_abs(), fraction_digits(currency));
    let minus = if minor < 0 { "-" } else { "" };
    let sign = SIGNS
        .iter()
        .find(|(code, _)| *code == currency)
        .map(|(_, sign)| *sign);
    match (locale, sign) {
        (Locale::En, Some(sign)) => format!("{minus}{sign}{amount}"),
        (Locale::En, None) => format!("{minus}{currency}\u{a0}{amount}"),
        (Locale::De, sign) => format!("{minus}{amount}\u{a0}{}", sign.unwrap_or(currency)),
    }
}

/// The digits, grouped by thousands, with the decimal mark of the locale.
fn amount(locale: Locale, minor: u64, fraction_digits: usize) -> String {
    let (group, decimal) = match locale {
        Locale::En => (',', '.'),
        Locale::De => ('.', ','),
    };
    let digits = format!("{minor:0>width$}", width = fraction_digits + 1);
    let (whole, fraction) = digits.split_at(digits.len() - fraction_digits);
    let mut out = String::with_capacity(digits.len() * 2);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if fraction_digits > 0 {
        out.push(decimal);
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn prices() {
        let amounts = [
            (3_500, "EUR"),
            (0, "USD"),
            (5, "GBP"),
            (123_456_789, "CHF"),
            (1_000, "JPY"),
            (-12_345, "KWD"),
            (i64::MIN, "EUR"),
        ];
        let lines: Vec<String> = amounts
            .iter()
            .map(|&(minor, code)| {
                let shown = Locale::ALL.iter().map(|&locale| price(locale, minor, code));
                shown.collect::<Vec<_>>().join(" | ").replace('\u{a0}', "~")
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        €35.00 | 35,00~€
        $0.00 | 0,00~$
        £0.05 | 0,05~£
        CHF~1,234,567.89 | 1.234.567,89~CHF
        ¥1,000 | 1.000~¥
        -KWD~12.345 | -12,345~KWD
        -€92,233,720,368,547,758.08 | -92.233.720.368.547.758,08~€
        ");
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(
            minor in any::<i64>(),
            code in prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF", "XTS"]),
        ) {
            for &locale in Locale::ALL {
                let shown = price(locale, minor, code);
                let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
                prop_assert_eq!(digits.parse::<u64>().unwrap(), minor.unsigned_abs());
                prop_assert_eq!(shown.starts_with('-'), minor < 0);
            }
        }
    }
}
