//! Formatting a record for the log.

use std::time::SystemTime;

use lakehouse_base::rfc3339_millis;
use lakehouse_json::{ArrayWriter, ObjectWriter};

use super::{Attempt, SCHEMA, SessionRecord};

impl SessionRecord {
    /// The line of the log, without its line feed. `daemon` names the writer: 1 to 64 characters
    /// of `a–z 0–9 . _ -`.
    pub fn line(&self, written_at: SystemTime, daemon: &str) -> String {
        let mut out = String::new();
        let mut line = ObjectWriter::new(&mut out);
        line.string("schema", SCHEMA);
        line.string("session_id", &self.session_id);
        line.string("timestamp", &rfc3339_millis(written_at));
        line.string("daemon", daemon);
        line.string("kind", self.kind.as_str());
        line.string("provider", &self.provider);
        line.string("model", &self.model);
        line.string("prompt", &self.prompt);
        line.integer("iterations", self.iterations);
        line.integer("max_iterations", self.max_iterations);
        line.string("final_verdict", self.final_verdict.as_str());
        line.member("attempts", |out| write_attempts(&self.attempts, out));
        line.raw("artifact", self.artifact.as_deref().unwrap_or("null"));
        match self.grounded_in_roster {
            Some(grounded) => line.bool("grounded_in_roster", grounded),
            None => line.raw("grounded_in_roster", "null"),
        };
        line.optional_string("error", self.error.as_deref());
        line.integer("duration_ms", self.duration_ms);
        line.finish();
        out
    }
}

/// Appends attempts as a JSON array.
pub(crate) fn write_attempts(attempts: &[Attempt], out: &mut String) {
    let mut array = ArrayWriter::new(out);
    for attempt in attempts {
        array.element(|out| {
            let mut object = ObjectWriter::new(out);
            object.integer("iteration", attempt.iteration);
            object.string("verdict", attempt.verdict.as_str());
            object.string("raw", &attempt.raw);
            object.member("error", |out| match &attempt.error {
                Some(failure) => failure.write(out),
                None => out.push_str("null"),
            });
            object.finish();
        });
    }
    array.finish();
}
