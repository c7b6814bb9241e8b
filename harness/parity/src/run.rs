//! One run: plan, build, drive, judge.
//!
//! [`run`] takes options and returns an [`outcome::Run`](crate::outcome::Run). When it returns, all
//! processes that it started have ended, whether the run completed or was stopped.

mod attach;
mod attribution;
mod commit;
mod drive;
mod driven;
mod early;
pub mod hold;
mod input;
mod instability;
mod judge;
mod misplaced;
mod noise;
pub(crate) mod open;
mod options;
mod participant;
mod plan;
mod replacement;
mod rounds;
mod side;
pub(crate) mod stoppable;
mod verdict;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use lakehouse_rig::error::Error;
use lakehouse_rig::model_server::ModelServer;
use lakehouse_rig::process::Supervisor;
use tokio::sync::watch;

pub(crate) use commit::of as commit;
pub(crate) use input::{Inputs, input_text};
pub use options::Options;

use crate::config::Root;
use crate::coverage;
use crate::inspect::harness_command;
use crate::mutate::{self, Mutated};
use crate::outcome::{CaseVerdict, ImplementationKind, Run, RunVerdict};
use crate::progress::{Event, Events};
use crate::recording::{self, Header};
use crate::transport::{Answered, Context, Resent};
use driven::Driven;
use judge::Evidence;
use participant::Participant;
use plan::Plan;
use stoppable::{GRACE, unless_stopped};

/// Runs the selected cases, until `stop` turns true, and reports the progress to `events`.
///
/// # Errors
///
/// A mistake in the configuration or the options, or a failed system call. Failures of
/// implementations are part of the result.
pub async fn run(
    options: &Options,
    events: Arc<dyn Events>,
    stop: watch::Receiver<bool>,
) -> Result<Run, Error> {
    let began = Instant::now();
    let started_at = jiff::Timestamp::now();
    let root = Arc::new(attach::apply(Root::read(&options.root)?, options)?);
    options.check(&root)?;
    let seed = options
        .seed
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let supervisor = Arc::new(Supervisor::new(options.output.join("logs"), stop)?);
    let mut participants = participant::all(&root, options)?;
    let plan = Plan::new(&root, options, &participants);
    tokio::select! {
        checked = attach::check(&root, options, &plan, &mut participants, &*events) => checked?,
        () = supervisor.stop_requested() => {}
    }
    let context = context(&root, &supervisor, Arc::clone(&events)).await?;

    participant::build(&context, &plan.jobs, &mut participants).await;
    let planned = plan.progress(&root, options, &participants, seed);
    events.report(Event::Planned(&planned));
    let driven = drive::all(&context, &plan, &participants, seed, options.once).await;

    let mut cut_short = supervisor.is_stopping();
    context.upstream.stop().await;
    supervisor.sweep().await;
    events.report(Event::Step("comparing the answers"));
    let (plan, participants, driven) = (Arc::new(plan), Arc::new(participants), Arc::new(driven));
    let evidence = Evidence {
        root: Arc::clone(&root),
        options: options.clone(),
        plan: Arc::clone(&plan),
        participants: Arc::clone(&participants),
        driven: Arc::clone(&driven),
        seed,
        today: started_at.to_zoned(jiff::tz::TimeZone::UTC).date(),
    };
    let judged = judge::all(evidence, &supervisor).await;
    cut_short |= judged.cut_short;
    let mut run = Run {
        commit: commit::of(&root.directory),
        started_at,
        duration_ms: 0,
        seed,
        root: root.directory.clone(),
        command: harness_command(&options.root),
        reference: root.reference.clone(),
        filtered: options.is_filtered(),
        cut_short: false,
        implementations: participants.values().map(|p| p.outcome()).collect(),
        results: judged.results,
        cases: judged.cases,
        divergences: judged.divergences,
        normalisers: judged.normalisers,
        coverage: Vec::new(),
        ledger_failures: judged.ledger_failures,
        mutation: None,
        notices: participants
            .values()
            .flat_map(|p| p.notices.clone())
            .collect(),
        infrastructure: Vec::new(),
        inconclusive: plan.inconclusive.clone(),
        verdict: RunVerdict::Pass,
        generated: None,
        replacements: Vec::new(),
    };
    run.implementations
        .sort_by_key(|implementation| implementation.name != root.reference);
    record(&root, options, &participants, &driven, &mut run)?;
    run.notices.extend(judged.notices);
    run.notices.extend(supervisor.take_notices());
    run.notices.extend(context.resent.notices());
    run.infrastructure = supervisor.take_failures();
    if options.mutate && !cut_short {
        events.report(Event::Step("damaging the answers, to check the comparison"));
        let (root, stopping) = (Arc::clone(&root), Arc::clone(&supervisor));
        let work = move |run: &Run| mutate::all(&root, run, &|| stopping.is_stopping());
        let mutated;
        (run, mutated) = with_run(run, &supervisor, work).await;
        let mutated = mutated.flatten();
        cut_short |= mutated.is_none();
        add_mutation(mutated, &mut run);
    }
    run.cut_short = cut_short;
    let shared = Arc::clone(&root);
    let work = move |run: &Run| coverage::of(&shared, run);
    let coverage;
    (run, coverage) = with_run(run, &supervisor, work).await;
    run.cut_short |= coverage.is_none();
    run.coverage = coverage.unwrap_or_default();
    if let Some(baseline) = &root.baseline {
        let (lost, gained) = coverage::check(baseline, &run.coverage);
        run.ledger_failures.extend(lost);
        run.notices.extend(gained);
    }
    conclude(&mut run, options, &participants);
    run.replacements = replacement::all(&root, &run);
    run.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(run)
}

