//! Reading a roster file.

use std::collections::HashSet;

use lakehouse_base::{ErrorCode, is_blank};
use lakehouse_json as json;
use lakehouse_json::{FieldError, MAX_DEPTH, ParseError};

use super::shared::SharedTexts;
use super::{Roster, Worker};

/// A line of a roster file that is not a worker.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("roster line {line}: {fault}")]
pub struct RosterError {
    /// The line's number, counting every line from 1.
    pub line: usize,
    /// What is wrong with the line.
    pub fault: RosterFault,
}

/// What is wrong with a line of a roster file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RosterFault {
    /// The line is not JSON, or not UTF-8.
    #[error("not valid JSON")]
    NotJson,
    /// The line nests too deep.
    #[error("nests deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// The line is JSON, but not an object.
    #[error("not a JSON object")]
    NotAnObject,
    /// A member is absent or has the wrong type.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// An earlier line has the same id.
    #[error("worker `{worker_id}` is listed twice")]
    Twice {
        /// The id.
        worker_id: String,
    },
}

impl RosterError {
    /// Always [`ErrorCode::Unprocessable`].
    pub fn code(&self) -> ErrorCode {
        ErrorCode::Unprocessable
    }
}

/// A roster that is built line by line, without holding the whole file in memory.
#[derive(Debug, Default)]
pub struct RosterLines {
    /// The number of lines so far, including blank ones.
    count: usize,
    workers: Vec<Worker>,
    ids: HashSet<Box<str>>,
    shared: SharedTexts,
}

impl RosterLines {
    /// Adds the next line of the file, with or without its line feed.
    ///
    /// # Errors
    /// The line is not a worker.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), RosterError> {
        self.count += 1;
        let line = self.count;
        let at_line = |fault| RosterError { line, fault };
        let Some(worker) = worker(bytes, &mut self.shared).map_err(at_line)? else {
            return Ok(());
        };
        if !self.ids.insert(worker.worker_id.clone()) {
            let worker_id = worker.worker_id.into_string();
            return Err(at_line(RosterFault::Twice { worker_id }));
        }
        self.workers.push(worker);
        Ok(())
    }

    /// The roster of the added lines.
    pub fn finish(self) -> Roster {
        let Self {
            workers,
            ids,
            shared,
            ..
        } = self;
        // Frees memory before the indexes need it.
        drop((ids, shared));
        Roster::new(workers.into_boxed_slice())
    }
}

/// The worker on a line; none when the line is blank.
fn worker(bytes: &[u8], shared: &mut SharedTexts) -> Result<Option<Worker>, RosterFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| RosterFault::NotJson)?;
    if is_blank(text) {
        return Ok(None);
    }
    let json = json::parse(text, MAX_DEPTH).map_err(|e| match e {
        ParseError::Invalid => RosterFault::NotJson,
        ParseError::TooDeep => RosterFault::TooDeep,
    })?;
    let object = json.as_object().ok_or(RosterFault::NotAnObject)?;
    Ok(Some(Worker::read(object, shared)?))
}

#[cfg(test)]
mod tests {
    use crate::roster::Roster;

    const GOOD: &str = r#"{"worker_id":"w-1","name":"Ana Ruiz","city":"Detroit","state":"MI","phone":"313-555-0100","email":"a@b.c","roles":["Picker"],"active":true}"#;

    fn check(file: &[u8], want: Result<usize, &str>) {
        let got = Roster::from_jsonl(file)
            .map(|roster| roster.len())
            .map_err(|e| e.to_string());
        assert_eq!(
            got,
            want.map_err(str::to_owned),
            "{}",
            String::from_utf8_lossy(file)
        );
    }

    #[test]
    fn a_bad_line_rejects_the_file() {
        let with = |from: &str, to: &str| {
            assert!(GOOD.contains(from), "{from}");
            format!(
                "\n{}\r\n{}",
                GOOD.replace("w-1", "w-0"),
                GOOD.replace(from, to)
            )
        };
        let cases = [
            (with("{\"w", "x{\"w"), "roster line 3: not valid JSON"),
            (with(GOOD, "[1]"), "roster line 3: not a JSON object"),
            (
                with("\"name\":\"Ana Ruiz\",", ""),
                "roster line 3: missing field `name`",
            ),
            (
                with("\"w-1\"", "\"\""),
                "roster line 3: field `worker_id` must be a string that is not empty",
            ),
            (
                with("\"a@b.c\"", "null"),
                "roster line 3: field `email` must be a string",
            ),
            (
                with("\"Picker\"", "1"),
                "roster line 3: field `roles` must be an array of strings",
            ),
            (
                with("true", "1"),
                "roster line 3: field `active` must be a boolean",
            ),
            (
                with("true", "true,\"excluded_clients\":\"x\""),
                "roster line 3: field `excluded_clients` must be an array of strings",
            ),
            (
                with(
                    "true",
                    "true,\"bookings\":[{\"date\":\"2026-02-30\",\"start\":\"06:00\",\"end\":\"07:00\"}]",
                ),
                "roster line 3: field `bookings` must be an array of bookings",
            ),
            (
                with(
                    "true",
                    "true,\"bookings\":[{\"date\":\"2026-02-01\",\"start\":\"06:00\"}]",
                ),
                "roster line 3: field `bookings` must be an array of bookings",
            ),
            (
                with("w-1", "w-0"),
                "roster line 3: worker `w-0` is listed twice",
            ),
        ];
        for (file, want) in &cases {
            check(file.as_bytes(), Err(want));
        }
        check(b"\xFF", Err("roster line 1: not valid JSON"));
    }

    #[test]
    fn blank_lines_and_other_members_are_ignored() {
        check(b"", Ok(0));
        check(b" \t\r\n\n", Ok(0));
        check(GOOD.as_bytes(), Ok(1));
        let more = GOOD.replace("true", "true,\"more\":{},\"bookings\":[{\"date\":\"2026-02-01\",\"start\":\"06:00\",\"end\":\"07:00\",\"x\":1}],\"excluded_clients\":null");
        check(
            format!("\u{3000}\n{more}\n{}\n", GOOD.replace("w-1", "W-1")).as_bytes(),
            Ok(2),
        );
    }
}
