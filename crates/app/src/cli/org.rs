//! `kept org`: organizations. Each command may run beside a server on the same data: what it does
//! is seen there at once, or within seconds.

#[path = "org_factor.rs"]
mod factor;
#[path = "org_networks.rs"]
mod networks;

use std::process::ExitCode;
use std::sync::Arc;

use kept_base::kit::{Actor, OrganizationId};
use kept_base::page::locale::Locale;
use kept_base::page::zone::Zones;
use kept_base::store::{JobKind, MAX_REASON_CHARS, MAX_SURVEYED, Placement, Store, Surveyed};

use super::{Outcome, Settings, backup, block_on, installation, keys, output};
use crate::config::Config;
use crate::console::{self, CreateError, NewOrganization, Wish, Wrong};
use crate::organization::MAX_ORGANIZATION_NAME_CHARS;

/// What the first token is called.
const TOKEN_NAME: &str = "kept org create";

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make an organization; prints its booking link and one API token
    Create(Create),
    /// Move an organization to other files or another server; it goes on working meanwhile
    Move(Move),
    /// List organizations: where each is, how large, how it stands, whether it opens
    List(Settings),
    /// Pause an organization: its pages and its API answer nothing, no mail is sent for it
    Suspend(Suspend),
    /// Let a suspended organization go on
    Resume(Resume),
    /// Turn off the second factor of a member whom no owner can help; reads their address from standard input
    FactorOff(factor::FactorOff),
    /// From which networks an organization's members come in
    #[command(subcommand)]
    Networks(networks::Command),
}

#[derive(Debug, clap::Args)]
pub(super) struct Move {
    /// Which one
    slug: String,
    /// Where to: file, or postgres:main for the server of the settings
    #[arg(long, value_name = "PLACE")]
    to: String,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Its name in addresses, such as riverside
    slug: String,
    /// What it is called
    #[arg(long)]
    name: String,
    /// The time zone of its days, such as Europe/Berlin
    #[arg(long)]
    zone: String,
    /// The language of its pages and mails unless a visitor asks for another: en or de
    #[arg(long, default_value = "en")]
    locale: String,
    /// Where its mail comes from [default: its slug at the host of server.base_url]
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, clap::Args)]
pub(super) struct Suspend {
    /// Its name in addresses
    slug: String,
    /// Why, for the record: nothing about customers
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, clap::Args)]
pub(super) struct Resume {
    /// Its name in addresses
    slug: String,
    #[command(flatten)]
    settings: Settings,
}

/// All that is wrong with what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
struct Refused(Vec<String>);

impl Refused {
    fn because(what: impl std::fmt::Display) -> Self {
        Self(vec![what.to_string()])
    }
}

pub(super) fn run(command: Command) -> Outcome {
    match command {
        Command::Create(create) => {
            let config = create.settings.load()?;
            block_on(make(&create, config))?
        }
        Command::Move(wanted) => {
            let config = wanted.settings.load()?;
            block_on(relocate(&wanted, &config))?
        }
        Command::List(settings) => block_on(list(settings.load()?))?,
        Command::Suspend(suspend) => {
            let config = suspend.settings.load()?;
            block_on(set_standing(&suspend.slug, Some(&suspend.reason), config))?
        }
        Command::Resume(resume) => {
            let config = resume.settings.load()?;
            block_on(set_standing(&resume.slug, None, config))?
        }
        Command::FactorOff(wanted) => factor::run(&wanted),
        Command::Networks(command) => networks::run(command),
    }
}

async fn relocate(wanted: &Move, config: &Config) -> Outcome {
    let store = installation::open_existing(config)?;
    let id = backup::find(&store, &wanted.slug).await?;
    let to = store.placement_named(&wanted.to).await?;
    let is_in_file = (store.organizations().await?.iter())
        .any(|placed| placed.id == id && matches!(placed.placement, Placement::File(_)));
    if to.is_none() && is_in_file {
        return Err(Refused(vec![format!(
            "{}: it is in a file already; kept keys rotate database gives it a new one",
            wanted.slug
        )])
        .into());
    }
    let moved = keys::relocate(&store, id, to, JobKind::Move).await;
    output::progress_ends();
    let moved = moved?;
    output::line(format_args!(
        "{}  is in {} now (was in {}): {} rows copied and compared, writes waited {} ms",
        wanted.slug, moved.to, moved.from, moved.rows, moved.paused_ms
    ));
    store.close();
    Ok(ExitCode::SUCCESS)
}

/// How people reach the server of these settings.
pub(super) fn base_url(config: &Config) -> String {
    match &config.server.base_url {
        Some(base_url) => base_url.clone(),
        None => format!("http://{}", config.server.listen),
    }
}

