//! Booking within other sites' pages: the script, the headers, the snippet; and, in a browser, a
//! host of another origin with a strict policy.

mod browser;

use axum::http::StatusCode;

use crate::look::House;
use crate::pages::TYPED;
use crate::support::visitor::Page;

fn ancestors(page: &Page) -> String {
    let policy = page.header("content-security-policy").expect("a policy");
    let part = policy.split("frame-ancestors ").nth(1).expect("the part");
    part.split(';').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn only_named_sites_may_show_pages_and_only_when_asked() {
    let house = House::open().await;
    assert_eq!(
        ancestors(&house.visitor.get("/riverside?embed=1").await),
        "'self'"
    );
    let sites = "https://www.clinic.example\r\nHTTP://localhost:3000/ ";
    let page = house.done("/embed", &[("origins", sites)]).await;
    let allowed = "'self' https://www.clinic.example http://localhost:3000";
    for path in [
        "/riverside?embed=1",
        "/riverside/checkup?embed=1",
        "/riverside/checkup?embed=1&pick=zone",
    ] {
        let page = house.visitor.get(path).await;
        assert_eq!(ancestors(&page), allowed, "{path}");
        assert_eq!(
            page.header("cross-origin-resource-policy"),
            Some("cross-origin")
        );
        assert_eq!(page.header("x-frame-options"), None);
        assert!(!page.body.contains("<header") && !page.body.contains("<footer"));
        assert!(
            page.body
                .contains("data-hosts=\"https://www.clinic.example http://localhost:3000\"")
        );
        assert_eq!(page.header("set-cookie"), None);
    }
    for path in [
        "/riverside",
        "/riverside?embed=2",
        "/riverside?embed",
        "/riverside/checkup",
        "/nobody?embed=1",
    ] {
        let page = house.visitor.get(path).await;
        assert_eq!(ancestors(&page), "'none'", "{path}");
        assert_eq!(
            page.header("cross-origin-resource-policy"),
            Some("same-origin")
        );
    }
    let preview = house.visitor.get("/riverside?preview=1").await;
    assert_eq!(ancestors(&preview), "'self'");
    assert!(preview.body.contains("<header"));
    assert_eq!(ancestors(&house.admin.get("/embed").await), "'none'");
    house.take_back(&page).await;
    assert_eq!(
        ancestors(&house.visitor.get("/riverside?embed=1").await),
        "'self'"
    );
    assert_eq!(
        house.acts().await,
        ["look.changed origins", "look.changed origins"]
    );
}

#[tokio::test]
async fn every_link_and_form_within_stays_within() {
    let house = House::open().await;
    let within = |page: &Page| {
        for link in page.links() {
            let ours = link.starts_with("/assets/") || link.contains("embed=1");
            assert!(
                ours && (link.contains("theme=dark") || link.starts_with("/assets/")),
                "{link}"
            );
        }
        for action in page.body.split(" action=\"").skip(1) {
            let action = action.split('"').next().unwrap_or_default();
            // A form that is sent with GET has it in hidden fields.
            let hidden = page.body.contains("name=\"embed\" value=\"1\"");
            assert!(action.contains("embed=1") || hidden, "{action}");
        }
        assert!(page.body.contains("data-theme=\"dark\""));
    };
    let more = "embed=1&theme=dark";
    for path in [
        "/riverside?",
        "/riverside/checkup?",
        "/riverside/checkup?pick=zone&find=berlin&",
    ] {
        within(&house.visitor.get(&format!("{path}{more}")).await);
    }
    let hold = format!("/riverside/checkup/hold?{more}");
    let details = house
        .visitor
        .post(&hold, &[("at", "2026-11-24T09:00:00Z")])
        .await
        .location();
    within(&house.visitor.get(&details).await);
    let wrong = house.visitor.post(&details, &[("name", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    within(&wrong);
    let done = house.visitor.post(&details, TYPED).await.location();
    let page = house.visitor.get(&done).await;
    within(&page);
    assert!(page.body.contains("data-booked=\"apt_"));
    assert_eq!(
        page.attribute("data-booked", "data-start").as_deref(),
        Some("2026-11-24T09:00:00Z")
    );
    let own = done.split('?').next().expect("a path");
    for path in ["", "/move", "/cancel"] {
        let page = house.visitor.get(&format!("{own}{path}?{more}")).await;
        within(&page);
        assert!(!page.body.contains("data-booked"));
    }
    let alone = house.visitor.get(&format!("{own}?booked=1")).await;
    assert!(!alone.body.contains("data-booked") && !alone.body.contains("embed.js"));
}

#[tokio::test]
async fn the_script_is_small_plain_and_for_everyone() {
    let house = House::open().await;
    let script = house.visitor.get("/embed/v1.js").await;
    assert_eq!(script.status, StatusCode::OK);
    assert_eq!(
        script.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert_eq!(
        script.header("cross-origin-resource-policy"),
        Some("cross-origin")
    );
    assert_eq!(script.header("access-control-allow-origin"), Some("*"));
    assert_eq!(script.header("cache-control"), Some("public, max-age=3600"));
    assert_eq!(script.header("set-cookie"), None);
    for never in [
        "cookie=",
        "localStorage",
        "sessionStorage",
        "eval",
        "innerHTML",
        "fetch(",
        "XMLHttp",
        "import ",
    ] {
        assert!(!script.body.contains(never), "{never}");
    }
    let mut packing = house.visitor.clone();
    packing.encoding = Some("gzip");
    let packed = packing.get("/embed/v1.js").await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let bytes = kept_base::page::gzip::pack(script.body.as_bytes(), true).expect("it gains");
    assert!(bytes.len() < 3 * 1024, "{} bytes", bytes.len());
}

#[tokio::test]
async fn the_snippet_is_made_from_what_is_chosen() {
    let house = House::open().await;
    let snippet = |page: &Page| {
        let text = page
            .body
            .split("<textarea id=\"snippet\"")
            .nth(1)
            .expect("it");
        let text = text
            .split_once(">\n")
            .expect("its begin")
            .1
            .split('<')
            .next();
        let text = text
            .unwrap_or_default()
            .replace("&#60;", "<")
            .replace("&#62;", ">");
        text.replace("&#34;", "\"")
            .replace("&amp;", "&")
            .replace("&#38;", "&")
    };
    let made = async |query: &str| snippet(&house.admin.get(&format!("/embed?{query}")).await);
    let mut all = Vec::new();
    for query in [
        "",
        "service=checkup&mode=dialog&language=de&theme=dark",
        "service=therapy&mode=link&language=en",
        "service=nothing&mode=x&language=fr&theme=pink",
    ] {
        all.push(format!("{query}\n{}", made(query).await));
    }
    insta::assert_snapshot!(all.join("\n\n"));
}

#[tokio::test]
async fn what_is_no_site_is_refused_and_stays_typed() {
    let house = House::open().await;
    for site in [
        "http://clinic.example",
        "*",
        "https://a.example/x",
        "https://*.a.example",
    ] {
        let typed = format!("https://good.example\n{site}");
        let answer = house.admin.post("/embed", &[("origins", &typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{site}");
        assert!(answer.text().contains("Enter each site as https://"));
        assert!(answer.body.contains(site));
    }
    let many: Vec<String> = (0..21).map(|n| format!("https://s{n}.example")).collect();
    let answer = house
        .admin
        .post("/embed", &[("origins", &many.join("\n"))])
        .await;
    assert!(answer.text().contains("These are too many."));
    house
        .done("/embed", &[("origins", &many[1..].join("\n"))])
        .await;
}
