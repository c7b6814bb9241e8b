//! A server under measurement, in a process of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use bytes::Bytes;
use lakehouse_rig::implementation::{Launch, Serve};
use lakehouse_rig::process::{self, Start, Supervisor};
use lakehouse_rig::template::Values;
use procfs::process::Process;
use tempfile::TempDir;
use tokio::sync::watch;

/// Time limit for a server to become ready, which includes reading what a killed one had written.
const READY_TIMEOUT: Duration = Duration::from_secs(60);

/// A server; killed when dropped.
pub(crate) struct Server {
    process: process::Server,
    pub(crate) port: u16,
    /// Time from the start of the process until it was ready.
    pub(crate) started_in: Duration,
    /// Folder of the log.
    _folder: TempDir,
}

impl Server {
    /// `lakehouse serve` on a free port, with its state in `data`.
    pub(crate) async fn lakehouse(binary: &Path, data: &Path) -> Result<Self> {
        Self::lakehouse_with(binary, data, BTreeMap::new()).await
    }

    /// As [`lakehouse`](Self::lakehouse), with these variables added to the environment.
    pub(crate) async fn lakehouse_with(
        binary: &Path,
        data: &Path,
        environment: BTreeMap<String, String>,
    ) -> Result<Self> {
        let binary = std::path::absolute(binary)?;
        let command = [
            &*binary.to_string_lossy(),
            "serve",
            "--bind",
            "127.0.0.1:{port}",
        ];
        let launch = Launch {
            environment,
            ..launch(&command, "--data-root", data)?
        };
        Self::start(launch)
            .await
            .with_context(|| format!("`{}`, a release build", binary.display()))
    }

    /// The Python peer on a free port, with its state in `data`.
    pub(crate) async fn python(interpreter: &Path, data: &Path) -> Result<Self> {
        let interpreter = std::path::absolute(interpreter)?;
        let python = &*interpreter.to_string_lossy();
        let command = [python, "-m", "lakehouse_peer", "serve", "--port", "{port}"];
        let launch = Launch {
            directory: Some("harness/peers/python".to_owned()),
            ..launch(&command, "--root", data)?
        };
        Self::start(launch)
            .await
            .with_context(|| format!("`{}`, which a parity run installs", interpreter.display()))
    }

    /// This program's bare route, which answers `request` with `answer`.
    pub(crate) async fn bare(request: &Bytes, answer: &Bytes) -> Result<Self> {
        let program = std::env::current_exe()?;
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("answers.jsonl");
        let (request, answer) = (str::from_utf8(request)?, str::from_utf8(answer)?);
        let line = serde_json::json!({ "request": request, "answer": answer });
        std::fs::write(&file, format!("{line}\n"))?;
        Self::start(launch(&[&*program.to_string_lossy()], "bare", &file)?).await
    }

    async fn start(launch: Launch) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (_, never) = watch::channel(false);
        let supervisor = Arc::new(Supervisor::new(folder.path().join("logs"), never)?);
        let serve = Serve {
            ready_timeout: READY_TIMEOUT,
            ..Serve::new(launch, "/health")
        };
        let start = Start {
            serve: &serve,
            values: Values::new(),
            root: &std::env::current_dir()?,
            name: "the server",
            log: supervisor.log("server"),
        };
        let began = Instant::now();
        let process = process::Server::start(&supervisor, start).await?;
        Ok(Self {
            port: process.port(),
            started_in: began.elapsed(),
            process,
            _folder: folder,
        })
    }

    /// Resident memory in bytes, from `/proc`.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        let process = Process::new(self.process.group().id())?;
        let kibibytes = process.status()?.vmrss;
        Ok(kibibytes.context("the process has ended")? * 1024)
    }

    /// Kills the server and waits for its end.
    pub(crate) async fn kill(self) {
        self.process.kill().await;
    }
}

/// A command with an option for a path.
fn launch(command: &[&str], option: &str, path: &Path) -> Result<Launch> {
    let mut command: Vec<String> = command.iter().map(ToString::to_string).collect();
    let path = std::path::absolute(path)?;
    command.extend([option.to_owned(), path.to_string_lossy().into_owned()]);
    Ok(Launch {
        command,
        ..Launch::default()
    })
}
