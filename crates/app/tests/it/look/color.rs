//! The one color.

use axum::http::StatusCode;

use super::House;

#[tokio::test]
async fn a_color_dresses_public_pages_and_is_taken_back() {
    let house = House::open().await;
    let plain = house.visitor.get("/riverside").await;
    assert!(!plain.body.contains("/look/riverside/"));

    let page = house.done("/look/color", &[("color", "#7a1f5c")]).await;
    assert!(page.body.contains("Your color is changed."));
    let dressed = house.visitor.get("/riverside").await;
    let sheet = dressed
        .attribute("/look/riverside/", "href")
        .expect("a stylesheet");
    let sheet = house.visitor.get(&sheet).await;
    assert_eq!(sheet.status, StatusCode::OK);
    assert_eq!(
        sheet.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    assert_eq!(sheet.header("x-content-type-options"), Some("nosniff"));
    assert!(
        sheet
            .header("cache-control")
            .expect("it")
            .contains("immutable")
    );
    assert!(
        sheet.body.contains("--verd:light-dark(#7a1f5c,#"),
        "{}",
        sheet.body
    );

    house.take_back(&page).await;
    let plain = house.visitor.get("/riverside").await;
    assert!(!plain.body.contains("/look/riverside/"));
    assert_eq!(
        house.acts().await,
        ["look.changed color", "look.changed color"]
    );
}

#[tokio::test]
async fn a_color_that_cannot_be_read_is_refused_and_the_nearest_offered() {
    let house = House::open().await;
    let refused = house
        .admin
        .post("/look/color", &[("color", "#ffcc00")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text().contains("its contrast is 1."),
        "{}",
        refused.text()
    );
    // What was typed stays.
    assert_eq!(
        refused.attribute("id=\"color\"", "value").as_deref(),
        Some("#ffcc00")
    );
    let offered = refused.attribute("type=\"hidden\" name=\"color\"", "value");
    let offered = offered.expect("a color");
    house.done("/look/color", &[("color", &offered)]).await;
    let page = house.admin.get("/look").await;
    assert_eq!(page.attribute("id=\"color\"", "value"), Some(offered));

    let nonsense = house
        .admin
        .post("/look/color", &[("color", "reddish")])
        .await;
    assert_eq!(nonsense.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nonsense.text().contains("Enter a color as #"));
}

#[tokio::test]
async fn a_color_is_shown_before_it_is_taken() {
    let house = House::open().await;
    let shown = house
        .admin
        .post("/look/color", &[("color", "#123a8c"), ("show", "1")])
        .await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("fill=\"#123a8c\""));
    assert_eq!(house.acts().await, [""; 0]);
    // Without a script the picker counts when the code was not touched.
    let picked = [
        ("color", "#0b5a54"),
        ("was", "#0b5a54"),
        ("picked", "#123a8c"),
    ];
    house.done("/look/color", &picked).await;
    let page = house.admin.get("/look").await;
    assert_eq!(
        page.attribute("id=\"color\"", "value").as_deref(),
        Some("#123a8c")
    );
    house
        .done("/look/color", &[("color", "#123a8c"), ("ours", "1")])
        .await;
    let plain = house.visitor.get("/riverside").await;
    assert!(!plain.body.contains("/look/riverside/"));
}

#[tokio::test]
async fn only_what_is_shown_now_has_an_address() {
    let house = House::open().await;
    house.done("/look/color", &[("color", "#7a1f5c")]).await;
    let before = house.visitor.get("/riverside").await;
    let before = before
        .attribute("/look/riverside/", "href")
        .expect("a stylesheet");
    house.done("/look/color", &[("color", "#123a8c")]).await;
    for path in [
        before.as_str(),
        "/look/riverside/000000000000.css",
        "/look/riverside/",
        "/look/nobody/000000000000.css",
        "/look/riverside/..%2F..%2Fetc",
    ] {
        assert_eq!(
            house.visitor.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
}
