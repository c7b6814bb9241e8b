//! The session log below the data root.

use std::{borrow::Cow, io, path::Path, sync::Arc, time::SystemTime};

use lakehouse_base::{Clock, rfc3339_millis};
use lakehouse_log::json_lines::JsonLines;
use lakehouse_validate::{
    iterate::SessionSink,
    session::{SessionRecord, masked_object, masked_text},
};
use lakehouse_wire::{
    Carried, Nullable,
    session_log::{self, LineSchema, SessionLine},
    to_text,
    validate::ValidationFailure,
};
use tokio::runtime::{Handle, RuntimeFlavor};

use super::convert;

/// The tag of this program's lines.
const DAEMON: &str = "lakehouse";

/// The line of a record with its social security numbers masked, without its line feed.
pub(super) fn line_of(record: session_log::SessionRecord<'_>, written_at: SystemTime) -> String {
    let mut run = record.run;
    let prompt = masked_text(run.prompt);
    let error = run.error.0.map(masked_text);
    let raws: Vec<_> = run.attempts.0.iter().map(|a| masked_text(a.raw)).collect();
    run.prompt = &prompt;
    run.error = Nullable(error.as_deref());
    for (attempt, raw) in run.attempts.0.iter_mut().zip(&raws) {
        attempt.raw = raw;
        attempt.error = Nullable(attempt.error.0.take().map(masked_failure));
    }
    run.artifact = Nullable(run.artifact.0.map(masked_artifact));
    to_text(&SessionLine {
        schema: LineSchema::IterateV1,
        session_id: record.session_id,
        timestamp: &rfc3339_millis(written_at),
        daemon: DAEMON,
        run,
    })
}

fn masked_artifact(artifact: Carried<'_>) -> Carried<'_> {
    let masked = masked_object(&artifact.0).into_owned();
    Carried(masked.into())
}

fn masked_failure(failure: ValidationFailure<'_>) -> ValidationFailure<'_> {
    let masked = |text: Cow<'_, str>| Cow::Owned(masked_text(&text).into_owned());
    match failure {
        ValidationFailure::Schema { field, reason } => ValidationFailure::Schema {
            field: masked(field),
            reason: masked(reason),
        },
        ValidationFailure::Completeness { reason } => ValidationFailure::Completeness {
            reason: masked(reason),
        },
        ValidationFailure::Consistency { reason } => ValidationFailure::Consistency {
            reason: masked(reason),
        },
        ValidationFailure::Policy { reason } => ValidationFailure::Policy {
            reason: masked(reason),
        },
    }
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
