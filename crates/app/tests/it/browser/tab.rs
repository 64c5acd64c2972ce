//! One tab: what a person does in it and what there is to see.
//!
//! Everything here panics with a sentence when the page is not as the walk says; a journey reads
//! as a list of steps.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::driver::REMEDY;
use super::looks::Looks;
use crate::http::Http;

/// The longest wait for something to appear; a page of ours answers in milliseconds.
pub(super) const SEEN_WITHIN: Duration = Duration::from_secs(60);

/// How often a wait looks again.
pub(super) const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// Tells on the console, which outlives the page, what the page was refused.
const WITNESS: &str = "addEventListener('securitypolicyviolation', event => console.error(
    'securitypolicyviolation', event.effectiveDirective, event.blockedURI, event.sample))";

/// What an element says, in XPath and as [`plain`] has it: the first three characters, which are
/// kinds of space, become spaces; the others, marks of direction, go.
const SAYS: &str = "normalize-space(translate(.,'\u{a0}\u{202f}\u{2009}\u{200e}\u{200f}\u{202a}\
    \u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}','   '))";

/// A tab in a window of its own, with an empty profile.
pub struct Tab {
    pub(super) client: Client,
    /// The driver again, for the commands that are Chromium's own.
    pub(super) wire: RefCell<Http>,
    pub(super) session: String,
    pub(super) javascript: bool,
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

    /// Waits until the page shows this text no more.
    pub async fn see_gone(&self, text: &str) {
        let gone = self
            .wait(async || {
                let body = self.client.find(Locator::Css("body")).await?;
                Ok((!plain(&body.text().await?).contains(text)).then_some(()))
            })
            .await;
        assert!(gone.is_some(), "the page still says {text:?}");
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
    pub(super) async fn wait<T>(
        &self,
        look: impl AsyncFn() -> Result<Option<T>, CmdError>,
    ) -> Option<T> {
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
pub(super) fn plain(text: &str) -> String {
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
