//! `cargo xtask schemathesis`: tests a server against its own OpenAPI document with Schemathesis.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anstream::println;
use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::cargo::{self, run};

const FOLDER: &str = "harness/schemathesis";

/// Starts a server with an empty root on a free port, gives it a little data, and sends it requests
/// that the document allows and requests that it forbids, for about a minute.
///
/// # Errors
/// When an answer is 5xx, is not documented, or accepts or rejects what it should not.
pub(crate) fn step() -> Result<()> {
    let shell = cargo::shell()?;
    let target = cargo::metadata()?.target_directory;
    let environment = target.join("schemathesis");
    let requirements = format!("{FOLDER}/requirements.txt");
    let build = "harness/peers/python/build.py";
    run(cmd!(shell, "python3 {build} {environment} {requirements}"))?;
    let root = shell.create_temp_dir()?;
    let arguments = ["serve", "--bind", "127.0.0.1:0", "--data-root"].map(str::to_owned);
    let arguments = [&arguments[..], &[root.path().display().to_string()]].concat();
    let build = ["--package", "lakehouse-server", "--bin", "lakehouse"];
    let command = cargo::built(&build, "debug/lakehouse", &arguments)?;
    let server = Server::start(command)?;
    let result = test(&shell, environment.as_str(), &server.url);
    server.stop()?;
    result
}

fn test(shell: &Shell, environment: &str, url: &str) -> Result<()> {
    let _folder = shell.push_dir(FOLDER);
    shell.set_var("NO_PROXY", "*");
    run(cmd!(shell, "{environment}/bin/python -B seed.py {url}"))?;
    let program = format!("{environment}/bin/schemathesis");
    let command = cmd!(shell, "{program} --no-color run {url}/openapi.json");
    let output = command.ignore_status().output()?;
    let report = String::from_utf8_lossy(&output.stdout);
    let passed = output.status.success();
    // The closing lines of a run that passed say enough.
    let from = if passed {
        report.rfind("API Operations:")
    } else {
        None
    };
    println!("{}", report[from.unwrap_or(0)..].trim_end());
    ensure!(
        passed,
        "Schemathesis found a difference between the server and its document"
    );
    Ok(())
}

/// A running server. Dropped without [`stop`](Self::stop) it is killed.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(mut command: Command) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start `lakehouse`")?;
        let output = child.stdout.take().context("the server has no output")?;
        let mut server = Self {
            child,
            url: String::new(),
        };
        // The server prints its URL when it listens.
        for line in BufReader::new(output).lines() {
            if let Some(at) = line.as_ref().ok().and_then(|line| line.find("http://")) {
                server.url = line?[at..].trim().to_owned();
                return Ok(server);
            }
        }
        anyhow::bail!("the server ended before it listened")
    }

    fn stop(mut self) -> Result<()> {
        let shell = cargo::shell()?;
        let pid = self.child.id().to_string();
        run(cmd!(shell, "kill {pid}"))?;
        let status = self.child.wait()?;
        ensure!(status.success(), "the server ended with {status}");
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
