//! Free ports of 127.0.0.1.

use std::net::TcpListener;
use std::time::Duration;

/// A port that was free a moment ago.
///
/// # Errors
///
/// No port can be bound at all.
pub fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
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
