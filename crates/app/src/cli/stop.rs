//! How a server that runs until it is told to stop is told to.

use std::future::Future;
use std::io::Result;

use tokio::signal::unix::{SignalKind, signal};

/// Ends at the first SIGTERM or SIGINT (Ctrl+C) from now on.
///
/// # Errors
/// When the system lets nobody listen to signals.
pub fn told() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