async fn make(create: &Create, config: Config) -> Outcome {
    let base_url = base_url(&config);
    let wish = Wish {
        slug: &create.slug,
        name: &create.name,
        zone: &create.zone,
        locale: &create.locale,
        mail_from: create.mail_from.as_deref(),
    };
    let new = NewOrganization::read(&wish, &Zones::load(), &base_url)
        .map_err(|wrong| refused(&wish, &wrong))?;
    installation::make_folder(&config.data.folder)?;
    let store = installation::open(&config)?;
    let slug = &create.slug;
    let made = match console::create(&store, new, Actor::OPERATOR, Some(TOKEN_NAME)).await {
        Ok(made) => made,
        Err(CreateError::Taken) => {
            return Err(Refused::because(format_args!("{slug}: {}", CreateError::Taken)).into());
        }
        Err(error) => return Err(error.into()),
    };
    store.close();
    output::line(format_args!("booking link  {base_url}/{slug}"));
    let own = made.own.expose();
    output::line(format_args!("set up        {base_url}/o/{slug}/own/{own}"));
    if let Some(token) = made.api {
        output::line(format_args!("API token     {}", token.expose()));
    }
    output::line(
        "Both are shown this once. The set-up link makes whoever opens it the owner; it works",
    );
    output::line("once, within seven days. The token may do everything the API can.");
    Ok(ExitCode::SUCCESS)
}

fn refused(wish: &Wish<'_>, wrong: &[Wrong]) -> Refused {
    let sentence = |wrong: &Wrong| match wrong {
        Wrong::Slug(error) => format!("the slug {:?}: {error}", wish.slug),
        Wrong::Name => {
            format!("--name: write 1 to {MAX_ORGANIZATION_NAME_CHARS} characters on one line")
        }
        Wrong::Zone => format!(
            "--zone: {:?} is no time zone; write one such as Europe/Berlin",
            wish.zone
        ),
        Wrong::Locale => {
            let known: Vec<&str> = Locale::ALL.iter().map(|locale| locale.tag()).collect();
            format!("--locale: write one of {}", known.join(", "))
        }
        Wrong::MailFrom => "--mail-from: write an address such as office@example.org".to_owned(),
    };
    Refused(wrong.iter().map(sentence).collect())
}

async fn list(config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let mut after = String::new();
    let mut listed = 0_usize;
    loop {
        let page = store.survey("", &after, MAX_SURVEYED).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.placed.slug);
        for one in &page {
            // A command has opened nothing yet.
            let health = store.probe(one.placed.id).await;
            output::line(row(one, health.code()));
            listed += 1;
        }
    }
    store.close();
    if listed == 0 {
        output::line("There is no organization yet: make one with kept org create.");
    }
    Ok(ExitCode::SUCCESS)
}

fn row(one: &Surveyed, health: &str) -> String {
    let kib = one.bytes.map_or_else(
        || "-".to_owned(),
        |bytes| format!("{} KiB", bytes.div_ceil(1024)),
    );
    let mut row = format!(
        "{:<24} {:<10} {:<8} {:>12}  {}  {}",
        one.placed.slug,
        one.state.code(),
        health,
        kib,
        one.placed.id,
        match &one.placed.placement {
            Placement::File(_) => "file".to_owned(),
            on_server => on_server.to_string(),
        },
    );
    if let Some(because) = &one.because {
        row += &format!("  ({because})");
    }
    row
}

async fn set_standing(slug: &str, reason: Option<&str>, config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let id = named(&store, slug).await?;
    let changed = match reason {
        Some(reason) => {
            let reason = checked_reason(reason)?;
            store
                .suspend_organization(id, Actor::OPERATOR, reason)
                .await?
        }
        None => store.resume_organization(id, Actor::OPERATOR).await?,
    };
    store.close();
    if !changed {
        let what = if reason.is_some() {
            "is not active"
        } else {
            "is not suspended"
        };
        return Err(Refused::because(format_args!("{slug} {what}")).into());
    }
    output::line(match reason {
        Some(_) => format!("{slug} is suspended: within seconds it answers nothing any more"),
        None => format!("{slug} goes on"),
    });
    Ok(ExitCode::SUCCESS)
}

/// A reason that says something, for the record.
fn checked_reason(reason: &str) -> Result<&str, Refused> {
    if console::is_reason(reason) {
        return Ok(reason.trim());
    }
    Err(Refused::because(format_args!(
        "--reason: say why, for the record, in 1 to {MAX_REASON_CHARS} characters on one line"
    )))
}

async fn named(
    store: &Arc<Store>,
    slug: &str,
) -> Result<OrganizationId, Box<dyn std::error::Error>> {
    let found = store.find_organization(slug).await?;
    let unknown = || Refused::because(format_args!("there is no organization {slug:?}"));
    Ok(found.ok_or_else(unknown)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let wish = Wish {
            slug: "API",
            name: " ",
            zone: "Berlin",
            locale: "tlh",
            mail_from: None,
        };
        let wrong =
            NewOrganization::read(&wish, &Zones::bundled(), "http://[::1]:80").expect_err("wrong");
        insta::assert_snapshot!(refused(&wish, &wrong).0.join("\n"), @r#"
        the slug "API": use 2 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit
        --name: write 1 to 120 characters on one line
        --zone: "Berlin" is no time zone; write one such as Europe/Berlin
        --locale: write one of en, de
        --mail-from: write an address such as office@example.org
        "#);
    }
}
