//! The session log below the data root.

use std::{io, path::Path, sync::Arc};

use lakehouse_base::Clock;
use lakehouse_log::json_lines::JsonLines;
use lakehouse_validate::{iterate::SessionSink, session::SessionRecord};

/// How this program tags its lines.
pub(crate) const DAEMON: &str = "lakehouse";

/// The file `sessions.jsonl`, which several processes may append to.
pub(crate) struct SessionFile {
    lines: JsonLines,
    clock: Arc<dyn Clock>,
}

impl SessionFile {
    /// The file of a data root; lines are stamped with the time of `clock`.
    pub(crate) fn below(data_root: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            lines: JsonLines::new(data_root.join("sessions.jsonl")),
            clock,
        }
    }

    /// Whether a line could be appended now. Nothing is appended.
    pub(crate) fn check(&self) -> io::Result<()> {
        self.lines.check()
    }

    /// Appends a record's line, with its line feed, in one write.
    pub(crate) fn append_line(&self, line: &str) -> io::Result<()> {
        self.lines.append(line)
    }
}

impl SessionSink for SessionFile {
    fn append(&self, record: &SessionRecord) -> io::Result<()> {
        self.append_line(&record.line(self.clock.now(), DAEMON))
    }
}
