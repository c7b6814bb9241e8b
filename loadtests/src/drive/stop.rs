//! The request to end a load early, by a signal or because its output is closed.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// A flag that is set once.
#[derive(Debug, Clone)]
pub(super) struct Stop(watch::Sender<bool>);

impl Stop {
    /// Requests a stop on SIGINT and SIGTERM.
    pub(super) fn on_signals() -> Result<Self> {
        let stop = Self(watch::Sender::new(false));
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let mut signals = signal(kind).context("cannot listen for signals")?;
            let stop = stop.clone();
            tokio::spawn(async move {
                signals.recv().await;
                stop.request();
            });
        }
        Ok(stop)
    }

    /// Requests a stop.
    pub(super) fn request(&self) {
        self.0.send_replace(true);
    }

    /// Waits for a request.
    pub(super) async fn requested(&self) {
        // It cannot fail: the sender lives as long as `self`.
        let _ = self.0.subscribe().wait_for(|requested| *requested).await;
    }
}
