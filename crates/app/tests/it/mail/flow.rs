//! From booking to the calendar entry being gone, as the person's mailbox sees it.

use kept_app::access::{self, Purpose};
use kept_app::letters::{self, Reader, Template};
use kept_app::messaging::Kind;
use kept_app::messaging::transport::Captured;
use kept_base::kit::Token;
use kept_base::page::Locale;
use kept_base::params;
use kept_base::store::Error;

use super::Post;

/// The letters to the person.
fn to_person(post: &Post) -> Vec<Captured> {
    let mut letters = post.letters();
    letters.retain(|letter| letter.to.address.expose() == "ama@example.org");
    letters
}

/// The values of a calendar object's properties.
fn entry<const N: usize>(letter: &Captured, names: [&str; N]) -> [String; N] {
    let calendar = letter.calendar.as_ref().expect("an entry");
    let lines = calendar.object.replace("\r\n ", "");
    names.map(|name| {
        let value = lines
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}:")));
        value.unwrap_or_else(|| panic!("no {name}")).to_owned()
    })
}

fn link(letter: &Captured) -> Token {
    let found = letter
        .text
        .lines()
        .find_map(|line| line.strip_prefix("http://kept.test/riverside/appointment/"));
    Token::presented(found.expect("a link")).expect("a token")
}

#[tokio::test]
async fn one_calendar_entry_follows_the_appointment() {
    let post = Post::captured().await;
    let booked = post
        .book(post.clinic.checkup, "2026-11-26T09:00:00Z")
        .await
        .appointment;
    post.run().await;
    post.reschedule(booked.id, "2026-11-26T12:30:00Z").await;
    post.run().await;
    post.cancel(booked.id).await;
    post.run().await;

    let letters = to_person(&post);
    let what = ["METHOD", "UID", "SEQUENCE", "STATUS", "DTSTART"];
    let entries: Vec<[String; 5]> = letters.iter().map(|letter| entry(letter, what)).collect();
    let uid = booked.uid.as_str();
    assert_eq!(
        entries,
        [
            ["REQUEST", uid, "0", "CONFIRMED", "20261126T090000Z"],
            ["REQUEST", uid, "1", "CONFIRMED", "20261126T123000Z"],
            ["CANCEL", uid, "2", "CANCELLED", "20261126T123000Z"],
        ]
    );
    let methods: Vec<&str> = letters
        .iter()
        .filter_map(|letter| letter.calendar.as_ref())
        .map(|calendar| calendar.method)
        .collect();
    assert_eq!(methods, ["REQUEST", "REQUEST", "CANCEL"]);
    assert!(letters[1].text.contains("Before\n  Thu 26 Nov 2026, 10:00"));
    assert!(
        letters[2]
            .text
            .contains("http://kept.test/riverside/checkup")
    );
}

#[tokio::test]
async fn the_link_in_a_letter_opens_the_appointment_and_each_letter_has_its_own() {
    let post = Post::captured().await;
    let booked = post
        .book(post.clinic.checkup, "2026-11-26T09:00:00Z")
        .await
        .appointment;
    post.run().await;
    post.reschedule(booked.id, "2026-11-26T12:30:00Z").await;
    post.run().await;
    let letters = to_person(&post);
    let (first, second) = (link(&letters[0]), link(&letters[1]));
    assert_ne!(first.expose(), second.expose());
    for token in [first, second] {
        let opened = post
            .test
            .read(post.clinic.id, move |tx| {
                access::open_capability(tx, Purpose::Manage, &token)
            })
            .await
            .expect("it opens");
        assert_eq!(
            (opened.appointment, opened.person),
            (booked.id, booked.person)
        );
    }
    // The staff member's letter has no key.
    let staff = post
        .letters()
        .into_iter()
        .find(|letter| letter.to.address.expose() != "ama@example.org")
        .expect("the staff's");
    assert!(!staff.text.contains("http"));
}

#[tokio::test]
async fn people_read_their_language_and_staff_the_house_s() {
    let post = Post::captured().await;
    let mut new = post
        .clinic
        .booking(post.clinic.checkup, "2026-11-26T09:00:00Z");
    new.person.locale = "de".to_owned();
    new.person.zone = "Asia/Kolkata".to_owned();
    let catalogs = std::sync::Arc::clone(&post.test.app.catalogs);
    post.write(move |tx| kept_app::scheduling::book(tx, &catalogs, &new))
        .await;
    post.run().await;
    let subjects: Vec<String> = post
        .letters()
        .iter()
        .map(|letter| letter.subject.clone())
        .collect();
    let theirs = "Gebucht: Riverside Clinic, Do., 26.11.2026, 14:30, Asia/Kolkata (GMT+5:30)";
    assert!(subjects.contains(&theirs.to_owned()), "{subjects:?}");
    let house = "New appointment: Thu 26 Nov 2026, 10:00";
    assert!(subjects.contains(&house.to_owned()), "{subjects:?}");
}

#[tokio::test]
async fn the_organization_s_sender_reply_address_and_words_are_used() {
    let post = Post::captured().await;
    post.write(|tx| -> Result<usize, Error> {
        tx.execute(
            "update organization set reply_to = $1, sender_name = $2,
                 offering_revision = offering_revision + 1",
            params!["front@riverside.example", "Front desk"],
        )
    })
    .await;
    let own = Template {
        subject: "Until {when}".to_owned(),
        body: "{name}: {when}\n\n{manage_url}".to_owned(),
    };
    let set = own.clone();
    post.write(move |tx| letters::set_template(tx, Kind::Booked, Reader::Person, Locale::En, &set))
        .await;
    post.book(post.clinic.checkup, "2026-11-26T09:00:00Z").await;
    post.run().await;
    let letter = &to_person(&post)[0];
    assert_eq!(letter.from.name, "Front desk");
    assert_eq!(
        letter.subject,
        "Until Thu 26 Nov 2026, 10:00–10:30, Europe/Berlin (GMT+1)"
    );
    assert!(letter.text.starts_with("Ama Okafor: Thu 26 Nov 2026"));
    link(letter);

    let stored = |locale| {
        post.test.read(post.clinic.id, move |tx| {
            letters::template(tx, Kind::Booked, Reader::Person, locale)
        })
    };
    assert_eq!(stored(Locale::En).await, Some(own.clone()));
    assert_eq!(stored(Locale::De).await, None);
    let refused = Template {
        subject: "{name}".to_owned(),
        ..own
    };
    let outcome = post
        .test
        .app
        .store
        .write(post.clinic.id, kept_base::kit::Actor::VISITOR, move |tx| {
            letters::set_template(tx, Kind::Booked, Reader::Person, Locale::De, &refused)
        })
        .await;
    assert!(outcome.is_err());
    assert_eq!(stored(Locale::De).await, None);
    let removed = post
        .write(|tx| letters::remove_template(tx, Kind::Booked, Reader::Person, Locale::En))
        .await;
    assert!(removed);
    assert_eq!(stored(Locale::En).await, None);
}
