//! With the keyboard alone.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;

use super::tab::{Tab, plain};
use crate::http::Request;

/// Presses of the Tab key after which a walk gives up to find something.
const MAX_STOPS: usize = 250;

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
        self.tab_past(name).await;
    }

    /// As [`Tab::tab_to`]; answers where the focus was on the way. A key that is pressed before the page
    /// takes any leads nowhere.
    pub async fn tab_past(&self, name: &str) -> Vec<String> {
        let mut visited = Vec::new();
        while visited.len() < MAX_STOPS {
            self.press(Key::Tab).await;
            let stop = self.focused().await;
            if !stop.is_empty() {
                self.assert_focus_shows(&stop).await;
            }
            if stop.contains(name) {
                visited.retain(|stop: &String| !stop.is_empty());
                return visited;
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
