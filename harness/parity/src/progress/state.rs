//! The progress of a run, as counts and lines of text. It reads no clock and writes nothing.

mod step;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text::{counted, one_line};

use super::{Event, Place, Planned, PlannedJob};
use step::Step;

/// The time after which a running case is named.
const SLOW: Duration = Duration::from_secs(5);
/// The time after which the remaining time is estimated.
const FIRST_ESTIMATE: Duration = Duration::from_secs(2);
/// The failures of one implementation on one surface over one transport that get a line each.
const MAX_FAILURES: usize = 5;
/// The characters of a step's detail.
const MAX_DETAIL: usize = 60;
/// The characters of a failure's line.
const MAX_FAILURE: usize = 200;

/// Surface, transport and implementation.
type Key = (String, Transport, String);

/// A line of the display.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// Stays on the screen.
    Lasting(String),
    /// Is replaced by the next line in a terminal.
    Passing(String),
}

/// The progress of a run.
#[derive(Debug)]
pub(super) struct State {
    step: Step,
    plan: Option<Plan>,
    jobs: BTreeMap<Key, Job>,
    running: BTreeMap<Key, Running>,
}

#[derive(Debug)]
struct Plan {
    began: Instant,
    reference: String,
    comparisons: usize,
    /// The comparisons whose cases have been answered in all rounds by both sides.
    done: usize,
    /// The cases of all rounds, and those that are over.
    sends: usize,
    sent: usize,
    /// The surface and transport of the last event.
    current: Option<(String, Transport)>,
}

/// The progress of one implementation on one surface over one transport.
#[derive(Debug)]
struct Job {
    rounds: usize,
    /// The number of rounds in which each case is over.
    answered: HashMap<String, usize>,
    failed: Vec<String>,
}

#[derive(Debug)]
struct Running {
    case: String,
    since: Instant,
    is_named: bool,
}

impl State {
    pub(super) fn new(step: &str, now: Instant) -> State {
        State {
            step: Step::new(step.to_owned(), now),
            plan: None,
            jobs: BTreeMap::new(),
            running: BTreeMap::new(),
        }
    }

    /// Counts an event, and returns the line that it deserves.
    pub(super) fn count(&mut self, event: Event<'_>, now: Instant) -> Option<Line> {
        match event {
            Event::Step(step) => {
                self.step = Step::new(step.to_owned(), now);
                Some(Line::Passing(step.to_owned()))
            }
            Event::Building {
                implementation,
                command,
            } => {
                let step = format!("building `{implementation}`");
                let line = format!("{step} with `{command}`");
                self.step = Step::new(step, now);
                Some(Line::Passing(line))
            }
            Event::Detail(line) => {
                self.step.detail = one_line(line.trim(), MAX_DETAIL);
                None
            }
            Event::Notice(notice) => Some(Line::Lasting(notice.to_owned())),
            Event::Planned(planned) => Some(self.plan(planned, now)),
            Event::Sent(place) => {
                self.running.insert(
                    key(place),
                    Running {
                        case: place.case.to_owned(),
                        since: now,
                        is_named: false,
                    },
                );
                if let Some(plan) = &mut self.plan {
                    plan.current = Some((place.surface.to_owned(), place.transport));
                }
                None
            }
            Event::Answered(place, failure) => {
                self.running.remove(&key(place));
                self.answered(place);
                failure.and_then(|failure| self.failed(place, failure))
            }
            Event::Differs(place, what) => self.failed(place, what),
            Event::Finished(place) => {
                self.running.remove(&key(place));
                self.finished(place);
                None
            }
            Event::Generated {
                surface,
                inputs,
                wanted,
                findings,
            } => {
                let findings = counted(usize::try_from(findings).unwrap_or(usize::MAX), "finding");
                let step = format!("{inputs} of {wanted} inputs for {surface}, {findings}");
                self.step = Step::new(step.clone(), now);
                Some(Line::Passing(step))
            }
        }
    }

    /// Names the cases that have been running for a while, each once.
    pub(super) fn slow(&mut self, now: Instant) -> Vec<String> {
        let mut lines = Vec::new();
        for ((surface, transport, implementation), running) in &mut self.running {
            let elapsed = now.saturating_duration_since(running.since);
            if elapsed >= SLOW && !running.is_named {
                running.is_named = true;
                lines.push(format!(
                    "{surface}/{transport} {implementation} `{}` has been running for {} s",
                    running.case,
                    elapsed.as_secs()
                ));
            }
        }
        lines
    }

    /// `[ 812/3147] validate/http go ✗3 js ✓ · 41 s left`, or the current step.
    pub(super) fn line(&self, now: Instant) -> String {
        let Some(plan) = self.plan.as_ref().filter(|plan| plan.sent < plan.sends) else {
            return self.step.line(now);
        };
        let width = plan.comparisons.to_string().len();
        let mut line = format!("[{:width$}/{}]", plan.done, plan.comparisons);
        if let Some((surface, transport)) = &plan.current {
            let _ = write!(line, " {surface}/{transport}");
            line.push_str(&self.marks(plan, surface, *transport));
        }
        if let Some(left) = plan.left(now) {
            let _ = write!(line, " · {} left", rough(left));
        }
        line
    }

