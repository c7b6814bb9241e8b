//! Ctrl-C and SIGTERM end the load, not the run: what there is is still written.

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true at the first signal; at the second this program ends at once.
pub(super) fn watch() -> Result<watch::Receiver<bool>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        let mut signals = 0;
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            signals += 1;
            if signals > 1 {
                // Children end with us: they are killed when their handles go, or see their
                // pipes close.
                std::process::exit(130);
            }
            // An error means that the run is over.
            let _ = sender.send(true);
        }
    });
    Ok(receiver)
}
