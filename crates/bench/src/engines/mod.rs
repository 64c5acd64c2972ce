//! Both engines beside each other, in one run: the same data, the same questions.
//!
//! ```text
//! store    bookings, points and months in this process, and what sealing costs
//! served   the same over HTTP
//! growth   months and bookings beside more and more that is past; a backup of it
//! many     very many organizations
//! ```

mod growth;
mod many;
mod served;
mod store;

use std::path::Path;
use std::time::{Duration, Instant};

use kept_base::store::{Dsn, Scratch};

use crate::ground::Ground;
use crate::prepare::Anything;
use crate::report::Row;
use crate::{desk, prepare, report};

/// The environment variable with the connection string of a server to measure on.
pub const SERVER: &str = "KEPT_BENCH_POSTGRES";

/// What was measured: on files, and on a server where there is one.
pub struct Engines {
    pub files: Vec<Row>,
    pub server: Vec<Row>,
}

/// Measures each engine, the one after the other; each measurement takes about `time`.
pub async fn measure(folder: &Path, time: Duration) -> Result<Engines, Anything> {
    let files = on(|name| ground(folder, name, None), time).await?;
    let server = match std::env::var(SERVER) {
        Ok(dsn) => {
            let dsn = Dsn::parse(&dsn)?;
            on(|name| ground(folder, name, Some(&dsn)), time).await?
        }
        Err(_) => Vec::new(),
    };
    Ok(Engines { files, server })
}

/// An empty place, in a folder that goes with it.
fn ground(folder: &Path, name: &str, server: Option<&Dsn>) -> Result<Ground, Anything> {
    let folder = folder.join(format!(
        "{name}{}",
        if server.is_some() { "-server" } else { "" }
    ));
    std::fs::create_dir(&folder)?;
    Ok(match server {
        Some(dsn) => Ground::server(&folder, Scratch::make(dsn, "bench")?)?,
        None => Ground::files(&folder)?,
    })
}

/// Many organizations on files alone.
pub async fn many(folder: &Path, time: Duration) -> Result<Vec<Row>, Anything> {
    let ground = ground(folder, "many", None)?;
    let prepared = prepare::prepare(&ground).await?;
    many::rows(&ground, &prepared, time).await
}

async fn on(
    make: impl Fn(&str) -> Result<Ground, Anything>,
    time: Duration,
) -> Result<Vec<Row>, Anything> {
    let ground = &make("whole")?;
    let engine = if ground.is_on_server() {
        "PostgreSQL"
    } else {
        "files"
    };
    eprintln!("{engine}: preparing the data");
    let prepared = prepare::prepare(ground).await?;
    let desk = desk::prepare(ground).await?;
    eprintln!("{engine}: in the process");
    let mut rows = said(store::rows(ground, &prepared, time).await?);
    rows.extend(said(store::sealing(&make("sealing")?).await?));
    eprintln!("{engine}: over HTTP");
    rows.extend(said(served::rows(ground, (&prepared, &desk), time).await?));
    eprintln!("{engine}: with a long past");
    rows.extend(said(growth::rows(ground, &prepared).await?));
    eprintln!("{engine}: many organizations");
    rows.extend(said(many::rows(ground, &prepared, time).await?));
    Ok(rows)
}

/// Says what is known already: all of it takes long, and may be cut short.
fn said(rows: Vec<Row>) -> Vec<Row> {
    eprint!("{}", report::table(&rows));
    rows
}

/// The middle of some times, in microseconds.
fn median_micros(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2);
    middle.map_or(0.0, |time| time.as_secs_f64() * 1e6)
}

/// How long each of `count` turns takes, the one after the other, in the middle; in microseconds.
async fn median_of<F: Future<Output = Result<(), Anything>>>(
    count: usize,
    mut turn: impl FnMut(usize) -> F,
) -> Result<f64, Anything> {
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let begun = Instant::now();
        turn(number).await?;
        times.push(begun.elapsed());
    }
    Ok(median_micros(times))
}
