//! Pages within pages.

use fantoccini::Locator;
use serde_json::json;

use super::tab::Tab;

impl Tab {
    /// Goes on within the frame that a CSS selector finds.
    pub async fn enter_frame(&self, css: &str) {
        let frame = self.find(css).await;
        let entered = frame.enter_frame().await;
        entered.unwrap_or_else(|error| panic!("{css} cannot be entered: {error}"));
        // The frame may still show the page from before the one it is to show.
        self.wait_for(async || {
            let body = self.client.find(Locator::Css("main")).await;
            body.is_ok().then_some(())
        })
        .await;
    }

    /// Goes back to the page around the frame.
    pub async fn leave_frame(&self) {
        let left = self.client.enter_parent_frame().await;
        left.unwrap_or_else(|error| panic!("the frame cannot be left: {error}"));
    }

    /// Runs a script in every page from now on, before the page's own.
    pub fn add_to_every_page(&self, script: &str) {
        let source = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", &source);
    }

    /// Waits until `look` finds something.
    pub async fn wait_for<T>(&self, look: impl AsyncFn() -> Option<T>) -> T {
        let found = self.wait(async || Ok(look().await)).await;
        found.unwrap_or_else(|| panic!("nothing came within the time for it"))
    }
}
