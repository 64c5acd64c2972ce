//! Typing in the search for customers, in an organization with very many of them.

use std::net::SocketAddr;
use std::time::Instant;

use kept_app::access::{self, NewMember, PasswordHash, Role};
use kept_app::organization::{self, Organization, Sender};
use kept_app::people::{self, NewPerson};
use kept_base::kit::{Actor, Email, PersonName, Phone, Secret};
use kept_base::store::Tx;

use crate::ground::Ground;
use crate::load::Seen;
use crate::prepare::{Anything, Error, ZONE};
use crate::wire::Connection;

/// The organization.
const CROWD: &str = "crowd";
/// How many customers it has.
pub const PEOPLE: usize = 100_000;
/// How many are recorded in one transaction.
const BATCH: usize = 5_000;
/// How often everything is typed.
const ROUNDS: usize = 20;

const GIVEN: [&str; 20] = [
    "Ama", "Anna", "Ben", "Chiara", "David", "Elif", "Farid", "Greta", "Hana", "Ivan", "Jürgen",
    "Kofi", "Lena", "María", "Noah", "Olga", "Priya", "Rosa", "Sven", "Zoë",
];
const FAMILY: [&str; 20] = [
    "Okafor",
    "Müller",
    "Nguyen",
    "García",
    "Schmidt",
    "Rossi",
    "Kowalski",
    "Haddad",
    "Ivanov",
    "Tanaka",
    "Silva",
    "Jansen",
    "Novák",
    "Popescu",
    "Lindqvist",
    "Mensah",
    "Dubois",
    "Yilmaz",
    "O'Brien",
    "Weber",
];
/// What is typed, letter by letter.
const TYPED: [&str; 6] = [
    "okafor 17",
    "mueller gre",
    "customer-4711@",
    "+49 30 1000",
    "zoë yil",
    "a",
];

/// Makes the organization; answers the cookie of somebody signed in.
pub async fn prepare(ground: &Ground) -> Result<String, Anything> {
    let store = ground.open()?;
    let hash = access::hash_password(Secret::new("maple lantern orbit".to_owned()), [7; 16]);
    let hash = hash.await?;
    let begin = move |tx: &Tx<'_>| begin(tx, &hash).map_err(Error);
    let made = store.create_organization(CROWD, Actor::OPERATOR, begin);
    let (id, token) = made.await.map_err(|error| error.0)?;
    for first in (0..PEOPLE).step_by(BATCH) {
        let record = move |tx: &Tx<'_>| record(tx, first).map_err(Error);
        let recorded = store.write(id, Actor::OPERATOR, record);
        recorded.await.map_err(|error| error.0)?;
    }
    store.close();
    Ok(format!("__Host-kept-{CROWD}={token}"))
}

fn begin(tx: &Tx<'_>, hash: &PasswordHash) -> Result<String, Anything> {
    let address = Email::parse("desk@example.org")?;
    organization::create(
        tx,
        &Organization {
            id: tx.organization(),
            slug: CROWD.to_owned(),
            name: CROWD.to_owned(),
            zone: ZONE.to_owned(),
            locale: "en".to_owned(),
            sender: Sender {
                name: CROWD.to_owned(),
                address: address.clone(),
                reply_to: None,
            },
        },
    )?;
    let new = NewMember {
        name: PersonName::parse("Robin")?,
        email: address,
        role: Role::Owner,
        staff: None,
        locale: "en".to_owned(),
    };
    let member = access::add_member(tx, &new)?;
    access::set_password(tx, member, hash)?;
    Ok(access::start_session(tx, member, access::Device::UNKNOWN)?
        .expose()
        .to_owned())
}

fn record(tx: &Tx<'_>, first: usize) -> Result<(), Anything> {
    for number in first..first + BATCH {
        let (given, family) = (GIVEN[number % 20], FAMILY[number / 20 % 20]);
        let person = NewPerson {
            name: PersonName::parse(&format!("{given} {family} {number}"))?,
            email: Some(Email::parse(&format!("customer-{number}@example.org"))?),
            phone: Some(Phone::parse(&format!("+4930{}", 1_000_000 + number))?),
            zone: ZONE.to_owned(),
            locale: "en".to_owned(),
        };
        people::record(tx, &person)?;
    }
    Ok(())
}

/// What was seen: each letter typed, and between them a request that finds nobody.
pub struct Typing {
    pub letters: Seen,
    pub floor: Seen,
}

/// Types everything, letter by letter, over one connection.
pub async fn ask(address: SocketAddr, cookie: &str) -> Result<Typing, Anything> {
    let mut connection = Connection::open(address).await?;
    let mut typing = Typing {
        letters: Seen::default(),
        floor: Seen::default(),
    };
    let nobody = search(address, cookie, "%3F");
    for _ in 0..ROUNDS {
        for text in TYPED {
            for (end, letter) in text.char_indices() {
                let typed = encoded(&text[..end + letter.len_utf8()]);
                let request = search(address, cookie, &typed);
                let sent = Instant::now();
                let answer = connection.ask(&request).await?;
                typing.letters.note(answer.status, sent.elapsed());
                let sent = Instant::now();
                let answer = connection.ask(&nobody).await?;
                typing.floor.note(answer.status, sent.elapsed());
            }
        }
    }
    let count = typing.letters.count();
    if typing.letters.with(200) == count {
        Ok(typing)
    } else {
        Err(format!(
            "not every search was answered: {:?}",
            typing.letters.statuses
        )
        .into())
    }
}

fn encoded(text: &str) -> String {
    let bytes = text.bytes();
    bytes.map(|byte| format!("%{byte:02X}")).collect()
}

fn search(host: SocketAddr, cookie: &str, typed: &str) -> Vec<u8> {
    let body = format!("q={typed}");
    format!(
        "POST /o/{CROWD}/people/search HTTP/1.1\r\nhost: {host}\r\ncookie: {cookie}\r\n\
         x-kept-part: people-found\r\ncontent-type: application/x-www-form-urlencoded\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
