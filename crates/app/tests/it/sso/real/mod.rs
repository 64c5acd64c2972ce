//! Against a real provider: npm `oidc-provider`, which `cargo xtask test` installs into `target`.

mod agent;
mod journey;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use kept_app::access::{self, MemberState, Role};
use kept_app::http::{self, Limits};
use kept_base::kit::{Clock as _, Email, SystemClock};
use kept_base::store::Error;
use serde_json::json;

use self::agent::Agent;
use super::site::{BACK, BEGIN, ORDERS, asking, form, leads_to};
use crate::access::door::Door;
use crate::browser::Site as Server;
use crate::support::desk::Staffer;
use crate::support::{Clinic, Ground, TestApp, clinic};

const SECRET: &str = "a long secret that is made for one test alone";
const SCRIPT: &str = include_str!("provider.mjs");

/// The provider's process; it ends with the test.
struct Node {
    child: Child,
    issuer: String,
}

impl Node {
    /// # Panics
    ///
    /// When it is not installed.
    fn start(back: &str, orders: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/oidc-provider");
        let script = folder.join("provider.mjs");
        assert!(
            folder.join("node_modules/oidc-provider").is_dir(),
            "oidc-provider is not installed: run `cargo xtask test`, which does it"
        );
        std::fs::write(&script, SCRIPT).expect("it is ours");
        let settings = json!({"back": back, "orders": orders, "secret": SECRET});
        let mut child = Command::new("node")
            .arg(&script)
            .env("KEPT_PROVIDER", settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let output = child.stdout.take().expect("piped");
        let mut lines = BufReader::new(output).lines();
        let port = lines.next().expect("a line").expect("text");
        // What it says later must have somewhere to go.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            issuer: format!("http://127.0.0.1:{port}"),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Somebody signs in there: the address that they are sent back to.
async fn sign_in_there(agent: &mut Agent, url: &str, login: &str) -> String {
    let mut asked = agent.ask(url, None).await;
    for _ in 0..4 {
        let page = match asked {
            Err(back) => return back,
            Ok(page) => page,
        };
        let action = page.attribute("<form", "action");
        let action = action.or_else(|| page.attribute("method=\"post\"", "action"));
        let action = action.unwrap_or_else(|| panic!("{} {}", page.status, page.body));
        let prompt = page
            .attribute("name=\"prompt\"", "value")
            .expect("a prompt");
        let form = if prompt == "login" {
            format!("prompt=login&login={login}&password=any")
        } else {
            format!("prompt={prompt}")
        };
        asked = agent.ask(&action, Some(&form)).await;
    }
    panic!("it asks on and on");
}

struct World {
    test: TestApp,
    clinic: Clinic,
    owner: Staffer,
    node: Node,
    _server: Server,
}

impl World {
    async fn new() -> Self {
        // The provider's clock is the machine's.
        let now = SystemClock.now();
        let test = asking(TestApp::open(Arc::new(Ground::new()), now, true));
        let clinic = clinic::create(&test, "riverside").await;
        let owner = Staffer::of(&test, &clinic, Role::Owner).await;
        let server = Server::serve(http::router(&test.app, Limits::default()));
        let back = format!("http://kept.test{BACK}");
        let node = Node::start(&back, &server.url(ORDERS));
        Self {
            test,
            clinic,
            owner,
            node,
            _server: server,
        }
    }

    async fn set(&self, algorithm: &str, more: &[(&str, &str)]) {
        let client = format!("kept-{algorithm}");
        let own = [("client_id", client.as_str()), ("secret", SECRET)];
        let more: Vec<(&str, &str)> = own.into_iter().chain(more.iter().copied()).collect();
        self.owner.prove(&self.test, &self.clinic).await;
        let form = form(&self.node.issuer, &more);
        let saved = self.owner.post("/settings/provider", &form).await;
        assert!(saved.location().ends_with("done=saved"), "{}", saved.text());
        let tried = self.owner.post("/settings/provider/trial", &[]).await;
        assert!(
            tried.location().ends_with("done=provider-open"),
            "{}",
            tried.text()
        );
    }

    /// From the button to where the way back leads.
    async fn come(&self, door: &mut Door, agent: &mut Agent, login: &str) -> String {
        let url = leads_to(&door.post(BEGIN, &[]).await);
        let back = sign_in_there(agent, &url, login).await;
        let path = back.strip_prefix("http://kept.test").expect("our address");
        door.get(path).await.location()
    }

    async fn member(&self, email: &str) -> Option<(Role, MemberState)> {
        let email = Email::parse(email).expect("an address");
        let find = move |tx: &kept_base::store::Tx<'_>| access::member_by_email(tx, &email);
        let found = self.test.read::<_, Error, _>(self.clinic.id, find).await;
        found.map(|member| (member.role, member.state))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_provider_lets_somebody_in_and_out() {
    let world = World::new().await;
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        world.set(algorithm, &[("joins", "1")]).await;
        let (mut door, mut agent) = (Door::of(&world.test), Agent::new(&world.node.issuer));
        let login = algorithm.to_lowercase();
        let landed = world.come(&mut door, &mut agent, &login).await;
        assert_eq!(landed, "/o/riverside", "{algorithm}");
        assert!(door.is_in(&world.test).await, "{algorithm}");
        let email = format!("{login}@riverside.example");
        let staff = Some((Role::Staff, MemberState::Active));
        assert_eq!(world.member(&email).await, staff);
        // The second time they are known there and here.
        let mut again = Door::of(&world.test);
        let landed = world.come(&mut again, &mut agent, &login).await;
        assert_eq!(landed, "/o/riverside", "{algorithm}");
        // Signed out there they are signed out here.
        let page = agent.ask("/session/end", None).await.expect("a page");
        let secret = page.attribute("name=\"xsrf\"", "value").expect("a form");
        let form = format!("xsrf={secret}&logout=yes");
        let ended = agent.ask("/session/end/confirm", Some(&form)).await;
        assert!(ended.is_ok(), "{algorithm}");
        assert!(!door.is_in(&world.test).await, "{algorithm}");
        assert!(!again.is_in(&world.test).await, "{algorithm}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_provider_shows_again_who_somebody_is() {
    let world = World::new().await;
    world.set("RS256", &[("joins", "1")]).await;
    let (mut door, mut agent) = (Door::of(&world.test), Agent::new(&world.node.issuer));
    world.come(&mut door, &mut agent, "toni").await;
    let page = door.post("/o/riverside/account/proof/provider", &[]).await;
    let back = sign_in_there(&mut agent, &leads_to(&page), "toni").await;
    let path = back.strip_prefix("http://kept.test").expect("our address");
    assert_eq!(door.get(path).await.location(), "/o/riverside/account");
    let begun = door.post("/o/riverside/account/factor/begin", &[]).await;
    assert_eq!(begun.location(), "/o/riverside/account/factor");
}
