//! A server: started, ready to answer, and stopped.
//!
//! A server either takes an allocated port from its command (`{port}`), or picks one itself and
//! prints its URL as the first line of standard output as soon as it listens.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::ChildStdout;

use super::{Command, Group, Output, Supervisor, describe_exit, log};
use crate::implementation::Serve;
use crate::port;
use crate::template::Values;

/// How long one request for readiness may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a process may take to exit after it closed its standard output.
const EXIT_TIMEOUT: Duration = Duration::from_secs(2);

/// A server that was started and became ready.
#[derive(Debug)]
pub struct Server {
    group: Group,
    url: String,
    log: PathBuf,
    stop_timeout: Duration,
}

/// What is needed to start a server.
#[derive(Debug)]
pub struct Start<'a> {
    /// How it is started.
    pub serve: &'a Serve,
    /// The values of its placeholders, without the port.
    pub values: Values,
    /// The folder that its paths are relative to.
    pub root: &'a Path,
    /// The name that messages use.
    pub name: &'a str,
    /// Its log.
    pub log: PathBuf,
}

/// Why a server was not started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The run is being stopped.
    #[error("the run was stopped")]
    Stopped,
    /// Another process took the port between its allocation and the start; try again.
    #[error("another process took the port of {0}")]
    PortTaken(String),
    /// It did not become ready; the message says why, with the command and the end of the log.
    #[error("{0}")]
    NotReady(String),
}

impl Server {
    /// Starts a server and waits until it is ready.
    ///
    /// # Errors
    ///
    /// See [`StartError`]; nothing is left running then.
    pub async fn start(
        supervisor: &Arc<Supervisor>,
        start: Start<'_>,
    ) -> Result<Server, StartError> {
        let Start {
            serve,
            mut values,
            root,
            name,
            log,
        } = start;
        let failed = |error: std::io::Error| {
            StartError::NotReady(format!("failed to start the server of {name}: {error}"))
        };
        let mut allocated = None;
        if serve.takes_port() {
            let port = port::allocate().map_err(failed)?;
            values.insert("port", port.to_string());
            allocated = Some(port);
        }
        let output = match allocated {
            Some(_) => Output::Log,
            None => Output::Stdout,
        };
        let command = Command::from_launch(&serve.launch, &values, root);
        let mut group =
            Group::start(supervisor, &command, name, output, &log).map_err(|error| {
                StartError::NotReady(format!(
                    "failed to start the server of {name}: `{command}`: {error}"
                ))
            })?;
        let began = Instant::now();
        let deadline = began + serve.ready_timeout;
        let readiness = tokio::select! {
            () = supervisor.stop_requested() => Err(Unready::Stopped),
            readiness = wait_until_ready(&mut group, allocated, serve, &log, deadline) => readiness,
        };
        let unready = match readiness {
            Ok(url) => {
                return Ok(Server {
                    group,
                    url,
                    log,
                    stop_timeout: serve.stop_timeout,
                });
            }
            Err(unready) => unready,
        };
        let is_port_taken = allocated.is_some_and(|port| !port::is_free(port));
        let is_stopped = matches!(unready, Unready::Stopped);
        let has_exited = matches!(unready, Unready::Exited(_));
        group.stop(serve.stop_timeout).await;
        if is_stopped {
            return Err(StartError::Stopped);
        }
        if has_exited && is_port_taken {
            return Err(StartError::PortTaken(name.to_owned()));
        }
        let why = unready.describe(serve, began.elapsed());
        let tail = log::tail(&log);
        let end = match tail.is_empty() {
            true => " (empty)".to_owned(),
            false => format!(", its end:\n    {}", tail.replace('\n', "\n    ")),
        };
        Err(StartError::NotReady(format!(
            "{name} {why}\n  command: {command}\n  log: {}{end}",
            log.display()
        )))
    }

    /// The base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        // Its URL was checked when it became ready.
        port_of(&self.url).unwrap_or(0)
    }

    /// The log.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// The process.
    #[must_use]
    pub fn group(&self) -> &Group {
        &self.group
    }

    /// The process, to wait for its end or to look at its status.
    pub fn group_mut(&mut self) -> &mut Group {
        &mut self.group
    }

    /// Stops it, and reports what it leaves behind.
    pub async fn stop(self, supervisor: &Supervisor) {
        let port = self.port();
        let name = self.group.name().to_owned();
        self.group.stop(self.stop_timeout).await;
        if !port::wait_until_released(port).await {
            supervisor.report_failure(format!(
                "port {port} of {name} is still in use after it was stopped"
            ));
        }
    }

    /// Kills it with all its descendants.
    pub async fn kill(self) {
        self.group.kill().await;
    }
}

