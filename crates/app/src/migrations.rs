//! The numbered schema steps of an organization's database.

use kept_base::store::Migration;

/// Every step, in order.
pub const ORGANIZATION: &[Migration] = &[Migration {
    version: 1,
    name: "initial",
    common: include_str!("../migrations/0001_initial.sql"),
    sqlite: include_str!("../migrations/0001_initial.sqlite.sql"),
}];
