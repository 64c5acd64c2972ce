//! `kept serve`: the real thing, until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use kept_base::page::zone::Zones;
use tokio::net::TcpListener;

use super::installation::{self, Lock};
use super::kept::Kept;
use super::{Outcome, Settings, Stop, block_on, log, memory, output};
use crate::app::App;
use crate::backup::Timetable;
use crate::config::Config;
use crate::http::{self, Limits};

/// The server cannot listen where it should.
#[derive(Debug, thiserror::Error)]
#[error("server.listen: {address} cannot be listened on; choose another or stop what has it")]
struct ListenError {
    address: SocketAddr,
    source: io::Error,
}

pub(super) fn serve(settings: &Settings) -> Outcome {
    let config = settings.load()?;
    log::start(config.log);
    memory::keep_private()?;
    block_on(run(config))?
}

/// What is printed once requests are answered. While there is no organization, that holds the link
/// that sets the first one up.
async fn ready(app: &App, base_url: &str) -> Result<serde_json::Value, kept_base::store::Error> {
    let mut ready = serde_json::json!({ "ready": true, "base_url": base_url });
    if app.store.organizations().await?.is_empty() {
        let token = app.first_run.open(app.store.entropy());
        ready["set_up_url"] = format!("{base_url}/setup/{}", token.expose()).into();
    }
    Ok(ready)
}

async fn run(config: Config) -> Outcome {
    let mut stop = Stop::listen()?;
    installation::make_folder(&config.data.folder)?;
    let _lock = Lock::take(&config.data.folder)?;
    let store = installation::open(&config)?;
    let address = config.server.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| ListenError { address, source })?;
    let listening = listener.local_addr()?;
    let base_url = match config.server.base_url {
        Some(base_url) => base_url,
        None => format!("http://{listening}"),
    };
    let transport = config.mail.transport()?;
    if !transport.is_on() {
        tracing::warn!("mail.transport is off: nobody is sent a confirmation");
    }
    let timetable = config
        .backup
        .map(|backup| Timetable::new(Arc::clone(&store), backup, config.data.folder.clone()));
    let app = Arc::new(App::new(store, Arc::new(Zones::load()), &base_url));
    let router = http::router(&app, Limits::default());
    let kept = Kept::start(&app, listener, router, Arc::new(transport), timetable)?;
    tracing::info!(server.address = %listening, "Serving");
    output::line(ready(&app, &base_url).await?);
    stop.told().await;
    tracing::info!("Stopping: what was accepted is finished; a second signal ends at once");
    tokio::select! {
        () = kept.stop() => {}
        () = stop.told() => tracing::warn!("Ended at once"),
    }
    Ok(ExitCode::SUCCESS)
}
