//! The command itself: folder, data, server, and the end.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use kept_base::kit::{Actor, Clock as _, Entropy, SystemClock};
use kept_base::page::zone::Zones;
use kept_base::store::{self, Options, Place, RootKeyFile, Store, Tx};
use tokio::net::TcpListener;

use super::folder::Folder;
use super::report::{OrganizationReport, Report};
use super::seed::{SeedError, seed};
use super::sign_ins::sign_ins;
use crate::access::{self, Scope};
use crate::app::App;
use crate::cli::kept::Kept;
use crate::cli::{Lock, OpenError, Outcome, Stop, block_on, log, memory};
use crate::config::{Log, LogFormat, LogLevel};
use crate::http::{self, Door, Entrance, Limits, Trusted};
use crate::letters;
use crate::messaging::transport::{Capture, Transport};
use crate::{manifest, migrations};

/// Try Kept: two invented organizations with 60 days of appointments.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Say where everything is as one line of JSON once ready
    #[arg(long)]
    json: bool,
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where to keep the data; a demo that is there is reopened as it stands. Without it the data
    /// is in a temporary folder that is removed at the end
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
    /// Give each transaction a commit of its own: only to measure what sharing one brings
    #[arg(long)]
    no_group_commit: bool,
}

/// Why a demo does not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Somebody else listens there.
    #[error("{0} is taken by another program; --listen 127.0.0.1:0 takes any free port")]
    Taken(SocketAddr),
    /// The address is not one of this machine, or not allowed.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The folder cannot be used.
    #[error("cannot use the folder {}: {reason}", folder.display())]
    Folder {
        /// Which.
        folder: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The folder holds something else.
    #[error(
        "{} holds something that is no demo of Kept; give an empty or a new folder", .0.display()
    )]
    Foreign(PathBuf),
    /// The demo could not be filled.
    #[error("cannot fill the demo: {0}")]
    Seed(#[from] SeedError),
    /// The data could not be opened.
    #[error("cannot open the data: {0}")]
    Store(#[from] store::Error),
    /// Another process has the data, or its lock cannot be taken.
    #[error(transparent)]
    Lock(#[from] OpenError),
    /// The system refused something else.
    #[error("{0}")]
    System(#[from] std::io::Error),
}

/// Runs the demo until it is told to stop.
pub(in crate::cli) fn run(arguments: &Arguments) -> Outcome {
    log::start(Log {
        format: LogFormat::Text,
        level: LogLevel::Warn,
    });
    memory::keep_private()?;
    block_on(demo(arguments))??;
    Ok(ExitCode::SUCCESS)
}

async fn demo(arguments: &Arguments) -> Result<(), DemoError> {
    let mut stop = Stop::listen()?;
    let listener = listen(arguments.listen).await?;
    let base_url = base_url(listener.local_addr()?);
    let folder = Folder::prepare(arguments.data_dir.as_deref())?;
    let _lock = Lock::take(folder.path())?;
    let zones = Arc::new(Zones::load());
    let store = tokio::select! {
        store = open(&folder, &zones, !arguments.no_group_commit) => Arc::new(store?),
        () = stop.told() => return Ok(()),
    };
    let app = Arc::new(App::new(Arc::clone(&store), zones, &base_url));
    let organizations = organizations(&app).await?;
    let transport = Arc::new(Transport::Capture(Capture::default()));
    let routes = http::routes().merge(letters::pages::mailbox(&transport));
    let router = http::finish(routes, &app, Limits::default());
    let door = Door {
        listener,
        entrance: Entrance::Http,
    };
    let kept = Kept::start(&app, vec![door], Trusted::default(), router, transport)?;
    let report = Report {
        ready: true,
        base_url: &base_url,
        data_dir: folder.path(),
        organizations,
    };
    report.write(arguments.json, &mut std::io::stdout().lock())?;
    stop.told().await;
    kept.stop().await;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, DemoError> {
    TcpListener::bind(address).await.map_err(|error| {
        if error.kind() == std::io::ErrorKind::AddrInUse {
            DemoError::Taken(address)
        } else {
            DemoError::Listen(address, error)
        }
    })
}

/// Where a browser on this machine finds a server that listens on `address`.
fn base_url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{address}")
}

/// Opens the data, filled before or just now.
async fn open(folder: &Folder, zones: &Arc<Zones>, group_commit: bool) -> Result<Store, DemoError> {
    let entropy = Entropy::from_system()?;
    let root = RootKeyFile(folder.root_key()).load_or_create(&entropy)?;
    let options = Options {
        organization_migrations: migrations::ORGANIZATION,
        erase: manifest::erase,
        group_commit,
    };
    if !folder.is_filled() {
        let filling = folder.begin()?;
        let now = SystemClock.now();
        seed(&filling, root.clone(), options, zones, now).await?;
        folder.finish()?;
    }
    let clock = Arc::new(SystemClock);
    let data = folder.data();
    Ok(Store::open(
        &Place::folder(&data),
        root,
        options,
        clock,
        Arc::new(entropy),
    )?)
}

/// Links, a fresh API token and accounts of every organization.
async fn organizations(app: &App) -> Result<Vec<OrganizationReport>, DemoError> {
    let (store, base_url) = (&app.store, &app.base_url);
    let mut reports = Vec::new();
    for placed in store.organizations().await? {
        let make = |tx: &Tx<'_>| access::create_token(tx, "demo", &Scope::API);
        let (_, token) = store.write(placed.id, Actor::OPERATOR, make).await?;
        reports.push(OrganizationReport {
            booking_url: format!("{base_url}/{}", placed.slug),
            api_token: token.expose().to_owned(),
            sign_in_url: format!("{base_url}/o/{}", placed.slug),
            sign_ins: sign_ins(store, &app.catalogs, placed.id, &placed.slug).await?,
            slug: placed.slug,
        });
    }
    // The clinic first: it has more to see.
    reports.sort_by(|one, other| other.slug.cmp(&one.slug));
    Ok(reports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_where_the_server_listens() {
        for (listen, link) in [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:9000", "http://[::1]:9000"),
            ("192.0.2.1:81", "http://192.0.2.1:81"),
        ] {
            assert_eq!(base_url(listen.parse().expect("an address")), link);
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_said_to_be_taken() {
        let any = listen("127.0.0.1:0".parse().expect("an address")).await;
        let first = any.expect("there is a free port");
        let address = first.local_addr().expect("it listens");
        let said = listen(address).await.map_err(|error| error.to_string());
        let sentence = format!(
            "{address} is taken by another program; --listen 127.0.0.1:0 takes any free port"
        );
        assert_eq!(said.err(), Some(sentence));
    }
}
