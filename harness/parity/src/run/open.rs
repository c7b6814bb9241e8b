//! A root with its implementations built, for runs that send other inputs than cases.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::process::Supervisor;
use tokio::sync::watch;

use super::options::Options;
use super::participant::{self, Participant};
use super::plan::Plan;
use super::{attach, commit};
use crate::config::{Probe, Root};
use crate::inspect::harness_command;
use crate::outcome::{CaseOutcome, ImplementationKind, Run, RunVerdict, SurfaceResult};
use crate::progress::Events;
use crate::transport::{Context, Job};

/// A root whose implementations are built.
pub(crate) struct Opened {
    /// The root, the owner of processes and the model server.
    pub(crate) context: Context,
    /// The run's seed.
    pub(crate) seed: u64,
    /// The implementations that are live, by surface and name. The jobs have no cases.
    pub(crate) jobs: BTreeMap<String, BTreeMap<String, Job>>,
    /// Why the run is inconclusive.
    pub(crate) inconclusive: Vec<String>,
    /// Notes for the reports.
    pub(crate) notices: Vec<String>,
    participants: BTreeMap<String, Participant>,
    /// The command of the harness for this root.
    command: String,
    began: Instant,
    started_at: jiff::Timestamp,
}

/// Reads the root and checks the options against it.
pub(crate) fn root(options: &Options) -> Result<Root, Error> {
    let root = attach::apply(Root::read(&options.root)?, options)?;
    options.check(&root)?;
    Ok(root)
}

/// Builds the implementations of these surfaces over these transports.
pub(crate) async fn open(
    root: Root,
    options: &Options,
    surfaces: &[(Arc<Probe>, Transport)],
    events: Arc<dyn Events>,
    stop: watch::Receiver<bool>,
) -> Result<Opened, Error> {
    let (began, started_at) = (Instant::now(), jiff::Timestamp::now());
    let root = Arc::new(root);
    let seed = options
        .seed
        .unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let supervisor = Arc::new(Supervisor::new(options.output.join("logs"), stop)?);
    let mut participants = participant::all(&root, options)?;
    let mut plan = Plan {
        jobs: Vec::new(),
        pairs: Vec::new(),
        inconclusive: Vec::new(),
    };
    for (probe, transport) in surfaces {
        for participant in participants.values() {
            if participant.implementation.has(&probe.surface, *transport) {
                plan.jobs.push(Job {
                    implementation: Arc::clone(&participant.implementation),
                    probe: Arc::clone(probe),
                    transport: *transport,
                    cases: Vec::new(),
                });
            }
        }
    }
    let context = super::context(&root, &supervisor, events).await?;
    participant::build(&context, &plan.jobs, &mut participants).await;
    let mut opened = Opened {
        context,
        seed,
        jobs: BTreeMap::new(),
        inconclusive: Vec::new(),
        notices: Vec::new(),
        participants,
        command: harness_command(&options.root),
        began,
        started_at,
    };
    for job in plan.jobs {
        opened.add(job, options);
    }
    Ok(opened)
}

impl Opened {
    /// Adds the job of a live implementation. Any other is reported once.
    fn add(&mut self, job: Job, options: &Options) {
        let name = job.implementation.name.clone();
        let Some(participant) = self.participants.get(&name) else {
            return;
        };
        if participant.broken {
            return;
        }
        if participant.kind != ImplementationKind::Live {
            let why = format!(
                "skipping generated inputs for `{name}`: {}",
                participant.why_not_live()
            );
            let (list, other) = if options.require.contains(&name) {
                (&mut self.inconclusive, &self.notices)
            } else {
                (&mut self.notices, &self.inconclusive)
            };
            if !list.contains(&why) && !other.contains(&why) {
                list.push(why);
            }
            return;
        }
        let surface = job.probe.surface.clone();
        self.jobs.entry(surface).or_default().insert(name, job);
    }

    /// Stops everything, and returns the run with its verdict.
    pub(crate) async fn close(self, results: Vec<SurfaceResult>, cases: Vec<CaseOutcome>) -> Run {
        let Opened {
            context,
            seed,
            participants,
            command,
            began,
            started_at,
            mut inconclusive,
            mut notices,
            ..
        } = self;
        let root = &context.root;
        let cut_short = context.supervisor.is_stopping();
        if cut_short {
            inconclusive.push("the run was cut short by a signal".to_owned());
        }
        context.upstream.stop().await;
        context.supervisor.sweep().await;
        let mut implementations: Vec<_> = participants.values().map(|p| p.outcome()).collect();
        implementations.sort_by_key(|implementation| implementation.name != root.reference);
        notices.extend(context.supervisor.take_notices());
        notices.extend(context.resent.notices());
        let infrastructure = context.supervisor.take_failures();
        let verdict = if !cases.is_empty() {
            RunVerdict::Fail
        } else if !inconclusive.is_empty() || !infrastructure.is_empty() {
            RunVerdict::Inconclusive
        } else {
            RunVerdict::Pass
        };
        Run {
            commit: commit::of(&root.directory),
            started_at,
            duration_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            seed,
            root: root.directory.clone(),
            command,
            reference: root.reference.clone(),
            filtered: true,
            cut_short,
            implementations,
            results,
            cases,
            divergences: Vec::new(),
            normalisers: Vec::new(),
            coverage: Vec::new(),
            ledger_failures: Vec::new(),
            notices,
            infrastructure,
            inconclusive,
            verdict,
            generated: None,
            replacements: Vec::new(),
            mutation: None,
        }
    }
}
