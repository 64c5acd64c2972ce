//! The pages about letters: the demo's mailbox, and those on which members write an organization's
//! own letters.

mod faults;
mod mailbox;
mod writing;

pub use mailbox::mailbox;

use crate::access::Right;
use crate::desk;

/// The pages of members.
pub fn desk() -> desk::Routes {
    let right = Right::ChangeSettings;
    let letter = "/look/letters/{kind}/{reader}/{locale}";
    desk::Routes::new()
        .get("/look/letters", right, writing::list)
        .get(letter, right, writing::show)
        .post(letter, right, writing::save)
        .post(&format!("{letter}/preview"), right, writing::preview)
        .post(&format!("{letter}/reset"), right, writing::reset)
}
