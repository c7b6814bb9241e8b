//! Runs the commands of a document in order, with one server for those that follow its start.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anstream::{eprintln, println};
use anyhow::{Context, Result, bail, ensure};
use xshell::cmd;

use crate::cargo;

/// The default address in the documents, with each of its spellings.
const DEFAULTS: [&str; 2] = ["localhost:3110", "127.0.0.1:3110"];

/// The time that a started server has to print its URL, which includes its build.
const START_LIMIT: Duration = Duration::from_secs(1800);

/// The time that a server has to exit after `SIGTERM`.
const STOP_LIMIT: Duration = Duration::from_secs(60);

pub(super) fn commands(root: &Path, commands: &[String]) -> Result<()> {
    let data = tempfile::tempdir()?;
    let mut server: Option<Server> = None;
    for command in commands {
        if starts_server(command) {
            ensure!(server.is_none(), "a document starts two servers");
            server = Some(Server::start(root, data.path(), command)?);
            continue;
        }
        let command = match &server {
            Some(server) => redirect(command, &server.url),
            None => command.clone(),
        };
        run(root, &command)?;
    }
    server.map_or(Ok(()), Server::stop)
}

fn starts_server(command: &str) -> bool {
    command.ends_with(" -- serve")
}

/// Points a command to the server at `url` instead of the default address.
fn redirect(command: &str, url: &str) -> String {
    let address = url.trim_start_matches("http://");
    let mut redirected = command.to_owned();
    for default in DEFAULTS {
        redirected = redirected.replace(default, address);
    }
    redirected.replace(" -- ingest ", &format!(" -- ingest --url {url} "))
}

fn run(root: &Path, command: &str) -> Result<()> {
    eprintln!("$ {command}");
    let output = shell(root, command)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot run `{command}`"))?;
    let answer = String::from_utf8_lossy(&output.stdout);
    println!("{answer}");
    check(command, output.status, &answer)
}

fn check(command: &str, status: ExitStatus, answer: &str) -> Result<()> {
    ensure!(status.success(), "`{command}` ended with {status}");
    if command.starts_with("curl ") {
        ensure!(!answer.trim().is_empty(), "`{command}` printed nothing");
        ensure!(
            !answer.contains("\"about:blank\""),
            "the answer to `{command}` is an error: {answer}"
        );
    }
    Ok(())
}

fn shell(root: &Path, command: &str) -> Command {
    let mut shell = Command::new("bash");
    shell.current_dir(root).arg("-c").arg(command);
    for name in cargo::package_variables() {
        shell.env_remove(name);
    }
    shell
}

struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Starts a server on a free port; it prints its URL when it listens.
    fn start(root: &Path, data: &Path, command: &str) -> Result<Self> {
        eprintln!("$ {command} &");
        // `exec`, so that a signal reaches cargo, which becomes the server.
        let mut process = shell(root, &format!("exec {command}"))
            .env("LAKEHOUSE_GATEWAY__BIND", "127.0.0.1:0")
            .env("LAKEHOUSE_DATA__ROOT", data)
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start `{command}`"))?;
        let output = process.stdout.take().context("the server has no output")?;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(output).read_line(&mut line);
            // The receiver is gone after the limit; the process is then stopped.
            let _ = sender.send(read.map(|_| line));
        });
        let mut server = Self {
            process,
            url: String::new(),
        };
        let line = receiver
            .recv_timeout(START_LIMIT)
            .with_context(|| format!("`{command}` printed no URL"))??;
        server.url = line.trim().to_owned();
        ensure!(
            server.url.starts_with("http://"),
            "`{command}` printed `{}` instead of its URL",
            server.url
        );
        Ok(server)
    }

    fn stop(mut self) -> Result<()> {
        let shell = cargo::shell()?;
        let id = self.process.id().to_string();
        cmd!(shell, "kill {id}").quiet().run()?;
        let deadline = Instant::now() + STOP_LIMIT;
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                ensure!(status.success(), "the server ended with {status}");
                return Ok(());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("the server did not exit within {STOP_LIMIT:?}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After a failure the process still runs; after `stop` it is gone and both calls fail.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_use_the_servers_own_address() {
        let url = "http://127.0.0.1:4567";
        assert_eq!(
            redirect("curl -s localhost:3110/health", url),
            "curl -s 127.0.0.1:4567/health"
        );
        assert_eq!(
            redirect("cargo run --bin lakehouse -- ingest --corpus a b", url),
            "cargo run --bin lakehouse -- ingest --url http://127.0.0.1:4567 --corpus a b"
        );
    }

    #[test]
    fn failures_and_error_answers_are_reported() {
        let ok = ExitStatus::default();
        assert!(check("curl -s x", ok, "{}").is_ok());
        assert!(check("curl -s x", ok, "").is_err());
        assert!(check("curl -s x", ok, "{\"type\":\"about:blank\"}").is_err());
        assert!(run(Path::new("."), "exit 3").is_err());
    }
}
