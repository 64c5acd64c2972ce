//! Naming networks and removing them: by owners, who cannot shut themselves out.

use kept_app::access::{MAX_NETWORK_NOTE_CHARS, MAX_NETWORKS};
use kept_base::store::Error;

use super::*;
use crate::support::visitor::Page;

const PAGE: &str = "/settings/networks";

async fn house() -> (TestApp, Clinic, Staffer) {
    let (test, clinic) = TestApp::with_clinic().await;
    let owner = Staffer::of(&test, &clinic, Role::Owner).await;
    owner.prove(&test, &clinic).await;
    (test, clinic, owner.moved_to(INSIDE))
}

fn network<'f>(range: &'f str, role: &'f str, note: &'f str) -> [(&'f str, &'f str); 3] {
    [("network", range), ("role", role), ("note", note)]
}

pub fn undo_of(page: &Page) -> String {
    let location = page.location();
    let undo = location.split_once("undo=").expect("an undo").1;
    format!("/undo/{undo}")
}

async fn ranges(test: &TestApp, clinic: &Clinic) -> Vec<String> {
    let all = test.read::<_, Error, _>(clinic.id, access::networks).await;
    all.iter().map(|one| one.range.to_string()).collect()
}

#[tokio::test]
async fn an_owner_names_and_removes_and_takes_back() {
    let (test, clinic, owner) = house().await;
    let named = owner
        .post(PAGE, &network(" 192.0.2.9/24 ", "", "Harbor"))
        .await;
    assert!(
        named
            .location()
            .starts_with("/o/riverside/settings/networks?done=network-added&undo=")
    );
    let text = owner.get(PAGE).await.text();
    assert!(
        text.contains("192.0.2.0/24") && text.contains("Harbor"),
        "{text}"
    );
    owner
        .post(PAGE, &network("2001:db8::/32", "auditor", ""))
        .await
        .location();
    assert_eq!(
        ranges(&test, &clinic).await,
        ["192.0.2.0/24", "2001:db8::/32"]
    );
    insta::assert_snapshot!(owner.get(PAGE).await.text());

    let form = owner.get(PAGE).await.attribute("/removal", "action");
    let removed = owner.post(&form.expect("a form"), &[]).await;
    assert_eq!(ranges(&test, &clinic).await, ["2001:db8::/32"]);
    owner.post(&undo_of(&removed), &[]).await.location();
    assert_eq!(
        ranges(&test, &clinic).await,
        ["192.0.2.0/24", "2001:db8::/32"]
    );
    owner.post(&undo_of(&named), &[]).await.location();
    assert_eq!(ranges(&test, &clinic).await, ["2001:db8::/32"]);
    let all = acts(&test, &clinic).await;
    assert_eq!(
        codes(&all),
        [
            "network.added",
            "network.added",
            "network.removed",
            "network.added",
            "network.removed"
        ]
    );
    for act in &all {
        assert!(
            act.subject.starts_with("net_") && ["all", "auditor"].contains(&act.detail.as_str())
        );
        assert_eq!(act.actor, format!("member:{}", owner.id));
    }
}

