//! The session log below the data root.

use std::{io, path::Path, sync::Arc};

use async_trait::async_trait;
use lakehouse_base::Clock;
use lakehouse_log::json_lines::JsonLines;
use lakehouse_validate::{iterate::SessionSink, session::SessionRecord};

use crate::services::{Check, Service};

/// How this program tags its lines.
pub(super) const DAEMON: &str = "lakehouse";

/// The file `sessions.jsonl`, which several processes may append to.
pub struct SessionLog {
    lines: JsonLines,
    clock: Arc<dyn Clock>,
}

impl SessionLog {
    /// The file of a data root; lines are stamped with the time of `clock`.
    pub fn below(data_root: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            lines: JsonLines::new(data_root.join("sessions.jsonl")),
            clock,
        }
    }

    /// Whether a line could be appended now. Nothing is appended.
    fn check(&self) -> io::Result<()> {
        self.lines.check()
    }

    /// Appends a record's line, with its line feed, in one write.
    pub(super) fn append_line(&self, line: &str) -> io::Result<()> {
        self.lines.append(line)
    }
}

impl SessionSink for SessionLog {
    fn append(&self, record: &SessionRecord) -> io::Result<()> {
        self.append_line(&record.line(self.clock.now(), DAEMON))
    }
}

#[async_trait]
impl Service for SessionLog {
    async fn checks(&self) -> Vec<Check> {
        let result = self.check();
        let result = result.map_err(|error| format!("session log cannot be opened: {error}"));
        vec![Check::new("sessions", result)]
    }
}
