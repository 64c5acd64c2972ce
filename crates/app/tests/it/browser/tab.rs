//! One tab: what a person does in it, what there is to see, and what the browser thinks of it.
//!
//! Everything here panics with a sentence when the page is not as the walk says; a journey reads
//! as a list of steps.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::driver::REMEDY;
use super::looks::Looks;
use crate::http::{Http, Request};

/// The longest wait for something to appear; a page of ours answers in milliseconds.
const SEEN_WITHIN: Duration = Duration::from_secs(60);

/// How often a wait looks again.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// Presses of the Tab key after which a walk gives up to find something.
const MAX_STOPS: usize = 250;

/// Tells on the console, which outlives the page, what the page was refused.
const WITNESS: &str = "addEventListener('securitypolicyviolation', event => console.error(
    'securitypolicyviolation', event.effectiveDirective, event.blockedURI, event.sample))";

/// What an element says, in XPath and as [`plain`] has it: the first three characters, which are
/// kinds of space, become spaces; the others, marks of direction, go.
const SAYS: &str = "normalize-space(translate(.,'\u{a0}\u{202f}\u{2009}\u{200e}\u{200f}\u{202a}\
    \u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}','   '))";

/// A tab in a window of its own, with an empty profile.
pub struct Tab {
    client: Client,
    /// The session at the driver, for the commands that are Chromium's own.
    wire: RefCell<Http>,
    session: String,
    javascript: bool,
    profile: TempDir,
}

impl Tab {
    pub(super) async fn open(driver: &str, looks: &Looks) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let client = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
            .capabilities(capabilities(looks, profile.path()))
            .connect(driver)
            .await
            .unwrap_or_else(|error| panic!("Chromium cannot be started ({REMEDY}): {error}"));
        let session = client
            .session_id()
            .await
            .ok()
            .flatten()
            .expect("an open session");
        let wire = RefCell::new(Http::new(driver));
        let tab = Self {
            client,
            wire,
            session,
            javascript: looks.javascript,
            profile,
        };
        for (command, parameters) in looks.emulation() {
            tab.devtools(command, &parameters);
        }
        tab.block_scripts(!tab.javascript);
        tab.devtools(
            "Page.addScriptToEvaluateOnNewDocument",
            &json!({ "source": WITNESS }),
        );
        tab
    }

    pub(super) async fn close(self) {
        // A failure to close is no failure of the test; the driver's group ends with the tests.
        let _ = self.client.close().await;
        drop(self.profile);
    }

    /// Opens an address and waits until the page is loaded.
    pub async fn goto(&self, url: &str) {
        self.client
            .goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Goes back in the history.
    pub async fn back(&self) {
        self.client
            .back()
            .await
            .unwrap_or_else(|error| panic!("back: {error}"));
    }

    /// The path and query of the page.
    pub async fn path(&self) -> String {
        let url = self.client.current_url().await.expect("a page is open");
        url.query().map_or(url.path().to_owned(), |query| {
            format!("{}?{query}", url.path())
        })
    }

    /// The page's text as it is shown, with plain spaces and without marks of direction.
    pub async fn text(&self) -> String {
        let body = self.find("body").await;
        plain(&body.text().await.expect("the body has text"))
    }

    /// Waits until the page shows this text.
    pub async fn see(&self, text: &str) {
        let found = self
            .wait(async || {
                // The page may be leaving while it is read; then it is read again.
                let body = self.client.find(Locator::Css("body")).await?;
                Ok(plain(&body.text().await?).contains(text).then_some(()))
            })
            .await;
        if found.is_none() {
            panic!(
                "the page does not say {text:?}; it says:\n{}",
                self.text().await
            );
        }
    }

    /// Asserts that the page, as it is, does not show this text.
    pub async fn see_no(&self, text: &str) {
        let shown = self.text().await;
        assert!(!shown.contains(text), "the page says {text:?}:\n{shown}");
    }

    /// Waits for the first element that a CSS selector finds.
    pub async fn find(&self, css: &str) -> Element {
        let found = self.client.wait().at_most(SEEN_WITHIN).every(LOOK_AGAIN);
        let found = found.for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|error| panic!("nothing on the page is {css}: {error}"))
    }

    /// All elements that a CSS selector finds on the page as it is.
    pub async fn find_all(&self, css: &str) -> Vec<Element> {
        self.client
            .find_all(Locator::Css(css))
            .await
            .expect("a valid selector")
    }

    /// Clicks the one visible link or button with this text, or else that contains it.
    pub async fn click(&self, name: &str) {
        let path = |test: &str| {
            format!("(//a[@href]|//button|//summary|//label|//input[@type='submit'])[{test}]")
        };
        let name = quoted(name);
        let exact = path(&format!(
            "{SAYS}={name} or @value={name} or @aria-label={name}"
        ));
        let within = path(&format!("contains({SAYS},{name})"));
        let element = self.only_one_shown(&name, &[&exact, &within]).await;
        element
            .click()
            .await
            .unwrap_or_else(|error| panic!("{name} cannot be clicked: {error}"));
    }

    /// Writes into the field whose label contains this text, over what stands there.
    pub async fn fill(&self, label: &str, text: &str) {
        let field = self.field(label).await;
        field
            .clear()
            .await
            .unwrap_or_else(|error| panic!("{label} cannot be cleared: {error}"));
        let typed = field.send_keys(text).await;
        typed.unwrap_or_else(|error| panic!("{label} cannot be filled: {error}"));
    }

    /// Chooses an option of the list whose label contains this text.
    pub async fn choose(&self, label: &str, option: &str) {
        let chosen = self.field(label).await.select_by_label(option).await;
        chosen.unwrap_or_else(|error| panic!("{label} has no option {option}: {error}"));
    }

    /// The value of the field whose label contains this text.
    pub async fn value(&self, label: &str) -> String {
        let value = self.field(label).await.prop("value").await;
        value
            .ok()
            .flatten()
            .unwrap_or_else(|| panic!("{label} has no value"))
    }

    async fn field(&self, label: &str) -> Element {
        let name = quoted(label);
        let exact = format!("//label[{SAYS}={name}]");
        let within = format!("//label[contains({SAYS},{name})]");
        let found = self.only_one_shown(&name, &[&exact, &within]).await;
        let id = found.attr("for").await.ok().flatten();
        match id {
            Some(id) => self.find(&format!("#{id}")).await,
            None => {
                let inner = found.find(Locator::Css("input,select,textarea")).await;
                inner.unwrap_or_else(|_| panic!("the label {label} belongs to no field"))
            }
        }
    }

    /// Waits for a path with exactly one visible match, the earlier path first.
    async fn only_one_shown(&self, name: &str, paths: &[&str]) -> Element {
        let looked = self.wait(async || {
            for path in paths {
                let mut shown = Vec::new();
                for element in self.client.find_all(Locator::XPath(path)).await? {
                    if element.is_displayed().await? {
                        shown.push(element);
                    }
                }
                if !shown.is_empty() {
                    return Ok(Some(shown));
                }
            }
            Ok(None)
        });
        match looked.await.as_deref() {
            Some([element]) => element.clone(),
            Some(several) => panic!("{} things on the page are called {name}", several.len()),
            None => panic!(
                "nothing is called {name}; the page says:\n{}",
                self.text().await
            ),
        }
    }

    /// Looks until there is something, for at most [`SEEN_WITHIN`].
    async fn wait<T>(&self, look: impl AsyncFn() -> Result<Option<T>, CmdError>) -> Option<T> {
        let looking = async {
            let mut again = tokio::time::interval(LOOK_AGAIN);
            loop {
                again.tick().await;
                // A page may be replaced while it is looked at.
                if let Ok(Some(found)) = look().await {
                    return found;
                }
            }
        };
        tokio::time::timeout(SEEN_WITHIN, looking).await.ok()
    }
}

