use axum::http::StatusCode;
use kept_app::access::Role;
use kept_app::audit;
use kept_base::store::Error;

use super::{desk, person};
use crate::support::desk::Staffer;

#[tokio::test]
async fn lists_leave_as_files_without_formulas_and_on_record() {
    let (test, clinic, admin) = desk().await;
    person(
        &test,
        &clinic,
        "=1+1 Okafor",
        "ama@example.org",
        "+4930123456",
    )
    .await;
    person(&test, &clinic, "Liu Wei", "liu@example.org", "").await;
    let file = admin
        .post("/people/export", &[("q", "okafor"), ("kind", "csv")])
        .await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    let disposition = file.header("content-disposition").expect("a name");
    assert!(
        disposition.starts_with("attachment; filename="),
        "{disposition}"
    );
    let lines: Vec<&str> = file.body.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].contains("id,name,email,phone,zone,language,created"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains(",'=1+1 Okafor,ama@example.org,'+4930123456,"),
        "{}",
        lines[1]
    );
    let file = admin
        .post("/people/export", &[("q", ""), ("kind", "xlsx")])
        .await;
    assert!(file.body.starts_with("PK"));
    let acts = test
        .read::<_, Error, _>(clinic.id, |tx| audit::after(tx, 0, 200))
        .await;
    let exports = acts.iter().filter(|act| act.act == "people.exported");
    let details: Vec<&str> = exports.map(|act| act.detail.as_str()).collect();
    assert_eq!(details, ["csv 1", "xlsx 2"]);
}

#[tokio::test]
async fn staff_do_not_take_lists_away() {
    let (test, clinic, _) = desk().await;
    let staff = Staffer::of(&test, &clinic, Role::Staff).await;
    let file = staff
        .post("/people/export", &[("q", ""), ("kind", "csv")])
        .await;
    assert_eq!(file.status, StatusCode::FORBIDDEN);
    let page = staff.get("/people").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/people/export"));
}
