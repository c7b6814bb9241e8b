//! The binary as a process, supervised by the rig.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

use lakehouse_rig::process::{Command, Group, Output, Supervisor, describe_exit};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::ChildStdout,
    sync::watch,
};

/// The binary.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_lakehouse");

/// The limit on a start, a stop and a condition, for a machine that is busy with other work.
const TIMEOUT: Duration = Duration::from_secs(60);
const POLL_INTERVAL: Duration = Duration::from_millis(5);
const NAME: &str = "lakehouse";

/// A running server. Dropping it kills it.
pub(crate) struct Process {
    pub(crate) url: String,
    group: Group,
    stdout: BufReader<ChildStdout>,
    supervisor: Arc<Supervisor>,
    logs: TempDir,
}

impl Process {
    /// Starts the binary on a free port, with its data in the folder `state`.
    pub(crate) async fn start(state: &Path) -> Self {
        Self::start_with(BTreeMap::new(), state).await
    }

    /// As [`start`](Self::start), with variables added to the environment.
    pub(crate) async fn start_with(environment: BTreeMap<String, String>, state: &Path) -> Self {
        Self::launch(BINARY, &[], environment, state).await
    }

    /// As [`start`](Self::start), with a limit on the size of files: writes beyond it fail.
    pub(crate) async fn start_with_short_files(kilobytes: usize, state: &Path) -> Self {
        let script = format!("trap '' XFSZ; ulimit -f {kilobytes}; exec \"$0\" \"$@\"");
        Self::launch("bash", &["-c", &script, BINARY], BTreeMap::new(), state).await
    }

    async fn launch(
        program: &str,
        arguments: &[&str],
        mut environment: BTreeMap<String, String>,
        state: &Path,
    ) -> Self {
        let logs = tempfile::tempdir().unwrap();
        // Without a sender the run is never asked to stop.
        let (_, stop) = watch::channel(false);
        let supervisor = Arc::new(Supervisor::new(logs.path().join("logs"), stop).unwrap());
        let log = supervisor.log(NAME);
        let data_root = state.to_str().unwrap().to_owned();
        environment.insert("LAKEHOUSE_DATA__ROOT".to_owned(), data_root);
        let arguments = [arguments, &["serve", "--bind", "127.0.0.1:0"]].concat();
        let command = Command {
            program: program.to_owned(),
            arguments: arguments.into_iter().map(str::to_owned).collect(),
            directory: state.to_owned(),
            environment,
        };
        let group = Group::start(&supervisor, &command, NAME, Output::Stdout, &log);
        let mut group = group.unwrap();
        let mut stdout = BufReader::new(group.stdout().unwrap());
        let mut url = String::new();
        let length = within_limit(stdout.read_line(&mut url)).await.unwrap();
        assert!(length > 0, "it ended: {}", fs::read_to_string(log).unwrap());
        Self {
            url: url.trim_end().to_owned(),
            group,
            stdout,
            supervisor,
            logs,
        }
    }

    /// Asks the server to stop, without waiting.
    pub(crate) fn terminate(&self) {
        self.group.terminate();
    }

    /// What the server has logged so far.
    pub(crate) fn log(&self) -> String {
        let log = format!("logs/{NAME}.log");
        fs::read_to_string(self.logs.path().join(log)).unwrap()
    }

    /// Stops the server, and returns its log.
    pub(crate) async fn stop(self) -> String {
        self.stop_and_read().await.0
    }

    /// Stops the server, and returns its log and what it printed after its URL.
    pub(crate) async fn stop_and_read(mut self) -> (String, String) {
        self.terminate();
        let status = within_limit(self.group.wait()).await.unwrap();
        let log = self.log();
        assert!(status.success(), "{}: {log}", describe_exit(status));
        let mut more = String::new();
        self.stdout.read_to_string(&mut more).await.unwrap();
        self.group.stop(TIMEOUT).await;
        check_nothing_is_left(&self.supervisor).await;
        (log, more)
    }

    /// Kills the server.
    pub(crate) async fn kill(self) {
        self.group.kill().await;
        check_nothing_is_left(&self.supervisor).await;
    }
}

/// Checks that the server left no process behind.
async fn check_nothing_is_left(supervisor: &Supervisor) {
    supervisor.sweep().await;
    assert_eq!(supervisor.take_failures(), [""; 0]);
}

/// The result of `wait`, which must come within the limit.
pub(crate) async fn within_limit<T>(wait: impl Future<Output = T>) -> T {
    let result = tokio::time::timeout(TIMEOUT, wait).await;
    result.unwrap_or_else(|_| panic!("not within {TIMEOUT:?}"))
}

/// Waits until the condition holds.
pub(crate) async fn wait_until(mut condition: impl FnMut() -> bool) {
    within_limit(async {
        while !condition() {
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    })
    .await;
}
