//! What a PostgreSQL server keeps on its disk of whom is recorded: tables, their log, and whatever
//! else it writes. What is planted is looked for in every file of the server.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use kept_app::people::{self, Answer, NewPerson};
use kept_app::scheduling::{self, SchedulingError};
use kept_base::kit::{Email, Note, PersonName, Phone};
use kept_base::store::Dsn;

use crate::support::may;
use crate::support::{Clinic, TestApp};

const PLANTED: [&str; 7] = [
    "Xanthippe Quorndon",
    "xanthippe",
    "quorndon",
    "xq.planted@quorn.example",
    "4930555000777",
    "An answer nobody else gave",
    "A note nobody else wrote",
];
/// Stands in clear, so that looking is known to find.
const CONTROL: &str = "In clear on purpose";

async fn plant(test: &TestApp, clinic: &Clinic) {
    let catalogs = Arc::clone(&test.app.catalogs);
    let mut new = clinic.booking(clinic.checkup, "2026-11-26T09:00:00Z");
    let [name, _, _, email, phone, answer, note] = PLANTED;
    new.person = NewPerson {
        name: PersonName::parse(name).expect("a name"),
        email: Some(Email::parse(email).expect("an address")),
        phone: Some(Phone::parse(&format!("+{phone}")).expect("a number")),
        zone: "Europe/Berlin".to_owned(),
        locale: "en".to_owned(),
    };
    test.write::<_, SchedulingError, _>(clinic.id, move |tx| {
        let booked = scheduling::book(tx, &catalogs, &new)?;
        let (person, id) = (booked.appointment.person, booked.appointment.id);
        let (field, value) = ("planted".to_owned(), Note::parse(answer).expect("a note"));
        people::record_answers(tx, person, id, &[Answer { field, value }])?;
        let note = Note::parse(note).expect("a note");
        people::add_remark(tx, &may(), person, &note).map_err(|_| SchedulingError::Unknown)?;
        let list = format!("Name,Email\n{name},{email}\n");
        let list = people::read_list(list.as_bytes()).map_err(|_| SchedulingError::Unknown)?;
        people::start_import(tx, &may(), &list).map_err(|_| SchedulingError::Unknown)?;
        Ok(())
    })
    .await;
}

/// Writes the control, has everything brought to the disk, and tells where that is.
fn written(dsn: Dsn) -> PathBuf {
    let asked = std::thread::spawn(move || {
        let mut client = dsn.connect().expect("connects");
        let sql =
            format!("create table control (text text); insert into control values ('{CONTROL}')");
        client.batch_execute(&sql).expect("is written");
        client.batch_execute("checkpoint").expect("may checkpoint");
        let row = client.query_one("show data_directory", &[]);
        row.expect("may be asked").get::<_, String>(0)
    });
    asked.join().expect("is asked").into()
}

/// The files of the server that hold `text`, whatever the case of its letters.
fn holding(folder: &std::path::Path, text: &str) -> Vec<String> {
    let found = Command::new("grep")
        .args([
            "--recursive",
            "--files-with-matches",
            "--text",
            "--ignore-case",
        ])
        // Other tests remove their databases meanwhile.
        .args(["--no-messages", "--fixed-strings", "--regexp", text])
        .arg(folder)
        .env("LC_ALL", "C")
        .output()
        .expect("grep runs");
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    found.lines().map(ToOwned::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_file_of_the_server_tells_of_people() {
    let (test, clinic) = TestApp::with_clinic().await;
    let Some(dsn) = test.folder.place().postgres else {
        return;
    };
    plant(&test, &clinic).await;
    let folder = written(dsn);
    let control = holding(&folder, CONTROL);
    assert!(
        control.iter().any(|file| file.contains("/base/")),
        "the control is found: {control:?}"
    );
    for text in PLANTED {
        assert_eq!(holding(&folder, text), Vec::<String>::new(), "{text}");
    }
}
