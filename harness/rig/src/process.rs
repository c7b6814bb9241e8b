//! Processes: each starts in a process group of its own, logs to a file and leaves nothing behind.
//!
//! A [`Supervisor`] covers one run: it names the log files, marks the environment of everything it
//! starts, finds processes that escaped their group, and collects what went wrong. A [`Group`] is
//! one started [`Command`] with all its descendants, a [`Server`] is a group that answers HTTP
//! requests, and a [`State`] is the folder that a process may write to.

mod command;
mod group;
mod leftover;
pub mod log;
mod server;
mod state;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

pub use command::{Command, is_on_path};
pub use group::{Group, Output, describe_exit};
pub use server::{Server, Start, StartError};
pub use state::State;

use crate::error::Error;

/// The environment variable that marks everything a run starts, so that processes outside their
/// group are still found.
pub const MARK: &str = "RIG_RUN";

const MAX_SWEEPS: usize = 50;
const SWEEP_INTERVAL: Duration = Duration::from_millis(20);

/// What all processes of one run share.
#[derive(Debug)]
pub struct Supervisor {
    mark: String,
    logs: PathBuf,
    stop: watch::Receiver<bool>,
    failures: Mutex<Vec<String>>,
    notices: Mutex<Vec<String>>,
    log_names: Mutex<BTreeMap<String, usize>>,
}

impl Supervisor {
    /// A supervisor with its logs in the folder `logs`, which is emptied first. The run is asked to
    /// stop by a `true` in `stop`.
    ///
    /// # Errors
    ///
    /// The folder cannot be emptied or created.
    pub fn new(logs: PathBuf, stop: watch::Receiver<bool>) -> Result<Supervisor, Error> {
        if logs.is_dir() {
            std::fs::remove_dir_all(&logs).map_err(|e| Error::io("empty", &logs, e))?;
        }
        std::fs::create_dir_all(&logs).map_err(|e| Error::io("create", &logs, e))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_nanos());
        Ok(Supervisor {
            mark: format!("{}-{now}", std::process::id()),
            logs,
            stop,
            failures: Mutex::default(),
            notices: Mutex::default(),
            log_names: Mutex::default(),
        })
    }

    /// Returns once the run is asked to stop.
    pub async fn stop_requested(&self) {
        let mut stop = self.stop.clone();
        // Without a sender the run can no longer be asked to stop.
        if stop.wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the run was asked to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Records a failure of the infrastructure.
    pub fn report_failure(&self, message: String) {
        push(&self.failures, message);
    }

    /// Records a note for the reader of the report.
    pub fn report_notice(&self, message: String) {
        push(&self.notices, message);
    }

    /// Removes and returns the recorded failures, sorted.
    #[must_use]
    pub fn take_failures(&self) -> Vec<String> {
        take(&self.failures)
    }

    /// Removes and returns the recorded notices, sorted.
    #[must_use]
    pub fn take_notices(&self) -> Vec<String> {
        take(&self.notices)
    }

    /// The path of a new log: `name.log`, or `name.2.log` for the second of that name.
    #[must_use]
    pub fn log(&self, name: &str) -> PathBuf {
        let mut names = self
            .log_names
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let count = names.entry(name.to_owned()).or_default();
        *count += 1;
        match *count {
            1 => self.logs.join(format!("{name}.log")),
            number => self.logs.join(format!("{name}.{number}.log")),
        }
    }

    /// Kills the processes of this run that escaped their group, and reports each as a failure.
    /// Call it when no group is running any more.
    pub async fn sweep(&self) {
        // One clean sweep is not enough: during `exec` a process has no environment to read, and
        // a process that was found may have started another.
        let mut clean = 0;
        for _ in 0..MAX_SWEEPS {
            let leftovers = leftover::marked(MARK, &self.mark);
            clean = if leftovers.is_empty() { clean + 1 } else { 0 };
            if clean == 2 {
                return;
            }
            for leftover in leftovers {
                leftover.kill();
                self.report_failure(format!(
                    "{leftover} was started by this run, left its process group and was still running; it was killed"
                ));
            }
            tokio::time::sleep(SWEEP_INTERVAL).await;
        }
    }
}

fn push(list: &Mutex<Vec<String>>, message: String) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    if !list.contains(&message) {
        list.push(message);
    }
}

fn take(list: &Mutex<Vec<String>>) -> Vec<String> {
    let mut taken = std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner));
    taken.sort();
    taken
}
