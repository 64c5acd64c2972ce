//! The pages about letters: the demo's mailbox, and those on which members write an organization's
//! own letters.

mod faults;
mod mailbox;
mod writing;

pub use mailbox::mailbox;

use crate::desk;

/// The pages of members.
pub fn desk() -> desk::Routes {
    let letter = "/look/letters/{kind}/{reader}/{locale}";
    desk::Routes::new()
        .get("/look/letters", writing::list)
        .get(letter, writing::show)
        .post(letter, writing::save)
        .post(&format!("{letter}/preview"), writing::preview)
        .post(&format!("{letter}/reset"), writing::reset)
}
