//! Parts of a failed case as plain text, for reports of other test tools.

use super::request;
use crate::outcome::CaseOutcome;

/// Characters of a request's head and of each header.
const MAX_VALUE: usize = 300;

/// The end of the standard error of crashed processes, and their logs.
pub(crate) fn crashes(case: &CaseOutcome) -> String {
    let mut text = String::new();
    for crash in case.crashes() {
        for line in &crash.stderr {
            text.push_str(&format!("stderr of {}: {line}\n", crash.implementation));
        }
        if let Some(log) = crash.log {
            text.push_str(&format!("log: {}\n", log.display()));
        }
    }
    text
}

/// The requests, that of the failing step first.
pub(crate) fn inputs(case: &CaseOutcome) -> String {
    let mut text = String::new();
    for (input, is_failing) in case.inputs_by_failure() {
        let place = match request::place(case, input) {
            Some(place) if is_failing => format!(", failing {place}"),
            Some(place) => format!(", {place}"),
            None => String::new(),
        };
        text.push_str(&format!(
            "input{place}: {}\n",
            request::head(input, MAX_VALUE)
        ));
        for header in request::headers(input, MAX_VALUE) {
            text.push_str(&format!("  {header}\n"));
        }
    }
    text
}
