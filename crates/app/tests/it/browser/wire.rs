//! The commands of the driver that are Chromium's own, beside those of the WebDriver standard.

use serde_json::{Value, json};

use super::tab::Tab;
use crate::http::Request;

impl Tab {
    /// Turns the running of scripts off or on, for this tab.
    pub(super) fn block_scripts(&self, blocked: bool) {
        self.devtools(
            "Emulation.setScriptExecutionDisabled",
            &json!({ "value": blocked }),
        );
    }

    /// Plugs in a device that keeps passkeys and verifies whoever holds it.
    pub fn add_authenticator(&self) {
        self.command(
            "webauthn/authenticator",
            &json!({
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": true,
                "hasUserVerification": true,
                "isUserVerified": true,
                "isUserConsenting": true,
            }),
        );
    }

    /// Gives a command of the DevTools protocol.
    pub(super) fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.command(
            "goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
    }

    pub(super) fn command(&self, path: &str, body: &Value) -> Value {
        self.ask(Request::post(format!("{}/{path}", self.base())).json(body))
    }

    pub(super) fn ask(&self, request: Request) -> Value {
        let answer = self.wire.borrow_mut().send(request);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["value"].take()
    }

    pub(super) fn base(&self) -> String {
        format!("/session/{}", self.session)
    }
}
