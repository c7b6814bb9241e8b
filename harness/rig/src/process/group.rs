//! A started process with all its descendants: a process group.

use std::fs::File;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessGroup};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, sleep, timeout};

use super::{Command, MARK, Supervisor, leftover};

/// How long the rest of a group may outlive its leader before it counts as left behind. Generous,
/// since a busy machine may take long to deliver the signal; only a real leftover waits for it.
const STRAGGLER_TIMEOUT: Duration = Duration::from_secs(2);
/// How long a killed group may take to disappear.
const KILL_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a process may take to exit once the run was asked to stop, which must end soon itself.
const STOPPING_GRACE: Duration = Duration::from_millis(500);
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Prefixes of the variables that Cargo sets for a package that it runs. A build in a child would
/// take them for its own and rebuild what depends on them.
const PACKAGE_VARIABLES: [&str; 5] = [
    "CARGO_BIN_",
    "CARGO_CRATE_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_",
];

/// A started process group. Dropping it kills the group.
#[derive(Debug)]
pub struct Group {
    child: Box<dyn ChildWrapper>,
    leader: Pid,
    name: String,
    supervisor: Arc<Supervisor>,
    ended: bool,
}

/// Where a process's output goes. Standard error always goes to the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Standard output goes to the log, standard input is empty.
    Log,
    /// Standard output is a pipe, standard input is empty.
    Stdout,
    /// Standard input and output are pipes.
    Pipes,
}

impl Group {
    /// Starts a command; messages call it `name`.
    ///
    /// # Errors
    ///
    /// The log cannot be opened, or the program cannot be started.
    pub fn start(
        supervisor: &Arc<Supervisor>,
        command: &Command,
        name: &str,
        output: Output,
        log: &Path,
    ) -> std::io::Result<Group> {
        let log = File::options().create(true).append(true).open(log)?;
        let (stdin, stdout) = match output {
            Output::Log => (Stdio::null(), Stdio::from(log.try_clone()?)),
            Output::Stdout => (Stdio::null(), Stdio::piped()),
            Output::Pipes => (Stdio::piped(), Stdio::piped()),
        };
        let mut wrap = CommandWrap::with_new(&command.program, |process| {
            process
                .args(&command.arguments)
                .current_dir(&command.directory)
                .stdin(stdin)
                .stdout(stdout)
                .stderr(Stdio::from(log));
            for (key, _) in std::env::vars_os() {
                let key = key.to_string_lossy();
                if PACKAGE_VARIABLES
                    .iter()
                    .any(|prefix| key.starts_with(prefix))
                {
                    process.env_remove(&*key);
                }
            }
            process
                .envs(&command.environment)
                .env(MARK, &supervisor.mark);
        });
        wrap.wrap(ProcessGroup::leader()).wrap(KillOnDrop);
        let child = wrap.spawn()?;
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let id = id.ok_or_else(|| std::io::Error::other("the process has no id"))?;
        Ok(Group {
            child,
            leader: Pid::from_raw(id),
            name: name.to_owned(),
            supervisor: Arc::clone(supervisor),
            ended: false,
        })
    }

    /// The process id of the leader.
    #[must_use]
    pub fn id(&self) -> i32 {
        self.leader.as_raw()
    }

    /// The name that messages use.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Standard input and output, on the first call.
    pub fn pipes(&mut self) -> Option<(ChildStdin, ChildStdout)> {
        Some((self.child.stdin().take()?, self.child.stdout().take()?))
    }