    fn plan(&mut self, planned: &Planned, now: Instant) -> Line {
        self.jobs = planned
            .jobs
            .iter()
            .map(|job| {
                let key = (
                    job.surface.clone(),
                    job.transport,
                    job.implementation.clone(),
                );
                let answered = job.cases.iter().map(|case| (case.clone(), 0)).collect();
                let job = Job {
                    rounds: job.rounds,
                    answered,
                    failed: Vec::new(),
                };
                (key, job)
            })
            .collect();
        let comparisons = planned.comparisons();
        self.plan = Some(Plan {
            began: now,
            reference: planned.reference.clone(),
            comparisons,
            done: without_rounds(planned),
            sends: planned.jobs.iter().map(|j| j.rounds * j.cases.len()).sum(),
            sent: 0,
            current: None,
        });
        let mut compared: Vec<&str> = planned
            .jobs
            .iter()
            .map(|job| job.implementation.as_str())
            .filter(|name| *name != planned.reference)
            .collect();
        compared.sort_unstable();
        compared.dedup();
        Line::Passing(format!(
            "{} of {} with {}, seed {}",
            counted(comparisons, "comparison"),
            compared.join(", "),
            planned.reference,
            planned.seed
        ))
    }

    /// Counts a case that is over in one round.
    fn answered(&mut self, place: Place<'_>) {
        let Some(plan) = &mut self.plan else {
            return;
        };
        plan.current = Some((place.surface.to_owned(), place.transport));
        let Some(job) = self.jobs.get_mut(&key(place)) else {
            return;
        };
        let rounds = job.rounds;
        let Some(answered) = job.answered.get_mut(place.case) else {
            return;
        };
        *answered += 1;
        // A round that repeats cases because their answers differ is not part of the plan.
        if *answered > rounds {
            return;
        }
        plan.sent += 1;
        if *answered == rounds {
            plan.done += compared(&self.jobs, &plan.reference, place);
        }
    }

    /// Counts the cases that were not reached as over.
    fn finished(&mut self, place: Place<'_>) {
        let Some(job) = self.jobs.get(&key(place)) else {
            return;
        };
        let left: Vec<(String, usize)> = job
            .answered
            .iter()
            .map(|(case, answered)| (case.clone(), job.rounds.saturating_sub(*answered)))
            .filter(|(_, left)| *left > 0)
            .collect();
        for (case, left) in &left {
            for _ in 0..*left {
                self.answered(Place { case, ..place });
            }
        }
    }

    /// The line of a failure; none for a case that has failed before, and after many failures.
    fn failed(&mut self, place: Place<'_>, failure: &str) -> Option<Line> {
        let job = self.jobs.get_mut(&key(place))?;
        if job.failed.iter().any(|case| case == place.case) {
            return None;
        }
        job.failed.push(place.case.to_owned());
        let at = format!(
            "✗ {}/{} {}",
            place.surface, place.transport, place.implementation
        );
        match job.failed.len() {
            0..=MAX_FAILURES => Some(Line::Lasting(one_line(
                &format!("{at} `{}`: {failure}", place.case),
                MAX_FAILURE,
            ))),
            count if count == MAX_FAILURES + 1 => Some(Line::Lasting(format!(
                "{at}: the report has the other failures"
            ))),
            _ => None,
        }
    }

    /// ` go ✗3 js ✓`: the failed cases of each implementation on one surface.
    fn marks(&self, plan: &Plan, surface: &str, transport: Transport) -> String {
        let mut marks = String::new();
        for ((of, over, implementation), job) in &self.jobs {
            let failed = job.failed.len();
            let is_shown = *implementation != plan.reference || failed > 0;
            if of == surface && *over == transport && is_shown {
                let _ = match failed {
                    0 => write!(marks, " {implementation} ✓"),
                    failed => write!(marks, " {implementation} ✗{failed}"),
                };
            }
        }
        marks
    }
}

impl Plan {
    /// The remaining time, if the cases that are over took as long as the others will.
    fn left(&self, now: Instant) -> Option<Duration> {
        let elapsed = now.saturating_duration_since(self.began);
        if elapsed < FIRST_ESTIMATE || self.sent == 0 {
            return None;
        }
        let left = self.sends.saturating_sub(self.sent) as f64;
        Some(elapsed.mul_f64(left / self.sent as f64))
    }
}

impl Job {
    fn has_finished(&self, case: &str) -> bool {
        self.answered
            .get(case)
            .is_some_and(|answered| *answered >= self.rounds)
    }
}

/// The number of comparisons that a side's last answer to a case completes.
fn compared(jobs: &BTreeMap<Key, Job>, reference: &str, place: Place<'_>) -> usize {
    let others = jobs.iter().filter(|((surface, transport, name), job)| {
        surface == place.surface
            && *transport == place.transport
            && (name == reference) != (place.implementation == reference)
            && job.has_finished(place.case)
    });
    others.count()
}

/// The number of comparisons of two sides that are not sent any case.
fn without_rounds(planned: &Planned) -> usize {
    let is_idle = |implementation: &str, of: &PlannedJob| {
        planned.jobs.iter().any(|job| {
            job.implementation == implementation
                && job.surface == of.surface
                && job.transport == of.transport
                && job.rounds == 0
        })
    };
    let idle = planned.jobs.iter().filter(|job| {
        job.implementation != planned.reference
            && job.rounds == 0
            && is_idle(&planned.reference, job)
    });
    idle.map(|job| job.cases.len()).sum()
}

fn key(place: Place<'_>) -> Key {
    (
        place.surface.to_owned(),
        place.transport,
        place.implementation.to_owned(),
    )
}

/// `41 s`, `2 min 5 s`.
fn rough(duration: Duration) -> String {
    match duration.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
