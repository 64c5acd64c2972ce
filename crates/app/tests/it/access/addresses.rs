//! Another e-mail address for oneself.

use axum::http::StatusCode;
use kept_app::access::{self, ADDRESS_HOURS, DirectoryEntry, LinkPurpose, Member, NewMember, Role};
use kept_app::audit;
use kept_app::policy::rights::ProvisionMembers;
use kept_base::kit::{Email, PersonName};

use super::door::Door;
use super::networks::past::mails;
use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::visitor::Visitor;
use crate::support::{Clinic, TestApp};

const HERE: &str = "/account/address";
const OLD: &str = "staff@riverside.example";
const NEW: &str = "robin.vale@riverside.example";

fn email(text: &str) -> Email {
    Email::parse(text).expect("is an address")
}

async fn ask(member: &Staffer, wanted: &str) {
    let page = member.post(HERE, &[("email", wanted)]).await;
    assert_eq!(
        page.location(),
        "/o/riverside/account/address?done=address-asked"
    );
}

/// Asks for an address; the answer is the path of the link that was sent there, below the organization.
async fn link_to(test: &TestApp, clinic: &Clinic, member: &Staffer, wanted: &str) -> String {
    ask(member, wanted).await;
    let sent = mails(test, clinic).await;
    let found = sent.iter().find(|(to, ..)| to == wanted);
    let (_, subject, link) = found.expect("a letter goes there");
    assert_eq!(subject, "Is this your address at Riverside Clinic?");
    link.strip_prefix("/o/riverside")
        .expect("is a link")
        .to_owned()
}

async fn signs_in(test: &TestApp, address: &str) -> bool {
    let mut door = Door::of(test);
    door.sign_in(address).await;
    door.is_in(test).await
}

#[tokio::test]
async fn a_member_takes_an_address_by_the_link_that_was_sent_there() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    let other = Staffer::of(&test, &clinic, Role::Owner).await;
    let id = member.id;
    let reset =
        move |tx: &kept_base::store::Tx<'_>| access::issue_link(tx, LinkPurpose::Reset, Some(id));
    let reset = test.write(clinic.id, reset).await;
    let link = link_to(&test, &clinic, &member, NEW).await;
    let page = member.get(HERE).await.text();
    assert!(
        page.contains(&format!("A link is on its way to {NEW}")),
        "{page}"
    );
    assert!(signs_in(&test, OLD).await && !signs_in(&test, NEW).await);

    // Whoever has the mail and not the account gets nowhere.
    let stranger = Visitor::of(&test).get(&format!("/o/riverside{link}")).await;
    assert!(
        stranger
            .location()
            .starts_with("/o/riverside/sign-in?next=")
    );
    for method in ["GET", "POST"] {
        let page = other.send(method, &link, "".into()).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{method}");
    }
    let page = member.get(&link).await;
    assert!(page.text().contains(NEW), "{}", page.text());
    assert!(!signs_in(&test, NEW).await, "a look changes nothing");

    let page = member.post(&link, &[]).await;
    assert_eq!(page.location(), "/o/riverside/account?done=address-changed");
    assert!(signs_in(&test, NEW).await && !signs_in(&test, OLD).await);
    let told = mails(&test, &clinic).await;
    let old: Vec<_> = told.iter().filter(|(to, ..)| to == OLD).collect();
    assert_eq!(old.len(), 1, "{told:?}");
    assert_eq!(
        old[0].1,
        "Your account with Riverside Clinic has another address"
    );
    assert_eq!(member.get(&link).await.status, StatusCode::NOT_FOUND);
    let reset = format!("/o/riverside/reset/{}", reset.expose());
    let page = Visitor::of(&test).get(&reset).await;
    assert_eq!(
        page.status,
        StatusCode::NOT_FOUND,
        "it went to the old address"
    );
    let acts = test.read(clinic.id, |tx| audit::after(tx, 0, 1_000)).await;
    let acts: Vec<String> = (acts.into_iter())
        .filter(|entry| entry.act.starts_with("address."))
        .map(|entry| format!("{} {:?}", entry.act, entry.detail))
        .collect();
    assert_eq!(acts, ["address.asked \"\"", "address.changed \"\""]);
}

