//! Sends the inputs of one surface to its implementations in batches, and collects the findings.

mod both_failed;
mod outcome;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use futures::future::{join, join_all};

use super::Surface;
use super::finding::{Differs, Finding, Others};
use super::inputs::Inputs;
use super::judge::{Comparison, Mismatch, Signature};
use super::pair::{Confirmed, Pair};
use super::session::Session;
use crate::observation::{Failure, Observation};
use crate::progress::Event;
use crate::transport::Job;
use crate::transport::pipeline::Unavailable;
use both_failed::BothFailedInputs;
use outcome::Counts;
pub(super) use outcome::SurfaceOutcome;

/// The number of inputs in a batch.
const BATCH: u64 = 256;
/// The number of missing answers after which a surface is left: each of them takes time, and the
/// first ones show the problem.
const MAX_FAILURES: usize = 64;

struct SurfaceRun<'a> {
    surface: Surface<'a>,
    reference: Session,
    others: BTreeMap<String, Session>,
    /// The findings so far, by implementation.
    known: BTreeSet<(String, Signature)>,
    /// The number of answers that are missing.
    failures: usize,
    both_failed: BothFailedInputs,
    outcome: SurfaceOutcome,
}

/// Generates the inputs of one surface, and compares the answers.
pub(super) async fn run(surface: Surface<'_>) -> SurfaceOutcome {
    let began = Instant::now();
    let name = &surface.probe.surface;
    let jobs = surface.shared.opened.jobs.get(name);
    let mut jobs = jobs.cloned().unwrap_or_default();
    let reference = jobs.remove(surface.reference());
    let mut outcome = SurfaceOutcome::new(surface, &jobs);
    let Some(reference) = reference.filter(|_| !jobs.is_empty()) else {
        outcome.inconclusive.push(format!(
            "skipping generated inputs for `{name}`: the reference and another implementation must both be live over `{}`",
            surface.generator.transport
        ));
        return outcome;
    };
    let session = |job: &Job| Session::new(job, surface.generator);
    let mut run = SurfaceRun {
        surface,
        reference: session(&reference),
        others: jobs
            .iter()
            .map(|(name, job)| (name.clone(), session(job)))
            .collect(),
        known: BTreeSet::new(),
        failures: 0,
        both_failed: BothFailedInputs::default(),
        outcome,
    };
    run.send_all().await;
    run.stop().await;
    let mut outcome = run.outcome;
    outcome.add_both_failed(run.both_failed);
    let duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    outcome.totals.duration_ms = duration_ms;
    for row in &mut outcome.results {
        row.duration_ms = duration_ms;
    }
    outcome
}

