//! Accepts connections and speaks HTTP/1.1 on them, within the [`Limits`].
//!
//! What hyper refuses by itself (a header that is no HTTP, too many header bytes, two lengths that
//! differ) it answers 400 or 431 without a body and closes. A request with both
//! `Transfer-Encoding` and `Content-Length` is read by the former and the connection is closed
//! after its answer, so that nothing behind it is taken for a request (RFC 9112, 6.1).

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

use super::limits::Limits;
use super::watched::{Answering, Watched};
use crate::calendar::Stopping;
use crate::desk::Peer;

/// Milliseconds to wait when the system has no file descriptor left for a new connection.
const ACCEPT_RETRY_MS: u64 = 50;

/// A server that is answering.
#[derive(Debug)]
pub struct Running {
    /// Where it listens, with the port that was taken.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<Finished>,
}

/// How a stopped server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// Every accepted request was answered.
    Answered,
    /// Some took longer than the grace period and were cut off.
    CutOff,
}

impl Running {
    /// Stops accepting at once and answers what was accepted, within the grace period.
    pub async fn stop(self) -> Finished {
        // The accepting task only ends by this message, so it is there to hear it.
        let _ = self.stop.send(());
        self.done.await.unwrap_or(Finished::CutOff)
    }
}

/// Serves `router` on `listener` until [`Running::stop`].
///
/// # Errors
/// When the listener has no address.
pub fn serve(listener: TcpListener, router: Router, limits: Limits) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let done = tokio::spawn(accept(listener, router, limits, stopped));
    Ok(Running {
        address,
        stop,
        done,
    })
}

async fn accept(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    mut stopped: oneshot::Receiver<()>,
) -> Finished {
    let connections = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let protocol = protocol(&limits);
    let (stops, stopping) = watch::channel(false);
    let router = router.layer(axum::Extension(Stopping(stopping)));
    loop {
        let next = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            biased;
            _ = &mut stopped => break,
            next = next => next,
        };
        match accepted {
            Ok((stream, peer)) => {
                let served =
                    graceful.watch(connection((stream, peer), &protocol, &router, &limits));
                tokio::spawn(async move {
                    let _permit = permit;
                    if let Err(error) = served.await {
                        tracing::debug!(error = %error, "A connection ended early");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(error = %error, "A connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
            }
        }
    }
    drop(listener);
    // Answers without an end of their own end now. Nobody may be there to hear it.
    let _ = stops.send(true);
    match tokio::time::timeout(limits.stop_grace, graceful.shutdown()).await {
        Ok(()) => Finished::Answered,
        Err(_) => Finished::CutOff,
    }
}

fn protocol(limits: &Limits) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    // hyper's time for reading a header begins with the end of the last request; the time that
    // begins with the first byte is kept by `Watched`.
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_header_size(limits.header_bytes);
    protocol
}

fn connection(
    (stream, peer): (TcpStream, SocketAddr),
    protocol: &http1::Builder,
    router: &Router,
    limits: &Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + use<> {
    // Without it small answers wait for the client's acknowledgment. Failing only costs time.
    let _ = stream.set_nodelay(true);
    let answering = Answering::default();
    let io = Watched::new(
        TokioIo::new(stream),
        answering.clone(),
        limits.header_read,
        limits.write_stall,
    );
    let router = router.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        answering.begin();
        let answering = answering.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        let answer = router.clone().oneshot(request);
        async move {
            let answer: Result<Response, Infallible> = answer.await;
            answering.end();
            answer
        }
    });
    protocol.serve_connection(io, service)
}
