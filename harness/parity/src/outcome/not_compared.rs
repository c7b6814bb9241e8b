//! Why cases could not be compared.

use std::collections::BTreeMap;

use lakehouse_rig::text::counted;

use super::{CaseOutcome, CaseVerdict, Run};
use crate::observation::Failure;

/// The part of a reason that says that an implementation's answers to one case differ.
pub(crate) const UNSTABLE: &str = " differs from itself";

impl Run {
    /// `146 cases could not be compared (3 crashed, 1 timed out, 142 unstable)`; `None` when every
    /// case was compared.
    #[must_use]
    pub fn not_compared(&self) -> Option<String> {
        let mut count = 0;
        let mut causes: BTreeMap<&str, usize> = BTreeMap::new();
        for case in &self.cases {
            if case.verdict != CaseVerdict::Invalid {
                continue;
            }
            count += 1;
            if let Some(cause) = cause(case) {
                *causes.entry(cause).or_default() += 1;
            }
        }
        let causes: Vec<String> = causes
            .into_iter()
            .map(|(cause, count)| format!("{count} {cause}"))
            .collect();
        match (count, causes.as_slice()) {
            (0, _) => None,
            (count, []) => Some(format!("{} could not be compared", counted(count, "case"))),
            (count, causes) => Some(format!(
                "{} could not be compared ({})",
                counted(count, "case"),
                causes.join(", ")
            )),
        }
    }
}

fn cause(case: &CaseOutcome) -> Option<&'static str> {
    let mut failures = [&case.left, &case.right]
        .into_iter()
        .flatten()
        .filter_map(|side| side.failure());
    match failures.next() {
        Some(Failure::Died { .. } | Failure::DiedAfter { .. }) => Some("crashed"),
        Some(Failure::Timeout { .. }) => Some("timed out"),
        Some(_) => None,
        None => (!case.noise.is_empty()).then_some("unstable"),
    }
}
