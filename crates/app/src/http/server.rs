//! Accepts connections and speaks HTTP/1.1 on them, inside TLS where that is wanted, within the
//! [`Limits`].
//!
//! What hyper refuses by itself (a header that is no HTTP, too many header bytes, two lengths that
//! differ) it answers 400 or 431 without a body and closes. A request with both
//! `Transfer-Encoding` and `Content-Length` is read by the former and the connection is closed
//! after its answer, so that nothing behind it is taken for a request (RFC 9112, 6.1).

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use super::forwarded::Trusted;
use super::in_clear::InClear;
use super::limits::Limits;
use super::watched::{Answering, Watched};
use crate::calendar::Stopping;
use crate::desk::Peer;

/// Milliseconds to wait when the system has no file descriptor left for a new connection.
const ACCEPT_RETRY_MS: u64 = 50;

/// Where connections come in.
#[derive(Debug)]
pub struct Door {
    /// Where it listens.
    pub listener: TcpListener,
    /// What is spoken there.
    pub entrance: Entrance,
}

/// What is spoken on the connections of a [`Door`].
#[derive(Debug, Clone)]
pub enum Entrance {
    /// HTTP, from clients on this machine or by a proxy.
    Http,
    /// HTTP inside TLS.
    Tls(Arc<ServerConfig>),
    /// HTTP beside TLS: nothing but the way there is answered ([`InClear`]).
    PlainBesideTls,
}

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

/// Serves `router` on `listener`, and believes no proxy, until [`Running::stop`].
///
/// # Errors
/// When the listener has no address.
pub fn serve(listener: TcpListener, router: Router, limits: Limits) -> std::io::Result<Running> {
    let door = Door {
        listener,
        entrance: Entrance::Http,
    };
    serve_at(vec![door], Trusted::default(), router, limits)
}

/// Serves `router` at every door until [`Running::stop`]; [`Running::address`] is that of the first.
/// Proxies in `trusted` are believed. Connections are counted over all doors together, those that
/// still shake hands included.
///
/// # Errors
/// When a listener has no address.
///
/// # Panics
/// Without a door.
pub fn serve_at(
    doors: Vec<Door>,
    trusted: Trusted,
    router: Router,
    limits: Limits,
) -> std::io::Result<Running> {
    let address = doors.first().expect("a door").listener.local_addr()?;
    let (stop, stopped) = oneshot::channel();
    let (stops, stopping) = watch::channel(false);
    let host = Host {
        protocol: protocol(&limits),
        router: router.layer(axum::Extension(Stopping(stopping.clone()))),
        trusted,
        limits,
        stopping,
        is_told: AtomicBool::new(false),
    };
    let done = tokio::spawn(accept(doors, Arc::new(host), stops, stopped));
    Ok(Running {
        address,
        stop,
        done,
    })
}

