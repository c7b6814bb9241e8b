//! `helper session_log`: reads a record, answers with its line, and appends it when there is a root.

use std::path::PathBuf;
use std::sync::Arc;

use lakehouse_base::{Clock, SystemClock};
use lakehouse_json::{FieldError, MAX_DEPTH, ParseError, parse};
use lakehouse_wire::{ReadError, read_body};

use super::service::{SessionLog, line_of};
use crate::lines::{Helper, HelperSpec, error_answer};

/// The helper of this service.
pub const HELPERS: &[HelperSpec] = &[HelperSpec {
    surface: "session_log",
    open: |options| Ok(Box::new(SessionLogHelper::below(options.root))),
}];

struct SessionLogHelper {
    file: Option<SessionLog>,
}

impl SessionLogHelper {
    fn below(root: Option<PathBuf>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let file = root.map(|root| SessionLog::below(&root, clock));
        Self { file }
    }

    fn log(&self, line: &[u8]) -> Result<String, String> {
        let text = std::str::from_utf8(line).map_err(|_| NOT_JSON)?;
        let json = parse(text, MAX_DEPTH).map_err(|error| match error {
            ParseError::Invalid => NOT_JSON.to_owned(),
            ParseError::TooDeep => format!("input nests deeper than {MAX_DEPTH} levels"),
        })?;
        let record = read_body(&json).map_err(of_line)?;
        let line = line_of(record, SystemClock.now());
        if let Some(file) = &self.file {
            file.append_line(&line)
                .map_err(|_| "session record cannot be written")?;
        }
        Ok(line)
    }
}

impl Helper for SessionLogHelper {
    fn answer(&self, line: &[u8]) -> String {
        self.log(line).unwrap_or_else(|error| error_answer(&error))
    }
}

const NOT_JSON: &str = "input line is not valid JSON";

/// The error of a line, which does not list the known members.
fn of_line(error: ReadError) -> String {
    match error {
        ReadError::Field(FieldError::Unknown { name, .. }) => format!("unknown field `{name}`"),
        ReadError::NotAnObject => "input must be a JSON object".to_owned(),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_not_records_are_rejected() {
        let deep = format!(r#"{{"artifact":{}{}}}"#, "[".repeat(128), "]".repeat(128));
        let cases: [(&[u8], &str); 6] = [
            (b"", "input line is not valid JSON"),
            (b"\xFF", "input line is not valid JSON"),
            (deep.as_bytes(), "input nests deeper than 128 levels"),
            (b"[]", "input must be a JSON object"),
            (br#"{"z":1,"schema":1}"#, "unknown field `z`"),
            (b"{}", "missing field `session_id`"),
        ];
        let helper = SessionLogHelper::below(None);
        for (line, want) in cases {
            assert_eq!(helper.log(line), Err(want.to_owned()));
        }
    }
}
