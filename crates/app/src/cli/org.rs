//! `kept org create`: an organization, the link that sets it up, and the first token for its API. It may run beside a
//! server on the same data: the organization is there at once.

use std::process::ExitCode;

use kept_base::kit::{Actor, Email, Token};
use kept_base::page::locale::Locale;
use kept_base::page::zone::Zones;
use kept_base::store::{Error, JobKind, Placement, Tx};

use super::{Outcome, Settings, backup, block_on, installation, keys, output};
use crate::access::{self, LinkPurpose, Scope};
use crate::config::Config;
use crate::organization::{self, MAX_ORGANIZATION_NAME_CHARS, Organization, Sender, check_slug};

/// What the first token is called.
const TOKEN_NAME: &str = "kept org create";

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make an organization; prints its booking link and one API token
    Create(Create),
    /// Move an organization to other files or another server; it goes on working meanwhile
    Move(Move),
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

/// All that is wrong with what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
struct Refused(Vec<String>);

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

async fn make(create: &Create, config: Config) -> Outcome {
    let base_url = match &config.server.base_url {
        Some(base_url) => base_url.clone(),
        None => format!("http://{}", config.server.listen),
    };
    let wanted = Wanted::read(create, &base_url)?;
    installation::make_folder(&config.data.folder)?;
    let store = installation::open(&config)?;
    let slug = wanted.slug.clone();
    let made = store
        .create_organization(&slug, Actor::OPERATOR, move |tx| wanted.write(tx))
        .await;
    let (token, own) = match made {
        Ok((_, made)) => made,
        Err(error) if error.is_constraint("organization.slug") => {
            let taken = format!("{slug}: an organization has this slug already; choose another");
            return Err(Refused(vec![taken]).into());
        }
        Err(error) => return Err(error.into()),
    };
    store.close();
    output::line(format_args!("booking link  {base_url}/{slug}"));
    let own = own.expose();
    output::line(format_args!("set up        {base_url}/o/{slug}/own/{own}"));
    output::line(format_args!("API token     {}", token.expose()));
    output::line(
        "Both are shown this once. The set-up link makes whoever opens it the owner; it works",
    );
    output::line("once, within seven days. The token may do everything the API can.");
    Ok(ExitCode::SUCCESS)
}

/// A whole organization but for its id.
#[derive(Clone)]
struct Wanted {
    slug: String,
    name: String,
    zone: String,
    locale: Locale,
    address: Email,
}

impl Wanted {
    fn read(create: &Create, base_url: &str) -> Result<Self, Refused> {
        let mut wrong = Vec::new();
        if let Err(error) = check_slug(&create.slug) {
            wrong.push(format!("the slug {:?}: {error}", create.slug));
        }
        let name = create.name.trim();
        let chars = name.chars().count();
        if !(1..=MAX_ORGANIZATION_NAME_CHARS).contains(&chars) || name.contains(char::is_control) {
            wrong.push(format!(
                "--name: write 1 to {MAX_ORGANIZATION_NAME_CHARS} characters on one line"
            ));
        }
        let zone = Zones::load().parse_zone(&create.zone).map(|(zone, _)| zone);
        if zone.is_none() {
            wrong.push(format!(
                "--zone: {:?} is no time zone; write one such as Europe/Berlin",
                create.zone
            ));
        }
        let locale = Locale::from_tag(&create.locale);
        if locale.is_none() {
            let known: Vec<&str> = Locale::ALL.iter().map(|locale| locale.tag()).collect();
            wrong.push(format!("--locale: write one of {}", known.join(", ")));
        }
        let address = match &create.mail_from {
            Some(address) => Email::parse(address),
            None => organization::default_sender(&create.slug, base_url)
                .ok_or(kept_base::kit::personal::PersonalError::Malformed),
        };
        if address.is_err() {
            wrong.push("--mail-from: write an address such as office@example.org".to_owned());
        }
        match (zone, locale, address) {
            (Some(zone), Some(locale), Ok(address)) if wrong.is_empty() => Ok(Self {
                slug: create.slug.clone(),
                name: name.to_owned(),
                zone,
                locale,
                address,
            }),
            _ => Err(Refused(wrong)),
        }
    }

    fn write(self, tx: &Tx<'_>) -> Result<(Token, Token), Error> {
        let organization = Organization {
            id: tx.organization(),
            slug: self.slug,
            name: self.name.clone(),
            zone: self.zone,
            locale: self.locale.tag().to_owned(),
            sender: Sender {
                name: self.name,
                address: self.address,
                reply_to: None,
            },
        };
        organization::create(tx, &organization)?;
        let (_, token) = access::create_token(tx, TOKEN_NAME, &Scope::ALL)?;
        let own = access::issue_link(tx, LinkPurpose::SetUp, None)?;
        Ok((token, own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let create = Create {
            slug: "API".to_owned(),
            name: " ".to_owned(),
            zone: "Berlin".to_owned(),
            locale: "tlh".to_owned(),
            mail_from: None,
            settings: Settings {
                config: None,
                set: Vec::new(),
            },
        };
        let refused = Wanted::read(&create, "http://[::1]:80")
            .err()
            .expect("wrong");
        insta::assert_snapshot!(refused.0.join("\n"), @r#"
        the slug "API": use 2 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit
        --name: write 1 to 120 characters on one line
        --zone: "Berlin" is no time zone; write one such as Europe/Berlin
        --locale: write one of en, de
        --mail-from: write an address such as office@example.org
        "#);
    }
}