#[tokio::test]
async fn what_is_in_the_way_is_said() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    for (wanted, text) in [
        ("robin", "Write an address such as"),
        (OLD, "This is your address already"),
        ("Owner@Riverside.example", "Another member has this address"),
    ] {
        let page = member.post(HERE, &[("email", wanted)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{wanted}");
        assert!(page.text().contains(text), "{}", page.text());
        assert!(page.body.contains(wanted), "what was typed stays");
    }
    // Somebody else had it first.
    let link = link_to(&test, &clinic, &member, NEW).await;
    let new = NewMember {
        name: PersonName::parse("Robin Vale").expect("is a name"),
        email: email(NEW),
        role: Role::Staff,
        staff: None,
        locale: "en".to_owned(),
    };
    test.write(clinic.id, move |tx| access::add_member(tx, &new))
        .await;
    let page = member.post(&link, &[]).await;
    assert_eq!(page.location(), "/o/riverside/account/address");
    assert!(signs_in(&test, OLD).await);
    // A directory's word is final.
    let id = member.id;
    let put = move |tx: &kept_base::store::Tx<'_>| {
        let entry = DirectoryEntry {
            member: id,
            user_name: "robin".to_owned(),
            external_id: None,
            given_name: String::new(),
            family_name: String::new(),
            left_groups: false,
            created_at: tx.now(),
            changed_at: tx.now(),
        };
        access::put_directory_entry(tx, &entry)
    };
    test.write(clinic.id, put).await;
    let wanted = [("email", "robin@elsewhere.example")];
    let page = member.post(HERE, &wanted).await;
    assert!(page.text().contains("directory keeps your address"));
    assert!(!page.body.contains("<input id=\"email\""));
}

#[tokio::test]
async fn a_link_counts_for_the_address_that_it_was_sent_to() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    // Before the first letter leaves, another address is wanted.
    ask(&member, "typo@elsewhere.example").await;
    let second = link_to(&test, &clinic, &member, NEW).await;
    assert!(mails(&test, &clinic).await.is_empty());
    let third = link_to(&test, &clinic, &member, "third@riverside.example").await;
    let page = member.post(&second, &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "another one is wanted");
    let kept = member.post("/account/address/removal", &[]).await;
    assert!(kept.location().contains("done=address-kept"));
    let page = member.post(&third, &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "none is wanted");
    let fourth = link_to(&test, &clinic, &member, NEW).await;
    test.clock.advance_minutes(ADDRESS_HOURS * 60);
    let member = Staffer::with_cookie(&test, "riverside", &member.cookie());
    let mut door = Door::of(&test);
    door.sign_in(OLD).await;
    let again = door.staffer(&test);
    let page = again.post(&fourth, &[]).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND, "it is too old");
    drop(member);
    let removed = test.write(clinic.id, access::remove_expired).await;
    assert!(removed > 0);
    let count = test.read(clinic.id, |tx| {
        tx.query_opt("select count(*) from address_letter", &[], |row| {
            row.get::<u32>(0)
        })
    });
    assert_eq!(count.await, Some(0));
}

#[tokio::test]
async fn every_address_before_is_told() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let id = member.id;
    let first = link_to(&test, &clinic, &member, NEW).await;
    assert!(member.post(&first, &[]).await.location().contains("done="));
    // The directory moves them before the first letter left.
    let moved = move |tx: &kept_base::store::Tx<'_>| {
        let member = access::member(tx, id)?.ok_or(access::MemberError::Unknown)?;
        let moved = Member {
            email: email("third@riverside.example"),
            ..member
        };
        access::change_provisioned(tx, &may::<ProvisionMembers>(), &moved, false)
    };
    test.write(clinic.id, moved).await;
    let told = mails(&test, &clinic).await;
    let mut to: Vec<_> = told.iter().map(|(to, ..)| to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, [NEW, OLD]);
}

#[tokio::test]
async fn it_asks_for_a_proof_and_writes_to_few() {
    let (test, clinic) = TestApp::with_clinic().await;
    let member = Staffer::of(&test, &clinic, Role::Staff).await;
    test.clock.advance_minutes(20);
    for page in [
        member.get(HERE).await,
        member.post(HERE, &[("email", NEW)]).await,
    ] {
        let to = page.location();
        assert!(to.starts_with("/o/riverside/account/proof?"), "{to}");
    }
    assert!(mails(&test, &clinic).await.is_empty());
    member.prove(&test, &clinic).await;
    let mut statuses = Vec::new();
    for n in 0..30 {
        let wanted = format!("robin{n}@elsewhere.example");
        let page = member.post(HERE, &[("email", &wanted)]).await;
        statuses.push(page.status);
    }
    assert!(
        statuses.contains(&StatusCode::TOO_MANY_REQUESTS),
        "{statuses:?}"
    );
}
