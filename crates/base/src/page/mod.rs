//! The page kit: what every page and message needs, whatever it is about. Languages and texts,
//! dates and times as people read them, time zones, money, security headers, embedded assets.

pub mod asset;
pub mod color;
pub mod csp;
pub mod gzip;
pub mod html;
pub mod locale;
pub mod money;
pub mod own;
pub mod qr;
pub mod text;
pub mod when;
pub mod zone;

pub use asset::{Asset, AssetError, AssetSource, Assets};
pub use csp::{Caching, Framing, Headers, Nonce};
pub use locale::{Direction, Locale};
pub use own::{Noun, OwnWords};
pub use text::{Arg, Args, Catalog, CatalogError, Missing};
pub use zone::{Area, Zones};
