//! The end before its time: a signal, or nobody who reads.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true once, and stays so.
#[derive(Debug, Clone)]
pub(super) struct Stop(watch::Sender<bool>);

impl Stop {
    /// Listens for SIGINT and SIGTERM.
    pub(super) fn on_signals() -> Result<Self> {
        let stop = Self(watch::Sender::new(false));
        for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
            let mut signals = signal(kind).context("cannot listen for signals")?;
            let stop = stop.clone();
            tokio::spawn(async move {
                signals.recv().await;
                stop.ask();
            });
        }
        Ok(stop)
    }

    /// Asks for the end.
    pub(super) fn ask(&self) {
        self.0.send_replace(true);
    }

    /// Until the end is asked for.
    pub(super) async fn asked(&self) {
        // The sender lives as long as this does.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }
}
