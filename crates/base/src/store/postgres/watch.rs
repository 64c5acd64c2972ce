//! Hearing of what other processes changed.

use std::sync::{Arc, Weak};
use std::time::Duration;

use postgres::Client;
use postgres::fallible_iterator::FallibleIterator as _;

use super::super::Error;
use super::super::changes::Waiting;
use super::super::standing::{STANDING_CHANGED, Standing};
use super::super::wakes::Wakes;
use super::session::judge;
use super::{Dsn, Server};
use crate::kit::OrganizationId;

/// How long to listen before looking whether somebody still wants to know, in milliseconds.
const LISTEN_MS: u64 = 500;
/// How long to rest after the server could not be reached, in milliseconds.
const REST_MS: u64 = 1_000;

/// Who wants to know.
pub struct Told {
    pub waiting: Weak<Waiting>,
    pub wakes: Weak<Wakes>,
    pub standing: Weak<Standing>,
}

/// Listens, once this answers, on a thread of its own until nobody wants to know any more. Blocks.
pub fn listen(server: &Arc<Server>, told: Told) -> Result<(), Error> {
    let mut client = begin(server.dsn())?;
    let server = Arc::downgrade(server);
    let listening = std::thread::Builder::new()
        .name("kept-listen".to_owned())
        .spawn(move || {
            while told.waiting.strong_count() > 0 {
                let heard = hear(&mut client, &told);
                let Some(server) = server.upgrade() else {
                    return;
                };
                if heard.is_ok() {
                    continue;
                }
                match begin(server.dsn()) {
                    Ok(another) => client = another,
                    Err(_) => std::thread::park_timeout(Duration::from_millis(REST_MS)),
                }
                // What happened while nobody listened was missed: whoever waits looks.
                if let Some(waiting) = told.waiting.upgrade() {
                    waiting.tell_all();
                }
            }
        });
    let refused = |_| Error::Unavailable("no thread to listen on".to_owned());
    listening.map(|_| ()).map_err(refused)
}

fn begin(dsn: &Dsn) -> Result<Client, Error> {
    let mut client = dsn.connect()?;
    let begun = client.batch_execute("listen kept");
    begun.map(|()| client).map_err(|error| judge(&error).0)
}

/// Listens for a moment.
fn hear(client: &mut Client, told: &Told) -> Result<(), Error> {
    let wait = Duration::from_millis(LISTEN_MS);
    let heard = (client.notifications().timeout_iter(wait)).for_each(|notification| {
        tell(told, notification.payload());
        Ok(())
    });
    heard.map_err(|error| judge(&error).0)?;
    if client.is_closed() {
        return Err(Error::Closing);
    }
    Ok(())
}

fn tell(told: &Told, payload: &str) {
    let payload = match (
        payload.strip_suffix(STANDING_CHANGED),
        told.standing.upgrade(),
    ) {
        (Some(organization), Some(standing)) => {
            standing.forget();
            organization
        }
        _ => payload,
    };
    let Ok(organization) = payload.parse::<OrganizationId>() else {
        return;
    };
    if let Some(waiting) = told.waiting.upgrade() {
        waiting.tell(organization);
    }
    if let Some(wakes) = told.wakes.upgrade() {
        wakes.look();
    }
}
