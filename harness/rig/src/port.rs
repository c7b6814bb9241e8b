//! Free ports of 127.0.0.1, for programs that cannot pick one themselves.

use std::collections::BTreeSet;
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Every port that was allocated in this process.
static ALLOCATED: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// Attempts until a port is allocated again: a long run may need more ports than the system has.
const MAX_ATTEMPTS: usize = 1000;

const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Allocates a port that is free now and was not allocated before in this process.
///
/// The system may give a free port to two servers that are still starting; requests would then
/// reach the wrong one.
///
/// # Errors
///
/// No port can be bound.
pub fn allocate() -> std::io::Result<u16> {
    let mut port = 0;
    for _ in 0..MAX_ATTEMPTS {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        port = listener.local_addr()?.port();
        let mut allocated = ALLOCATED.lock().unwrap_or_else(PoisonError::into_inner);
        if allocated.insert(port) {
            break;
        }
    }
    Ok(port)
}

/// Whether a server could listen on the port now.
#[must_use]
pub fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Whether a process listens on the port. A port without a listener need not be free: it may be
/// the local end of an outgoing connection.
#[must_use]
pub fn has_listener(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Waits up to two seconds until no process listens on the port; returns whether that is so.
pub async fn wait_until_released(port: u16) -> bool {
    let deadline = tokio::time::Instant::now() + RELEASE_TIMEOUT;
    while has_listener(port) {
        if tokio::time::Instant::now() >= deadline {
            return false;
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocated_ports_are_distinct() {
        let threads = (0..8).map(|_| {
            std::thread::spawn(|| {
                let ports = (0..200).map(|_| allocate().unwrap());
                ports.collect::<Vec<u16>>()
            })
        });
        let threads: Vec<_> = threads.collect();
        let ports = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        let ports: Vec<u16> = ports.collect();
        let distinct: BTreeSet<u16> = ports.iter().copied().collect();
        assert_eq!(distinct.len(), ports.len());
    }

    #[test]
    fn listeners_are_detected() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(has_listener(port));
        drop(listener);
        assert!(!has_listener(port));
    }
}
