//! Access on grant: who is let in, to what, for how long; what is written down of it; sandboxes.

mod asking;
mod conduct;
mod granting;
mod holders;
mod keys;
mod matrix;
mod processes;
mod sandboxes;
mod screens;
mod sequences;
mod veil;

use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::ids::AppointmentId;
use kept_app::scheduling::{self, SchedulingError};
use kept_base::kit::Actor;
use kept_base::kit::time::plus_minutes;
use kept_base::store::{LentState, OperatorKind, Vetting};

use crate::console::{Browser, account, operator};
use crate::support::desk::Staffer;
use crate::support::visitor::Page;
use crate::support::{Clinic, TestApp, clinic};

/// What nobody of the operator may see without a grant.
const PERSON: &str = "Ottilie Planted";
const ADDRESS: &str = "ottilie.planted@example.org";

/// A clinic with a booked appointment, an owner and an operator who can be let in.
struct House {
    test: TestApp,
    clinic: Clinic,
    owner: Staffer,
    robin: Browser,
    appointment: AppointmentId,
}

/// Says that an operator may be let in for the next month.
pub async fn vet(test: &TestApp, name: &str) {
    let vetting = Vetting {
        kind: OperatorKind::Own,
        register_entry: None,
        qualified_until: Some(plus_minutes(now(test), 30 * 24 * 60)),
        confidentiality_signed_at: Some(now(test)),
    };
    say(test, name, vetting).await;
}

async fn say(test: &TestApp, name: &str, vetting: Vetting) {
    let id = account(test, name).await.id;
    let said = test.app.store.vet_operator(id, vetting, Actor::OPERATOR);
    assert!(said.await.expect("is said"));
}

fn now(test: &TestApp) -> jiff::Timestamp {
    test.app.store.clock().now()
}

impl House {
    async fn new() -> Self {
        let (test, clinic) = TestApp::with_clinic().await;
        let owner = Staffer::of(&test, &clinic, Role::Owner).await;
        let robin = operator(&test, "robin").await;
        vet(&test, "robin").await;
        let appointment = plant(&test, &clinic).await;
        Self {
            test,
            clinic,
            owner,
            robin,
            appointment,
        }
    }

    /// Grants `robin` these parts, such as `calendar:view`, and gives the id of the loan.
    async fn lend(&self, environment: &str, parts: &str) -> String {
        self.lend_to("robin", environment, parts).await
    }

    async fn lend_to(&self, name: &str, environment: &str, parts: &str) -> String {
        let page = self.grant(name, environment, parts, &[]).await;
        assert_eq!(page.location(), "/o/riverside/access?done=access-granted");
        let id = account(&self.test, name).await.id;
        let lent = self.test.app.store.lent_to(id).await.expect("is listed");
        let newest = lent.iter().find(|one| one.state == LentState::Granted);
        newest.expect("is lent").id.clone()
    }

    /// Sends the form that grants access, with `more` in place of what it has.
    async fn grant(
        &self,
        name: &str,
        environment: &str,
        parts: &str,
        more: &[(&str, &str)],
    ) -> Page {
        self.owner.prove(&self.test, &self.clinic).await;
        let id = account(&self.test, name).await.id.to_string();
        let mut fields = vec![
            ("operator", id.as_str()),
            ("environment", environment),
            ("reason", "The calendar is empty"),
            ("ticket", "T-7"),
            ("hours", "4"),
        ];
        fields.extend(
            parts
                .split_whitespace()
                .filter_map(|part| part.split_once(':')),
        );
        fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        fields.extend(more);
        self.owner.post("/access/grants", &fields).await
    }

    /// The browser of `who` after entering by that loan.
    async fn enter(&self, who: &Browser, loan: &str) -> Staffer {
        enter(&self.test, who, loan).await
    }

    /// Grants it and enters.
    async fn inside(&self, parts: &str) -> (String, Staffer) {
        let loan = self.lend("live", parts).await;
        let inside = self.enter(&self.robin, &loan).await;
        (loan, inside)
    }

    fn sheet(&self) -> String {
        format!("/calendar/appointments/{}", self.appointment)
    }
}

pub async fn enter(test: &TestApp, who: &Browser, loan: &str) -> Staffer {
    let entered = who
        .post(&format!("/operator/access/{loan}/entry"), &[])
        .await;
    let desk = entered.location();
    let slug = desk.strip_prefix("/o/").expect("a desk").to_owned();
    let cookie = entered.header("set-cookie").expect("a cookie");
    for part in ["__Host-on-grant-", "Secure", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    Staffer::with_cookie(test, &slug, cookie)
}

/// Books a therapy for [`PERSON`].
async fn plant(test: &TestApp, clinic: &Clinic) -> AppointmentId {
    let catalogs = std::sync::Arc::clone(&test.app.catalogs);
    let mut new = clinic.booking(clinic.checkup, "2026-11-24T09:00:00Z");
    new.person = clinic::person(PERSON, ADDRESS);
    let booked = test.app.store.write(clinic.id, Actor::VISITOR, move |tx| {
        Ok::<_, SchedulingError>(scheduling::book(tx, &catalogs, &new)?.appointment.id)
    });
    booked.await.expect("is free")
}

/// Nothing of an organization, in the same words to everybody.
fn refused(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{what}");
    for planted in [PERSON, ADDRESS, "Harbor", "Priya Shah"] {
        assert!(!page.body.contains(planted), "{what}: {planted}");
    }
}

/// The kinds of notices that wait or were sent, each once.
async fn kinds(house: &House) -> Vec<String> {
    let read = |tx: &kept_base::store::Tx<'_>| {
        tx.query(
            "select distinct kind from notice where kind like 'access-%' order by kind",
            &[],
            |row| row.get(0),
        )
    };
    let read = house
        .test
        .read::<_, kept_base::store::Error, _>(house.clinic.id, read);
    read.await
}
