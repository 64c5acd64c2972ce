//! `kept org factor-off`: the way back in for a member whom nobody else can help.

use std::io::BufRead as _;
use std::process::ExitCode;

use kept_base::kit::{Actor, Email};
use kept_base::store::{Error, OperatorActKind, Tx};

use super::super::{Outcome, Settings, block_on, installation, output};
use super::{Refused, checked_reason, named};
use crate::access;
use crate::config::Config;

/// Longest line that is read, in bytes.
const MAX_LINE_BYTES: u64 = 1_000;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct FactorOff {
    /// Its name in addresses
    slug: String,
    /// Why, for the record: nothing about customers or members
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    settings: Settings,
}

pub(super) fn run(wanted: &FactorOff) -> Outcome {
    let config = wanted.settings.load()?;
    let reason = checked_reason(&wanted.reason)?.to_owned();
    let email = read_email(std::io::stdin().lock())?;
    block_on(turn_off(wanted, config, (reason, email)))?
}

/// The address stands in no argument, which other users of the machine can see.
fn read_email(input: impl std::io::Read) -> Result<Email, Refused> {
    let mut line = String::new();
    let wrong = || Refused::because("write the member's mail address on the standard input");
    let mut input = std::io::BufReader::new(input.take(MAX_LINE_BYTES));
    input.read_line(&mut line).map_err(|_| wrong())?;
    Email::parse(line.trim()).map_err(|_| wrong())
}

async fn turn_off(wanted: &FactorOff, config: Config, (reason, email): (String, Email)) -> Outcome {
    let store = installation::open(&config)?;
    let id = named(&store, &wanted.slug).await?;
    let sought = email.clone();
    let find = move |tx: &Tx<'_>| access::member_by_email(tx, &sought);
    let found: Result<_, Error> = store.read(id, Actor::OPERATOR, find).await;
    let member = found?.ok_or_else(|| Refused::because("there is no member with this address"))?;
    // First why, then the deed: nothing is done that the record does not say.
    let act = OperatorActKind::MemberFactorRemoved;
    store
        .note_operator_act(id, Actor::OPERATOR, act, &reason)
        .await?;
    let member = member.id;
    let turned_off = store.write(id, Actor::OPERATOR, move |tx| {
        access::clear_factor(tx, member)
    });
    let was_on = turned_off.await?;
    store.close();
    output::line(match was_on {
        true => format!("{member} has no second factor and no passkey any more, and is signed out"),
        false => format!("{member} had no second factor; passkeys are removed"),
    });
    Ok(ExitCode::SUCCESS)
}
