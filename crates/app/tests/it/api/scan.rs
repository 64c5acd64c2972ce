//! `cargo xtask scan` asks what there is: its lists of routes are those of the program.

use std::collections::BTreeSet;

use kept_app::http::api::ROUTES;
use kept_app::http::open_routes;

const ROLES: &str = include_str!("../../../../../xtask/src/scan/roles.rs");
const SCIM: &str = include_str!("../../../../../xtask/src/scan/scim.yaml");

/// `get /path` of every operation that a document in YAML describes.
fn described(yaml: &str) -> BTreeSet<String> {
    let mut path = "";
    let mut found = BTreeSet::new();
    for line in yaml.lines() {
        if let Some(named) = line
            .strip_prefix("  /")
            .and_then(|line| line.strip_suffix(':'))
        {
            path = named;
        } else if let Some(method) = line
            .strip_prefix("    ")
            .and_then(|line| line.strip_suffix(':'))
            && ["get", "post", "put", "patch", "delete"].contains(&method)
        {
            found.insert(format!("{method} /{path}"));
        }
    }
    found
}

#[test]
fn the_scan_asks_every_address_of_a_directory() {
    let open = open_routes();
    let routes = open
        .list()
        .iter()
        .filter(|route| route.path.starts_with("/scim/"));
    let routes: BTreeSet<String> = routes
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    assert_eq!(described(SCIM), routes);
}

#[test]
fn the_scan_says_of_every_route_who_may() {
    let scim = described(SCIM);
    let api = ROUTES.iter().map(|route| (route.method, route.path));
    let scim = scim
        .iter()
        .filter_map(|operation| operation.split_once(' '));
    for (method, path) in api.chain(scim) {
        let end = path.split_once("{org}/").map_or(path, |(_, end)| end);
        let named = format!("\"{} {end}\"", method.to_uppercase());
        assert!(ROLES.contains(&named), "{named}");
    }
}
