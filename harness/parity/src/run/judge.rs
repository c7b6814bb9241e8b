//! Compares the reference with each implementation, case by case.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::process::Supervisor;

use super::attribution::attribute;
use super::driven::Driven;
use super::input::Inputs;
use super::misplaced::ReferenceAnswers;
use super::options::Options;
use super::participant::Participant;
use super::plan::{Pair, Plan};
use super::side::{self, Side};
use super::stoppable::{GRACE, unless_stopped};
use super::verdict::{pair, unjudged};
use crate::config::{Case, Pin, Probe, Root};
use crate::ledger::divergence;
use crate::ledger::normaliser::Tally;
use crate::outcome::{
    CaseOutcome, CaseVerdict, ImplementationKind, LedgerFailure, NormaliserOutcome, PinOutcome,
    SurfaceResult,
};

/// The results of judging.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) results: Vec<SurfaceResult>,
    pub(super) cases: Vec<CaseOutcome>,
    pub(super) divergences: Vec<PinOutcome>,
    pub(super) normalisers: Vec<NormaliserOutcome>,
    pub(super) ledger_failures: Vec<LedgerFailure>,
    pub(super) notices: Vec<String>,
    /// Whether the run was asked to stop before all cases were judged.
    pub(super) cut_short: bool,
}

/// The input of judging.
pub(super) struct Evidence {
    pub(super) root: Arc<Root>,
    pub(super) options: Options,
    pub(super) plan: Arc<Plan>,
    pub(super) participants: Arc<BTreeMap<String, Participant>>,
    pub(super) driven: Arc<Vec<Driven>>,
    pub(super) seed: u64,
    pub(super) today: jiff::civil::Date,
}

/// What was judged so far; none once the run has taken it.
struct Progress(Mutex<Option<Judged>>);

impl Progress {
    /// Adds to the results; none if nothing more is wanted.
    fn add(&self, add: impl FnOnce(&mut Judged)) -> Option<()> {
        let mut judged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        judged.as_mut().map(add)
    }

    fn take(&self) -> Judged {
        let mut judged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        judged.take().unwrap_or_default()
    }
}

/// Judges a whole run, or the cases that are judged until the run is asked to stop.
pub(super) async fn all(evidence: Evidence, supervisor: &Supervisor) -> Judged {
    let evidence = Arc::new(evidence);
    let progress = Arc::new(Progress(Mutex::new(Some(Judged::default()))));
    let work = {
        let (evidence, progress) = (Arc::clone(&evidence), Arc::clone(&progress));
        move || evidence.cases(&progress)
    };
    let done = unless_stopped(supervisor.stop_requested(), GRACE, work).await;
    let mut judged = progress.take();
    judged.cut_short = done.flatten().is_none();
    if judged.cut_short {
        evidence.add_unjudged(&mut judged);
    }
    evidence.finish(judged)
}

impl Evidence {
    /// Judges all cases; none if the results are no longer wanted.
    fn cases(&self, progress: &Progress) -> Option<()> {
        for probe in self.root.probes.values() {
            let mut tally = Tally::default();
            let mut is_complete = self.has_all_cases();
            let mut ran = false;
            for transport in &probe.transports {
                let pairs: Vec<&Pair> = self
                    .plan
                    .pairs
                    .iter()
                    .filter(|pair| {
                        pair.probe.surface == probe.surface && pair.transport == *transport
                    })
                    .collect();
                if !pairs.is_empty() {
                    ran = true;
                    is_complete &=
                        self.transport(probe, *transport, &pairs, &mut tally, progress)?;
                }
            }
            if ran {
                let (outcomes, failures) = tally.outcomes(probe, is_complete);
                progress.add(|judged| {
                    judged.normalisers.extend(outcomes);
                    judged.ledger_failures.extend(failures);
                })?;
            }
        }
        Some(())
    }

