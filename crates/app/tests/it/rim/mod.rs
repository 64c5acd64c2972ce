//! The rim towards the network, asked over real sockets.

mod acme;
mod edges;
mod limits;
mod proxies;
mod stopping;
mod tls;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::routing::{get, post};
use axum::{Extension, Router};
use kept_app::app::App;
use kept_app::desk::Peer;
use kept_app::http::{self, Door, Entrance, Limits, Running, Trusted};
use kept_base::input::{Form, Json};
use kept_base::kit::ManualClock;
use kept_base::problem::Problem;
use serde_json::Value;
use tokio::sync::Notify;

use crate::support::TestApp;

/// Bytes of the answer of `/large`: more than sockets buffer.
const LARGE_BYTES: usize = 32 * 1024 * 1024;

/// A server with the real routes and a few that misbehave.
struct Rim {
    app: Arc<App>,
    clock: Arc<ManualClock>,
    running: Running,
    /// Lets `/waiting` answer.
    release: Arc<Notify>,
    /// Tells that `/waiting` was reached.
    reached: Arc<Notify>,
    _folder: Arc<crate::support::Ground>,
}

impl Rim {
    async fn start(limits: Limits) -> Self {
        let listener = local().await;
        let door = Door {
            listener,
            entrance: Entrance::Http,
        };
        Self::at(vec![door], Trusted::default(), limits)
    }

    /// A server with these doors, which believes these proxies.
    fn at(doors: Vec<Door>, trusted: Trusted, limits: Limits) -> Self {
        let test = TestApp::empty();
        let app = app(&test);
        let (release, reached) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let routes = http::routes().merge(misbehaving(&release, &reached));
        let router = http::finish(routes, &app, limits);
        let running = http::serve_at(doors, trusted, router, limits).expect("an address");
        Self {
            app,
            clock: test.clock,
            running,
            release,
            reached,
            _folder: test.folder,
        }
    }

    fn address(&self) -> SocketAddr {
        self.running.address
    }
}

/// The app of an empty installation, as the outside would see it behind TLS.
fn app(test: &TestApp) -> Arc<App> {
    let (store, zones) = (Arc::clone(&test.app.store), Arc::clone(&test.app.zones));
    Arc::new(App::new(store, zones, "https://book.example"))
}

fn misbehaving(release: &Arc<Notify>, reached: &Arc<Notify>) -> Router<Arc<App>> {
    let (release, reached) = (Arc::clone(release), Arc::clone(reached));
    let waiting = move || async move {
        reached.notify_one();
        release.notified().await;
        "waited"
    };
    let echo = |json: Json<Value>| async move { axum::Json(json.value) };
    Router::new()
        .route("/api/v1/echo", post(echo))
        .route("/api/v1/from", get(from))
        .route("/api/v1/panic", get(panics))
        .route("/api/v1/things/{id}", get(nothing))
        .route("/form", post(|_: Form| async { "read" }))
        .route("/large", get(|| async { vec![b'x'; LARGE_BYTES] }))
        .route("/never", get(std::future::pending::<&'static str>))
        .route("/page/{token}", get(panics))
        .route("/waiting", get(waiting))
}

/// A free port of this machine.
async fn local() -> tokio::net::TcpListener {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    listener.expect("a free port")
}

async fn from(Extension(Peer(address)): Extension<Peer>) -> String {
    address.to_string()
}

async fn panics() -> &'static str {
    panic!("SECRET in a panic")
}

async fn nothing() -> Result<&'static str, Problem> {
    Err(Problem::not_found())
}

/// Limits short enough to be met in a test.
fn short() -> Limits {
    Limits {
        header_read: Duration::from_millis(300),
        body_read: Duration::from_millis(100),
        request: Duration::from_millis(100),
        ..Limits::default()
    }
}
