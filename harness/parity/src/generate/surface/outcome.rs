//! The results of one surface.

use std::collections::BTreeMap;

use super::both_failed::BothFailedInputs;
use crate::generate::Surface;
use crate::generate::judge::Mismatch;
use crate::outcome::{
    BothFailed, CaseOutcome, Finding, Flaky, GeneratedSurface, ImplementationKind, SurfaceResult,
};
use crate::run::input_text;
use crate::transport::Job;

/// The results of one surface.
pub(in crate::generate) struct SurfaceOutcome {
    pub(in crate::generate) totals: GeneratedSurface,
    pub(in crate::generate) results: Vec<SurfaceResult>,
    pub(in crate::generate) cases: Vec<CaseOutcome>,
    pub(in crate::generate) findings: Vec<Finding>,
    pub(in crate::generate) both_failed: Vec<BothFailed>,
    pub(in crate::generate) flaky: Vec<Flaky>,
    pub(in crate::generate) notices: Vec<String>,
    pub(in crate::generate) inconclusive: Vec<String>,
    reference: String,
}

/// The inputs of a batch for one implementation.
pub(super) struct Counts {
    pub(super) inputs: usize,
    pub(super) diverged: usize,
    pub(super) both_failed: usize,
}

impl SurfaceOutcome {
    /// No results yet, with a row for each implementation that is compared with the reference.
    pub(super) fn new(surface: Surface<'_>, compared: &BTreeMap<String, Job>) -> SurfaceOutcome {
        let name = &surface.probe.surface;
        let row = |implementation: &String| SurfaceResult {
            surface: name.clone(),
            transport: surface.transport(),
            reference: surface.reference().to_owned(),
            implementation: implementation.clone(),
            kind: ImplementationKind::Live,
            cases: 0,
            matched: 0,
            diverged: 0,
            known: 0,
            invalid: 0,
            skipped: 0,
            duration_ms: 0,
        };
        SurfaceOutcome {
            totals: GeneratedSurface {
                surface: name.clone(),
                inputs: 0,
                accepted: 0,
                findings: 0,
                duration_ms: 0,
            },
            results: compared.keys().map(row).collect(),
            cases: Vec::new(),
            findings: Vec::new(),
            both_failed: Vec::new(),
            flaky: Vec::new(),
            notices: missing_routes(surface).into_iter().collect(),
            inconclusive: Vec::new(),
            reference: surface.reference().to_owned(),
        }
    }

    /// Adds a batch to an implementation's row.
    pub(super) fn count(&mut self, implementation: &str, counts: Counts) {
        let Counts {
            inputs,
            diverged,
            both_failed,
        } = counts;
        let mut rows = self.results.iter_mut();
        if let Some(row) = rows.find(|row| row.implementation == implementation) {
            row.cases += inputs;
            row.matched += inputs - diverged - both_failed;
            row.diverged += diverged;
            row.invalid += both_failed;
        }
    }

    /// Adds a difference that fresh processes did not repeat.
    pub(super) fn add_flaky(&mut self, mismatch: &Mismatch) {
        let surface = &self.totals.surface;
        let Mismatch {
            input,
            implementation,
            signature,
        } = mismatch;
        let input = input_text(input);
        self.inconclusive.push(format!(
            "flaky: `{implementation}` differed on `{surface}` at {signature}, but fresh processes did not repeat it; the input is `{input}`"
        ));
        self.flaky.push(Flaky {
            surface: surface.clone(),
            implementation: implementation.clone(),
            path: signature.place(),
            kind: signature.kind,
            input,
        });
    }

    pub(super) fn add_both_failed(&mut self, inputs: BothFailedInputs) {
        for failed in inputs.into_outcomes(&self.totals.surface) {
            let BothFailed {
                surface,
                implementation,
                how,
                inputs,
                example,
            } = &failed;
            let reference = &self.reference;
            let counted = match inputs {
                1 => "1 generated input".to_owned(),
                many => format!("{many} generated inputs"),
            };
            self.inconclusive.push(format!(
                "`{reference}` and `{implementation}` both {how} on {counted} for `{surface}`, so there was nothing to compare, such as for `{example}`"
            ));
            self.both_failed.push(failed);
        }
    }
}

/// What to declare when no routes can be derived.
fn missing_routes(surface: Surface<'_>) -> Option<String> {
    let Surface {
        probe, generator, ..
    } = surface;
    let is_missing =
        generator.steps && generator.routes.is_incomplete() && probe.coverage.routes.is_empty();
    is_missing.then(|| {
        let name = &probe.surface;
        format!(
            "some paths of `{name}` are generated as a whole, so they count as one route; list their routes under `[coverage]` in `fixtures/probes/{name}/probe.toml`, such as `routes = [\"/items/{{id}}\"]`"
        )
    })
}
