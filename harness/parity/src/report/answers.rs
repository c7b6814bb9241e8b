//! Both answers to a case in full.

use std::fmt::Write as _;

use lakehouse_rig::text::{shorten, visible};

use super::text::{self, Layout};
use crate::outcome::CaseOutcome;

/// Characters of an answer.
const MAX_ANSWER: usize = 20_000;

/// The answers of the reference and of the implementation, indented, one after the other.
pub(crate) fn both(case: &CaseOutcome) -> String {
    let mut text = String::new();
    for (name, answer) in [
        (&case.reference, &case.left),
        (&case.implementation, &case.right),
    ] {
        let answer = match answer {
            Some(answer) => text::of_observation(answer, Layout::Indented),
            None => "no answer".to_owned(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}:");
        for line in visible(&shorten(answer.trim_end(), MAX_ANSWER)).lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}
