//! Pages served over a real socket, from a thread of their own.

use std::thread::{self, JoinHandle};

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// A server on a free port of 127.0.0.1; it stops when this is dropped.
pub struct Site {
    base_url: String,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

impl Site {
    pub fn serve(router: Router) -> Self {
        Self::serve_at("127.0.0.1", |_| router)
    }

    /// Under another name of this machine, for what is made for its public address.
    pub fn serve_at(host: &str, router: impl FnOnce(&str) -> Router) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let port = listener.local_addr().expect("a bound socket").port();
        let base_url = format!("http://{host}:{port}");
        let router = router(&base_url);
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime for one site").block_on(async {
                let listener = TcpListener::from_std(listener).expect("a bound socket");
                // Browsers keep connections open, so the end is not waited for: it is cut.
                tokio::select! {
                    served = axum::serve(listener, router) => served.expect("it serves"),
                    _ = stopped => {}
                }
            });
        });
        Self {
            base_url,
            stop: Some(stop),
            serving: Some(serving),
        }
    }

    /// The address of a path on this site.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base_url)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A panic in there has been printed, and must not hide the one that may be under way.
        let _ = self.serving.take().map(JoinHandle::join);
    }
}
