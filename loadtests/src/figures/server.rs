//! A server under measurement, in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A child process and its port; ended when dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) port: u16,
    /// From the start of the process to its first accepted connection.
    pub(crate) started_in: Duration,
}

impl Server {
    /// `lakehouse serve` on a free port, with its state in `data`.
    pub(crate) fn lakehouse(binary: &Path, data: &Path) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(binary);
        command
            .args(["serve", "--bind", &format!("127.0.0.1:{port}")])
            .arg("--data-root")
            .arg(data);
        Self::start(command, port)
            .with_context(|| format!("`{}`, a release build", binary.display()))
    }

    /// The Python peer on a free port, with its state in `data`.
    pub(crate) fn python(interpreter: &Path, data: &Path) -> Result<Self> {
        let port = free_port()?;
        let interpreter = std::path::absolute(interpreter)?;
        let mut command = Command::new(&interpreter);
        command
            .args(["-m", "lakehouse_peer", "serve", "--port", &port.to_string()])
            .arg("--root")
            .arg(data)
            .current_dir("harness/peers/python");
        Self::start(command, port)
            .with_context(|| format!("`{}`, made by a parity run", interpreter.display()))
    }

    fn start(mut command: Command, port: u16) -> Result<Self> {
        let began = Instant::now();
        let process = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start the server")?;
        let mut server = Self {
            process,
            port,
            started_in: Duration::ZERO,
        };
        server.wait_until_it_listens()?;
        server.started_in = began.elapsed();
        Ok(server)
    }

    /// This program's own bare route, answering `body`.
    pub(crate) fn bare(body: &[u8]) -> Result<Self> {
        let began = Instant::now();
        let mut process = Command::new(std::env::current_exe()?)
            .arg("bare")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        process
            .stdin
            .take()
            .context("no standard input")?
            .write_all(body)?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("no standard output")?)
            .read_line(&mut line)?;
        let port = line
            .trim()
            .parse()
            .context("the bare route did not print its port")?;
        let mut server = Self {
            process,
            port,
            started_in: Duration::ZERO,
        };
        server.wait_until_it_listens()?;
        server.started_in = began.elapsed();
        Ok(server)
    }

    /// Resident memory in bytes, from `/proc`.
    pub(crate) fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kibibytes: u64 = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .context("no VmRSS in /proc")?
            .parse()?;
        Ok(kibibytes * 1024)
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(10);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status} before it listened");
            }
            if Instant::now() > deadline {
                bail!("the server did not listen within ten seconds");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

impl Drop for Server {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
