//! The calendar that the staff work from: weeks, days by person and by room, an agenda, months;
//! what is next today; and calendars that other programs subscribe to.

mod asked;
mod feeds;
pub mod layout;
mod listeners;
mod live;
pub mod pages;
mod read;
mod records;
mod sets;
mod store;

pub use asked::{Asked, View};
pub use feeds::{
    Feed, FeedContent, feed_content, feeds_of, make_feed, revoke_feed, revoke_feeds_of,
};
pub use live::{Live, LiveBody, May, Stopping};
pub use pages::told;
pub use read::{Found, find};
pub use records::RECORDS;
pub use sets::{CalendarSet, add_set, put_back as undo, remove_set, sets};

/// Most appointments and reserved times that one view shows, a row for each who serves.
pub const MAX_SHOWN_ROWS: u32 = 4_000;
/// Most people and rooms that a view is narrowed to.
pub const MAX_CHOSEN: usize = 100;
/// Most sets of people and rooms that one member keeps.
pub const MAX_SETS: usize = 30;
/// Longest name of a set, in characters.
pub const MAX_SET_NAME_CHARS: usize = 40;
/// Most calendars in use that one staff member's programs read.
pub const MAX_FEEDS: usize = 5;
/// Days before today that a subscribed calendar shows.
pub const FEED_DAYS_BACK: i64 = 30;
/// Days after today that a subscribed calendar shows.
pub const FEED_DAYS_AHEAD: i64 = 400;
/// Most browsers at once that are told of changes as they happen.
pub const MAX_LIVE_STREAMS: usize = 256;
/// Most of them in one organization.
pub const MAX_LIVE_STREAMS_OF_ORGANIZATION: usize = 128;
/// Most of them of one member.
pub const MAX_LIVE_STREAMS_OF_MEMBER: usize = 12;
/// Seconds after which a quiet stream says that it is still there.
pub const HEARTBEAT_SECONDS: u64 = 20;
/// Minutes after which a stream ends, so that the browser signs in to it again.
pub const LIVE_MINUTES: u64 = 10;