async fn context(
    root: &Arc<Root>,
    supervisor: &Arc<Supervisor>,
    events: Arc<dyn Events>,
) -> Result<Context, Error> {
    let forward = std::env::var("OLLAMA_URL")
        .ok()
        .filter(|url| !url.is_empty());
    let forwards = forward.is_some();
    let upstream = ModelServer::start(forward)
        .await
        .map_err(|error| Error::io("bind", Path::new("127.0.0.1"), error))?;
    Ok(Context {
        root: Arc::clone(root),
        supervisor: Arc::clone(supervisor),
        upstream,
        forwards,
        events,
        resent: Resent::default(),
    })
}

/// Does the work on another thread; none if the run was asked to stop before it was done.
async fn with_run<T: Send + 'static>(
    run: Run,
    supervisor: &Supervisor,
    work: impl FnOnce(&Run) -> T + Send + 'static,
) -> (Run, Option<T>) {
    let run = Arc::new(run);
    let shared = Arc::clone(&run);
    let done = unless_stopped(supervisor.stop_requested(), GRACE, move || work(&shared)).await;
    (Arc::unwrap_or_clone(run), done)
}

/// Adds the result of damaging the answers. Damage without effect is a fault of the harness.
fn add_mutation(mutated: Option<Mutated>, run: &mut Run) {
    let Some(mutated) = mutated else {
        return;
    };
    run.infrastructure.extend(mutated.flaws);
    run.inconclusive.extend(mutated.untouched);
    run.mutation = Some(mutated.mutation);
}

/// Sets the verdict of the run, and the reasons of an inconclusive one.
fn conclude(run: &mut Run, options: &Options, participants: &BTreeMap<String, Participant>) {
    if run.cut_short {
        run.inconclusive
            .push("the run was cut short by a signal".to_owned());
    }
    for participant in participants.values() {
        let name = &participant.implementation.name;
        let is_required = options.require.contains(name);
        if is_required && participant.kind != ImplementationKind::Live {
            run.inconclusive.push(format!(
                "`{name}` is required live, but {}",
                participant.why_not_live()
            ));
        }
    }
    for row in &run.results {
        if row.cases > 0 && row.skipped == row.cases {
            let reasons = run.cases.iter().find(|case| {
                case.surface == row.surface
                    && case.transport == row.transport
                    && case.implementation == row.implementation
            });
            let why = reasons
                .and_then(|case| case.reasons.first())
                .cloned()
                .unwrap_or_default();
            run.inconclusive.push(format!(
                "every case of `{}` over `{}` was skipped for `{}`: {why}",
                row.surface, row.transport, row.implementation
            ));
        }
    }
    let count = |verdict| {
        run.cases
            .iter()
            .filter(|case| case.verdict == verdict)
            .count()
    };
    let diverged = count(CaseVerdict::Diverged);
    let compared = diverged + count(CaseVerdict::Match) + count(CaseVerdict::Known);
    run.inconclusive.extend(run.not_compared());
    if compared == 0 && run.inconclusive.is_empty() {
        run.inconclusive.push("nothing was compared".to_owned());
    }
    let survived = run
        .mutation
        .as_ref()
        .is_some_and(|mutation| !mutation.survivors.is_empty());
    run.verdict = if diverged > 0 || survived || !run.ledger_failures.is_empty() {
        RunVerdict::Fail
    } else if !run.inconclusive.is_empty() || !run.infrastructure.is_empty() {
        RunVerdict::Inconclusive
    } else {
        RunVerdict::Pass
    };
}

/// Writes the recordings of `--record`.
fn record(
    root: &Root,
    options: &Options,
    participants: &BTreeMap<String, Participant>,
    driven: &[Driven],
    run: &mut Run,
) -> Result<(), Error> {
    for name in &options.record {
        let Some(participant) = participants.get(name) else {
            continue;
        };
        let mut by_surface: BTreeMap<&str, Vec<&Driven>> = BTreeMap::new();
        for one in driven.iter().filter(|d| d.job.implementation.name == *name) {
            by_surface
                .entry(one.job.probe.surface.as_str())
                .or_default()
                .push(one);
        }
        for (surface, jobs) in by_surface {
            let mut answers = Vec::new();
            let mut missing = None;
            for one in &jobs {
                for case in &one.job.cases {
                    match one.first.get(&case.name) {
                        Some(Answered::Observed { observation, .. })
                            if observation.failure().is_none() =>
                        {
                            answers.push((case.as_ref(), one.job.transport, observation.as_ref()));
                        }
                        Some(Answered::Skipped(_)) => {}
                        _ => missing = Some(&case.name),
                    }
                }
            }
            if let Some(case) = missing {
                run.inconclusive.push(format!(
                    "`{surface}` of `{name}` was not recorded: case `{case}` has no answer"
                ));
                continue;
            }
            let header = Header {
                schema_version: 1,
                implementation: name.clone(),
                version: participant.version.clone(),
                language: participant.implementation.language.clone(),
                recorded_at: run.started_at,
                commit: run.commit.clone(),
                surface: surface.to_owned(),
            };
            recording::write(&root.directory, &header, &jobs[0].job.probe, &answers)?;
            run.notices
                .push(format!("`{surface}` of `{name}` was recorded"));
        }
    }
    Ok(())
}
