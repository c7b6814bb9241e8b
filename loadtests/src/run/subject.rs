//! What is measured: a server that was started, or that runs already, with the corpus in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use lakehouse_rig::process::{Group, Server, Supervisor, describe_exit};
use reqwest::{Body, Client};
use serde_json::Value;

use super::corpus::CORPORA;
use super::sample;
use crate::results::{Implementation, Role};

/// How long background work may go on after the corpus was taken.
const SETTLED: Duration = Duration::from_secs(600);

/// Something to measure.
#[derive(Debug)]
pub(super) struct Subject {
    /// What results call it.
    pub(super) told: Implementation,
    /// Where load is sent.
    pub(super) url: String,
    /// What is looked at while load is put to it.
    pub(super) watched: Vec<Watched>,
    /// What was started for it, and ends with it.
    owned: Vec<Server>,
}

/// A process that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Watched {
    /// Its name.
    pub(super) name: String,
    /// What it is there for.
    pub(super) role: Role,
    /// Its number.
    pub(super) id: i32,
}

impl Subject {
    /// A server that was started.
    pub(super) fn new(told: Implementation, server: Server) -> Self {
        Self {
            told,
            url: server.url().to_owned(),
            watched: vec![Watched::of(server.group(), Role::Server)],
            owned: vec![server],
        }
    }

    /// A server that runs already.
    pub(super) fn running(told: Implementation, url: &str) -> Self {
        Self {
            told,
            url: url.trim_end_matches('/').to_owned(),
            watched: Vec::new(),
            owned: Vec::new(),
        }
    }

    /// Sends load through another server from now on, which passes it on to this one.
    pub(super) fn put_behind(&mut self, server: Server) {
        self.url = server.url().to_owned();
        self.watched
            .push(Watched::of(server.group(), Role::StandIn));
        self.owned.push(server);
    }

    /// Makes the corpora and sends the people, all of whom must be taken; then waits until the
    /// server has nothing left to do.
    pub(super) async fn fill(&mut self, house: &Path) -> Result<()> {
        let client = Client::builder().no_proxy().build()?;
        let began = Instant::now();
        for (corpus, file) in CORPORA {
            fill_corpus(&client, &self.url, corpus, &house.join(file))
                .await
                .with_context(|| format!("`{}` did not take the corpus", self.told.name))?;
        }
        self.settle().await?;
        self.told.filled_in_ms = Some(millis(began));
        Ok(())
    }

    /// Waits until the processes are idle twice in a row: some build graphs after they have
    /// acknowledged.
    async fn settle(&self) -> Result<()> {
        let began = Instant::now();
        let mut before = self.cpu_seconds()?;
        let mut idle = 0;
        while idle < 2 {
            tokio::time::sleep(Duration::from_millis(750)).await;
            let now = self.cpu_seconds()?;
            idle = if now - before < 0.03 { idle + 1 } else { 0 };
            before = now;
            if began.elapsed() > SETTLED {
                bail!(
                    "`{}` was still busy {} s after it took the corpus",
                    self.told.name,
                    SETTLED.as_secs()
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

    /// Which of its processes has ended, and how, though nobody asked it to.
    pub(super) fn dead(&mut self) -> Option<String> {
        let mut processes = self.owned.iter_mut();
        processes.find_map(|process| {
            let status = process.group_mut().exit_status()?;
            let how = describe_exit(status);
            Some(format!("`{}` ended with {how}", process.group().name()))
        })
    }

    /// Stops the servers that were started, the last first.
    pub(super) async fn stop(self, supervisor: &Supervisor) {
        for server in self.owned.into_iter().rev() {
            server.stop(supervisor).await;
        }
    }
}

impl Watched {
    /// A process of ours.
    pub(super) fn of(process: &Group, role: Role) -> Self {
        Self {
            name: process.name().to_owned(),
            role,
            id: process.id(),
        }
    }
}

async fn fill_corpus(client: &Client, url: &str, corpus: &str, file: &PathBuf) -> Result<()> {
    let url = format!("{url}/v1/matrix/corpora/{corpus}");
    let made = client.put(&url).body("{}").send().await?;
    let status = made.status();
    ensure!(
        status.is_success(),
        "`PUT {url}` answered {status}: {}",
        made.text().await?
    );
    let documents = tokio::fs::File::open(file).await;
    let documents = documents.with_context(|| format!("`{}`", file.display()))?;
    let url = format!("{url}/documents");
    let answer = client.post(&url).body(Body::from(documents)).send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    let told: Value = serde_json::from_str(&text).unwrap_or_default();
    ensure!(
        status.is_success() && told["refused"] == 0,
        "`POST {url}` answered {status}: {text}"
    );
    Ok(())
}

pub(super) fn millis(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}
