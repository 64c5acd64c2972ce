//! Pages served over a real socket, from a thread of their own.

use std::net::SocketAddr;
use std::thread::{self, JoinHandle};

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

/// A server on a free port of 127.0.0.1; it stops when this is dropped.
pub struct Site {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

impl Site {
    pub fn serve(router: Router) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (bound, address) = std::sync::mpsc::channel();
        let serving = thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime for one site").block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
                let _ = bound.send(listener.local_addr().expect("a bound socket"));
                // Browsers keep connections open, so the end is not waited for: it is cut.
                tokio::select! {
                    served = axum::serve(listener, router) => served.expect("it serves"),
                    _ = stopped => {}
                }
            });
        });
        let address = address.recv().expect("the site is bound");
        Self {
            address,
            stop: Some(stop),
            serving: Some(serving),
        }
    }

    /// The address of a path on this site.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A panic in there has been printed, and must not hide the one that may be under way.
        let _ = self.serving.take().map(JoinHandle::join);
    }
}
