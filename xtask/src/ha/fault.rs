//! What is done to the cluster while others write, and how long they notice.

use std::fmt;
use std::time::{Duration, Instant};

use super::cluster::Cluster;
use super::load::{Load, Writer};
use crate::server::pause;
use crate::step::Failure;

/// How long all is well before and after a fault, in seconds.
const WELL_SECONDS: u64 = 5;
/// How long a node may take to stand by again, in seconds.
const WHOLE_SECONDS: u64 = 240;

/// What happens to the node that leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is asked to hand over, as before maintenance.
    HandOver,
    /// Its PostgreSQL, its Patroni and its etcd are gone at once (`kill -9`).
    Killed,
    /// They stand still without a word (`kill -STOP`), and later wake and believe they lead.
    Frozen,
}

impl Fault {
    pub const ALL: [Self; 3] = [Self::HandOver, Self::Killed, Self::Frozen];

    /// Reads what a fault is called on the command line.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "hand-over" => Some(Self::HandOver),
            "killed" => Some(Self::Killed),
            "frozen" => Some(Self::Frozen),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::HandOver => "hands over as planned",
            Self::Killed => "is killed (PostgreSQL, Patroni and etcd, `kill -9`)",
            Self::Frozen => "freezes (all of these, `kill -STOP`) and later wakes",
        })
    }
}

/// What was seen of a fault.
pub struct Course {
    pub fault: Fault,
    /// For each front: the longest time without an acknowledged write, and how many failed.
    pub gaps: Vec<(Duration, usize)>,
    /// From mending the node until all three stood as before.
    pub whole_after: Duration,
}

/// Inflicts the faults, one after the other, each on whoever leads then.
///
/// # Errors
///
/// When no other node takes over, the writes do not go on, or the node does not come back.
pub fn all<W: Writer>(
    cluster: &mut Cluster<'_>,
    load: &Load<W>,
    faults: &[Fault],
) -> Result<Vec<Course>, Failure> {
    let one = |fault: &Fault| one(cluster, load, *fault);
    faults.iter().map(one).collect()
}

fn one<W: Writer>(
    cluster: &mut Cluster<'_>,
    load: &Load<W>,
    fault: Fault,
) -> Result<Course, Failure> {
    let old = cluster.whole(WHOLE_SECONDS)?;
    load.serves(Instant::now())?;
    pause(Duration::from_secs(WELL_SECONDS));
    println!("xtask: ha: node {old} leads and {fault}");
    let from = Instant::now();
    inflict(cluster, fault, old)?;
    let new = cluster.other_leader(old)?;
    load.serves(Instant::now())?;
    let after = from.elapsed().as_secs_f64();
    println!("xtask: ha: node {new} leads, and all fronts write again {after:.1} s after");
    let mended = Instant::now();
    mend(cluster, fault, old)?;
    cluster.whole(WHOLE_SECONDS)?;
    let whole_after = mended.elapsed();
    // What the node does after it is back belongs to the fault.
    pause(Duration::from_secs(WELL_SECONDS));
    load.serves(Instant::now())?;
    Ok(Course {
        fault,
        gaps: load.gaps(from),
        whole_after,
    })
}

fn inflict(cluster: &mut Cluster<'_>, fault: Fault, node: usize) -> Result<(), Failure> {
    match fault {
        Fault::HandOver => return cluster.nodes[node].hand_over(),
        Fault::Killed => {
            cluster.nodes[node].kill();
            if let Some(member) = cluster.etcd.member(node) {
                member.kill();
            }
        }
        Fault::Frozen => still(cluster, node, "STOP"),
    }
    Ok(())
}

fn mend(cluster: &mut Cluster<'_>, fault: Fault, node: usize) -> Result<(), Failure> {
    match fault {
        Fault::HandOver => Ok(()),
        Fault::Killed => {
            cluster.etcd.run(node)?;
            cluster.nodes[node].run()
        }
        Fault::Frozen => {
            still(cluster, node, "CONT");
            Ok(())
        }
    }
}

fn still(cluster: &mut Cluster<'_>, node: usize, signal: &str) {
    cluster.nodes[node].signal(signal);
    if let Some(member) = cluster.etcd.member(node) {
        crate::server::send(signal, member.id());
    }
}
