//! The numbered schema steps of an organization's database.

use kept_base::store::{Migration, Rows};

use crate::people;

macro_rules! step {
    ($version:literal, $name:literal, $file:literal) => {
        step!($version, $name, $file, None)
    };
    ($version:literal, $name:literal, $file:literal, $rows:expr) => {
        Migration {
            version: $version,
            name: $name,
            common: include_str!(concat!("../migrations/", $file, ".sql")),
            sqlite: include_str!(concat!("../migrations/", $file, ".sqlite.sql")),
            postgres: include_str!(concat!("../migrations/", $file, ".postgres.sql")),
            rows: $rows,
        }
    };
}

/// Every step, in order.
pub const ORGANIZATION: &[Migration] = &[
    step!(1, "initial", "0001_initial"),
    step!(2, "members", "0002_members"),
    step!(3, "offering", "0003_offering"),
    step!(4, "calendar", "0004_calendar"),
    step!(5, "people", "0005_people"),
    step!(6, "look", "0006_look"),
    step!(7, "finding", "0007_finding"),
    step!(
        8,
        "sealing",
        "0008_sealing",
        Some(Rows::Change(people::seal_rows))
    ),
    step!(9, "sealed", "0009_sealed"),
    Migration {
        version: 10,
        name: "nothing left in clear",
        common: "",
        sqlite: "",
        postgres: "",
        rows: Some(Rows::Rewrite),
    },
    step!(11, "packages", "0011_packages"),
    step!(12, "roles", "0012_roles"),
    step!(13, "signing in", "0013_signing_in"),
    step!(14, "passkeys", "0014_passkeys"),
    step!(16, "tokens", "0016_tokens"),
    step!(17, "access on grant", "0017_access_on_grant"),
    step!(18, "single sign-on", "0018_single_sign_on"),
    step!(19, "networks", "0019_networks"),
    step!(20, "attempts", "0020_attempts"),
    step!(21, "addresses", "0021_addresses"),
];