/// Why a server is not ready.
enum Unready {
    Stopped,
    Exited(String),
    NoUrl,
    NotUrl(String),
    NoAnswer(String),
}

impl Unready {
    fn describe(self, serve: &Serve, after: Duration) -> String {
        let after = after.as_millis();
        match self {
            Unready::Stopped => "was stopped".to_owned(),
            Unready::Exited(how) => format!("ended before it was ready ({how})"),
            Unready::NoUrl => format!(
                "printed no URL on standard output within {after} ms; print it when the server listens, or take the port from `{{port}}`"
            ),
            Unready::NotUrl(line) => format!(
                "printed `{line}` on standard output, where its URL is expected; print the URL first, or take the port from `{{port}}`"
            ),
            Unready::NoAnswer(last) => {
                format!("was not ready after {after} ms: `{}` {last}", serve.ready)
            }
        }
    }
}

async fn wait_until_ready(
    group: &mut Group,
    allocated: Option<u16>,
    serve: &Serve,
    log: &Path,
    deadline: Instant,
) -> Result<String, Unready> {
    let url = match allocated {
        Some(port) => format!("http://127.0.0.1:{port}"),
        None => printed_url(group, log, deadline).await?,
    };
    let ready_url = format!("{url}{}", serve.ready);
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(REQUEST_TIMEOUT.min(serve.ready_timeout))
        .build()
        .map_err(|error| Unready::NoAnswer(format!("cannot be requested: {error}")))?;
    let mut pause = Duration::from_millis(5);
    loop {
        let answer = client.get(&ready_url).send().await;
        // After the answer: on the port of a process that exited, another process may answer.
        if let Some(status) = group.exit_status() {
            return Err(Unready::Exited(describe_exit(status)));
        }
        let last = match answer {
            Ok(answer) if answer.status() == StatusCode::OK => return Ok(url),
            Ok(answer) => format!("answers {}", answer.status().as_u16()),
            Err(_) => "does not answer".to_owned(),
        };
        if Instant::now() >= deadline {
            return Err(Unready::NoAnswer(last));
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// The first line of standard output. It and everything after it are copied to the log.
async fn printed_url(group: &mut Group, log: &Path, deadline: Instant) -> Result<String, Unready> {
    let Some(stdout) = group.stdout() else {
        return Err(Unready::NoUrl);
    };
    let mut stdout = BufReader::new(stdout);
    let mut line = String::new();
    let read = tokio::time::timeout_at(deadline.into(), stdout.read_line(&mut line)).await;
    if !matches!(read, Ok(Ok(_))) {
        return Err(Unready::NoUrl);
    }
    if line.is_empty()
        && let Some(status) = group.wait_for(EXIT_TIMEOUT).await
    {
        return Err(Unready::Exited(describe_exit(status)));
    }
    tokio::spawn(copy_to_log(line.clone(), stdout, log.to_owned()));
    let url = line.trim_end().trim_end_matches('/');
    match port_of(url) {
        Some(_) => Ok(url.to_owned()),
        None => Err(Unready::NotUrl(line.trim_end().to_owned())),
    }
}

/// A process whose standard output is not read would block on a full pipe.
async fn copy_to_log(line: String, mut stdout: BufReader<ChildStdout>, log: PathBuf) {
    let Ok(mut log) = File::options().append(true).open(log).await else {
        // Keep reading, even if the log cannot be written.
        let _ = tokio::io::copy(&mut stdout, &mut tokio::io::sink()).await;
        return;
    };
    let _ = log.write_all(line.as_bytes()).await;
    let _ = tokio::io::copy(&mut stdout, &mut log).await;
    let _ = log.flush().await;
}

/// The port of a URL such as `http://127.0.0.1:8080/below`.
fn port_of(url: &str) -> Option<u16> {
    let authority = url.strip_prefix("http://")?.split('/').next()?;
    authority.rsplit_once(':')?.1.parse().ok()
}