/// With the keyboard alone.
impl Tab {
    /// Presses one key on whatever has the focus.
    pub async fn press(&self, key: Key) {
        self.press_all([key.into()]).await;
    }

    /// Types a text into whatever has the focus, key by key.
    pub async fn type_text(&self, text: &str) {
        self.press_all(text.chars()).await;
    }

    async fn press_all(&self, keys: impl IntoIterator<Item = char>) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client
            .perform_actions(actions)
            .await
            .expect("keys can be pressed");
    }

    /// Presses Tab until the focus is on what a screen reader calls `name`, or something longer
    /// that contains it; every stop on the way must show where the focus is (WCAG 2.4.7).
    pub async fn tab_to(&self, name: &str) {
        let mut visited = Vec::new();
        while visited.len() < MAX_STOPS {
            self.press(Key::Tab).await;
            let stop = self.focused().await;
            if !stop.is_empty() {
                self.assert_focus_shows(&stop).await;
            }
            if stop.contains(name) {
                return;
            }
            visited.push(stop);
        }
        panic!("the Tab key does not reach {name}; it reaches {visited:?}");
    }

    /// What a screen reader calls the focused element; empty when that is the page itself.
    pub async fn focused(&self) -> String {
        let element = self
            .client
            .active_element()
            .await
            .expect("something has the focus");
        if element.tag_name().await.is_ok_and(|tag| tag == "body") {
            return String::new();
        }
        let id = element.element_id().to_string();
        let label = self.ask(Request::get(format!(
            "{}/element/{id}/computedlabel",
            self.base()
        )));
        plain(label.as_str().unwrap_or_default())
    }

    async fn assert_focus_shows(&self, stop: &str) {
        let element = self
            .client
            .active_element()
            .await
            .expect("something has the focus");
        let mut marks = Vec::new();
        for property in ["outline-style", "box-shadow"] {
            marks.push(
                element
                    .css_value(property)
                    .await
                    .expect("a style has a value"),
            );
        }
        assert!(
            marks.iter().any(|mark| mark != "none"),
            "{stop} does not show that it has focus"
        );
    }
}

