//! The files that pages load, in the order in which they name each other.

use kept_base::page::AssetSource;

/// The stylesheet of every page.
pub(super) const STYLESHEET: &str = "kept.css";
/// The one text font, which the page asks for before the stylesheet has arrived.
pub(super) const TEXT_FONT: &str = "atkinson-next.woff2";
/// The small sign in the browser's tab.
pub(super) const ICON: &str = "kept.svg";

const WOFF2: &str = "font/woff2";

/// One stylesheet of several files: a first visit asks for one thing, not for five.
const STYLES: &str = concat!(
    include_str!("../../assets/css/tokens.css"),
    include_str!("../../assets/css/base.css"),
    include_str!("../../assets/css/frame.css"),
    include_str!("../../assets/css/booking.css"),
    include_str!("../../assets/css/forms.css"),
    include_str!("../../assets/css/mailbox.css"),
    include_str!("../../assets/css/factor.css"),
);

/// What the pages of members add to it.
const DESK_STYLES: &str = concat!(
    include_str!("../../assets/css/desk/frame.css"),
    include_str!("../../assets/css/desk/setup.css"),
    include_str!("../../assets/css/desk/account.css"),
    include_str!("../../assets/css/desk/offering.css"),
    include_str!("../../assets/css/desk/calendar-sheet.css"),
    include_str!("../../assets/css/desk/calendar.css"),
    include_str!("../../assets/css/desk/print.css"),
    include_str!("../../assets/css/desk/calendar-numbers.css"),
    include_str!("../../assets/css/desk/people.css"),
    include_str!("../../assets/css/desk/insight.css"),
    include_str!("../../assets/css/desk/audit.css"),
    include_str!("../../assets/css/desk/look.css"),
    include_str!("../../assets/css/desk/console.css"),
    include_str!("../../assets/css/desk/lending.css"),
);

pub(super) const SOURCES: &[AssetSource] = &[
    AssetSource {
        name: TEXT_FONT,
        content_type: WOFF2,
        bytes: include_bytes!("../../assets/fonts/atkinson-next.woff2"),
    },
    AssetSource {
        name: "atkinson-mono.woff2",
        content_type: WOFF2,
        bytes: include_bytes!("../../assets/fonts/atkinson-mono.woff2"),
    },
    AssetSource {
        name: "kept-serif.woff2",
        content_type: WOFF2,
        bytes: include_bytes!("../../assets/fonts/kept-serif.woff2"),
    },
    AssetSource {
        name: ICON,
        content_type: "image/svg+xml",
        bytes: include_bytes!("../../assets/img/kept.svg"),
    },
    AssetSource {
        name: STYLESHEET,
        content_type: "text/css; charset=utf-8",
        bytes: STYLES.as_bytes(),
    },
    AssetSource {
        name: "desk.css",
        content_type: "text/css; charset=utf-8",
        bytes: DESK_STYLES.as_bytes(),
    },
    AssetSource {
        name: "embed.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/css/embed.css"),
    },
    AssetSource {
        name: "api.css",
        content_type: "text/css; charset=utf-8",
        bytes: include_bytes!("../../assets/css/api.css"),
    },
    AssetSource {
        name: "desk.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/desk.js"),
    },
    AssetSource {
        name: "session.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/session.js"),
    },
    AssetSource {
        name: "passkey.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/passkey.js"),
    },
    AssetSource {
        name: "people.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/people.js"),
    },
    AssetSource {
        name: "host.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/host.js"),
    },
    AssetSource {
        name: "look.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/look.js"),
    },
    AssetSource {
        name: "embed.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/embed.js"),
    },
    AssetSource {
        name: "calendar-page.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/calendar-page.js"),
    },
    AssetSource {
        name: "calendar.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/calendar.js"),
    },
    AssetSource {
        name: "find.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/find.js"),
    },
    AssetSource {
        name: "booking.js",
        content_type: "text/javascript; charset=utf-8",
        bytes: include_bytes!("../../assets/js/booking.js"),
    },
];