async fn accept(
    doors: Vec<Door>,
    host: Arc<Host>,
    stops: watch::Sender<bool>,
    mut stopped: oneshot::Receiver<()>,
) -> Finished {
    let connections = Arc::new(Semaphore::new(host.limits.connections));
    let graceful = GracefulShutdown::new();
    let mut first = 0;
    loop {
        let next = async {
            let permit = Arc::clone(&connections).acquire_owned().await;
            (permit, next_of(&doors, first).await)
        };
        let (permit, (at, accepted)) = tokio::select! {
            biased;
            _ = &mut stopped => break,
            next = next => next,
        };
        // A door with many guests does not keep others from the next one.
        first = at + 1;
        match accepted {
            Ok((stream, peer)) => {
                let (host, watcher) = (Arc::clone(&host), graceful.watcher());
                let entrance = doors[at].entrance.clone();
                tokio::spawn(async move {
                    let _permit = permit;
                    host.receive(stream, peer, entrance, watcher).await;
                });
            }
            Err(error) => {
                tracing::warn!(error = %error, "A connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
            }
        }
    }
    drop(doors);
    // Answers without an end of their own end now. Nobody may be there to hear it.
    let _ = stops.send(true);
    match tokio::time::timeout(host.limits.stop_grace, graceful.shutdown()).await {
        Ok(()) => Finished::Answered,
        Err(_) => Finished::CutOff,
    }
}

/// The next connection and at which door it came, looking at the doors in turn from `first` on.
async fn next_of(
    doors: &[Door],
    first: usize,
) -> (usize, std::io::Result<(TcpStream, SocketAddr)>) {
    std::future::poll_fn(|cx| {
        let turn = (0..doors.len()).map(|nth| (first + nth) % doors.len());
        for at in turn {
            if let Poll::Ready(accepted) = doors[at].listener.poll_accept(cx) {
                return Poll::Ready((at, accepted));
            }
        }
        Poll::Pending
    })
    .await
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

/// What all connections are served with.
struct Host {
    protocol: http1::Builder,
    router: Router,
    trusted: Trusted,
    limits: Limits,
    stopping: watch::Receiver<bool>,
    /// It was said that a proxy may be nameless.
    is_told: AtomicBool,
}

impl Host {
    /// Serves one connection to its end.
    async fn receive(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        entrance: Entrance,
        watcher: Watcher,
    ) {
        // Without it small answers wait for the client's acknowledgment. Failing only costs time.
        let _ = stream.set_nodelay(true);
        let served = match entrance {
            Entrance::Http => self.serve(stream, peer, false, watcher).await,
            Entrance::PlainBesideTls => self.serve(stream, peer, true, watcher).await,
            Entrance::Tls(config) => {
                let mut stopping = self.stopping.clone();
                let shaking = TlsAcceptor::from(config).accept(stream);
                let shaken = tokio::select! {
                    shaken = tokio::time::timeout(self.limits.handshake, shaking) => shaken,
                    // Nothing was asked yet, so nothing is owed.
                    _ = stopping.wait_for(|stopping| *stopping) => return,
                };
                match shaken {
                    Ok(Ok(stream)) => self.serve(stream, peer, false, watcher).await,
                    Ok(Err(error)) => return tracing::debug!(error = %error, "No TLS was agreed"),
                    Err(_) => return tracing::debug!("A TLS handshake took too long"),
                }
            }
        };
        if let Err(error) = served {
            tracing::debug!(error = %error, "A connection ended early");
        }
    }

    async fn serve<S>(
        &self,
        stream: S,
        peer: SocketAddr,
        in_clear: bool,
        watcher: Watcher,
    ) -> hyper::Result<()>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let answering = Answering::default();
        let io = Watched::new(
            TokioIo::new(stream),
            answering.clone(),
            self.limits.header_read,
            self.limits.write_stall,
        );
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            answering.begin();
            let answering = answering.clone();
            let answer = self
                .router
                .clone()
                .oneshot(self.marked(request, peer, in_clear));
            async move {
                let answer: Result<Response, Infallible> = answer.await;
                answering.end();
                answer
            }
        });
        watcher
            .watch(self.protocol.serve_connection(io, service))
            .await
    }

    /// The request, and what is known of where it comes from.
    fn marked(
        &self,
        request: hyper::Request<Incoming>,
        peer: SocketAddr,
        in_clear: bool,
    ) -> hyper::Request<Body> {
        let mut request = request.map(Body::new);
        let client = self.trusted.client(peer.ip(), request.headers());
        if self.trusted.ignores(peer.ip(), request.headers())
            && !self.is_told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(
                "X-Forwarded-For was ignored: it came from an address that server.trusted_proxies does not \
                 name. If that is your proxy, everybody counts as one until it is named; said once"
            );
        }
        let in_clear = in_clear || self.trusted.came_in_clear(peer.ip(), request.headers());
        let marks = request.extensions_mut();
        marks.insert(Peer(client));
        if in_clear {
            marks.insert(InClear);
        }
        request
    }
}
