//! One started process and everything it starts: a process group.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessGroup};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::timeout;

use super::{Command, MARK, Supervisor, leftover};

/// How long the rest of a group may outlive its leader before it counts as left behind.
const STRAGGLERS: Duration = Duration::from_millis(400);
/// How long a killed group may take to be gone.
const KILLED: Duration = Duration::from_secs(5);

/// A started process group.
#[derive(Debug)]
pub struct Group {
    child: Box<dyn ChildWrapper>,
    leader: Pid,
    who: String,
    supervisor: Arc<Supervisor>,
    ended: bool,
}

/// Where a process's output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Everything into the log.
    Log,
    /// Standard input and output are pipes; standard error goes into the log.
    Pipes,
}

impl Group {
    /// Starts a command; `who` is how messages call it.
    ///
    /// # Errors
    ///
    /// The log cannot be made, or the program cannot be started.
    pub fn start(
        supervisor: &Arc<Supervisor>,
        command: &Command,
        who: &str,
        output: Output,
        log: &Path,
    ) -> std::io::Result<Group> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(log)?;
        let (stdin, stdout) = match output {
            Output::Log => (Stdio::null(), Stdio::from(log.try_clone()?)),
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
                if key.to_string_lossy().starts_with("CARGO_") {
                    process.env_remove(key);
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
            who: who.to_owned(),
            supervisor: Arc::clone(supervisor),
            ended: false,
        })
    }

    /// The pipes, the first time it is asked.
    pub fn pipes(&mut self) -> Option<(ChildStdin, ChildStdout)> {
        Some((self.child.stdin().take()?, self.child.stdout().take()?))
    }

    /// How the leader ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for the leader to end.
    ///
    /// # Errors
    ///
    /// The system does not say how it ended.
    pub async fn wait(&mut self) -> std::io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Waits a while for the leader to end.
    pub async fn wait_for(&mut self, time: Duration) -> Option<ExitStatus> {
        timeout(time, self.child.wait()).await.ok()?.ok()
    }

    /// Kills everything at once.
    pub async fn kill(mut self) {
        self.signal(Signal::SIGKILL);
        self.gone().await;
    }

    /// Waits for a leader that was asked to end by other means, then stops the group. Gives how it
    /// ended, if it did so in time.
    pub async fn finish(mut self, grace: Duration) -> Option<ExitStatus> {
        let ended = self.wait_for(grace).await;
        if ended.is_some() {
            self.end_stragglers().await;
        } else {
            self.supervisor.notice(format!(
                "{} went on running for {} ms after its input had ended, and was stopped",
                self.who,
                grace.as_millis()
            ));
            self.stop(grace).await;
        }
        ended
    }

    /// SIGTERM to the group, SIGKILL after `grace`; whatever outlives the leader is noted.
    pub async fn stop(mut self, grace: Duration) {
        if self.ended().is_none() {
            self.signal(Signal::SIGTERM);
            if self.wait_for(grace).await.is_none() {
                self.supervisor.notice(format!(
                    "{} did not stop within {} ms of SIGTERM and was killed",
                    self.who,
                    grace.as_millis()
                ));
                self.kill().await;
                return;
            }
        }
        self.end_stragglers().await;
    }

    async fn end_stragglers(mut self) {
        let left = self.living_after(STRAGGLERS).await;
        if left.is_empty() {
            self.ended = true;
            return;
        }
        for process in &left {
            self.supervisor.trouble(format!(
                "{} left {process} running behind it; it was killed",
                self.who
            ));
        }
        self.signal(Signal::SIGKILL);
        self.gone().await;
    }

    async fn gone(&mut self) {
        let _ = self.wait_for(KILLED).await;
        for process in self.living_after(KILLED).await {
            self.supervisor
                .trouble(format!("{process} of {} could not be killed", self.who));
        }
        self.ended = true;
    }

    /// The group's living processes, once there are none or the time is up.
    async fn living_after(&self, time: Duration) -> Vec<leftover::Leftover> {
        let until = tokio::time::Instant::now() + time;
        loop {
            // Cheap, and enough in the ordinary case: no process has this group any more.
            if killpg(self.leader, None).is_err() {
                return Vec::new();
            }
            let living = leftover::in_group(self.leader.as_raw());
            if living.is_empty() || tokio::time::Instant::now() >= until {
                return living;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    fn signal(&self, signal: Signal) {
        // The group may be gone already.
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
pub fn how_it_ended(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    if let Some(code) = status.code() {
        return format!("exit code {code}");
    }
    match status.signal() {
        Some(number) => match Signal::try_from(number) {
            Ok(signal) => format!("signal {number} ({signal})"),
            Err(_) => format!("signal {number}"),
        },
        None => "it ended".to_owned(),
    }
}
