//! Very many organizations on one node, most requests for a tenth of them.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Weekday;
use kept_app::offering;
use kept_base::kit::Actor;
use kept_base::page::zone::Zones;
use kept_base::store::Tx;

use super::median_micros;
use super::store::{id_of, name, read};
use crate::ground::Ground;
use crate::load::{self, Kind};
use crate::measure::{self, CONNECTIONS};
use crate::prepare::may;
use crate::prepare::{self, Anything, Error, Prepared, SERVICE, ZONE};
use crate::report::{Row, number};
use crate::server::Server;
use crate::wire;

/// How many there are in files.
const IN_FILES: usize = 2_000;
/// How many there are on a server, which takes longer to make one.
const ON_SERVER: usize = 500;
/// One of how many is among those that get nine of ten requests.
const BUSY_OF: usize = 10;
/// How many are opened for a median.
const OPENED: usize = 300;

fn slug(number: usize) -> String {
    format!("small-{number}")
}

fn small(tx: &Tx<'_>, zones: &Zones, slug: &str) -> Result<(), Anything> {
    prepare::organization(tx, slug)?;
    let place = offering::add_location(tx, &may(), zones, "Practice", "", ZONE)?;
    let member = offering::add_staff(tx, &may(), "Ira", "", None)?;
    for day in Weekday::Monday.cycle_forward().take(5) {
        offering::add_hours(tx, &may(), member, place, day, (9 * 60, 17 * 60))?;
    }
    offering::add_service(tx, &may(), &prepare::visit(30, &[member]))?;
    Ok(())
}

pub async fn rows(
    ground: &Ground,
    prepared: &Prepared,
    time: Duration,
) -> Result<Vec<Row>, Anything> {
    let store = ground.open()?;
    let zones = Arc::new(Zones::load());
    let organizations = if ground.is_on_server() {
        ON_SERVER
    } else {
        IN_FILES
    };
    let begun = Instant::now();
    for number in 0..organizations {
        let (slug, zones) = (slug(number), Arc::clone(&zones));
        let called = slug.clone();
        let make = move |tx: &Tx<'_>| small(tx, &zones, &called).map_err(Error);
        let made = store.create_organization(&slug, Actor::OPERATOR, make);
        made.await.map_err(|error| error.0)?;
    }
    let each = begun.elapsed().as_secs_f64() * 1e3 / organizations as f64;
    store.close();
    let cold = cold(ground, organizations).await?;
    let server = Server::serve(&ground.settings()?)?;
    server.settle()?;
    let asked = ask(&server, prepared, organizations, time).await?;
    let (memory, _) = server.memory_mb()?;
    let files = server.open_files()?;
    server.stop()?;
    let what = "very many organizations, 90 % of requests to a tenth of them";
    let opened = "open of an organization that was closed, median";
    let cold_row = if ground.is_on_server() {
        Row::told(opened, format!("{} ms", number(cold / 1e3, 1)))
    } else {
        Row::at_most(opened, cold / 1e3, 2.0, "ms")
    };
    Ok(vec![
        Row::told(
            "very many organizations: how many",
            number(organizations as f64, 0),
        ),
        Row::told(
            "very many organizations: making one, mean",
            format!("{} ms", number(each, 1)),
        ),
        cold_row,
        Row::told(&format!("{what}: `days`/s"), number(asked.per_second(), 0)),
        Row::told(
            &format!("{what}: p50 / p99"),
            format!(
                "{} / {} ms",
                number(asked.read.percentile_ms(50), 1),
                number(asked.read.percentile_ms(99), 1)
            ),
        ),
        Row::told(
            &format!("{what}: memory"),
            format!("{} MB", number(memory, 1)),
        ),
        Row::told(
            &format!("{what}: open files and connections"),
            number(files as f64, 0),
        ),
    ])
}

/// The time of the first question to an organization that this process never opened.
async fn cold(ground: &Ground, organizations: usize) -> Result<f64, Anything> {
    let store = ground.open()?;
    let mut times = Vec::with_capacity(OPENED);
    for number in 0..OPENED {
        let id = id_of(&store, &slug(number * organizations / OPENED)).await?;
        let begun = Instant::now();
        read(&store, id, name).await?;
        times.push(begun.elapsed());
    }
    store.close();
    Ok(median_micros(times))
}

async fn ask(
    server: &Server,
    prepared: &Prepared,
    organizations: usize,
    time: Duration,
) -> Result<load::Outcome, Anything> {
    let busy = organizations / BUSY_OF;
    let (from, to) = prepared.month;
    let questions: Vec<Rc<[u8]>> = (0..organizations)
        .map(|number| {
            let path = format!(
                "/api/v1/orgs/{}/days?service={SERVICE}&from={from}&to={to}&zone={ZONE}",
                slug(number)
            );
            wire::get(server.address, &path).into()
        })
        .collect();
    let mut turn = 0_usize;
    let next = move || {
        turn += 1;
        // A prime, so that they are asked in no order that a cache would like.
        let step = turn * 7_919;
        let number = if turn.is_multiple_of(10) {
            busy + step % (organizations - busy)
        } else {
            step % busy
        };
        Some((Kind::Read, Rc::clone(&questions[number])))
    };
    let asked = load::run(server.address, CONNECTIONS, time * 2, next).await?;
    measure::only(&asked.read, 200)?;
    Ok(asked)
}
