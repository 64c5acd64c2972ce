//! Enough of Rust's grammar to tell code from comments and from text.

/// A stretch of a source file.
#[derive(Debug, PartialEq)]
pub enum Piece<'a> {
    Code(&'a str),
    Comment(&'a str),
    /// A string or character literal, with its quotes.
    Literal(&'a str),
}

/// Splits a source into pieces that, put together, are the source again.
pub fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < source.len() {
        let rest = &source[at..];
        let after_name = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let piece = if let Some(length) = comment(rest) {
            Some(Piece::Comment(&rest[..length]))
        } else {
            literal(rest, after_name).map(|length| Piece::Literal(&rest[..length]))
        };
        let Some(piece) = piece else {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if start < at {
            found.push(Piece::Code(&source[start..at]));
        }
        at += match &piece {
            Piece::Code(text) | Piece::Comment(text) | Piece::Literal(text) => text.len(),
        };
        start = at;
        found.push(piece);
    }
    if start < source.len() {
        found.push(Piece::Code(&source[start..]));
    }
    found
}

/// The code alone, with one space for every comment and literal.
pub fn code(source: &str) -> String {
    let pieces = pieces(source).into_iter();
    pieces
        .map(|piece| {
            if let Piece::Code(text) = piece {
                text
            } else {
                " "
            }
        })
        .collect()
}

/// The text of every literal, without quotes.
pub fn strings(source: &str) -> impl Iterator<Item = &str> {
    pieces(source).into_iter().filter_map(|piece| {
        let Piece::Literal(text) = piece else {
            return None;
        };
        let start = text.find(['"', '\''])? + 1;
        let end = text.rfind(['"', '\''])?;
        text.get(start..end)
    })
}

/// A source up to the tests at its end.
pub fn without_tests(source: &str) -> &str {
    let inline = source
        .match_indices("\n#[cfg(test)]\nmod ")
        .find(|(at, mark)| {
            let line = source[at + mark.len()..].lines().next();
            line.is_some_and(|line| line.ends_with('{'))
        });
    inline.map_or(source, |(at, _)| &source[..=at])
}

/// The length of the comment that `rest` begins with.
fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let mut depth = 0;
    for (at, _) in rest.char_indices() {
        if rest[at..].starts_with("/*") {
            depth += 1;
        } else if rest[..at].ends_with("*/") && at > 3 {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    Some(rest.len())
}

/// The length of the literal that `rest` begins with; `after_name` says that what stands before is
/// a part of a name, so that no prefix can begin here.
fn literal(rest: &str, after_name: bool) -> Option<usize> {
    if let Some(inner) = rest.strip_prefix('"') {
        return Some(1 + closed(inner, '"'));
    }
    if let Some(inner) = rest.strip_prefix('\'') {
        let mut chars = inner.chars();
        let first = chars.next()?;
        // Otherwise a lifetime.
        return (first == '\\' || chars.next() == Some('\'')).then(|| 1 + closed(inner, '\''));
    }
    if after_name {
        return None;
    }
    let plain = rest.strip_prefix('b').unwrap_or(rest);
    let raw = plain.strip_prefix('r')?;
    let hashes = raw.len() - raw.trim_start_matches('#').len();
    let text = raw[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &raw[..hashes]);
    let length = text.find(&end).map_or(text.len(), |at| at + end.len());
    Some(rest.len() - text.len() + length)
}

/// The length up to and with the closing quote, past escaped ones.
fn closed(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

#[test]
fn code_comments_and_literals_are_told_apart() {
    use Piece::{Code, Comment, Literal};
    let check = |source, expected: &[Piece]| assert_eq!(pieces(source), expected);
    check("a // b\nc", &[Code("a "), Comment("// b"), Code("\nc")]);
    check(
        "a /* b /* c */ d */ e",
        &[Code("a "), Comment("/* b /* c */ d */"), Code(" e")],
    );
    check(
        r#"f("a \" // b")"#,
        &[Code("f("), Literal(r#""a \" // b""#), Code(")")],
    );
    check(
        r##"r#"a " b"# c"##,
        &[Literal(r##"r#"a " b"#"##), Code(" c")],
    );
    check("fn f<'a>(x: &'a str)", &[Code("fn f<'a>(x: &'a str)")]);
    check(
        r"['\'', '/', b'x']",
        &[
            Code("["),
            Literal(r"'\''"),
            Code(", "),
            Literal("'/'"),
            Code(", b"),
            Literal("'x'"),
            Code("]"),
        ],
    );
    check("for \"r\"", &[Code("for "), Literal("\"r\"")]);
    assert_eq!(
        code("use a; // use b\nlet c = \"use d\";"),
        "use a;  \nlet c =  ;"
    );
    assert!(strings(r##"f("a", r#"b"#)"##).eq(["a", "b"]));
}

#[test]
fn tests_at_the_end_of_a_file_are_cut_off() {
    let source = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
    assert_eq!(without_tests(source), "fn a() {}\n\n");
    let elsewhere = "#[cfg(test)]\nmod tests;\n\nfn a() {}\n";
    assert_eq!(without_tests(elsewhere), elsewhere);
}
