//! What the tests need beside cargo, and how to get it.
//!
//! A need is met when its probe answers, wherever the thing came from; only what is missing is
//! installed, from Debian's packages and as root. Elsewhere one sentence names the packages.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::{self, Failure, cargo};

/// The release of the time zone database that the tests of clock changes are written against,
/// which is the one that jiff carries inside. An older system copy would be read first and be
/// wrong about zones that changed their rules in 2026.
const TZDATA_AT_LEAST: &str = "2026e";

/// Where Debian keeps the zone database; its first line is `# version 2026f`.
const TZDATA_INDEX: &str = "/usr/share/zoneinfo/tzdata.zi";

/// A Debian package and how to see that what it brings is there.
pub struct Need {
    package: &'static str,
    met: fn() -> bool,
}

/// For `cargo xtask test`.
const TESTS: &[Need] = &[
    // Both build the SQLCipher and OpenSSL sources that rusqlite carries.
    Need {
        package: "make",
        met: || on_path("make"),
    },
    Need {
        package: "perl",
        met: || on_path("perl"),
    },
    // The journeys' browser, the SMTP server to deliver to, and the certificate it shows.
    Need {
        package: "chromium",
        met: || on_path("chromium"),
    },
    Need {
        package: "chromium-driver",
        met: || on_path("chromedriver"),
    },
    Need {
        package: "python3-aiosmtpd",
        met: aiosmtpd,
    },
    Need {
        package: "openssl",
        met: || on_path("openssl"),
    },
    Need {
        package: "tzdata",
        met: tzdata,
    },
    // A certificate authority to order from.
    Need {
        package: "pebble",
        met: || on_path("pebble") && on_path("pebble-challtestsrv"),
    },
    // A provider of single sign-on to come in by; the provider itself comes from npm.
    Need {
        package: "nodejs",
        met: || on_path("node"),
    },
    Need {
        package: "npm",
        met: || on_path("npm"),
    },
    // The second of the two engines.
    Need {
        package: "postgresql",
        met: postgresql,
    },
];

/// For a PostgreSQL of one's own.
pub const POSTGRES: &[Need] = &[Need {
    package: "postgresql",
    met: postgresql,
}];

/// For a PostgreSQL that outlives a machine.
pub const HIGH_AVAILABILITY: &[Need] = &[
    Need {
        package: "postgresql",
        met: postgresql,
    },
    // Patroni itself comes from PyPI.
    Need {
        package: "python3-venv",
        met: venv,
    },
    Need {
        package: "etcd-server",
        met: || on_path("etcd"),
    },
    // Debian has it where only root looks.
    Need {
        package: "haproxy",
        met: || is_file(Path::new("/usr/sbin/haproxy")) || on_path("haproxy"),
    },
];

/// For programs from PyPI.
pub const PYTHON: &[Need] = &[Need {
    package: "python3-venv",
    met: venv,
}];

/// rustfmt and clippy, then what else the tests need.
///
/// # Errors
///
/// As [`meet`].
pub fn meet_tests() -> Result<(), Failure> {
    meet_components()?;
    meet(TESTS)
}

/// Sees to it that everything is there, installing what is not.
///
/// # Errors
///
/// When something is missing and cannot be installed from here; the message names it.
pub fn meet(needs: &[Need]) -> Result<(), Failure> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    if !on_path("apt-get") || !is_root() {
        return Err(Failure::new(1, sentence(&missing)));
    }
    step::run("package lists", apt_get(&["update", "--quiet"]))?;
    let install = ["install", "--quiet", "--yes", "--no-install-recommends"];
    step::run(
        "packages",
        apt_get(&[&install, missing.as_slice()].concat()),
    )?;
    let still = self::missing(needs);
    if still.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(1, sentence(&still)))
    }
}

/// rustfmt and clippy, which a minimal toolchain lacks.
fn meet_components() -> Result<(), Failure> {
    let missing: Vec<&str> = [("rustfmt", "fmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(_, verb)| !answers(cargo([verb, "--version"])))
        .map(|(component, _)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut add = Command::new("rustup");
    add.args(["component", "add"]).args(&missing);
    step::run("toolchain components", add).map_err(|_| {
        let names = missing.join(" and ");
        Failure::new(
            1,
            format!("xtask: the tests need {names} for this toolchain; install them."),
        )
    })
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    needs
        .iter()
        .filter(|need| !(need.met)())
        .map(|need| need.package)
        .collect()
}

fn sentence(missing: &[&str]) -> String {
    let names = missing.join(" ");
    format!(
        "xtask: this needs what these Debian packages bring, and this is not root on a \
         Debian, so please install them (or their like) and run this again: {names}"
    )
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(arguments);
    command
}

fn aiosmtpd() -> bool {
    // Debian's packages belong to Debian's interpreter, which need not be the first on PATH.
    ["/usr/bin/python3", "python3"].iter().any(|python| {
        let mut import = Command::new(python);
        import.args(["-c", "import aiosmtpd"]);
        answers(import)
    })
}

fn venv() -> bool {
    let mut import = Command::new("/usr/bin/python3");
    import.args(["-c", "import ensurepip, venv"]);
    answers(import)
}

fn postgresql() -> bool {
    crate::postgres::programs().is_ok()
}

fn tzdata() -> bool {
    fs::read_to_string(TZDATA_INDEX).is_ok_and(|index| is_recent(&index))
}

/// Whether an index begins with a version at least as new as the tests expect. Versions are a
/// year and a letter, so their order is the order of the text.
fn is_recent(index: &str) -> bool {
    let version = index
        .lines()
        .next()
        .and_then(|line| line.strip_prefix("# version "));
    version.is_some_and(|version| version >= TZDATA_AT_LEAST)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| is_file(&folder.join(program)))
}

fn is_file(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.is_file())
}

/// Whether a command can be started and succeeds, quietly.
fn answers(mut command: Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_zone_database_is_not_enough() {
        assert!(!is_recent("# version 2025b\n"));
        assert!(!is_recent("# version 2026d\nR d 1916"));
        assert!(is_recent("# version 2026e\n"));
        assert!(is_recent("# version 2027a\n"));
        assert!(!is_recent("no version"));
        assert!(!is_recent(""));
    }

    #[test]
    fn a_program_is_found_on_the_path_or_not() {
        assert!(on_path("sh"));
        assert!(!on_path("no-such-program-of-ours"));
    }

    #[test]
    fn what_cannot_be_installed_is_named_in_one_sentence() {
        let said = sentence(&["chromium", "tzdata"]);
        assert!(said.ends_with("run this again: chromium tzdata"));
        assert_eq!(said.lines().count(), 1);
    }
}