    /// Standard output, on the first call.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout().take()
    }

    /// The leader's exit status; none while it runs.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for the leader to exit.
    ///
    /// # Errors
    ///
    /// The system does not report its status.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Waits up to `limit` for the leader to exit.
    pub async fn wait_for(&mut self, limit: Duration) -> Option<ExitStatus> {
        timeout(limit, self.child.wait()).await.ok()?.ok()
    }

    /// Sends SIGTERM to the group and does not wait.
    pub fn terminate(&self) {
        self.signal(Signal::SIGTERM);
    }

    /// Kills the group at once.
    pub async fn kill(mut self) {
        self.signal(Signal::SIGKILL);
        self.wait_until_gone().await;
    }

    /// Waits up to `limit` for the leader to exit, and not much longer than the run goes on.
    async fn wait_unless_stopping(&mut self, limit: Duration) -> Option<ExitStatus> {
        let supervisor = Arc::clone(&self.supervisor);
        tokio::select! {
            status = self.wait_for(limit) => status,
            () = async {
                supervisor.stop_requested().await;
                sleep(STOPPING_GRACE).await;
            } => None,
        }
    }

    /// Waits up to `grace` for a leader that was asked to exit by other means, then stops the
    /// group. Returns the exit status when the leader exited in time.
    pub async fn finish(mut self, grace: Duration) -> Option<ExitStatus> {
        let status = self.wait_unless_stopping(grace).await;
        if status.is_some() {
            self.kill_stragglers().await;
        } else {
            self.supervisor.report_notice(format!(
                "{} was still running {} ms after its input had ended, and was stopped",
                self.name,
                grace.as_millis()
            ));
            self.stop(grace).await;
        }
        status
    }

    /// Sends SIGTERM to the group, and SIGKILL after `grace`. Reports processes that outlive the
    /// leader.
    pub async fn stop(mut self, grace: Duration) {
        if self.exit_status().is_none() {
            self.terminate();
            if self.wait_unless_stopping(grace).await.is_none() {
                self.supervisor.report_notice(format!(
                    "{} did not stop within {} ms of SIGTERM and was killed",
                    self.name,
                    grace.as_millis()
                ));
                self.kill().await;
                return;
            }
        }
        self.kill_stragglers().await;
    }

    async fn kill_stragglers(mut self) {
        let left = self.living_after(STRAGGLER_TIMEOUT).await;
        if left.is_empty() {
            self.ended = true;
            return;
        }
        for process in &left {
            self.supervisor.report_failure(format!(
                "{} left {process} running behind it; it was killed",
                self.name
            ));
        }
        self.signal(Signal::SIGKILL);
        self.wait_until_gone().await;
    }

    async fn wait_until_gone(&mut self) {
        let _ = self.wait_for(KILL_TIMEOUT).await;
        for process in self.living_after(KILL_TIMEOUT).await {
            self.supervisor
                .report_failure(format!("{process} of {} could not be killed", self.name));
        }
        self.ended = true;
    }

    /// The processes of the group that are alive after `limit`; returns early when there are none.
    async fn living_after(&self, limit: Duration) -> Vec<leftover::Leftover> {
        let deadline = Instant::now() + limit;
        loop {
            // Cheap, and usually enough: no process has this group id any more.
            if killpg(self.leader, None).is_err() {
                return Vec::new();
            }
            let living = leftover::in_group(self.leader.as_raw());
            if living.is_empty() || Instant::now() >= deadline {
                return living;
            }
            sleep(POLL_INTERVAL).await;
        }
    }

    fn signal(&self, signal: Signal) {
        // An error means that the group has ended already.
        let _ = killpg(self.leader, signal);
    }
}

impl Drop for Group {
    /// The last resort, for a panic or an abandoned task.
    fn drop(&mut self) {
        if !self.ended {
            self.signal(Signal::SIGKILL);
        }
    }
}

/// `exit code 3` or `signal 9 (SIGKILL)`.
#[must_use]
pub fn describe_exit(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    if let Some(code) = status.code() {
        return format!("exit code {code}");
    }
    match status.signal() {
        Some(number) => match Signal::try_from(number) {
            Ok(signal) => format!("signal {number} ({signal})"),
            Err(_) => format!("signal {number}"),
        },
        None => "an unknown status".to_owned(),
    }
}
