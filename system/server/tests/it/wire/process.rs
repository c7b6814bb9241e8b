//! The binary as a process.

use std::{
    io::{self, BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

/// The binary.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_lakehouse");

/// A running server. Dropped without [`stop`](Self::stop) it is killed.
pub(crate) struct Server {
    pub(crate) url: String,
    child: Child,
    stdout: BufReader<ChildStdout>,
    log: Option<JoinHandle<String>>,
}

impl Server {
    /// Starts the binary on a free port, with its data below `state`.
    pub(crate) fn start(
        environment: impl IntoIterator<Item = (String, String)>,
        state: &Path,
    ) -> Self {
        Self::launch(Command::new(BINARY), environment, state)
    }

    /// As [`start`](Self::start), with a limit on the size of files: writes beyond it fail.
    pub(crate) fn start_with_short_files(kilobytes: usize, state: &Path) -> Self {
        let mut shell = Command::new("bash");
        let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, BINARY]);
        Self::launch(shell, [], state)
    }

    fn launch(
        mut command: Command,
        environment: impl IntoIterator<Item = (String, String)>,
        state: &Path,
    ) -> Self {
        let mut child = command
            .args(["serve", "--bind", "127.0.0.1:0"])
            .env("LAKEHOUSE_DATA__ROOT", state)
            .envs(environment)
            .current_dir(state)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Read continuously: a full pipe would block the server.
        let mut log = child.stderr.take().unwrap();
        let log = thread::spawn(move || io::read_to_string(&mut log).unwrap());
        let mut url = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        if stdout.read_line(&mut url).unwrap() == 0 {
            panic!("the server ended: {}", log.join().unwrap());
        }
        Self {
            url: url.trim_end().to_owned(),
            child,
            stdout,
            log: Some(log),
        }
    }

    /// Stops the server, and returns its log.
    pub(crate) fn stop(self) -> String {
        self.stop_and_read().0
    }

    /// Stops the server, and returns its log and what it printed after its URL.
    pub(crate) fn stop_and_read(mut self) -> (String, String) {
        let asked = Instant::now();
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        kill(pid, Signal::SIGTERM).unwrap();
        let status = self.child.wait().unwrap();
        assert!(
            asked.elapsed() < Duration::from_secs(5),
            "it took {:?}",
            asked.elapsed()
        );
        let log = self.log.take().unwrap().join().unwrap();
        assert!(status.success(), "{status}: {log}");
        let more = io::read_to_string(&mut self.stdout).unwrap();
        (log, more)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fails when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
