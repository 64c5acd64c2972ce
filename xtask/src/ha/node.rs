//! A node: a PostgreSQL under a Patroni.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::address;
use crate::server::http::Connection;
use crate::server::{Running, Scratch, free_ports, send};
use crate::step::Failure;

/// How long Patroni may take for one answer, in seconds. It asks its PostgreSQL first.
const ANSWER_SECONDS: u64 = 3;
/// How long it may take to hand the leadership over, in seconds.
const SWITCHOVER_SECONDS: u64 = 60;

/// A leader that is not heard of for so long is none any more, in seconds. Patroni takes no less.
pub const LEADER_SECONDS: u32 = 20;
/// How often each Patroni looks, in seconds.
pub const LOOK_SECONDS: u32 = 5;
/// How long Patroni tries to reach etcd or PostgreSQL before it gives up, in seconds: the leader's
/// time must cover one look and two tries.
pub const RETRY_SECONDS: u32 = 7;

/// The folder of PostgreSQL's programs, and Patroni.
pub struct Programs {
    pub postgres: PathBuf,
    pub patroni: PathBuf,
}

/// The superuser and who copies, with their passwords.
pub struct Passwords {
    pub superuser: String,
    pub replication: String,
}

/// One of the nodes.
pub struct Node<'s> {
    scratch: &'s Scratch,
    pub number: usize,
    pub address: Ipv4Addr,
    /// PostgreSQL's port.
    pub port: u16,
    /// The port where Patroni says what the node is.
    pub rest: u16,
    data: PathBuf,
    program: PathBuf,
    settings: PathBuf,
    patroni: Option<Running<'s>>,
}

impl<'s> Node<'s> {
    /// Writes a node's settings and starts its Patroni.
    ///
    /// # Errors
    ///
    /// When that cannot be done.
    pub fn start(
        scratch: &'s Scratch,
        number: usize,
        etcd: &str,
        (programs, passwords): (&Programs, &Passwords),
    ) -> Result<Self, Failure> {
        let address = address(number);
        let [port, rest] = free_ports(address)
            .map_err(|error| Failure::new(1, format!("xtask: no free port: {error}")))?;
        let data = scratch.folder(&format!("node-{number}"))?.join("data");
        let mut node = Self {
            scratch,
            number,
            address,
            port,
            rest,
            data,
            program: programs.patroni.clone(),
            settings: PathBuf::new(),
            patroni: None,
        };
        let text = node.text(etcd, &programs.postgres, passwords);
        node.settings = scratch.file(&format!("patroni-{number}.yml"), &text)?;
        node.run()?;
        Ok(node)
    }

    /// Starts its Patroni, which finds out what to do with the data that is there.
    ///
    /// # Errors
    ///
    /// When it cannot be started.
    pub fn run(&mut self) -> Result<(), Failure> {
        let mut command = self.scratch.account.command(&self.program);
        command
            .arg(&self.settings)
            .current_dir(self.scratch.folder(&format!("node-{}", self.number))?)
            .env("LC_ALL", "C.UTF-8");
        let name = format!("patroni-{}", self.number);
        self.patroni = Some(Running::start(self.scratch, &name, command)?);
        Ok(())
    }

    /// Whether Patroni says that the node is that: `primary`, `synchronous`, `replica`.
    pub fn is(&self, what: &str) -> bool {
        let address = SocketAddr::from((self.address, self.rest));
        let mut connection = Connection::new(address, Duration::from_secs(ANSWER_SECONDS));
        let answer = connection.get(&format!("/{what}"), "");
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// Asks the leader to hand over to a node that lacks nothing.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub fn hand_over(&self) -> Result<(), Failure> {
        let address = SocketAddr::from((self.address, self.rest));
        let mut connection = Connection::new(address, Duration::from_secs(SWITCHOVER_SECONDS));
        let asked = format!(r#"{{"leader": "node{}"}}"#, self.number);
        let answer = connection.post("/switchover", "content-type: application/json\r\n", &asked);
        match answer {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => {
                let why = format!("{} {}", answer.status, answer.body.trim());
                Err(Failure::new(1, format!("xtask: no switchover: {why}")))
            }
            Err(error) => Err(Failure::new(1, format!("xtask: no switchover: {error}"))),
        }
    }

    /// Sends a signal to Patroni, then to the PostgreSQL and to each of its processes.
    pub fn signal(&self, signal: &str) {
        let mut processes: Vec<u32> = self.patroni.iter().map(Running::id).collect();
        if let Some(server) = self.postmaster() {
            processes.push(server);
            processes.extend(children(server));
        }
        for process in processes {
            send(signal, process);
        }
    }

    /// Ends the Patroni and the PostgreSQL at once.
    pub fn kill(&mut self) {
        let servers: Vec<u32> = self.postmaster().into_iter().collect();
        let all = servers.iter().flat_map(|server| children(*server));
        let all: Vec<u32> = servers.iter().copied().chain(all).collect();
        if let Some(mut patroni) = self.patroni.take() {
            patroni.kill();
        }
        for process in all {
            send("KILL", process);
        }
    }

    /// The end of Patroni's log.
    pub fn last_words(&self) -> String {
        self.patroni
            .as_ref()
            .map(Running::last_words)
            .unwrap_or_default()
    }

    fn postmaster(&self) -> Option<u32> {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    fn text(&self, etcd: &str, programs: &Path, passwords: &Passwords) -> String {
        let Self {
            number,
            address,
            port,
            rest,
            ..
        } = self;
        let (data, programs) = (self.data.display(), programs.display());
        let pass = self.scratch.path(&format!("pgpass-{number}"));
        let pass = pass.display();
        let Passwords {
            superuser,
            replication,
        } = passwords;
        format!(
            "\
scope: kept
name: node{number}
restapi:
  listen: {address}:{rest}
  connect_address: {address}:{rest}
etcd3:
  hosts: {etcd}
bootstrap:
  dcs:
    ttl: {LEADER_SECONDS}
    loop_wait: {LOOK_SECONDS}
    retry_timeout: {RETRY_SECONDS}
    maximum_lag_on_failover: 1048576
    synchronous_mode: true
    synchronous_mode_strict: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        max_connections: 200
        shared_buffers: 64MB
        max_wal_size: 512MB
        wal_keep_size: 256MB
        max_wal_senders: 10
        max_replication_slots: 10
        hot_standby: 'on'
        jit: 'off'
  initdb:
  - encoding: UTF8
  - locale: C
  - data-checksums
  pg_hba:
  - host all all 127.0.0.0/8 scram-sha-256
  - host replication replicator 127.0.0.0/8 scram-sha-256
postgresql:
  listen: {address}:{port}
  connect_address: {address}:{port}
  data_dir: {data}
  bin_dir: {programs}
  pgpass: {pass}
  authentication:
    superuser:
      username: postgres
      password: {superuser}
    replication:
      username: replicator
      password: {replication}
    rewind:
      username: postgres
      password: {superuser}
  parameters:
    unix_socket_directories: ''
    password_encryption: scram-sha-256
tags:
  nofailover: false
"
        )
    }
}

/// The processes that a process started and that still run.
fn children(of: u32) -> Vec<u32> {
    let tasks = format!("/proc/{of}/task/{of}/children");
    let text = fs::read_to_string(tasks).unwrap_or_default();
    text.split_ascii_whitespace()
        .filter_map(|id| id.parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leaders_time_covers_a_look_and_two_tries() {
        const { assert!(LEADER_SECONDS >= LOOK_SECONDS + 2 * RETRY_SECONDS) }
        assert!(children(std::process::id()).is_empty() || Path::new("/proc").is_dir());
    }
}
