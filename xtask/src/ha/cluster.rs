//! Three nodes and one address that leads to whichever of them leads.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use super::NODES;
use super::etcd::Etcd;
use super::node::{Node, Passwords, Programs};
use crate::postgres;
use crate::server::psql::Psql;
use crate::server::{Running, Scratch, free_ports, until};
use crate::step::Failure;

/// How long the nodes may take to copy the first and to be ready, in seconds.
const READY_SECONDS: u64 = 180;
/// How long they may take to agree on a new leader, in seconds.
const FAILOVER_SECONDS: u64 = 90;

/// Where Debian keeps HAProxy.
pub const HAPROXY: &str = "/usr/sbin/haproxy";

/// The role and the database of Kept.
const ROLE: &str = "kept";

pub struct Cluster<'s> {
    // In the order in which they end: nobody restarts what was stopped.
    _proxy: Running<'s>,
    pub nodes: Vec<Node<'s>>,
    pub etcd: Etcd<'s>,
    /// Through the proxy, as the superuser, in Kept's database.
    pub superuser: Psql,
    /// Through the proxy, as Kept.
    pub kept: Psql,
}

impl<'s> Cluster<'s> {
    /// Starts everything, and waits until every node stands by and one of them waits for each
    /// commit.
    ///
    /// # Errors
    ///
    /// When that does not happen in time; with what Patroni says.
    pub fn start(scratch: &'s Scratch, programs: &Programs) -> Result<Self, Failure> {
        let etcd = Etcd::start(scratch)?;
        let passwords = Passwords {
            superuser: postgres::secret()?,
            replication: postgres::secret()?,
        };
        let mut nodes = Vec::new();
        for number in 0..NODES {
            let hosts = etcd.hosts();
            nodes.push(Node::start(
                scratch,
                number,
                &hosts,
                (programs, &passwords),
            )?);
        }
        let (proxy, port) = proxy(scratch, &nodes)?;
        let superuser = superuser(programs.postgres.clone(), port, &passwords);
        let role = postgres::secret()?;
        let mut cluster = Self {
            _proxy: proxy,
            nodes,
            etcd,
            kept: superuser.with(ROLE, &role, ROLE),
            superuser: superuser.with("postgres", &superuser.password, ROLE),
        };
        cluster.whole(READY_SECONDS)?;
        superuser.ask(&format!(
            "create role {ROLE} login createdb createrole password '{role}'"
        ))?;
        superuser.ask(&format!("create database {ROLE} owner {ROLE}"))?;
        Ok(cluster)
    }

    /// Waits until one node leads, one stands by in step and one more follows; tells who leads.
    ///
    /// # Errors
    ///
    /// When that takes longer; with what Patroni says.
    pub fn whole(&mut self, seconds: u64) -> Result<usize, Failure> {
        let limit = Duration::from_secs(seconds);
        let whole = until("a leader and two who follow", limit, || {
            let leader = self.leader()?;
            let in_step = self.nodes.iter().filter(|node| node.is("synchronous"));
            let follow = self.nodes.iter().filter(|node| node.is("replica"));
            (in_step.count() == 1 && follow.count() == NODES - 1).then_some(leader)
        });
        whole.map_err(|failure| {
            let words = self.nodes.iter().map(Node::last_words);
            let words: Vec<String> = words.collect();
            Failure::new(1, format!("{failure}\n{}", words.join("\n---\n")))
        })
    }

    /// The node that leads.
    pub fn leader(&self) -> Option<usize> {
        self.nodes.iter().position(|node| node.is("primary"))
    }

    /// Waits until another node than `old` leads; tells which.
    ///
    /// # Errors
    ///
    /// When none does in time.
    pub fn other_leader(&self, old: usize) -> Result<usize, Failure> {
        let limit = Duration::from_secs(FAILOVER_SECONDS);
        until("another leader", limit, || {
            let mut others = self.nodes.iter().filter(|node| node.number != old);
            others
                .find(|node| node.is("primary"))
                .map(|node| node.number)
        })
    }
}

fn superuser(programs: PathBuf, port: u16, passwords: &Passwords) -> Psql {
    Psql {
        programs,
        host: Ipv4Addr::LOCALHOST.to_string(),
        port,
        user: "postgres".to_owned(),
        password: passwords.superuser.clone(),
        database: "postgres".to_owned(),
    }
}

/// HAProxy, which asks every Patroni each second and leads to the one that leads.
fn proxy<'s>(scratch: &'s Scratch, nodes: &[Node<'s>]) -> Result<(Running<'s>, u16), Failure> {
    let [port] = free_ports(Ipv4Addr::LOCALHOST)
        .map_err(|error| Failure::new(1, format!("xtask: no free port: {error}")))?;
    let mut text = format!(
        "\
global
    maxconn 400
defaults
    mode tcp
    retries 2
    timeout connect 2s
    timeout check 2s
    timeout client 30m
    timeout server 30m
listen leader
    bind 127.0.0.1:{port}
    option httpchk OPTIONS /primary
    http-check expect status 200
    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions
"
    );
    for node in nodes {
        let (number, address) = (node.number, node.address);
        let (port, rest) = (node.port, node.rest);
        text += &format!("    server node{number} {address}:{port} check port {rest}\n");
    }
    let settings = scratch.file("haproxy.cfg", &text)?;
    let mut command = scratch.account.command(HAPROXY);
    command
        .arg("-db")
        .arg("-f")
        .arg(settings)
        .current_dir(scratch.path(""));
    Ok((Running::start(scratch, "haproxy", command)?, port))
}
