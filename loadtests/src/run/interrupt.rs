//! Ctrl-C and SIGTERM end the load, not the run, which still writes its results.

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Returns a flag that the first signal sets; the second one ends this program at once.
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
                // Children end too: they are killed when their handles are dropped, or end when
                // their pipes close.
                std::process::exit(130);
            }
            // An error means that the run has ended.
            let _ = sender.send(true);
        }
    });
    Ok(receiver)
}
