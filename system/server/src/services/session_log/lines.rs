//! `helper session_log`: a record in, its line out, and into the log when there is a root.

use std::path::PathBuf;
use std::sync::Arc;

use lakehouse_base::{Clock, SystemClock};
use lakehouse_validate::session::SessionRecord;

use super::service::{DAEMON, SessionLog};
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
        let text = std::str::from_utf8(line).map_err(|_| "input line is not valid JSON")?;
        let record = SessionRecord::read(text).map_err(|e| e.to_string())?;
        let line = record.line(SystemClock.now(), DAEMON);
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
