//! With the pointer: dragging, and clicking at a point that is no element's own.

use std::time::Duration;

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};

use super::tab::Tab;

impl Tab {
    /// Takes an element by a point beside its middle and drops it so many pixels away.
    pub async fn drag(&self, css: &str, at: (i32, i32), by: (i32, i32)) {
        let start = PointerAction::MoveToElement {
            element: self.find(css).await,
            duration: None,
            x: at.0.into(),
            y: at.1.into(),
        };
        // In two steps: a pointer that leaps says nothing on its way.
        let step = |part: f64| PointerAction::MoveBy {
            duration: Some(Duration::from_millis(40)),
            x: f64::from(by.0) * part,
            y: f64::from(by.1) * part,
        };
        let actions = MouseActions::new("mouse".to_owned())
            .then(start)
            .then(PointerAction::Down {
                button: MOUSE_BUTTON_LEFT,
            })
            .then(step(0.5))
            .then(step(0.5))
            .then(PointerAction::Up {
                button: MOUSE_BUTTON_LEFT,
            });
        let dragged = self.client.perform_actions(actions).await;
        dragged.unwrap_or_else(|error| panic!("{css} cannot be dragged: {error}"));
    }

    /// Clicks an element at a point beside its middle.
    pub async fn click_at(&self, css: &str, at: (i32, i32)) {
        self.drag(css, at, (0, 0)).await;
    }
}