#[tokio::test]
async fn nobody_shuts_themselves_out() {
    let (test, clinic, owner) = house().await;
    for range in ["198.51.100.0/24", "2001:db8::/32"] {
        for role in ["", "owner"] {
            let page = owner.post(PAGE, &network(range, role, "Elsewhere")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.text().contains("shut you out"), "{}", page.text());
            // What was written is still there.
            assert_eq!(
                page.attribute("id=\"network\"", "value").as_deref(),
                Some(range)
            );
            assert_eq!(
                page.attribute("id=\"note\"", "value").as_deref(),
                Some("Elsewhere")
            );
        }
    }
    assert!(ranges(&test, &clinic).await.is_empty());
    // Another role is not theirs; their own first, then any.
    owner
        .post(PAGE, &network("198.51.100.0/24", "staff", ""))
        .await
        .location();
    let own = owner.post(PAGE, &network(SITE, "owner", "")).await;
    // They stand in the order in which they were named.
    test.clock.advance_minutes(1);
    owner
        .post(PAGE, &network("198.51.100.0/24", "owner", ""))
        .await
        .location();
    // The one that they are in cannot go while another holds.
    let page = owner.get(PAGE).await;
    let forms = page
        .body
        .split("action=\"")
        .filter(|rest| rest.contains("/removal\""));
    let forms: Vec<&str> = forms.filter_map(|rest| rest.split('"').next()).collect();
    let mut outcomes = Vec::new();
    for form in forms.iter().filter(|form| form.ends_with("/removal")) {
        outcomes.push(owner.post(form, &[]).await.status.as_u16());
    }
    // By role: owner's own first, which stays; the other goes; that of staff goes.
    assert_eq!(outcomes, [422, 303, 303]);
    assert_eq!(ranges(&test, &clinic).await, [SITE]);
    // To take the first step back is refused too where it shuts out.
    owner
        .post(PAGE, &network("198.51.100.0/24", "owner", ""))
        .await
        .location();
    let back = owner.post(&undo_of(&own), &[]).await;
    assert!(back.location().contains("done=undo-in-the-way"));
    assert_eq!(owner.get(PAGE).await.status, StatusCode::OK);
    // Whose address is unknown cannot hold themselves.
    let (test, _, owner) = house().await;
    let unknown = Staffer::with_cookie(&test, "riverside", &owner.cookie());
    let page = unknown.post(PAGE, &network(SITE, "", "")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn wrong_ones_are_named_and_nothing_written_is_lost() {
    let (test, clinic, owner) = house().await;
    let long = "n".repeat(MAX_NETWORK_NOTE_CHARS);
    owner.post(PAGE, &network(SITE, "", &long)).await.location();
    let longer = format!("{long}n");
    for (form, text) in [
        (network("office", "", ""), "Write an address such as"),
        (network("192.0.2.0/33", "", ""), "Write an address such as"),
        (network("", "", ""), "Write an address such as"),
        (network(SITE, "king", ""), "Choose one of the roles"),
        (network("192.0.2.128/24", "", ""), "named for the same role"),
        (network("192.0.2.7", "", &longer), "up to 80 characters"),
        (network("192.0.2.7", "", "a\nb"), "up to 80 characters"),
    ] {
        let page = owner.post(PAGE, &form).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{form:?}");
        assert!(page.text().contains(text), "{form:?} {}", page.text());
        let kept = page
            .attribute("id=\"network\"", "value")
            .unwrap_or_default();
        assert_eq!(kept, form[0].1);
    }
    for number in 1..MAX_NETWORKS {
        let range = format!("203.0.113.{number}");
        owner.post(PAGE, &network(&range, "", "")).await.location();
    }
    let page = owner.post(PAGE, &network("203.0.113.200", "", "")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("There are 100 networks"));
    assert_eq!(ranges(&test, &clinic).await.len(), MAX_NETWORKS);
    let never = format!("{PAGE}/net_00000000000000000000000000/removal");
    assert_eq!(owner.post(&never, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn admins_see_and_owners_change_with_proof() {
    let (test, clinic, owner) = house().await;
    owner
        .post(PAGE, &network(SITE, "staff", ""))
        .await
        .location();
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    admin.prove(&test, &clinic).await;
    let page = admin.get(PAGE).await;
    assert!(page.text().contains(SITE) && !page.body.contains("/removal"));
    let refused = admin.post(PAGE, &network(SITE, "", "")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    test.clock.advance_minutes(16);
    let page = owner.post(PAGE, &network(SITE, "", "")).await;
    assert!(page.location().starts_with("/o/riverside/account/proof"));
    let staff = Staffer::of(&test, &clinic, Role::Staff)
        .await
        .moved_to(INSIDE);
    assert_eq!(staff.get(PAGE).await.status, StatusCode::FORBIDDEN);
    let settings = owner.get("/settings").await.text();
    assert!(settings.contains("From which networks members may come in."));
}

#[tokio::test]
async fn whoever_has_the_machine_clears_them_and_owners_hear_of_it() {
    let (test, clinic, owner) = house().await;
    owner.post(PAGE, &network(SITE, "", "")).await.location();
    owner
        .post(PAGE, &network(SITE, "staff", ""))
        .await
        .location();
    let clear = access::clear_networks;
    let cleared = test.app.store.write(clinic.id, Actor::OPERATOR, clear);
    assert_eq!(cleared.await.expect("is done"), 2);
    assert_eq!(
        owner.moved_to(OUTSIDE).get(PAGE).await.status,
        StatusCode::OK
    );
    let all = acts(&test, &clinic).await;
    assert_eq!(codes(&all[2..]), ["network.removed", "network.removed"]);
    assert!(all[2..].iter().all(|one| one.actor == "operator"));
    let told = super::super::account::letters(&test, &clinic).await;
    assert_eq!(told, ["The networks of Riverside Clinic were removed"]);
    let again = test.app.store.write(clinic.id, Actor::OPERATOR, clear);
    assert_eq!(again.await.expect("is done"), 0);
}
