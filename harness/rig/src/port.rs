//! Free ports of 127.0.0.1.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The ports that were handed out.
static HANDED_OUT: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());

/// How many ports are tried until one is handed out a second time: a long run may need more than
/// the system has.
const TRIES: usize = 1000;

/// A port that was free a moment ago, and that this process has not handed out before.
///
/// The system gives a port again as soon as it is free, also while the server that is to have it
/// is only starting. Another one that is quicker would answer in its place, and be taken for it.
///
/// # Errors
///
/// No port can be bound at all.
pub fn free_port() -> std::io::Result<u16> {
    let mut port = 0;
    for _ in 0..TRIES {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        port = listener.local_addr()?.port();
        let mut handed_out = HANDED_OUT.lock().unwrap_or_else(PoisonError::into_inner);
        if handed_out.insert(port) {
            break;
        }
    }
    Ok(port)
}

/// Whether the port can be bound.
#[must_use]
pub fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}

/// Waits up to two seconds for a port to become free, and says whether it did.
pub async fn wait_until_free(port: u16) -> bool {
    for _ in 0..100 {
        if is_free(port) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_port_is_handed_out_twice() {
        let threads = (0..8).map(|_| {
            std::thread::spawn(|| {
                let ports = (0..200).map(|_| free_port().unwrap());
                ports.collect::<Vec<u16>>()
            })
        });
        let threads: Vec<_> = threads.collect();
        let ports = threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap());
        let ports: Vec<u16> = ports.collect();
        let different: BTreeSet<u16> = ports.iter().copied().collect();
        assert_eq!(different.len(), ports.len());
    }
}
