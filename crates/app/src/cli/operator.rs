//! `kept operator` and `kept jobs`: who may open the operator's pages, and what the installation is
//! at. Each command may run beside a server.

use std::process::ExitCode;
use std::sync::Arc;

use jiff::{Timestamp, Unit};
use kept_base::kit::{Actor, OperatorId, Token};
use kept_base::store::{
    Job, MAX_LISTED_JOBS, OPERATOR_LINK_HOURS, OperatorKind, OperatorState, Store,
};

use super::org::base_url;
use super::{Outcome, Settings, block_on, installation, output};
use crate::config::Config;
use crate::console::vetting::{self, Said};
use crate::console::{self, OperatorError};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add an operator; prints a link that sets their password, once
    Add(Named),
    /// List operators
    List(Settings),
    /// Let an operator in no longer, at once
    Suspend(Named),
    /// Let a suspended operator in again
    Resume(Named),
    /// Say until when an operator is qualified, when they signed, and whose they are
    Vet(Vetted),
    /// Print a new link that sets an operator's password; the one before is dead. Using it ends their
    /// grants, and what was said of them by vet
    Link(Named),
    /// Turn off the second factor of an operator who has lost both the app and the recovery codes; signs
    /// them out everywhere
    FactorOff(Named),
}

#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// What they sign in as, such as robin: no address
    name: String,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, clap::Args)]
pub(super) struct Vetted {
    #[command(flatten)]
    named: Named,
    /// The last day of their qualification, such as 2027-03-31; without it there is none
    #[arg(long, default_value = "")]
    qualified_until: String,
    /// The day on which they signed a confidentiality agreement; without it there is none
    #[arg(long, default_value = "")]
    confidentiality_signed: String,
    /// They are a contracted partner's, under this entry in the register of subprocessors
    #[arg(long)]
    partner: Option<String>,
}

pub(super) fn run(command: Command) -> Outcome {
    match command {
        Command::Add(named) => block_on(add(&named, named.settings.load()?))?,
        Command::List(settings) => block_on(list(settings.load()?))?,
        Command::Suspend(named) => block_on(set(
            &named,
            OperatorState::Suspended,
            named.settings.load()?,
        ))?,
        Command::Resume(named) => {
            block_on(set(&named, OperatorState::Active, named.settings.load()?))?
        }
        Command::Vet(vetted) => block_on(vet(&vetted, vetted.named.settings.load()?))?,
        Command::Link(named) => block_on(link(&named, named.settings.load()?))?,
        Command::FactorOff(named) => block_on(factor_off(&named, named.settings.load()?))?,
    }
}

async fn add(named: &Named, config: Config) -> Outcome {
    // Before anything is made on the disk.
    console::check_name(&named.name)?;
    installation::make_folder(&config.data.folder)?;
    let store = installation::open(&config)?;
    let token = console::add(&store, &named.name, Actor::OPERATOR).await?;
    store.close();
    say_link(&config, &token);
    Ok(ExitCode::SUCCESS)
}

async fn link(named: &Named, config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let id = id_of(&store, &named.name).await?;
    let token = console::link(&store, id, Actor::OPERATOR).await?;
    store.close();
    say_link(&config, &token);
    Ok(ExitCode::SUCCESS)
}

async fn factor_off(named: &Named, config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let id = id_of(&store, &named.name).await?;
    let was_on = store.remove_operator_factor(id, None, Actor::OPERATOR);
    let was_on = was_on.await?;
    store.close();
    let said = match was_on {
        true => "has no second factor any more",
        false => "had no second factor",
    };
    output::line(format_args!("{} {said}", named.name));
    Ok(ExitCode::SUCCESS)
}

fn say_link(config: &Config, token: &Token) {
    let url = console::link_url(&base_url(config), token);
    output::line(format_args!("link  {url}"));
    output::line(format_args!(
        "It is shown this once. Whoever opens it sets the password and is signed in; it works once,\nwithin {OPERATOR_LINK_HOURS} hours."
    ));
}

async fn list(config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let operators = store.operators().await?;
    store.close();
    for one in &operators {
        let seen = one
            .last_used_at
            .map_or_else(|| "never".to_owned(), |at| shown(at).to_string());
        let password = if one.has_password {
            "has a password"
        } else {
            "no password yet"
        };
        let factor = match one.has_factor {
            true => "second factor",
            false => "no second factor",
        };
        output::line(format_args!(
            "{:<24} {:<10} {password:<16} {factor:<16} last seen {seen}",
            one.name,
            one.state.code()
        ));
    }
    if operators.is_empty() {
        output::line("There is no operator yet: add one with kept operator add.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(named: &Named, state: OperatorState, config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let id = id_of(&store, &named.name).await?;
    console::set_state(&store, id, state, Actor::OPERATOR).await?;
    store.close();
    output::line(format_args!("{} is {} now", named.name, state.code()));
    Ok(ExitCode::SUCCESS)
}

async fn vet(vetted: &Vetted, config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let id = id_of(&store, &vetted.named.name).await?;
    let said = Said {
        kind: match vetted.partner {
            Some(_) => OperatorKind::Partner,
            None => OperatorKind::Own,
        },
        register_entry: vetted.partner.as_deref().unwrap_or_default(),
        qualified_until: &vetted.qualified_until,
        signed_on: &vetted.confidentiality_signed,
    };
    let read = vetting::read(&said, store.clock().now());
    let read = read.ok_or(
        "write days as 2027-03-31, a signing that is not ahead, and the register entry of a partner",
    )?;
    let (until, signed) = vetting::days(&read);
    let said = store.vet_operator(id, read, Actor::OPERATOR).await;
    if matches!(&said, Err(error) if error.is_constraint("operator.invited")) {
        return Err(
            "they have set no password yet: say it once they have, as a link takes it back".into(),
        );
    }
    said?;
    store.close();
    let shown = |day: String| {
        if day.is_empty() {
            "not said".to_owned()
        } else {
            day
        }
    };
    output::line(format_args!(
        "{}: qualified until {}, confidentiality agreement signed {}",
        vetted.named.name,
        shown(until),
        shown(signed)
    ));
    Ok(ExitCode::SUCCESS)
}

async fn id_of(store: &Arc<Store>, name: &str) -> Result<OperatorId, OperatorError> {
    let found = store.operator_by_name(name).await?;
    found
        .map(|(operator, _)| operator.id)
        .ok_or(OperatorError::Unknown)
}

/// `kept jobs`: the newest jobs of the installation first.
pub(super) fn jobs(settings: &Settings) -> Outcome {
    block_on(list_jobs(settings.load()?))?
}

async fn list_jobs(config: Config) -> Outcome {
    let store = installation::open(&config)?;
    let (jobs, now) = (store.jobs(MAX_LISTED_JOBS).await?, store.clock().now());
    store.close();
    for job in &jobs {
        output::line(job_row(job, now));
    }
    if jobs.is_empty() {
        output::line("No job has run yet: backups, moves, restores and drills are jobs.");
    }
    Ok(ExitCode::SUCCESS)
}

fn job_row(job: &Job, now: Timestamp) -> String {
    let of = job
        .organization
        .map_or_else(|| "all".to_owned(), |id| id.to_string());
    let mut row = format!(
        "{}  {:<12} {:<12} {of:<30} {}/{}",
        shown(job.started_at),
        job.kind.code(),
        job.state(now).code(),
        job.done,
        job.total,
    );
    if let Some(failure) = &job.failure {
        row += &format!("  {failure}");
    }
    row
}

fn shown(at: Timestamp) -> Timestamp {
    at.round(Unit::Second).unwrap_or(at)
}
