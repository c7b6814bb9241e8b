//! The hunt on one surface: groups of inputs, what differs, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;

use super::judge::{Judge, Signature};
use super::make::Inputs;
use super::save::Found;
use super::session::Session;
use super::shape::Generator;
use super::shrink::shrink;
use super::tell::{as_input, attribute, judged, reasons, shown};
use super::{Shared, steps};
use crate::config::Probe;
use crate::observation::{Failure, Observation};
use crate::outcome::{
    CaseInput, CaseOutcome, CaseVerdict, Finding, GeneratedSurface, ImplementationKind,
    SurfaceResult,
};

/// Inputs in one group.
const GROUP: u64 = 256;
/// How long one finding may be shrunk.
const PATIENCE: Duration = Duration::from_secs(20);
/// The same where every group of tries starts a server on both sides.
const PATIENCE_WITH_SERVERS: Duration = Duration::from_secs(30);
/// Answers on one surface that may cost a process: each is slow, and the first ones tell enough.
const BREAKS: usize = 64;
/// Tries for one finding.
const TRIES: usize = 20_000;

/// What came of one surface.
pub(super) struct Hunt {
    pub(super) surface: GeneratedSurface,
    pub(super) results: Vec<SurfaceResult>,
    pub(super) cases: Vec<CaseOutcome>,
    pub(super) findings: Vec<Finding>,
    pub(super) notices: Vec<String>,
    pub(super) inconclusive: Vec<String>,
}

/// A difference that has not been seen before, and where.
struct Catch {
    input: Vec<u8>,
    implementation: String,
    signature: Signature,
}

struct Hunter<'a> {
    shared: &'a Shared<'a>,
    probe: &'a Probe,
    generator: &'a Generator,
    reference: String,
    sessions: BTreeMap<String, Session>,
    seen: BTreeSet<(String, Signature)>,
    breaks: usize,
    out: Hunt,
}

/// Puts made inputs to everybody on one surface.
pub(super) async fn hunt(shared: &Shared<'_>, probe: &Arc<Probe>, generator: &Generator) -> Hunt {
    let began = Instant::now();
    let surface = &probe.surface;
    let jobs = shared.opened.jobs.get(surface).cloned().unwrap_or_default();
    let reference = shared.opened.context.root.reference.clone();
    let mut hunter = Hunter {
        shared,
        probe,
        generator,
        sessions: jobs
            .iter()
            .map(|(name, job)| (name.clone(), Session::new(job, generator)))
            .collect(),
        seen: BTreeSet::new(),
        breaks: 0,
        out: Hunt {
            surface: GeneratedSurface {
                surface: surface.clone(),
                inputs: 0,
                accepted: 0,
                findings: 0,
                duration_ms: 0,
            },
            results: jobs
                .keys()
                .filter(|name| **name != reference)
                .map(|name| row(surface, generator.transport, &reference, name))
                .collect(),
            cases: Vec::new(),
            findings: Vec::new(),
            notices: Vec::new(),
            inconclusive: Vec::new(),
        },
        reference,
    };
    if !hunter.sessions.contains_key(&hunter.reference) || hunter.sessions.len() < 2 {
        hunter.out.inconclusive.push(format!(
            "`{surface}` got no made inputs: that takes the reference and another implementation, live over `{}`",
            generator.transport
        ));
        return hunter.out;
    }
    hunter.all().await;
    for session in hunter.sessions.values_mut() {
        session.stop(&shared.opened.context).await;
    }
    let mut out = hunter.out;
    out.surface.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    for row in &mut out.results {
        row.duration_ms = out.surface.duration_ms;
    }
    out
}

fn row(surface: &str, transport: Transport, reference: &str, name: &str) -> SurfaceResult {
    SurfaceResult {
        surface: surface.to_owned(),
        transport,
        reference: reference.to_owned(),
        implementation: name.to_owned(),
        kind: ImplementationKind::Live,
        cases: 0,
        matched: 0,
        diverged: 0,
        known: 0,
        invalid: 0,
        skipped: 0,
        duration_ms: 0,
    }
}

