//! The session log below the data root.

use std::{
    fs::{self, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use lakehouse_base::{Clock, append::append_once};
use lakehouse_validate::{iterate::SessionSink, session::SessionRecord};

/// How this program tags its lines.
pub(crate) const DAEMON: &str = "lakehouse";

/// The file `sessions.jsonl`, which several processes may append to.
pub(crate) struct SessionFile {
    path: PathBuf,
    clock: Arc<dyn Clock>,
}

impl SessionFile {
    /// The file of a data root; lines are stamped with the time of `clock`.
    pub(crate) fn below(data_root: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            path: data_root.join("sessions.jsonl"),
            clock,
        }
    }

    /// Whether a line could be appended now. Nothing is appended.
    pub(crate) fn check(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        OpenOptions::new()
            .append(true)
            .create(true)
            .open(&self.path)?;
        Ok(())
    }

    /// Appends a record's line, with its line feed, in one write.
    pub(crate) fn append_line(&self, line: &str) -> io::Result<()> {
        append_once(&self.path, format!("{line}\n").as_bytes())
    }
}

impl SessionSink for SessionFile {
    fn append(&self, record: &SessionRecord) -> io::Result<()> {
        self.append_line(&record.line(self.clock.now(), DAEMON))
    }
}
