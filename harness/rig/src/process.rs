//! Processes: started in groups of their own, logged into files, stopped without leftovers.
//!
//! [`Supervisor`] knows the run: it names the logs, marks every child's environment, and collects
//! what went wrong. [`Group`] is one started process with everything it starts itself.

mod command;
mod group;
mod leftover;
mod state;

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

pub use command::{Command, is_on_path};
pub use group::{Group, Output, how_it_ended};
pub use state::State;

use crate::error::Error;

/// Marks the environment of everything a run starts, so that what leaves its group is still found.
const MARK: &str = "PARITY_RUN";

/// How often at most leftovers are looked for, and how long after each other.
const SWEEPS: usize = 50;
const BETWEEN_SWEEPS: Duration = Duration::from_millis(20);

/// How many lines of a log are shown with a failure.
const TAIL_LINES: usize = 20;

/// What all processes of one run have in common.
#[derive(Debug)]
pub struct Supervisor {
    mark: String,
    logs: PathBuf,
    stop: watch::Receiver<bool>,
    troubles: Mutex<Vec<String>>,
    notices: Mutex<Vec<String>>,
    log_names: Mutex<std::collections::BTreeMap<String, usize>>,
}

impl Supervisor {
    /// A supervisor that keeps its logs in `logs`, which is emptied first.
    ///
    /// # Errors
    ///
    /// A folder that cannot be emptied or made.
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
            troubles: Mutex::default(),
            notices: Mutex::default(),
            log_names: Mutex::default(),
        })
    }

    /// Returns once the run is to stop.
    pub async fn stop_requested(&self) {
        let mut stop = self.stop.clone();
        // An error means that nobody can ask any more.
        if stop.wait_for(|stop| *stop).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether the run is to stop.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Notes a failure of the infrastructure.
    pub fn trouble(&self, what: String) {
        push(&self.troubles, what);
    }

    /// Notes something a reader must know.
    pub fn notice(&self, what: String) {
        push(&self.notices, what);
    }

    /// Takes all failures of the infrastructure noted so far, sorted.
    #[must_use]
    pub fn take_troubles(&self) -> Vec<String> {
        take(&self.troubles)
    }

    /// Takes everything a reader must know, sorted.
    #[must_use]
    pub fn take_notices(&self) -> Vec<String> {
        take(&self.notices)
    }

    /// The path of a new log; a name that is taken gets a number.
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

    /// Ends whatever this run started and no group of it knows any more, and notes it.
    pub async fn sweep(&self) {
        // A process that is just replacing its program has no environment to read for a moment,
        // and one that is found may have started another: once clean is not enough.
        let mut clean = 0;
        for _ in 0..SWEEPS {
            let leftovers = leftover::marked(MARK, &self.mark);
            clean = if leftovers.is_empty() { clean + 1 } else { 0 };
            if clean == 2 {
                return;
            }
            for leftover in leftovers {
                leftover::end(&leftover);
                self.trouble(format!(
                    "{leftover} was started by this run, left its process group and was still running; it was killed"
                ));
            }
            tokio::time::sleep(BETWEEN_SWEEPS).await;
        }
    }
}

fn push(list: &Mutex<Vec<String>>, what: String) {
    let mut list = list.lock().unwrap_or_else(PoisonError::into_inner);
    if !list.contains(&what) {
        list.push(what);
    }
}

fn take(list: &Mutex<Vec<String>>) -> Vec<String> {
    let mut taken = std::mem::take(&mut *list.lock().unwrap_or_else(PoisonError::into_inner));
    taken.sort();
    taken
}

/// How long a log is, in bytes; 0 when there is none.
#[must_use]
pub fn log_length(log: &Path) -> u64 {
    std::fs::metadata(log).map_or(0, |data| data.len())
}

/// The last lines of a log; empty when there is none.
#[must_use]
pub fn tail(log: &Path) -> String {
    tail_since(log, 0)
}

/// The last lines that a case added to a log that was `start` bytes long before it. A failure that
/// added nothing shows the end of the whole log: what broke the process may stand before the case.
#[must_use]
pub fn tail_of_case(log: &Path, start: u64, has_failed: bool) -> String {
    let added = tail_since(log, start);
    if added.is_empty() && has_failed {
        return tail(log);
    }
    added
}

/// The last lines of what stands in a log behind its first `start` bytes.
fn tail_since(log: &Path, start: u64) -> String {
    let mut bytes = Vec::new();
    if let Ok(mut file) = std::fs::File::open(log) {
        let read = file
            .seek(SeekFrom::Start(start))
            .and_then(|_| file.read_to_end(&mut bytes));
        // What could be read of a log that is being written is what there is to show.
        drop(read);
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
}
