//! A started process: a group of its own, its output in a log, ended with everything it started.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use process_wrap::tokio::{ChildWrapper, CommandWrap, KillOnDrop, ProcessGroup};
use tokio::process::{ChildStdin, ChildStdout};

use super::implementation::Launch;

/// How long a process may take to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(15);

/// A started process.
#[derive(Debug)]
pub(super) struct Process {
    /// How messages call it.
    pub(super) name: String,
    /// Its number.
    pub(super) id: i32,
    child: Box<dyn ChildWrapper>,
}

/// Where standard input and output go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Streams {
    /// Nothing comes in, and what goes out goes to the log.
    Log,
    /// To us; standard error goes to the log.
    Pipes,
}

impl Process {
    /// Starts a command in a process group of its own.
    pub(super) fn start(name: &str, launch: &Launch, streams: Streams, log: &Path) -> Result<Self> {
        let [program, arguments @ ..] = launch.command.as_slice() else {
            bail!("`{name}` has no command");
        };
        let mut options = std::fs::File::options();
        let log_file = options.create(true).append(true).open(log);
        let log_file = log_file.with_context(|| format!("the log `{}`", log.display()))?;
        let (stdin, stdout) = match streams {
            Streams::Log => (Stdio::null(), Stdio::from(log_file.try_clone()?)),
            Streams::Pipes => (Stdio::piped(), Stdio::piped()),
        };
        let mut wrap = CommandWrap::with_new(program, |command| {
            command
                .args(arguments)
                .envs(&launch.environment)
                .stdin(stdin)
                .stdout(stdout)
                .stderr(Stdio::from(log_file));
            if let Some(directory) = &launch.directory {
                command.current_dir(directory);
            }
        });
        wrap.wrap(ProcessGroup::leader()).wrap(KillOnDrop);
        let child = wrap
            .spawn()
            .with_context(|| format!("cannot start `{program}`"))?;
        let id = child.id().context("the process has no id")?;
        Ok(Self {
            name: name.to_owned(),
            id: i32::try_from(id)?,
            child,
        })
    }

    /// Its pipes, the first time it is asked.
    pub(super) fn pipes(&mut self) -> Option<(ChildStdin, ChildStdout)> {
        Some((self.child.stdin().take()?, self.child.stdout().take()?))
    }

    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> Option<std::process::ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to end.
    pub(super) fn ask_to_end(&self) {
        // An error means that it has ended already.
        let _ = kill(Pid::from_raw(self.id), Signal::SIGTERM);
    }

    /// Waits for it to end by itself.
    pub(super) async fn wait(&mut self) -> Result<std::process::ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Ends it with its whole group, and says when it would not end by itself.
    pub(super) async fn end(mut self) -> Result<()> {
        self.ask_to_end();
        let in_time = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let group = Pid::from_raw(self.id);
        let _ = killpg(group, Signal::SIGKILL);
        if in_time.is_err() {
            self.child.wait().await?;
            bail!(
                "`{}` (process {}) did not end within {} s and was killed",
                self.name,
                self.id,
                PATIENCE.as_secs()
            );
        }
        Ok(())
    }
}
