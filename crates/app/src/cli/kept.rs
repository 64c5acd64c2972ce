//! A whole Kept at work: the server, the worker, and what runs beside them.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use kept_base::store::Store;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::http::{self, Door, Finished, Limits, Running, Trusted};
use crate::jobs::Worker;
use crate::messaging::transport::Transport;

/// Server and worker, until [`Kept::stop`].
pub(super) struct Kept {
    store: Arc<Store>,
    running: Running,
    stop_worker: oneshot::Sender<()>,
    working: JoinHandle<()>,
    beside: Vec<Beside>,
}

/// Work beside them, and how to end it.
struct Beside {
    what: &'static str,
    stop: oneshot::Sender<()>,
    work: JoinHandle<()>,
}

/// Ready when the work is to end.
type Stopped = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Kept {
    /// Starts both and returns at once. `router` is [`http::router`], or one with more in it.
    pub fn start(
        app: &App,
        doors: Vec<Door>,
        trusted: Trusted,
        router: Router,
        transport: Arc<Transport>,
    ) -> std::io::Result<Self> {
        let running = http::serve_at(doors, trusted, router, Limits::default())?;
        let (stop_worker, stopped) = oneshot::channel();
        let worker = Arc::new(Worker::new(app, transport));
        let working = tokio::spawn(worker.run(async move {
            // Dropping the sender stops it as well.
            let _ = stopped.await;
        }));
        Ok(Self {
            beside: Vec::new(),
            store: Arc::clone(&app.store),
            running,
            stop_worker,
            working,
        })
    }

    /// Runs something else beside them.
    pub fn run_beside<F>(&mut self, what: &'static str, run: impl FnOnce(Stopped) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel();
        let stopped = Box::pin(async move {
            // As with the worker.
            let _ = stopped.await;
        });
        let work = tokio::spawn(run(stopped));
        self.beside.push(Beside { what, stop, work });
    }

    /// Answers the requests that were accepted, then finishes the letters in hand and the backup that
    /// was begun, then closes the databases.
    pub async fn stop(self) {
        if self.running.stop().await == Finished::CutOff {
            tracing::warn!("Some requests took longer than the grace period");
        }
        // The worker ends by this message alone, so it is there to hear it.
        let _ = self.stop_worker.send(());
        if self.working.await.is_err() {
            tracing::error!("The worker had ended before it was stopped");
        }
        for Beside { what, stop, work } in self.beside {
            let _ = stop.send(());
            if work.await.is_err() {
                tracing::error!("{what} had ended before it was stopped");
            }
        }
        self.store.close();
    }
}
