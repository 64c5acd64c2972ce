//! Setting up is for those who may change what is offered.

use axum::http::StatusCode;
use kept_app::access::{self, Area, Level, Role};

use super::FIRST;
use crate::support::desk::Staffer;
use crate::support::{TestApp, may};

#[tokio::test]
async fn whoever_is_kept_from_the_offering_makes_no_first_service() {
    let (test, clinic) = TestApp::with_clinic().await;
    let admin = Staffer::of(&test, &clinic, Role::Admin).await;
    let known = admin.post("/set-up", FIRST).await;
    assert_eq!(known.location(), "/o/riverside/checklist");
    test.write(clinic.id, |tx| {
        let view = (Area::Offering, Level::View);
        access::set_limit(tx, &may(), Role::Admin, view)
    })
    .await;
    let refused = admin.post("/set-up", FIRST).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
