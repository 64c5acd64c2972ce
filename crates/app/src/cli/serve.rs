//! `kept serve`: the real thing, until it is told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use kept_base::page::zone::Zones;

use super::doors::Listening;
use super::installation::{self, Lock};
use super::kept::Kept;
use super::{Outcome, Settings, Stop, block_on, log, memory, output};
use crate::access::Pace;
use crate::app::App;
use crate::backup::Timetable;
use crate::config::Config;
use crate::http::{self, Limits, Trusted};
use crate::outgoing::Outgoing;

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
    let listening = Listening::bind(&config.server).await?;
    let (address, base_url) = (listening.address, listening.base_url(&config.server));
    let transport = config.mail.transport()?;
    if !transport.is_on() {
        tracing::warn!("mail.transport is off: nobody is sent a confirmation");
    }
    let timetable = config
        .backup
        .map(|backup| Timetable::new(Arc::clone(&store), backup, config.data.folder.clone()));
    let mut app = App::new(store, Arc::new(Zones::load()), &base_url);
    let ca_file = config.outgoing.ca_file.as_deref();
    app.operators_need_factor = config.server.operators_need_factor;
    app.pace = Pace::new(config.server.address_requests);
    app.outgoing = Outgoing::new(&config.outgoing.allow, ca_file);
    if config.server.hsts_preload {
        app.look.headers = app.look.headers.preloaded();
    }
    let app = Arc::new(app);
    let (doors, keeper) = listening.doors(&config.server, &config.data, &app)?;
    let trusted = Trusted::new(&config.server.trusted_proxies);
    let router = http::router(&app, Limits::default());
    let mut kept = Kept::start(&app, doors, trusted, router, Arc::new(transport))?;
    if let Some(timetable) = timetable {
        kept.run_beside("The timetable of backups", |stop| timetable.run(stop));
    }
    if let Some(keeper) = keeper {
        keeper.start(&mut kept);
    }
    tracing::info!(server.address = %address, "Serving");
    output::line(ready(&app, &base_url).await?);
    stop.told().await;
    tracing::info!("Stopping: what was accepted is finished; a second signal ends at once");
    tokio::select! {
        () = kept.stop() => {}
        () = stop.told() => tracing::warn!("Ended at once"),
    }
    Ok(ExitCode::SUCCESS)
}
