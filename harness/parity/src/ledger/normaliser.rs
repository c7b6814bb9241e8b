//! Counts what each normaliser hides, and checks that a comparison needs it.

use std::collections::BTreeMap;

use lakehouse_rig::implementation::Transport;

use crate::config::Probe;
use crate::normalise::{Hit, Normaliser};
use crate::outcome::{LedgerFailure, NormaliserHit, NormaliserOutcome};

/// The hits of one probe's normalisers, and whether each is needed.
#[derive(Debug, Default)]
pub struct Tally {
    hits: BTreeMap<(usize, String, Transport, String, String), usize>,
    needed: Vec<bool>,
}

impl Tally {
    /// Counts the hits in one answer.
    pub fn count(&mut self, case: &str, transport: Transport, implementation: &str, hits: &[Hit]) {
        for hit in hits {
            let key = (
                hit.normaliser,
                case.to_owned(),
                transport,
                hit.place.clone(),
                implementation.to_owned(),
            );
            *self.hits.entry(key).or_default() += 1;
        }
    }

    /// Whether a comparison failed without this normaliser.
    #[must_use]
    pub fn is_needed(&self, normaliser: usize) -> bool {
        self.needed.get(normaliser).copied().unwrap_or(false)
    }

    /// Records that a comparison fails without this normaliser.
    pub fn mark_needed(&mut self, normaliser: usize) {
        if self.needed.len() <= normaliser {
            self.needed.resize(normaliser + 1, false);
        }
        self.needed[normaliser] = true;
    }

    /// The outcome of each normaliser. `judged` says whether every case that could need one was
    /// compared.
    #[must_use]
    pub fn outcomes(
        &self,
        probe: &Probe,
        judged: bool,
    ) -> (Vec<NormaliserOutcome>, Vec<LedgerFailure>) {
        let mut outcomes = Vec::new();
        let mut failures = Vec::new();
        for (index, normaliser) in probe.normalisers.iter().enumerate() {
            let outcome = self.outcome(probe, index, normaliser, judged);
            if judged {
                failures.extend(check(&outcome, normaliser));
            }
            outcomes.push(outcome);
        }
        (outcomes, failures)
    }

    fn outcome(
        &self,
        probe: &Probe,
        index: usize,
        normaliser: &Normaliser,
        judged: bool,
    ) -> NormaliserOutcome {
        let own = self.hits.iter().filter(|((of, ..), _)| *of == index);
        let places: Vec<NormaliserHit> = own
            .map(
                |((_, case, transport, path, implementation), hits)| NormaliserHit {
                    case: case.clone(),
                    transport: *transport,
                    path: path.clone(),
                    implementation: implementation.clone(),
                    hits: *hits,
                },
            )
            .collect();
        NormaliserOutcome {
            surface: probe.surface.clone(),
            on: normaliser.part.to_string(),
            path: path(normaliser).to_owned(),
            reason: normaliser.reason.clone(),
            hits: places.iter().map(|place| place.hits).sum(),
            needed: self.is_needed(index),
            judged,
            places,
        }
    }
}

fn check(outcome: &NormaliserOutcome, normaliser: &Normaliser) -> Option<LedgerFailure> {
    let what = match (outcome.hits, outcome.needed) {
        (0, _) => "never matched",
        (_, false) => "is not needed: every comparison passes without it",
        _ => return None,
    };
    let place = match path(normaliser) {
        "" => outcome.on.clone(),
        path => format!("{}:{path}", outcome.on),
    };
    Some(LedgerFailure {
        file: normaliser.file.clone(),
        line: normaliser.line,
        message: format!(
            "the normaliser of `{place}` in `{}` {what}",
            outcome.surface
        ),
        edit: format!(
            "delete from line {} of `{}`:\n{}",
            normaliser.line,
            normaliser.file,
            normaliser.text.trim_end()
        ),
        implementation: None,
    })
}

fn path(normaliser: &Normaliser) -> &str {
    normaliser.path.as_ref().map_or("", |query| query.as_str())
}
