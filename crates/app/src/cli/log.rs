//! The log: lines on standard error, ids only.

use std::panic::PanicHookInfo;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat, LogLevel};

/// Begins to log. Libraries are heard from `warn` on.
pub(super) fn start(log: Log) {
    let level = match log.level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
    };
    let filter = EnvFilter::new(format!("warn,kept_app={level},kept_base={level}"));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    // Setting it fails only when it is set already, and then there is a log.
    let _ = match log.format {
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_current_span(false);
            tracing::subscriber::set_global_default(lines.with_span_list(false).finish())
        }
        LogFormat::Text => tracing::subscriber::set_global_default(lines.finish()),
    };
    std::panic::set_hook(Box::new(panicked));
}

/// A panic is logged by its place. Its message may hold what was sent, so only one that is fixed
/// in the code is repeated.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic
        .location()
        .map(ToString::to_string)
        .unwrap_or_default();
    let message = panic.payload().downcast_ref::<&str>().copied();
    tracing::error!(
        panic.place = place,
        panic.message = message,
        "Panicked at {place}"
    );
}
