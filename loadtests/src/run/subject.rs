//! A server under measurement, which was started by the run or before it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use lakehouse_rig::process::{Group, Server, Supervisor, describe_exit};

use super::sample;
use crate::api::Api;
use crate::flows::CORPORA;
use crate::results::{Implementation, Role};

/// Time limit for background work after the ingestion of the dataset.
const IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// A server under measurement.
#[derive(Debug)]
pub(super) struct Subject {
    /// Description for the results.
    pub(super) implementation: Implementation,
    /// URL that the load is sent to.
    pub(super) url: String,
    /// Processes that are sampled under load.
    pub(super) watched: Vec<WatchedProcess>,
    /// Servers that were started for it and stop with it.
    owned: Vec<Server>,
}

/// A process that is sampled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WatchedProcess {
    /// Name of the process.
    pub(super) name: String,
    /// Purpose of the process.
    pub(super) role: Role,
    /// Process id.
    pub(super) id: i32,
}

impl Subject {
    /// A server that the run started.
    pub(super) fn new(implementation: Implementation, server: Server) -> Self {
        Self {
            implementation,
            url: server.url().to_owned(),
            watched: vec![WatchedProcess::of(server.group(), Role::Server)],
            owned: vec![server],
        }
    }

    /// A server that was already running.
    pub(super) fn running(implementation: Implementation, url: &str) -> Self {
        Self {
            implementation,
            url: url.trim_end_matches('/').to_owned(),
            watched: Vec::new(),
            owned: Vec::new(),
        }
    }

    /// Sends the load through another server that forwards it to this one.
    pub(super) fn route_through(&mut self, server: Server) {
        self.url = server.url().to_owned();
        self.watched
            .push(WatchedProcess::of(server.group(), Role::StandIn));
        self.owned.push(server);
    }

    /// Ingests the dataset and waits until the server is idle.
    pub(super) async fn fill(&mut self, dataset: &Path) -> Result<()> {
        let api = Api::new(&self.url)?;
        let began = Instant::now();
        for corpus in CORPORA {
            let filled = api.fill_corpus_from(corpus, dataset).await;
            let name = &self.implementation.name;
            filled.with_context(|| format!("cannot ingest `{corpus}` into `{name}`"))?;
        }
        self.wait_until_idle().await?;
        self.implementation.filled_in_ms = Some(millis(began));
        Ok(())
    }

    /// Waits until the processes are idle twice in a row, because some servers build graphs after they
    /// have acknowledged the documents.
    async fn wait_until_idle(&self) -> Result<()> {
        let began = Instant::now();
        let mut before = self.cpu_seconds()?;
        let mut idle = 0;
        while idle < 2 {
            tokio::time::sleep(Duration::from_millis(750)).await;
            let now = self.cpu_seconds()?;
            idle = if now - before < 0.03 { idle + 1 } else { 0 };
            before = now;
            if began.elapsed() > IDLE_TIMEOUT {
                bail!(
                    "`{}` was still busy {} s after it ingested the dataset",
                    self.implementation.name,
                    IDLE_TIMEOUT.as_secs()
                );
            }
        }
        Ok(())
    }

    fn cpu_seconds(&self) -> Result<f64> {
        let seconds = self
            .watched
            .iter()
            .map(|process| sample::cpu_seconds(process.id));
        seconds.sum()
    }

    /// Describes the first of its processes that ended by itself.
    pub(super) fn unexpected_exit(&mut self) -> Option<String> {
        let mut processes = self.owned.iter_mut();
        processes.find_map(|process| {
            let status = process.group_mut().exit_status()?;
            let status = describe_exit(status);
            Some(format!("`{}` ended with {status}", process.group().name()))
        })
    }

    /// Stops the servers that were started, the last first.
    pub(super) async fn stop(self, supervisor: &Supervisor) {
        for server in self.owned.into_iter().rev() {
            server.stop(supervisor).await;
        }
    }
}

impl WatchedProcess {
    /// A process that the run started.
    pub(super) fn of(process: &Group, role: Role) -> Self {
        Self {
            name: process.name().to_owned(),
            role,
            id: process.id(),
        }
    }
}

pub(super) fn millis(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}
