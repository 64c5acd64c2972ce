//! The page kit: what every page and message needs, whatever it is about. Languages and texts,
//! dates and times as people read them, time zones.

pub mod locale;
pub mod text;
pub mod when;
pub mod zone;

pub use locale::{Direction, Locale};
pub use text::{Arg, Args, Catalog, CatalogError, Missing};
pub use zone::{Area, Zones};
