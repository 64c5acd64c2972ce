//! etcd: three members that agree on who leads.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use super::{NODES, address};
use crate::server::http::Connection;
use crate::server::{Running, Scratch, free_ports};
use crate::step::Failure;

/// How long the members may take to find each other, in seconds.
const START_SECONDS: u64 = 60;
/// How long one answer may take, in seconds.
const ANSWER_SECONDS: u64 = 2;

/// Where a member listens, and where it keeps what was agreed.
struct Member {
    address: Ipv4Addr,
    clients: u16,
    peers: u16,
    folder: PathBuf,
}

/// The members, by their nodes.
pub struct Etcd<'s> {
    scratch: &'s Scratch,
    members: Vec<Member>,
    running: Vec<Option<Running<'s>>>,
}

impl<'s> Etcd<'s> {
    /// Starts all members and waits until they have agreed on a leader.
    ///
    /// # Errors
    ///
    /// When they do not.
    pub fn start(scratch: &'s Scratch) -> Result<Self, Failure> {
        let mut members = Vec::new();
        for node in 0..NODES {
            let address = address(node);
            let [clients, peers] = free_ports(address)
                .map_err(|error| Failure::new(1, format!("xtask: no free port: {error}")))?;
            members.push(Member {
                address,
                clients,
                peers,
                folder: scratch.folder(&format!("etcd-{node}"))?,
            });
        }
        let mut etcd = Self {
            scratch,
            members,
            running: (0..NODES).map(|_| None).collect(),
        };
        for node in 0..NODES {
            etcd.run(node)?;
        }
        for node in 0..NODES {
            let health = SocketAddr::from((etcd.members[node].address, etcd.members[node].clients));
            if let Some(running) = &mut etcd.running[node] {
                running.ready(Duration::from_secs(START_SECONDS), || healthy(health))?;
            }
        }
        Ok(etcd)
    }

    /// Starts one member, which continues where it was.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn run(&mut self, node: usize) -> Result<(), Failure> {
        let member = &self.members[node];
        let url = |port| format!("http://{}:{port}", member.address);
        let others = self.members.iter().enumerate().map(|(number, other)| {
            format!("member{number}=http://{}:{}", other.address, other.peers)
        });
        let others: Vec<String> = others.collect();
        let mut command = self.scratch.account.command("etcd");
        command
            .args(["--name", &format!("member{node}"), "--data-dir"])
            .arg(&member.folder)
            .args(["--listen-client-urls", &url(member.clients)])
            .args(["--advertise-client-urls", &url(member.clients)])
            .args(["--listen-peer-urls", &url(member.peers)])
            .args(["--initial-advertise-peer-urls", &url(member.peers)])
            .args(["--initial-cluster", &others.join(",")])
            .args(["--initial-cluster-state", "new", "--log-level", "warn"])
            .current_dir(&member.folder);
        let running = Running::start(self.scratch, &format!("etcd-{node}"), command)?;
        self.running[node] = Some(running);
        Ok(())
    }

    /// The running member of a node.
    pub fn member(&mut self, node: usize) -> Option<&mut Running<'s>> {
        self.running[node].as_mut()
    }

    /// Where clients ask, as `address:port` in a list.
    pub fn hosts(&self) -> String {
        let hosts = self
            .members
            .iter()
            .map(|member| format!("{}:{}", member.address, member.clients));
        hosts.collect::<Vec<_>>().join(",")
    }
}

/// A member answers so once it knows a leader.
fn healthy(address: SocketAddr) -> Option<()> {
    let mut connection = Connection::new(address, Duration::from_secs(ANSWER_SECONDS));
    let answer = connection.get("/health", "").ok()?;
    (answer.status == 200).then_some(())
}
