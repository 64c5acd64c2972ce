//! The links and forms of one page, as a browser reads them.

use html5gum::{StartTag, Token, Tokenizer};

use super::crawl::{Ask, ids};
/// A form while it is read.
struct Form {
    ask: Ask,
    /// The select whose options come: its field.
    select: Option<usize>,
    /// The text area whose text comes: its field.
    area: Option<usize>,
    /// What its buttons send, instead of or beside the rest.
    buttons: Vec<Button>,
}

/// A button of a form.
struct Button {
    /// Where it sends the form, where that is elsewhere.
    action: Option<String>,
    /// What it sends beside the rest.
    sends: Option<(String, String)>,
}

/// The links and forms of a page of ours that lead on within the desk.
pub fn read(from: &Ask, html: &str) -> Vec<Ask> {
    let mut found = read_all(from, html);
    found.retain(|ask| ask.path.starts_with("/o/"));
    found
}

/// The links and forms of a page of ours.
pub fn read_all(from: &Ask, html: &str) -> Vec<Ask> {
    let (mut found, mut open): (Vec<Ask>, Option<Form>) = (Vec::new(), None);
    for Ok(token) in Tokenizer::new(html) {
        match token {
            Token::StartTag(tag) => match (tag.name.as_slice(), &mut open) {
                (b"a", _) => found.extend(link(&tag)),
                (b"form", _) => open = Some(form(from, &tag)),
                (_, Some(form)) => form.control(&tag),
                _ => {}
            },
            Token::String(text) => {
                if let Some(form) = &mut open {
                    form.text(&String::from_utf8_lossy(&text));
                }
            }
            Token::EndTag(tag) => match (tag.name.as_slice(), &mut open) {
                (b"form", Some(_)) => found.extend(open.take().into_iter().flat_map(Form::asks)),
                (b"textarea", Some(form)) => form.area = None,
                (b"select", Some(form)) => form.select = None,
                _ => {}
            },
            _ => {}
        }
    }
    found
}

fn value(tag: &StartTag<()>, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

fn link(tag: &StartTag<()>) -> Option<Ask> {
    let address = value(tag, "href").filter(|href| href.starts_with('/'))?;
    Some(Ask::of("GET", &address, Vec::new()))
}

fn form(from: &Ask, tag: &StartTag<()>) -> Form {
    let is_post = value(tag, "method").is_some_and(|method| method == "post");
    let action = value(tag, "action").unwrap_or_else(|| from.path.clone());
    Form {
        ask: Ask::of(if is_post { "POST" } else { "GET" }, &action, Vec::new()),
        select: None,
        area: None,
        buttons: Vec::new(),
    }
}

impl Form {
    fn add(&mut self, name: String, value: String) -> usize {
        self.ask.fields.push((name, value));
        self.ask.fields.len() - 1
    }

    fn control(&mut self, tag: &StartTag<()>) {
        let name = value(tag, "name").filter(|name| !name.is_empty());
        let typed = value(tag, "value");
        match (tag.name.as_slice(), name) {
            (b"input", Some(name)) => self.input(tag, name, typed),
            (b"textarea", Some(name)) => self.area = Some(self.add(name, String::new())),
            (b"select", Some(name)) => self.select = Some(self.add(name, String::new())),
            (b"option", _) => self.option(tag, typed.unwrap_or_default()),
            (b"button", name) => {
                let sends = name.map(|name| (name, typed.unwrap_or_default()));
                let action = value(tag, "formaction");
                self.buttons.push(Button { action, sends });
            }
            _ => {}
        }
    }

    fn input(&mut self, tag: &StartTag<()>, name: String, typed: Option<String>) {
        let kind = value(tag, "type").unwrap_or_else(|| "text".to_owned());
        let is_choice = kind == "checkbox" || kind == "radio";
        let typed = typed.unwrap_or_else(|| if is_choice { "on" } else { "" }.to_owned());
        if is_choice && value(tag, "checked").is_none() {
            // One that was not chosen could have been: the first of its name stands for it.
            let known = self.ask.fields.iter().position(|(known, _)| *known == name);
            match known {
                Some(field) => self.ask.choices.push((field, typed)),
                None if !ids(&typed).is_empty() => drop(self.add(name, typed)),
                None => {}
            }
            return;
        }
        let filled = if typed.is_empty() {
            plausible(&kind).to_owned()
        } else {
            typed
        };
        self.add(name, filled);
    }

    fn option(&mut self, tag: &StartTag<()>, typed: String) {
        let Some(field) = self.select else { return };
        let is_first = self.ask.fields[field].1.is_empty();
        if value(tag, "selected").is_some() || is_first {
            self.ask.fields[field].1 = typed;
        } else {
            self.ask.choices.push((field, typed));
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(field) = self.area {
            self.ask.fields[field]
                .1
                .push_str(text.trim_start_matches('\n'));
        }
    }

    /// What it sends by each of its buttons.
    fn asks(mut self) -> Vec<Ask> {
        for (_, typed) in &mut self.ask.fields {
            if typed.is_empty() {
                plausible("text").clone_into(typed);
            }
        }
        let mut asks = Vec::new();
        for Button { action, sends } in &self.buttons {
            let mut ask = self.ask.clone();
            if let Some(action) = action {
                let other = Ask::of("POST", action, ask.fields.clone());
                ask = Ask {
                    choices: ask.choices,
                    ..other
                };
            }
            ask.fields.extend(sends.clone());
            asks.push(ask);
        }
        if asks.is_empty() {
            asks.push(self.ask);
        }
        asks
    }
}

/// What somebody could type into an empty field.
fn plausible(kind: &str) -> &'static str {
    match kind {
        "email" => "somebody@example.org",
        "tel" => "+4930123456",
        "date" => "2026-12-01",
        "time" => "10:00",
        "datetime-local" => "2026-12-01T10:00",
        "number" => "30",
        "color" => "#225588",
        "file" => "",
        _ => "Something",
    }
}

#[test]
fn links_and_forms_are_read_as_a_browser_reads_them() {
    let from = Ask::of("GET", "/o/x/page", Vec::new());
    let found = read(
        &from,
            "<a href=\"/o/x/list?a=1&amp;b=2#top\">List</a><a href=\"https://elsewhere\">E</a>
             <form method=\"post\"><input name=\"n\" value=\"a &amp; b\"><input type=\"radio\" name=\"r\" \
             value=\"1\" checked><input type=\"radio\" name=\"r\" value=\"2\"><select name=\"s\"><option \
             value=\"x\">X</option><option value=\"y\" selected>Y</option></select><textarea \
             name=\"t\">\nLong</textarea><button name=\"b\" value=\"1\">B</button><button \
             formaction=\"/o/x/other\">C</button></form>",
    );
    let lines: Vec<String> = found
        .iter()
        .map(|ask| format!("{} {} {:?}", ask.method, ask.path, ask.fields))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    GET /o/x/list [("a", "1"), ("b", "2")]
    POST /o/x/page [("n", "a & b"), ("r", "1"), ("s", "y"), ("t", "Long"), ("b", "1")]
    POST /o/x/other [("n", "a & b"), ("r", "1"), ("s", "y"), ("t", "Long")]
    "#);
}
