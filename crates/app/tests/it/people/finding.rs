use kept_app::access::{self, Area, Level, Role};
use kept_app::people::{self, Which};
use kept_app::policy::{Grants, Right};
use kept_app::{directory, scheduling};
use kept_base::store::Error;

use super::{desk, person};
use crate::access::reaching::place as placed;
use crate::support::desk::Staffer;
use crate::support::{Clinic, TestApp, may};

async fn found(test: &TestApp, clinic: &Clinic, typed: &str) -> Vec<String> {
    let which = Which::typed(typed);
    let found = test
        .read::<_, Error, _>(clinic.id, move |tx| {
            let sees = Grants::of_role(Role::Owner).grant(Right::SeeAppointments);
            directory::search(tx, (&which, sees.as_ref()), None, 50)
        })
        .await;
    let people = found.people.iter();
    people.map(|one| one.name.expose().to_owned()).collect()
}

#[tokio::test]
async fn people_are_found_by_what_is_known_of_them() {
    let (test, clinic, _) = desk().await;
    person(
        &test,
        &clinic,
        "Jürgen Müller",
        "j.mueller@example.org",
        "+4930123456",
    )
    .await;
    person(&test, &clinic, "Ama Okafor", "ama@example.org", "").await;
    person(
        &test,
        &clinic,
        "Amalia Moreno",
        "mo@example.org",
        "+34911222333",
    )
    .await;
    for (typed, names) in [
        ("mull", vec!["Jürgen Müller"]),
        ("MUELLER", vec!["Jürgen Müller"]),
        ("müller jür", vec!["Jürgen Müller"]),
        ("jur mo", vec![]),
        ("ama", vec!["Ama Okafor", "Amalia Moreno"]),
        ("Amal", vec!["Amalia Moreno"]),
        ("mo", vec!["Amalia Moreno"]),
        ("ama@exa", vec!["Ama Okafor"]),
        ("j.muel", vec!["Jürgen Müller"]),
        ("+49 30", vec!["Jürgen Müller"]),
        ("030 123456", vec!["Jürgen Müller"]),
        ("3456", vec!["Jürgen Müller"]),
        ("BK-000-000", vec![]),
        ("%", vec![]),
    ] {
        assert_eq!(found(&test, &clinic, typed).await, names, "{typed}");
    }
}

#[tokio::test]
async fn a_reference_leads_to_its_person() {
    let (test, clinic, _) = desk().await;
    let catalogs = std::sync::Arc::clone(&test.app.catalogs);
    let new = clinic.booking(clinic.checkup, "2026-11-26T09:00:00Z");
    let booked = test
        .write::<_, scheduling::SchedulingError, _>(clinic.id, move |tx| {
            scheduling::book(tx, &catalogs, &new)
        })
        .await;
    let reference = booked.appointment.reference.to_lowercase();
    assert_eq!(found(&test, &clinic, &reference).await, ["Ama Okafor"]);
    // For whoever sees the appointment: at its place, and where nobody took the calendar from their role.
    Staffer::of(&test, &clinic, Role::Owner).await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let name = async |place, email: &str| {
        let manager = Staffer::named(&test, &clinic, Role::Manager, email).await;
        placed(&test, &clinic, manager.id, (vec![place], None)).await;
        manager
    };
    let at_harbor = name(clinic.harbor, "harbor@riverside.example").await;
    let at_hill = name(clinic.hill, "hill@riverside.example").await;
    let finds = async |who: &Staffer| {
        let page = who.post("/people/search", &[("q", &reference)]).await;
        page.text().contains("Ama Okafor")
    };
    assert!(finds(&staff).await && finds(&at_harbor).await);
    assert!(!finds(&at_hill).await);
    let other = person(&test, &clinic, "Amy Okafor", "ama@example.org", "").await;
    let person = booked.appointment.person;
    let alike = format!("/people/alike/{person}/{other}");
    let counted = async |who: &Staffer, count: &str| {
        let text = who.get(&alike).await.text();
        assert!(
            text.contains("Amy Okafor") && text.contains(count),
            "{count}: {text}"
        );
    };
    counted(&staff, "1 appointment").await;
    counted(&at_hill, "0 appointments").await;
    test.write(clinic.id, move |tx| {
        access::set_limit(tx, &may(), Role::Staff, (Area::Calendar, Level::None))
    })
    .await;
    assert!(!finds(&staff).await);
    let text = staff.get(&alike).await.text();
    assert!(
        text.contains("Amy Okafor") && !text.contains("1 appointment"),
        "{text}"
    );
}

