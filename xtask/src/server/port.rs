//! Ports that are free.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

/// As many different ports of `address` as the array holds. They are free when this returns; who
/// uses them should do so soon.
pub fn free_ports<const N: usize>(address: Ipv4Addr) -> io::Result<[u16; N]> {
    // All are held until the last is known, or one could come twice.
    let mut held = Vec::with_capacity(N);
    let mut ports = [0; N];
    for port in &mut ports {
        let listener = TcpListener::bind((address, 0))?;
        *port = listener.local_addr()?.port();
        held.push(listener);
    }
    Ok(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_differ() {
        let ports: [u16; 8] = free_ports(Ipv4Addr::LOCALHOST).expect("ports");
        let mut sorted = ports.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), ports.len());
        assert!(ports.iter().all(|port| *port > 0));
    }
}