impl SurfaceRun<'_> {
    async fn send_all(&mut self) {
        let Surface {
            shared,
            probe,
            generator,
        } = self.surface;
        let wanted = shared.limits.inputs;
        let wanted = generator.at_most.map_or(wanted, |most| wanted.min(most));
        let mut inputs = Inputs::new(generator, &probe.surface, shared.opened.seed);
        while self.outcome.totals.inputs < wanted {
            let sent = self.outcome.totals.inputs;
            let stopped = |reason: &str| {
                let name = &probe.surface;
                format!("stopped after {sent} of {wanted} generated inputs for `{name}`: {reason}")
            };
            if let Some(reason) = self.limit_reached() {
                self.outcome.notices.push(stopped(&reason));
                return;
            }
            let size = BATCH.min(wanted - sent);
            let batch: Arc<[Vec<u8>]> = (0..size).map(|_| inputs.next()).collect();
            let Ok(mismatches) = self.send_batch(&batch).await else {
                let reason = "an implementation is unavailable, or the run was stopped";
                self.outcome.inconclusive.push(stopped(reason));
                return;
            };
            self.outcome.totals.inputs += size;
            self.report_progress(wanted);
            for mismatch in &mismatches {
                if shared.is_full() || self.investigate(mismatch).await.is_err() {
                    break;
                }
            }
            if shared.is_stopping() {
                return;
            }
        }
    }

    fn report_progress(&self, wanted: u64) {
        let totals = &self.outcome.totals;
        self.surface.context().events.report(Event::Generated {
            surface: &totals.surface,
            inputs: totals.inputs,
            wanted,
            findings: totals.findings,
        });
    }

    /// Why no more inputs are sent, if so.
    fn limit_reached(&self) -> Option<String> {
        let shared = self.surface.shared;
        if shared.is_full() {
            let max = shared.limits.max_findings;
            Some(format!("there are {max} findings (`--max-findings`)"))
        } else if shared.is_late() {
            Some("the time is up (`--minutes`)".to_owned())
        } else if self.failures > MAX_FAILURES {
            Some(format!("{} answers are missing", self.failures))
        } else {
            None
        }
    }

    /// Sends a batch to all implementations. Returns the mismatches that are not known yet.
    async fn send_batch(&mut self, inputs: &Arc<[Vec<u8>]>) -> Result<Vec<Mismatch>, Unavailable> {
        let context = self.surface.context();
        let answers = self.others.iter_mut().map(|(name, session)| async move {
            let answers = session.answers(context, inputs).await?;
            Ok::<_, Unavailable>((name.clone(), answers))
        });
        let reference = self.reference.answers(context, inputs);
        let (left, others) = join(reference, join_all(answers)).await;
        let left: Arc<[Observation]> = left?.into();
        let others = others.into_iter().collect::<Result<Vec<_>, _>>()?;

        let judge = self.surface.judge("");
        let accepted = left
            .iter()
            .filter(|answer| !judge.has_error(answer))
            .count();
        self.outcome.totals.accepted += accepted as u64;
        self.count_failures(&left);
        let mut mismatches = Vec::new();
        for (name, right) in others {
            self.count_failures(&right);
            let judge = self.surface.judge(&name);
            let (sent, left) = (Arc::clone(inputs), Arc::clone(&left));
            let work = move || judge.compare_all(&sent, &left, &right);
            let compared = self.surface.compare(work).await?;
            mismatches.extend(self.count(&name, inputs, compared));
        }
        Ok(mismatches)
    }

    fn count_failures(&mut self, answers: &[Observation]) {
        let ends_process = |answer: &&Observation| {
            let failure = answer.failure();
            failure.is_some_and(|failure| !matches!(failure, Failure::NotJson { .. }))
        };
        self.failures += answers.iter().filter(ends_process).count();
    }

    /// Counts the answers that match and differ. Returns the mismatches that are not known yet.
    fn count(
        &mut self,
        name: &str,
        inputs: &[Vec<u8>],
        compared: Vec<Comparison>,
    ) -> Vec<Mismatch> {
        let judge = self.surface.judge(name);
        let (mut diverged, mut both_failed, mut mismatches) = (0, 0, Vec::new());
        for (input, comparison) in inputs.iter().zip(compared) {
            let found = match comparison {
                Comparison::Equal => continue,
                Comparison::BothFailed(how) => {
                    both_failed += 1;
                    self.both_failed.add(name, how, input);
                    continue;
                }
                Comparison::Differ(found) => found,
            };
            diverged += 1;
            // The first difference of each input: another input shows what it hides.
            let signature = judge.signature(input, &found, &found.differences[0]);
            if !self.known.contains(&(name.to_owned(), signature.clone())) {
                mismatches.push(Mismatch {
                    input: input.clone(),
                    implementation: name.to_owned(),
                    signature,
                });
            }
        }
        self.outcome.count(
            name,
            Counts {
                inputs: inputs.len(),
                diverged,
                both_failed,
            },
        );
        mismatches
    }

    /// Shrinks the input of a mismatch, confirms it with fresh processes, and records the finding.
    async fn investigate(&mut self, mismatch: &Mismatch) -> Result<(), Unavailable> {
        let name = &mismatch.implementation;
        if !self
            .known
            .insert((name.clone(), mismatch.signature.clone()))
        {
            return Ok(());
        }
        let judge = self.surface.judge(name);
        let mut pair = Pair {
            surface: self.surface,
            judge: judge.clone(),
            mismatch,
            reference: &mut self.reference,
            other: self.others.get_mut(name).ok_or(Unavailable)?,
        };
        let shrunk = pair.shrink().await;
        let candidates = [&shrunk.input, &mismatch.input];
        let Some(confirmed) = pair.confirm(candidates).await? else {
            self.outcome.add_flaky(mismatch);
            return Ok(());
        };
        // The other differences of this input have the same cause.
        for signature in judge.signatures(&confirmed.input, &confirmed.disagreement) {
            self.known.insert((name.clone(), signature));
        }
        let others = self.answers_of_others(name, &confirmed.input).await?;
        let others = self.judge_others(&confirmed, others).await?;
        let finding = Finding::new(self.surface, mismatch, confirmed, others, shrunk.tries);
        if let Err(error) = finding.save() {
            let supervisor = &self.surface.context().supervisor;
            supervisor.report_failure(error.to_string());
        }
        self.outcome.findings.push(finding.summary());
        self.outcome.cases.extend(finding.cases());
        self.outcome.totals.findings += 1;
        self.surface.shared.found.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Compares the answers of the others with the reference's. Their differences are part of the
    /// finding: one input is one case.
    async fn judge_others(
        &mut self,
        confirmed: &Confirmed,
        answers: Vec<(String, Observation)>,
    ) -> Result<Others, Unavailable> {
        let mut others = Others::default();
        for (implementation, answer) in answers {
            let judge = self.surface.judge(&implementation);
            let work = {
                let (judge, input) = (judge.clone(), confirmed.input.clone());
                let left = confirmed.left.clone();
                move || (judge.disagreement(&input, &left, &answer), answer)
            };
            let (disagreement, answer) = self.surface.compare(work).await?;
            let Some(disagreement) = disagreement else {
                others.agree.push(implementation);
                continue;
            };
            for signature in judge.signatures(&confirmed.input, &disagreement) {
                self.known.insert((implementation.clone(), signature));
            }
            others.differ.push(Differs {
                implementation,
                answer,
                disagreement,
            });
        }
        Ok(others)
    }

    /// The answers of all implementations but the reference and one other.
    async fn answers_of_others(
        &mut self,
        except: &str,
        input: &[u8],
    ) -> Result<Vec<(String, Observation)>, Unavailable> {
        let context = self.surface.context();
        let mut answers = Vec::new();
        for (name, session) in &mut self.others {
            if name != except {
                let answer = session.fresh_answer(context, input).await?;
                answers.push((name.clone(), answer));
            }
        }
        Ok(answers)
    }

    async fn stop(&mut self) {
        let context = self.surface.context();
        self.reference.stop(context).await;
        for session in self.others.values_mut() {
            session.stop(context).await;
        }
    }
}