#[tokio::test]
async fn pages_of_a_search_follow_each_other() {
    let (test, clinic, _) = desk().await;
    for number in 0..7 {
        // Each has two words that are found.
        let name = format!("Anna Ando{}", char::from(b'a' + number));
        person(
            &test,
            &clinic,
            &name,
            &format!("an{number}@example.org"),
            "",
        )
        .await;
    }
    for typed in ["an", "", "anna an"] {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let which = Which::typed(typed);
            let page = test
                .read::<_, Error, _>(clinic.id, move |tx| {
                    people::search(tx, &which, after.as_deref(), 3)
                })
                .await;
            seen.extend(page.people.iter().map(|one| one.id));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 7, "{typed}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 7, "{typed}: nobody twice");
    }
}

#[tokio::test]
async fn pages_follow_each_other_while_others_are_recorded() {
    let (test, clinic, _) = desk().await;
    let record = async |name: &str, number: u32| {
        let email = format!("{number}@example.org");
        person(&test, &clinic, name, &email, "").await;
    };
    for number in 0..7 {
        record(&format!("Zeta Alpha {number}"), number).await;
    }
    // Now fewer are called Alpha; after the first page fewer are called Zeta.
    record("Zeta Quill", 20).await;
    let search = async |after: Option<String>| {
        let which = Which::typed("zeta alpha");
        test.read::<_, Error, _>(clinic.id, move |tx| {
            people::search(tx, &which, after.as_deref(), 3)
        })
        .await
    };
    let mut page = search(None).await;
    for number in 30..33 {
        record("Alpha Quill", number).await;
    }
    let mut seen: Vec<_> = page.people.iter().map(|one| one.id).collect();
    while let Some(after) = page.next {
        page = search(Some(after)).await;
        let alike = |one: &people::Person| one.name.expose().starts_with("Zeta Alpha");
        assert!(page.people.iter().all(alike));
        seen.extend(page.people.iter().map(|one| one.id));
    }
    assert_eq!(seen.len(), 7);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 7, "nobody twice");
    // A place that somebody made up is the beginning.
    let somebody = seen[0];
    for made_up in ["0 quill", "1 zz", "9 alpha", "x", "2 @a"] {
        let page = search(Some(format!("{somebody} {made_up}"))).await;
        assert_eq!(page.people.len(), 3, "{made_up}");
    }
}

#[tokio::test]
async fn the_list_is_searched_by_a_form_alone() {
    let (test, clinic, admin) = desk().await;
    let empty = admin.get("/people").await;
    assert!(
        empty.text().contains("Nobody is recorded yet."),
        "{}",
        empty.text()
    );
    person(&test, &clinic, "Ama Okafor", "ama@example.org", "").await;
    person(&test, &clinic, "Liu Wei", "liu@example.org", "").await;
    let page = admin.post("/people/search", &[("q", "oka")]).await;
    assert!(page.text().contains("1 customer found"), "{}", page.text());
    assert!(page.text().contains("Ama Okafor"));
    assert!(!page.text().contains("Liu Wei"));
    assert!(page.body.contains("name=\"q\" value=\"oka\""));
    let nobody = admin.post("/people/search", &[("q", "zzz")]).await;
    assert!(
        nobody.text().contains("Nobody is called so"),
        "{}",
        nobody.text()
    );
    for link in page.links() {
        assert!(!link.contains("oka"), "{link}");
    }
}
