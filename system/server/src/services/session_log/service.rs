//! The session log below the data root.

use std::{io, path::Path, sync::Arc, time::SystemTime};

use lakehouse_base::{Clock, rfc3339_millis};
use lakehouse_log::json_lines::JsonLines;
use lakehouse_validate::{iterate::SessionSink, session::SessionRecord};
use lakehouse_wire::{
    session_log::{self, LineSchema, SessionLine},
    to_text,
};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::convert;

/// The tag of this program's lines.
const DAEMON: &str = "lakehouse";

/// The line of a record, without its line feed.
pub(super) fn line_of(record: session_log::SessionRecord<'_>, written_at: SystemTime) -> String {
    to_text(&SessionLine {
        schema: LineSchema::IterateV1,
        session_id: record.session_id,
        timestamp: &rfc3339_millis(written_at),
        daemon: DAEMON,
        run: record.run,
    })
}

/// The file `sessions.jsonl`, which several processes may append to.
pub struct SessionLog {
    lines: JsonLines,
    clock: Arc<dyn Clock>,
}

impl SessionLog {
    /// The file of a data root; `clock` gives the time of each line.
    pub fn below(data_root: &Path, clock: Arc<dyn Clock>) -> Self {
        Self {
            lines: JsonLines::new(data_root.join("sessions.jsonl")),
            clock,
        }
    }

    /// Checks that a line can be appended, without appending one.
    pub(super) fn check(&self) -> io::Result<()> {
        self.lines.check()
    }

    /// Appends a record's line durably.
    pub(super) fn append_line(&self, line: &str) -> io::Result<()> {
        self.lines.append(line)
    }
}

impl SessionSink for SessionLog {
    fn append(&self, record: &SessionRecord) -> io::Result<()> {
        let line = line_of(convert::record(record), self.clock.now());
        let append = || self.append_line(&line);
        // The append waits for the disk and for other writers. Only the scheduler with several
        // threads can hand over the other tasks of this one.
        match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
            Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(append),
            _ => append(),
        }
    }
}
