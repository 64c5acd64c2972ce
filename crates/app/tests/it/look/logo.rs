//! The logo.

use axum::http::StatusCode;

use super::House;

/// A red square of 20 pixels, as a program wrote it, with a note beside it.
pub const PNG: &[u8] = include_bytes!("../../assets/look/square.png");

#[tokio::test]
async fn a_logo_stands_in_place_of_the_name() {
    let house = House::open().await;
    let answer = house.upload("/look/logo", "logo", PNG).await;
    let page = house.admin.get(&answer.location()).await;
    let public = house.visitor.get("/riverside").await;
    assert_eq!(public.attribute("<img", "alt"), None);
    let image = public.attribute("img src=\"/look/", "src").expect("a logo");
    assert_eq!(
        public.attribute("img src=\"/look/", "alt").as_deref(),
        Some("Riverside Clinic")
    );
    assert_eq!(
        public.attribute("img src=\"/look/", "width").as_deref(),
        Some("20")
    );
    let file = house.visitor.get(&image).await;
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(file.header("content-type"), Some("image/png"));
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
    let policy = file.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(
        file.header("cache-control")
            .expect("it")
            .contains("immutable")
    );
    assert!(!file.body.contains("a secret note"));

    house.take_back(&page).await;
    let public = house.visitor.get("/riverside").await;
    assert!(!public.body.contains("<img") && public.body.contains("Riverside Clinic"));
    assert_eq!(
        house.visitor.get(&image).await.status,
        StatusCode::NOT_FOUND
    );

    let answer = house.upload("/look/logo", "logo", PNG).await;
    assert!(answer.location().contains("undo="));
    let page = house.done("/look/logo/remove", &[]).await;
    house.take_back(&page).await;
    assert_eq!(house.visitor.get(&image).await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_in_words() {
    let house = House::open().await;
    for (bytes, says) in [
        (&b""[..], "Choose a file first."),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='go()'/>",
            "SVG can hold scripts",
        ),
        (b"GIF89a", "neither PNG nor JPEG nor WebP"),
        (&PNG[..40], "damaged"),
        (&[7; 49 * 1024], "too large"),
    ] {
        let answer = house.upload("/look/logo", "logo", bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
        assert!(answer.text().contains(says), "{says}: {}", answer.text());
    }
    assert_eq!(house.acts().await, [""; 0]);
}

#[tokio::test]
async fn a_form_of_another_kind_is_refused() {
    let house = House::open().await;
    let answer = house.admin.post("/look/logo", &[("logo", "x")]).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let kind = "multipart/form-data; boundary=b";
    let answer = house
        .admin
        .send_as("POST", "/look/logo", kind, "nothing".into())
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