/// What the browser thinks of it.
impl Tab {
    /// Runs a script in the page and waits for what it hands to `arguments[0]`. Where scripts are
    /// off they are on meanwhile, but the page's own were not run when it was loaded and are not
    /// run now.
    pub async fn ask_page(&self, script: &str) -> Value {
        self.block_scripts(false);
        let answer = self.client.execute_async(script, Vec::new()).await;
        self.block_scripts(!self.javascript);
        answer.unwrap_or_else(|error| panic!("the page cannot be asked: {error}"))
    }

    fn block_scripts(&self, blocked: bool) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            &json!({ "value": blocked }),
        );
    }

    /// Everything that the console was told since the last time, down to warnings, and every
    /// violation of the content security policy, as one line each.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().expect("a log is a list").iter();
        let serious =
            entries.filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING");
        serious
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Asserts that the browser has had nothing to complain about since the last time.
    pub fn assert_no_complaints(&self) {
        let complaints = self.complaints();
        assert!(
            complaints.is_empty(),
            "the browser complains:\n{}",
            complaints.join("\n")
        );
    }

    /// Takes exactly this complaint for granted, such as the status of a page that is an answer to
    /// a mistake; it must have been made.
    pub fn excuse(&self, part: &str) {
        let (expected, others): (Vec<_>, Vec<_>) = self
            .complaints()
            .into_iter()
            .partition(|complaint| complaint.contains(part));
        assert!(
            !expected.is_empty(),
            "the browser did not complain about {part:?}"
        );
        assert!(
            others.is_empty(),
            "the browser complains:\n{}",
            others.join("\n")
        );
    }

    /// Asserts that nothing has to be scrolled sideways (WCAG 1.4.10).
    pub async fn assert_fits(&self) {
        let script = "const page = document.documentElement;
                      arguments[0]([page.scrollWidth, page.clientWidth])";
        let widths = self.ask_page(script).await;
        assert!(
            widths[0].as_u64() <= widths[1].as_u64(),
            "wider than the window: {widths}"
        );
    }

    /// The names of the cookies that the page's site has set.
    pub async fn cookies(&self) -> Vec<String> {
        let cookies = self
            .client
            .get_all_cookies()
            .await
            .expect("cookies can be listed");
        cookies
            .iter()
            .map(|cookie| cookie.name().to_owned())
            .collect()
    }

    /// Writes a picture of the whole page to `target/screenshots/`, and says where.
    pub fn screenshot(&self, name: &str) -> PathBuf {
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let picture = self.devtools("Page.captureScreenshot", &whole);
        let picture = picture["data"].as_str().unwrap_or_default().as_bytes();
        let picture = data_encoding::BASE64
            .decode(picture)
            .expect("Chromium writes base64");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../screenshots");
        fs::create_dir_all(&folder).expect("the target folder can be written");
        let file = folder.join(name).with_extension("png");
        fs::write(&file, picture).expect("the target folder can be written");
        file
    }

    /// Gives a command of the DevTools protocol.
    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command(
            "goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
    }

    fn command(&self, path: &str, body: &Value) -> Value {
        self.ask(Request::post(format!("{}/{path}", self.base())).json(body))
    }

    fn ask(&self, request: Request) -> Value {
        let answer = self.wire.borrow_mut().send(request);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["value"].take()
    }

    fn base(&self) -> String {
        format!("/session/{}", self.session)
    }
}

fn capabilities(looks: &Looks, profile: &Path) -> Capabilities {
    let mut arguments: Vec<String> = [
        "--headless=new",
        // The pages are our own; and root, as in a container, has no sandbox to offer.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        // Nothing but the pages themselves is fetched.
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={},{}", looks.width, looks.height));
    let milliseconds = SEEN_WITHIN.as_millis();
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": arguments, "prefs": looks.preferences() },
        "goog:loggingPrefs": { "browser": "ALL" },
        "timeouts": { "pageLoad": milliseconds, "script": milliseconds },
    });
    let Value::Object(wanted) = wanted else {
        unreachable!("written as an object")
    };
    wanted
}

/// A text with every kind of space as one plain space, and without the invisible marks that
/// isolate a name or a time from the direction of the text around it.
fn plain(text: &str) -> String {
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let visible: String = text.chars().filter(|c| !is_direction_mark(*c)).collect();
    visible.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A text as an XPath literal, which has no escapes.
fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    assert!(
        !text.contains('"'),
        "an XPath literal cannot hold both quotes: {text}"
    );
    format!("\"{text}\"")
}
