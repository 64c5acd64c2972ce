//! A connection whose slowness is bounded where hyper does not bound it: a request's header that
//! trickles in byte by byte, and a client that does not take its answer.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::time::{Instant, Sleep};

/// Which request of this connection is being answered, if any. The time for reading a header does
/// not run meanwhile, and begins anew after it.
#[derive(Debug, Clone, Default)]
pub(super) struct Answering(Arc<AtomicUsize>);

impl Answering {
    /// A whole header was read: an answer begins.
    pub fn begin(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// The answer is there.
    pub fn end(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts beginnings and ends.
    fn steps(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// A connection that fails with [`io::ErrorKind::TimedOut`] instead of waiting for ever.
pub(super) struct Watched<C> {
    connection: C,
    answering: Answering,
    seen_steps: usize,
    header_read: Duration,
    write_stall: Duration,
    reading: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
}

impl<C> Watched<C> {
    /// Watches a fresh connection; the time for the first header runs from now.
    pub fn new(
        connection: C,
        answering: Answering,
        header_read: Duration,
        write_stall: Duration,
    ) -> Self {
        Self {
            connection,
            answering,
            seen_steps: 0,
            header_read,
            write_stall,
            reading: Some(timer(header_read)),
            writing: None,
        }
    }
}

fn timer(after: Duration) -> Pin<Box<Sleep>> {
    Box::pin(tokio::time::sleep_until(Instant::now() + after))
}

/// Pending, or the error when the time is up.
fn wait<T>(sleep: &mut Pin<Box<Sleep>>, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
    ready!(sleep.as_mut().poll(cx));
    Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
}

impl<C: Read + Unpin> Read for Watched<C> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let steps = this.answering.steps();
        let is_answering = steps % 2 == 1;
        if steps != this.seen_steps {
            this.seen_steps = steps;
            this.reading = None;
        }
        match Pin::new(&mut this.connection).poll_read(cx, buffer) {
            Poll::Ready(outcome) => {
                if !is_answering && this.reading.is_none() {
                    this.reading = Some(timer(this.header_read));
                }
                Poll::Ready(outcome)
            }
            Poll::Pending => match &mut this.reading {
                Some(sleep) => wait(sleep, cx),
                None => Poll::Pending,
            },
        }
    }
}

impl<C: Write + Unpin> Watched<C> {
    /// Lets one attempt to write wait at most until the client has stalled for too long.
    fn bounded<T>(
        &mut self,
        cx: &mut Context<'_>,
        attempt: impl FnOnce(Pin<&mut C>, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        match attempt(Pin::new(&mut self.connection), cx) {
            Poll::Ready(outcome) => {
                self.writing = None;
                Poll::Ready(outcome)
            }
            Poll::Pending => {
                let stall = self.write_stall;
                wait(self.writing.get_or_insert_with(|| timer(stall)), cx)
            }
        }
    }
}

impl<C: Write + Unpin> Write for Watched<C> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.get_mut()
            .bounded(cx, |connection, cx| connection.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.get_mut().bounded(cx, |connection, cx| {
            connection.poll_write_vectored(cx, pieces)
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().bounded(cx, Write::poll_flush)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().bounded(cx, Write::poll_shutdown)
    }
}