    /// Adds the cases that were not judged, as not compared.
    fn add_unjudged(&self, judged: &mut Judged) {
        let done: BTreeSet<(String, Transport, String, String)> = judged
            .cases
            .iter()
            .map(|case| {
                (
                    case.surface.clone(),
                    case.transport,
                    case.implementation.clone(),
                    case.case.clone(),
                )
            })
            .collect();
        for pair in &self.plan.pairs {
            let probe = &pair.probe;
            for case in probe
                .cases
                .iter()
                .filter(|case| self.wants(&probe.surface, case, pair.transport))
            {
                let implementation = &pair.implementation;
                let key = (
                    probe.surface.clone(),
                    pair.transport,
                    implementation.clone(),
                    case.name.clone(),
                );
                if !done.contains(&key) {
                    let names = [self.root.reference.as_str(), implementation];
                    let mut outcome = unjudged(probe, pair.transport, case, names);
                    outcome.verdict = CaseVerdict::Invalid;
                    outcome.reasons =
                        vec!["the run was cut short before this case was compared".to_owned()];
                    self.describe(&mut outcome, probe, case);
                    judged.cases.push(outcome);
                }
            }
        }
    }

    /// Sorts the cases, and checks the accepted differences.
    fn finish(&self, mut judged: Judged) -> Judged {
        judged.cases.sort_by(|a, b| {
            let key = |case: &CaseOutcome| {
                (
                    case.surface.clone(),
                    case.transport,
                    case.implementation.clone(),
                    case.case.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        let planned = |pin: &Pin| self.planned(pin);
        let (divergences, failures) =
            divergence::check(&self.root.pins, &judged.cases, &planned, self.today);
        judged.divergences = divergences;
        judged.ledger_failures.extend(failures);
        judged.results = self
            .plan
            .pairs
            .iter()
            .map(|pair| self.row(pair, &judged.cases))
            .collect();
        judged.results.sort_by(|a, b| {
            (&a.surface, a.transport, &a.implementation).cmp(&(
                &b.surface,
                b.transport,
                &b.implementation,
            ))
        });
        judged
    }

    fn wants(&self, surface: &str, case: &Case, transport: Transport) -> bool {
        case.goes_over(transport) && self.options.selects(surface, &case.name)
    }

    /// Adds what a reader needs to repeat a case.
    fn describe(&self, outcome: &mut CaseOutcome, probe: &Probe, case: &Case) {
        outcome.inputs = Inputs {
            root: &self.root,
            given: &self.options.root,
            probe,
            case,
            transport: outcome.transport,
            pair: [&outcome.reference, &outcome.implementation],
        }
        .redacted();
        outcome.rerun = self.options.rerun(
            &outcome.surface,
            &outcome.case,
            &outcome.implementation,
            self.seed,
        );
    }

    /// Judges all cases of a surface over one transport, for all implementations. Returns whether
    /// all were compared, so that an unused normaliser is not needed; none if the results are no
    /// longer wanted.
    fn transport(
        &self,
        probe: &Probe,
        transport: Transport,
        pairs: &[&Pair],
        tally: &mut Tally,
        progress: &Progress,
    ) -> Option<bool> {
        let names = std::iter::once(self.root.reference.as_str())
            .chain(pairs.iter().map(|pair| pair.implementation.as_str()));
        let names: Vec<&str> = names.collect();
        let reference = self.driven_by(&self.root.reference, probe, transport);
        let reference_answers = ReferenceAnswers::new(probe, reference);
        let mut is_complete = true;
        for case in probe
            .cases
            .iter()
            .filter(|case| self.wants(&probe.surface, case, transport))
        {
            // After a signal the run does not wait for this thread, which should still end soon.
            progress.add(|_| ())?;
            let sides: Vec<Side> = names
                .iter()
                .map(|name| {
                    let driven = self.driven_by(name, probe, transport);
                    side::judge(
                        &self.participants[*name],
                        driven,
                        probe,
                        case,
                        transport,
                        tally,
                    )
                })
                .collect();
            let notices = sides
                .iter()
                .filter_map(|side| depth_notice(probe, case, side));
            let notices: Vec<String> = notices.collect();
            progress.add(|judged| {
                // Another transport may have the same answer.
                judged.notices.retain(|notice| !notices.contains(notice));
                judged.notices.extend(notices);
            })?;
            for right in &sides[1..] {
                let mut outcome = self.pair(probe, transport, case, [&sides[0], right], tally);
                if !outcome.differences.is_empty() {
                    outcome.attribution = attribute(probe, case, &sides);
                    if let Some(answer) = &right.prepared
                        && let Some(other) = reference_answers.other_case(case, answer)
                    {
                        outcome.reasons.push(format!(
                            "`{}`: this is the answer to `{other}`",
                            right.implementation
                        ));
                    }
                }
                is_complete &= outcome.noise.is_empty()
                    && !matches!(outcome.verdict, CaseVerdict::Invalid | CaseVerdict::Skipped);
                progress.add(|judged| judged.cases.push(outcome))?;
            }
        }
        Some(is_complete)
    }

    fn driven_by(&self, name: &str, probe: &Probe, transport: Transport) -> Option<&Driven> {
        self.driven.iter().find(|driven| {
            driven.job.implementation.name == name
                && driven.job.probe.surface == probe.surface
                && driven.job.transport == transport
        })
    }

    fn pair(
        &self,
        probe: &Probe,
        transport: Transport,
        case: &Case,
        sides: [&Side; 2],
        tally: &mut Tally,
    ) -> CaseOutcome {
        let mut outcome = pair(&self.root.pins, probe, transport, case, sides, tally);
        if outcome.verdict == CaseVerdict::Diverged {
            outcome.suggested_pins = divergence::suggest(&outcome, self.today);
        }
        self.describe(&mut outcome, probe, case);
        outcome
    }

    /// Whether the run has all cases and implementations, in all rounds.
    fn has_all_cases(&self) -> bool {
        self.options.cases.is_empty()
            && self.options.implementations.is_empty()
            && self.options.attach.is_empty()
            && !self.options.once
    }

    /// The number of cases that a pin applies to in a complete run.
    fn planned(&self, pin: &Pin) -> usize {
        let Some(probe) = self.root.probes.get(&pin.surface) else {
            return 0;
        };
        let both_have = |transport: Transport| {
            pin.pair.iter().all(|name| {
                self.root
                    .implementations
                    .get(name)
                    .is_some_and(|implementation| implementation.has(&pin.surface, transport))
            })
        };
        probe
            .transports
            .iter()
            .filter(|transport| pin.transport.is_none_or(|only| only == **transport))
            .filter(|transport| both_have(**transport))
            .map(|transport| {
                let over = |case: &&std::sync::Arc<Case>| {
                    pin.has_case(&case.name) && case.goes_over(*transport)
                };
                probe.cases.iter().filter(over).count()
            })
            .sum()
    }

    fn row(&self, pair: &Pair, cases: &[CaseOutcome]) -> SurfaceResult {
        let own: Vec<&CaseOutcome> = cases
            .iter()
            .filter(|case| {
                case.surface == pair.probe.surface
                    && case.transport == pair.transport
                    && case.implementation == pair.implementation
            })
            .collect();
        let count = |verdict| own.iter().filter(|case| case.verdict == verdict).count();
        let participant = self.participants.get(&pair.implementation);
        SurfaceResult {
            surface: pair.probe.surface.clone(),
            transport: pair.transport,
            reference: self.root.reference.clone(),
            implementation: pair.implementation.clone(),
            kind: participant.map_or(ImplementationKind::Missing, |participant| participant.kind),
            cases: own.len(),
            matched: count(CaseVerdict::Match),
            diverged: count(CaseVerdict::Diverged),
            known: count(CaseVerdict::Known),
            invalid: count(CaseVerdict::Invalid),
            skipped: count(CaseVerdict::Skipped),
            duration_ms: self
                .driven_by(&pair.implementation, &pair.probe, pair.transport)
                .map_or(0, |driven| driven.duration_ms),
        }
    }
}

/// The notice about an answer that is nested too deep to be compared as JSON.
fn depth_notice(probe: &Probe, case: &Case, side: &Side) -> Option<String> {
    let depth = side.prepared.as_ref()?.excess_depth?;
    Some(format!(
        "`{}/{}` of `{}` is nested {depth} levels deep and compared as bytes: `max_depth` is {}",
        probe.surface, case.name, side.implementation, probe.compare.json.max_depth
    ))
}
