//! Telling browsers that something changed, as it happens: server-sent events that carry a number
//! and nothing else. What changed is asked for again by whoever is shown it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use kept_base::kit::OrganizationId;
use kept_base::store::{Changes, Store};
use tokio::sync::watch;
use tokio::time::Instant;

use super::listeners::{Listener, Listeners, Place};
use super::{HEARTBEAT_SECONDS, LIVE_MINUTES};

/// Says when the server stops; travels with every request.
#[derive(Debug, Clone)]
pub struct Stopping(pub watch::Receiver<bool>);

/// Whether whoever listens may still be told: asked again and again.
pub type May = Box<dyn Fn() -> Pin<Box<dyn Future<Output = bool> + Send>> + Send>;

/// The browsers that are told.
#[derive(Debug, Default)]
pub struct Live(Listeners);

impl Live {
    /// Tells a member of the changes of their organization until the server stops, [`LIVE_MINUTES`] are over,
    /// or `may` says no: it is asked before every word. `None` when too many are told already.
    #[must_use]
    pub fn stream(
        &self,
        store: Arc<Store>,
        listener: Listener,
        stopping: Option<Stopping>,
        may: May,
    ) -> Option<LiveBody> {
        let place = self.0.enter(listener)?;
        let organization = listener.0;
        // Waiting begins before the number is read: what changes between the two is told twice.
        let changes = store.changes(organization);
        let told = Told {
            store,
            organization,
            changes,
            stopping,
            may,
            last: None,
            until: Instant::now() + Duration::from_secs(LIVE_MINUTES * 60),
            _place: place,
        };
        Some(LiveBody(Box::pin(told.next())))
    }
}

struct Told {
    store: Arc<Store>,
    organization: OrganizationId,
    changes: Changes,
    stopping: Option<Stopping>,
    may: May,
    last: Option<u64>,
    until: Instant,
    _place: Place,
}

impl Told {
    /// The next words of the stream; nothing more when it ends.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        if self.last.is_none() {
            let revision = self.store.revision(self.organization).await.ok()?;
            return Some(self.say("retry: 3000\n", revision));
        }
        loop {
            let beat = tokio::time::sleep(Duration::from_secs(HEARTBEAT_SECONDS));
            let changed = tokio::select! {
                biased;
                () = stopped(self.stopping.as_mut()) => return None,
                () = tokio::time::sleep_until(self.until) => return None,
                () = self.changes.next() => true,
                () = beat => false,
            };
            if !(self.may)().await {
                return None;
            }
            if !changed {
                return Some((Bytes::from_static(b":\n\n"), self));
            }
            // A server tells of a change of our own a second time.
            let revision = self.store.revision(self.organization).await.ok()?;
            if self.last != Some(revision) {
                return Some(self.say("", revision));
            }
        }
    }

    fn say(mut self, first: &str, revision: u64) -> (Bytes, Self) {
        self.last = Some(revision);
        (Bytes::from(format!("{first}data: {revision}\n\n")), self)
    }
}

async fn stopped(stopping: Option<&mut Stopping>) {
    match stopping {
        // An error says that the server is gone altogether.
        Some(Stopping(watched)) => drop(watched.wait_for(|stops| *stops).await),
        None => std::future::pending().await,
    }
}

type Next = Pin<Box<dyn Future<Output = Option<(Bytes, Told)>> + Send>>;

/// The body of one stream.
pub struct LiveBody(Next);

impl Body for LiveBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some((words, told)) = ready!(self.0.as_mut().poll(cx)) else {
            // Never asked again after its end.
            return Poll::Ready(None);
        };
        self.0 = Box::pin(told.next());
        Poll::Ready(Some(Ok(Frame::data(words))))
    }
}
