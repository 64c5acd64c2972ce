//! A whole Kept at work: the server and the worker beside it.

use std::sync::Arc;

use axum::Router;
use kept_base::store::Store;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::app::App;
use crate::backup::Timetable;
use crate::http::{self, Finished, Limits, Running};
use crate::jobs::Worker;
use crate::messaging::transport::Transport;

/// Server and worker, until [`Kept::stop`].
pub(super) struct Kept {
    store: Arc<Store>,
    running: Running,
    stop_worker: oneshot::Sender<()>,
    working: JoinHandle<()>,
    backing_up: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Kept {
    /// Starts both, and backups by `timetable`, and returns at once. `router` is [`http::router`], or one with more in it.
    pub fn start(
        app: &App,
        listener: TcpListener,
        router: Router,
        transport: Arc<Transport>,
        timetable: Option<Timetable>,
    ) -> std::io::Result<Self> {
        let running = http::serve(listener, router, Limits::default())?;
        let (stop_worker, stopped) = oneshot::channel();
        let worker = Arc::new(Worker::new(app, transport));
        let working = tokio::spawn(worker.run(async move {
            // Dropping the sender stops it as well.
            let _ = stopped.await;
        }));
        let backing_up = timetable.map(|timetable| {
            let (stop, stopped) = oneshot::channel();
            let running = timetable.run(async move {
                // As above.
                let _ = stopped.await;
            });
            (stop, tokio::spawn(running))
        });
        Ok(Self {
            backing_up,
            store: Arc::clone(&app.store),
            running,
            stop_worker,
            working,
        })
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
        if let Some((stop, backing_up)) = self.backing_up {
            let _ = stop.send(());
            if backing_up.await.is_err() {
                tracing::error!("The timetable of backups had ended before it was stopped");
            }
        }
        self.store.close();
    }
}
