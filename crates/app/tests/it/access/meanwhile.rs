//! What somebody may is what they may when it is done, not when their request began.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use hyper::body::Frame;
use kept_app::access::{self, Member, MemberError, Role};
use kept_base::kit::Actor;

use crate::support::desk::Staffer;
use crate::support::may;
use crate::support::{Clinic, TestApp};

/// A body that is sent when something else was done.
struct Late {
    meanwhile: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    form: Option<Bytes>,
}

impl HttpBody for Late {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(meanwhile) = &mut self.meanwhile {
            ready!(meanwhile.as_mut().poll(context));
            self.meanwhile = None;
        }
        Poll::Ready(self.form.take().map(|form| Ok(Frame::data(form))))
    }
}

/// Sends a form whose author becomes an admin while it is on its way.
async fn demoted(
    test: &TestApp,
    clinic: &Clinic,
    owner: &Staffer,
    path: &str,
    form: &str,
) -> StatusCode {
    let (store, organization, id) = (test.app.store.clone(), clinic.id, owner.id);
    let change = async move {
        let done = store.write(organization, Actor::OPERATOR, move |tx| {
            let before = access::member(tx, id)?.ok_or(MemberError::Unknown)?;
            let role = Role::Admin;
            access::change_member(tx, &may(), &Member { role, ..before })
        });
        done.await.expect("is changed");
    };
    let body = Body::new(Late {
        meanwhile: Some(Box::pin(change)),
        form: Some(Bytes::from(form.to_owned())),
    });
    owner.send("POST", path, body).await.status
}

#[tokio::test]
async fn whoever_is_no_owner_any_more_does_nothing_as_an_owner() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let roles = async |id| {
        let found = test.read(clinic.id, move |tx| access::member(tx, id)).await;
        found.expect("a member").role
    };
    for number in 0..3 {
        let email = format!("owner-{number}@riverside.example");
        let owner = Staffer::named(&test, &clinic, Role::Owner, &email).await;
        owner.prove(&test, &clinic).await;
        let own = format!("/members/{}", owner.id);
        let (path, form) = match number {
            0 => (own.as_str(), "role=owner"),
            1 => (
                "/members",
                "role=owner&name=Mara+Holt&email=mara%40riverside.example",
            ),
            _ => ("/members/roles", "admin.people=none"),
        };
        let status = demoted(&test, &clinic, &owner, path, form).await;
        assert!(status.is_client_error(), "{path} {status}");
        assert_eq!(roles(owner.id).await, Role::Admin, "{path}");
    }
    let all = test.read(clinic.id, access::members).await;
    assert!(
        all.iter()
            .all(|member| member.email.expose() != "mara@riverside.example")
    );
    let limits = test.read(clinic.id, access::limits).await;
    assert_eq!(limits, access::Limits::default());
}

#[tokio::test]
async fn nobody_takes_back_that_they_stepped_down() {
    let (test, clinic) = TestApp::with_clinic().await;
    Staffer::of(&test, &clinic, Role::Owner).await;
    let leaving = Staffer::named(&test, &clinic, Role::Owner, "leaving@riverside.example").await;
    let path = format!("/members/{}", leaving.id);
    let done = leaving.post(&path, &[("role", "staff")]).await.location();
    let undo = done
        .split("undo=")
        .nth(1)
        .unwrap_or("und_00000000000000000000000000");
    let back = leaving.post(&format!("/undo/{undo}"), &[]).await;
    assert_eq!(back.location(), "/o/riverside?done=undo-gone");
    assert_eq!(leaving.get("/members").await.status, StatusCode::FORBIDDEN);
}
