//! What is measured: a server that was started, or that runs already, with the corpus in it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use reqwest::{Body, Client};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};

use super::corpus::CORPORA;
use super::implementation::Launch;
use super::process::{Process, Streams};
use super::sample;
use crate::results::{Implementation, Role};

/// How long a server may take until it is ready; it reads a roster of 100,000 people meanwhile.
const READY: Duration = Duration::from_secs(30);
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
    owned: Vec<Process>,
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

/// What a server is started with.
pub(super) struct Start<'a> {
    /// What results call it.
    pub(super) told: Implementation,
    /// The command.
    pub(super) launch: &'a Launch,
    /// The path that answers 200 once it is ready.
    pub(super) ready: &'a str,
    /// The port that the command names.
    pub(super) port: u16,
    /// The folder of its log.
    pub(super) logs: &'a Path,
}

impl Subject {
    /// Starts a server and waits until it is ready.
    pub(super) async fn start(start: Start<'_>) -> Result<Self> {
        let name = start.told.name.clone();
        let log = start.logs.join(format!("{}.log", file_name(&name)));
        let began = Instant::now();
        let mut process = Process::start(&name, start.launch, Streams::Log, &log)?;
        let url = format!("http://127.0.0.1:{}", start.port);
        wait_until_ready(&mut process, &format!("{url}{}", start.ready), &log).await?;
        let mut told = start.told;
        told.started_in_ms = Some(millis(began));
        Ok(Self {
            told,
            url,
            watched: vec![Watched::of(&process, Role::Server)],
            owned: vec![process],
        })
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

    /// A program of ours that prints its port.
    pub(super) async fn start_printing(
        told: Implementation,
        role: Role,
        launch: &Launch,
        logs: &Path,
    ) -> Result<Self> {
        let (process, port) = start_printing(&told.name, launch, logs).await?;
        Ok(Self {
            told,
            url: format!("http://127.0.0.1:{port}"),
            watched: vec![Watched::of(&process, role)],
            owned: vec![process],
        })
    }

    /// Sends load through another process from now on, which stands before the server and prints
    /// its port.
    pub(super) async fn put_behind(
        &mut self,
        name: &str,
        launch: &Launch,
        logs: &Path,
    ) -> Result<()> {
        let (process, port) = start_printing(name, launch, logs).await?;
        self.url = format!("http://127.0.0.1:{port}");
        self.watched.push(Watched::of(&process, Role::StandIn));
        self.owned.push(process);
        Ok(())
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
            let status = process.ended()?;
            Some(format!("`{}` ended with {status}", process.name))
        })
    }

    /// Ends what was started, the last first.
    pub(super) async fn end(self) -> Result<()> {
        let mut result = Ok(());
        for process in self.owned.into_iter().rev() {
            result = result.and(process.end().await);
        }
        result
    }
}

impl Watched {
    /// A process of ours.
    pub(super) fn of(process: &Process, role: Role) -> Self {
        Self {
            name: process.name.clone(),
            role,
            id: process.id,
        }
    }
}

/// Starts a program of ours that prints the port that it took as its first line.
pub(super) async fn start_printing(
    name: &str,
    launch: &Launch,
    logs: &Path,
) -> Result<(Process, u16)> {
    let log = logs.join(format!("{}.log", file_name(name)));
    let mut process = Process::start(name, launch, Streams::Pipes, &log)?;
    let (_, output) = process.pipes().context("no pipes")?;
    let mut line = String::new();
    let mut output = BufReader::new(output);
    let read = tokio::time::timeout(READY, output.read_line(&mut line)).await;
    read.with_context(|| format!("`{name}` did not print its port"))??;
    let port = line.trim().parse();
    let port = port.with_context(|| format!("`{name}` printed `{}`, not a port", line.trim()))?;
    Ok((process, port))
}

/// A port that nobody listens on, as of now.
pub(super) fn free_port() -> Result<u16> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    Ok(listener.local_addr()?.port())
}

async fn wait_until_ready(process: &mut Process, url: &str, log: &Path) -> Result<()> {
    let client = Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(2))
        .build()?;
    let began = Instant::now();
    loop {
        if let Some(status) = process.ended() {
            bail!(
                "`{}` ended with {status} before it was ready; its log is `{}`",
                process.name,
                log.display()
            );
        }
        if let Ok(response) = client.get(url).send().await
            && response.status().is_success()
        {
            return Ok(());
        }
        if began.elapsed() > READY {
            bail!(
                "`{}` was not ready within {} s; its log is `{}`",
                process.name,
                READY.as_secs(),
                log.display()
            );
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
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

/// The name as that of a file.
fn file_name(name: &str) -> String {
    let letters = name.chars();
    letters
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect()
}

fn millis(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX)
}
