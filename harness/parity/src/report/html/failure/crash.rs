//! A crash: its likely cause, the last lines of standard error, the log.

use lakehouse_rig::text::{one_line, visible};
use serde::Serialize;

use crate::outcome::Crash;

/// Characters of the line that names the cause.
const MAX_CAUSE: usize = 400;

#[derive(Serialize)]
pub(super) struct CrashView {
    /// `js crashed (exit code 1): TypeError: …`.
    pub(super) cause: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) stderr: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) log: String,
}

impl CrashView {
    pub(super) fn new(crash: &Crash<'_>) -> CrashView {
        let lines: Vec<String> = crash
            .stderr
            .iter()
            .map(|line| one_line(line, MAX_CAUSE))
            .collect();
        let log = crash.log.map(|log| log.display().to_string());
        CrashView {
            cause: one_line(&crash.to_string(), MAX_CAUSE),
            stderr: lines.join("\n"),
            log: visible(&log.unwrap_or_default()).into_owned(),
        }
    }
}