impl Hunter<'_> {
    async fn all(&mut self) {
        let surface = self.probe.surface.clone();
        let wanted = self.shared.wish.inputs;
        let wanted = self
            .generator
            .at_most
            .map_or(wanted, |most| wanted.min(most));
        let mut inputs = Inputs::new(self.generator, &surface, self.shared.opened.seed);
        while self.out.surface.inputs < wanted && !self.shared.is_full() {
            if self.shared.is_late() {
                self.out.notices.push(format!(
                    "the time was up: `{surface}` got {} of {wanted} inputs",
                    self.out.surface.inputs
                ));
                return;
            }
            let size = GROUP.min(wanted - self.out.surface.inputs);
            let group: Vec<Vec<u8>> = (0..size).map(|_| inputs.next()).collect();
            let Some(catches) = self.group(&group).await else {
                self.out.inconclusive.push(format!(
                    "`{surface}` got {} of {wanted} inputs: an implementation could not go on, or the run was stopped",
                    self.out.surface.inputs
                ));
                return;
            };
            self.out.surface.inputs += size;
            if self.breaks > BREAKS {
                self.out.notices.push(format!(
                    "`{surface}` got {} of {wanted} inputs: {} answers were missing",
                    self.out.surface.inputs, self.breaks
                ));
                self.follow_all(catches).await;
                return;
            }
            self.follow_all(catches).await;
            if self.shared.is_stopping() {
                return;
            }
        }
        if self.out.surface.inputs < wanted {
            self.out.notices.push(format!(
                "`{surface}` got {} of {wanted} inputs: {} findings are enough (`--max-findings`)",
                self.out.surface.inputs, self.shared.wish.max_findings
            ));
        }
    }

    async fn follow_all(&mut self, catches: Vec<Catch>) {
        for catch in catches {
            if self.shared.is_full() || self.follow(catch).await.is_none() {
                return;
            }
        }
    }

    fn judge<'b>(&'b self, implementation: &'b str) -> Judge<'b> {
        Judge {
            root: &self.shared.opened.context.root,
            probe: self.probe,
            transport: self.generator.transport,
            implementation,
            carried: &self.generator.carried,
            steps: self.generator.steps,
        }
    }

    /// Puts a group to everybody; gives the differences that are new.
    async fn group(&mut self, inputs: &[Vec<u8>]) -> Option<Vec<Catch>> {
        let context = &self.shared.opened.context;
        let asked = self.sessions.iter_mut().map(|(name, session)| async move {
            (name.clone(), session.answers(context, inputs).await)
        });
        let mut answers: BTreeMap<String, Vec<Observation>> = BTreeMap::new();
        for (name, observations) in futures::future::join_all(asked).await {
            answers.insert(name, observations?);
        }
        let costly = |observation: &&Observation| {
            let failure = observation.failure();
            failure.is_some_and(|failure| !matches!(failure, Failure::NotJson { .. }))
        };
        self.breaks += answers.values().flatten().filter(costly).count();
        let left = answers.remove(&self.reference)?;
        let mut catches = Vec::new();
        let mut counts = Vec::new();
        for (name, right) in &answers {
            let judge = self.judge(name);
            let (mut matched, mut diverged) = (0, 0);
            for (index, input) in inputs.iter().enumerate() {
                let Some(told) = judge.disagreement(&left[index], &right[index]) else {
                    matched += 1;
                    continue;
                };
                diverged += 1;
                // One a time for each input: what is behind it shows in the next input.
                let signature = judge.signature(input, told.step, &told.differences[0]);
                if !self.seen.contains(&(name.clone(), signature.clone())) {
                    catches.push(Catch {
                        input: input.clone(),
                        implementation: name.clone(),
                        signature,
                    });
                }
            }
            counts.push((name.clone(), matched, diverged));
        }
        let judge = self.judge("");
        let accepted = left.iter().filter(|seen| !judge.has_error(seen)).count();
        self.out.surface.accepted += accepted as u64;
        for (name, matched, diverged) in counts {
            let rows = &mut self.out.results;
            if let Some(row) = rows.iter_mut().find(|row| row.implementation == name) {
                row.cases += matched + diverged;
                row.matched += matched;
                row.diverged += diverged;
            }
        }
        Some(catches)
    }

    /// Shrinks what was caught, holds it against fresh processes, and writes it down.
    async fn follow(&mut self, catch: Catch) -> Option<()> {
        let key = (catch.implementation.clone(), catch.signature.clone());
        if !self.seen.insert(key) {
            return Some(());
        }
        let context = &self.shared.opened.context;
        let root = &context.root;
        let judge = Judge {
            root,
            probe: self.probe,
            transport: self.generator.transport,
            implementation: &catch.implementation,
            carried: &self.generator.carried,
            steps: self.generator.steps,
        };
        let mut left = self.sessions.remove(&self.reference)?;
        let mut right = self.sessions.remove(&catch.implementation)?;
        let patience = match left {
            Session::Line(_) => PATIENCE,
            Session::Http(_) => PATIENCE_WITH_SERVERS,
        };
        let until = Instant::now() + patience;
        // What kills a process or keeps it busy takes the group's other answers with it.
        // Requests are about things of their own case, so that many cases share a server.
        let lonely = catch.signature.path == "failure"
            || (matches!(left, Session::Http(_)) && !self.generator.steps);
        let whole = if self.generator.steps {
            steps::read(&catch.input)
        } else {
            None
        };
        let pair = tokio::sync::Mutex::new((&mut left, &mut right));
        let fails = |mut batch: Vec<Vec<u8>>| {
            let (pair, judge, signature) = (&pair, &judge, &catch.signature);
            if let Some(whole) = &whole {
                // Nothing is sent for an input that is none.
                let foreign = batch
                    .iter_mut()
                    .filter(|one| !steps::is_part_of(one, whole));
                foreign.for_each(Vec::clear);
            }
            async move {
                if Instant::now() > until {
                    return None;
                }
                let mut pair = pair.lock().await;
                let (left, right) = &mut *pair;
                let (left, right) = futures::join!(
                    left.answers(context, &batch),
                    right.answers(context, &batch)
                );
                let (left, right) = (left?, right?);
                let told = batch.iter().zip(left.iter().zip(&right));
                let told = told.map(|(input, (left, right))| {
                    let told = judge.disagreement(left, right);
                    told.is_some_and(|told| judge.place(input, &told, signature).is_some())
                });
                Some(told.collect())
            }
        };
        let shrunk = shrink(catch.input.clone(), lonely, TRIES, fails).await;

        let mut kept = None;
        for input in [&shrunk.input, &catch.input] {
            let (one, other) =
                futures::join!(left.alone(context, input), right.alone(context, input));
            let (one, other) = (one?, other?);
            if let Some(told) = judge.disagreement(&one, &other)
                && let Some(at) = judge.place(input, &told, &catch.signature)
            {
                kept = Some((input.clone(), one, other, told, at));
                break;
            }
        }
        let Some((input, one, other, told, at)) = kept else {
            self.out.inconclusive.push(format!(
                "`{}` of `{}` differed once at {}, but not when the input was put to fresh processes: `{}`",
                self.probe.surface,
                catch.implementation,
                catch.signature,
                shown(&catch.input),
            ));
            self.sessions.insert(self.reference.clone(), left);
            self.sessions.insert(catch.implementation, right);
            return Some(());
        };
        // What comes with it has the same cause.
        for difference in &told.differences {
            let signature = judge.signature(&input, told.step, difference);
            self.seen.insert((catch.implementation.clone(), signature));
        }
        let mut others = Vec::new();
        for (name, session) in &mut self.sessions {
            others.push((name.clone(), session.alone(context, &input).await?));
        }
        let attribution = attribute(
            &judge,
            [&self.reference, &catch.implementation],
            &one,
            &others,
        );
        let expected = if one.failure().is_none() {
            &one
        } else {
            &other
        };
        let expect_error: Vec<bool> = expected
            .steps
            .iter()
            .map(|step| judge.is_error(step))
            .collect();
        let requests = if self.generator.steps {
            steps::read(&input)
        } else {
            None
        };
        let command = format!(
            "--generate {} --seed {}",
            self.shared.wish.inputs, self.shared.opened.seed
        );
        let found = Found {
            surface: &self.probe.surface,
            transport: self.generator.transport,
            pair: [&self.reference, &catch.implementation],
            signature: &catch.signature,
            difference: &told.differences[at],
            input: &input,
            requests: requests.as_deref(),
            expect_error: &expect_error,
            length: catch.input.len(),
            tries: shrunk.tries,
            command: &command,
        };
        if let Err(error) = found.write(&root.directory) {
            let path = root.directory.join(found.file());
            let told = Error::io("write", &path, error);
            context.supervisor.report_failure(told.to_string());
        }
        let (name, saved) = (found.name(), found.file());
        let finding = Finding {
            surface: self.probe.surface.clone(),
            implementation: catch.implementation.clone(),
            path: catch.signature.place(),
            kind: catch.signature.kind,
            input: shown(&input),
            length: catch.input.len(),
            tries: shrunk.tries,
            saved: saved.clone(),
        };
        let request = match self.generator.transport {
            Transport::Http => format!("{} {}", self.probe.http.method, self.probe.http.path),
            _ => String::new(),
        };
        let inputs = requests.map_or_else(
            || {
                vec![CaseInput {
                    request,
                    text: shown(&input),
                }]
            },
            |requests| requests.iter().map(as_input).collect(),
        );
        let outcome = CaseOutcome {
            surface: self.probe.surface.clone(),
            transport: self.generator.transport,
            case: name.clone(),
            why: Some(format!(
                "found by `{command}`, shrunk from {} to {} bytes in {} tries, saved as `{}`",
                catch.input.len(),
                input.len(),
                shrunk.tries,
                saved
            )),
            reference: self.reference.clone(),
            implementation: catch.implementation.clone(),
            verdict: CaseVerdict::Diverged,
            reasons: reasons([&self.reference, &catch.implementation], [&one, &other]),
            inputs,
            differences: judged(told, self.generator.steps),
            left: Some(Arc::new(one)),
            right: Some(Arc::new(other)),
            attribution,
            suggested_pins: Vec::new(),
            rerun: format!(
                "cargo xtask parity --surface {} --case {} --implementation {}",
                self.probe.surface, name, catch.implementation
            ),
            duration_ms: 0,
        };
        self.out.findings.push(finding);
        self.out.cases.push(outcome);
        self.out.surface.findings += 1;
        self.shared.found.fetch_add(1, Ordering::Relaxed);
        self.sessions.insert(self.reference.clone(), left);
        self.sessions.insert(catch.implementation, right);
        Some(())
    }
}
