//! What the browser thinks of a page: its console, its cookies, its measure, its picture.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::tab::{LOOK_AGAIN, SEEN_WITHIN, Tab};

/// Whether Chromium complains of itself: its start page is cut off in the middle of its work when a
/// slow machine walks on; and there a page is shown before its transition has begun, which then is
/// left out, with a complaint that comes from no script (line 0).
fn is_about_the_browser_itself(message: &str) -> bool {
    message.starts_with("chrome://")
        || message.contains(" 0:0 Uncaught DOMException: Transition was")
}

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

    /// Everything that the console was told since the last time, down to warnings, and every
    /// violation of the content security policy, as one line each.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.command("se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().expect("a log is a list").iter();
        let serious =
            entries.filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING");
        serious
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .filter(|message| !is_about_the_browser_itself(message))
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
    /// a mistake; it must have been made, or be made soon: what is shown is sometimes faster than
    /// what is written to the console.
    pub async fn excuse(&self, part: &str) {
        let mut all = Vec::new();
        let written = async {
            loop {
                all.extend(self.complaints());
                if all.iter().any(|complaint| complaint.contains(part)) {
                    break;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        let written = tokio::time::timeout(SEEN_WITHIN, written).await;
        assert!(
            written.is_ok(),
            "the browser did not complain about {part:?}"
        );
        all.retain(|complaint| !complaint.contains(part));
        assert!(all.is_empty(), "the browser complains:\n{}", all.join("\n"));
    }

    /// Asserts that nothing has to be scrolled sideways (WCAG 1.4.10), once the page has settled: a
    /// scrollbar that appears makes it narrower for a moment.
    pub async fn assert_fits(&self) {
        let script = "const page = document.documentElement;
                      arguments[0]([page.scrollWidth, page.clientWidth])";
        let settled = async {
            loop {
                let widths = self.ask_page(script).await;
                if widths[0].as_u64() <= widths[1].as_u64() {
                    break;
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        let settled = tokio::time::timeout(SEEN_WITHIN, settled).await;
        assert!(settled.is_ok(), "wider than the window");
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
        // Asking for its width lays the page out: what has none yet has no picture.
        let width = json!({ "expression": "document.documentElement.scrollWidth" });
        self.devtools("Runtime.evaluate", &width);
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
}
