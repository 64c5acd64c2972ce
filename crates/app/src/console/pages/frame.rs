//! What stands around every page of the console.

use kept_base::page::Args;

use super::HOME;
use super::asked::Console;
use crate::desk;
use crate::page::{Brand, Frame, LanguageChange};

/// The parts of the console, in the order of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Organizations,
    Jobs,
    Backups,
    Operators,
    Access,
    /// One's own account: not in the navigation.
    Account,
}

impl Section {
    const IN_NAVIGATION: [(Self, &'static str, &'static str); 5] = [
        (Self::Organizations, "console-organizations", ""),
        (Self::Jobs, "console-jobs", "/jobs"),
        (Self::Backups, "console-backups", "/backups"),
        (Self::Operators, "console-operators", "/operators"),
        (Self::Access, "console-access", "/access"),
    ];
}

pub(super) struct NavigationLink {
    pub text: String,
    pub url: String,
    pub current: bool,
}

/// What was just done, and the form that takes it back.
pub(super) struct Toast {
    pub text: String,
    pub undo_url: Option<String>,
}

/// The frame of one page of the console.
pub(super) struct ConsoleFrame<'c> {
    pub f: Frame<'c>,
    pub navigation: Vec<NavigationLink>,
    pub toast: Option<Toast>,
    pub operator: String,
}

impl<'c> ConsoleFrame<'c> {
    pub fn new(console: &'c Console, title: &str, section: Section) -> Self {
        let words = console.words();
        let brand = Brand {
            name: words.say("console"),
            url: HOME.to_owned(),
        };
        let nonce = desk::nonce(&console.app);
        let mut f = Frame::new(&console.app.look, console.locale, nonce, title, Some(brand))
            .languages(|other| LanguageChange::Link(format!("{}?lang={other}", console.path)));
        f.private = true;
        let links = Section::IN_NAVIGATION.iter();
        Self {
            navigation: links
                .map(|(of, text, path)| NavigationLink {
                    text: words.say(text),
                    url: format!("{HOME}{path}"),
                    current: *of == section,
                })
                .collect(),
            toast: toast(console),
            operator: console.session.operator.name.clone(),
            f,
        }
    }

    pub fn say(&self, id: &str) -> String {
        self.f.say(id)
    }

    pub fn with(&self, id: &str, args: &Args<'_>) -> String {
        self.f.words.with(id, args)
    }
}

fn toast(console: &Console) -> Option<Toast> {
    let words = console.words();
    let code = console.query.filled("done")?;
    let id = format!("done-{code}");
    if !words.has(&id) {
        return None;
    }
    // What was just suspended goes on by the same form as later.
    let is_page_of_one = console.path.starts_with("/operator/organizations/");
    let undo_url = (code == "organization-suspended" && is_page_of_one)
        .then(|| format!("{}/resumption", console.path));
    Some(Toast {
        text: words.say(&id),
        undo_url,
    })
}
