//! The same over HTTP: `kept serve` as an installation has it, without mail.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use crate::desk::{self, Desk};
use crate::ground::Ground;
use crate::load::{self, Kind};
use crate::measure::{self, CONNECTIONS, Starts};
use crate::prepare::{Anything, Prepared};
use crate::report::{Row, number};
use crate::server::Server;
use crate::wire::Connection;

pub async fn rows(
    ground: &Ground,
    (prepared, desk): (&Prepared, &Desk),
    time: Duration,
) -> Result<Vec<Row>, Anything> {
    let server = Server::serve(&ground.settings()?)?;
    server.settle()?;
    let ask = |request: Vec<u8>| async {
        let answer = Connection::open(server.address)
            .await?
            .ask(&request)
            .await?
            .status;
        if answer != 200 {
            return Err(format!("a page answers {answer}").into());
        }
        let request: Rc<[u8]> = request.into();
        let next = move || Some((Kind::Read, Rc::clone(&request)));
        let asked = load::run(server.address, CONNECTIONS, time, next).await?;
        measure::only(&asked.read, 200)?;
        Ok::<_, Anything>(asked)
    };
    let point = ask(desk::appointment(server.address, desk)).await?;
    let month = ask(desk::month(server.address, desk)).await?;
    let rush = Rc::new(RefCell::new(Starts::rush(prepared)));
    let booked = measure::book(server.address, &rush, time).await?;
    server.stop()?;
    let both = |seen: &load::Seen| {
        let (half, most) = (seen.percentile_ms(50), seen.percentile_ms(99));
        format!("{} / {} ms", number(half, 1), number(most, 1))
    };
    let told = |what: &str, asked: &load::Outcome| Row::told(what, number(asked.per_second(), 0));
    Ok(vec![
        told("over HTTP: bookings/s, durable", &booked),
        Row::told("over HTTP: a booking, p50 / p99", both(&booked.book)),
        told("over HTTP: pages of one appointment/s", &point),
        told(
            "over HTTP: months of 600 appointments with names, as a page/s",
            &month,
        ),
    ])
}
