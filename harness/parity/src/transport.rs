//! Sends cases to an implementation and returns its answers.
//!
//! A [`Job`] is one implementation on one surface over one transport. [`round`] starts the
//! implementation and runs each case once.

mod files;
mod helper;
mod http;
mod line;
pub mod pipeline;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::implementation::{Implementation, Launch, Reach};
use lakehouse_rig::model_server::{Instance, ModelServer};
use lakehouse_rig::process::{Command, State, Supervisor};
use lakehouse_rig::template::Values;
use walkdir::WalkDir;

pub use http::{Held, Resent};
pub(crate) use http::{address, headers, url};

use crate::config::{Case, CaseStep, Probe, Root};
use crate::observation::{Observation, ScriptUse, Step, UpstreamRequest};
use crate::progress::{Event, Events, Place};

/// What all jobs of a run use.
#[derive(Debug)]
pub struct Context {
    /// The configuration.
    pub root: Arc<Root>,
    /// The owner of all processes.
    pub supervisor: Arc<Supervisor>,
    /// The scripted model server.
    pub upstream: ModelServer,
    /// Whether that server forwards requests to a real one instead of following scripts.
    pub forwards: bool,
    /// Receives the progress.
    pub events: Arc<dyn Events>,
    /// The requests that had to be sent again.
    pub resent: Resent,
}

impl Context {
    /// Reports that a case is sent.
    fn sent(&self, job: &Job, case: &Case) {
        self.events.report(Event::Sent(job.place(&case.name)));
    }

    /// Reports that a case is over in this round.
    fn answered(&self, job: &Job, case: &Case, observation: &Observation) {
        let failure = observation.failure().map(ToString::to_string);
        let place = job.place(&case.name);
        self.events
            .report(Event::Answered(place, failure.as_deref()));
    }
}

/// One implementation on one surface over one transport.
#[derive(Debug, Clone)]
pub struct Job {
    /// The implementation.
    pub implementation: Arc<Implementation>,
    /// The probe.
    pub probe: Arc<Probe>,
    /// The transport.
    pub transport: Transport,
    /// The cases that go over it.
    pub cases: Vec<Arc<Case>>,
}

impl Job {
    /// The place of a case; of the whole job when `case` is empty.
    pub(crate) fn place<'a>(&'a self, case: &'a str) -> Place<'a> {
        Place {
            surface: &self.probe.surface,
            transport: self.transport,
            implementation: &self.implementation.name,
            case,
        }
    }

    fn quoted_name(&self) -> String {
        format!("`{}`", self.implementation.name)
    }

    fn log_name(&self) -> String {
        format!(
            "{}.{}.{}",
            self.implementation.name, self.probe.surface, self.transport
        )
    }

    /// Why a case is skipped, if it is.
    fn skip_reason(&self, case: &Case, context: &Context) -> Option<String> {
        if context.forwards && case.is_scripted() {
            return Some("`OLLAMA_URL` is set, so the upstream cannot be scripted".to_owned());
        }
        let why = self.skip_at_url(case)?;
        let name = &self.implementation.name;
        Some(format!("`{name}` is only a URL: {why}"))
    }

    /// Why a case cannot be sent to a server that is already running, if the implementation is one.
    pub(crate) fn skip_at_url(&self, case: &Case) -> Option<&'static str> {
        let Reach::Url { writes, .. } = &self.implementation.reach else {
            return None;
        };
        let probe = &self.probe;
        if probe.writes && !writes {
            Some("the probe writes, and its file does not have `writes = true`")
        } else if probe.restart {
            Some("the probe needs a fresh process for every case")
        } else if case.is_scripted() || probe.http.observe_upstream {
            Some("the case needs a scripted upstream")
        } else if case.has_files() || !probe.http.observe_files.is_empty() {
            Some("the case needs its files")
        } else {
            None
        }
    }
}

/// The result of one case in one round.
#[derive(Debug, Clone)]
pub enum Answered {
    /// An answer or a failure.
    Observed {
        /// The answer or failure.
        observation: Arc<Observation>,
        /// The answers to the repeats of the case in this round.
        repeats: Vec<Arc<Observation>>,
        /// Its time, in milliseconds.
        duration_ms: u64,
    },
    /// The case was not sent, and why.
    Skipped(String),
}

/// Answers by case name. A case without an entry was not reached.
pub type Answers = BTreeMap<String, Answered>;

/// Starts a job's implementation and runs its cases once, in this order of indices.
pub async fn round(context: &Context, job: &Job, order: &[usize]) -> Answers {
    let mut answers = Answers::new();
    let mut cases = Vec::new();
    for case in order.iter().map(|index| &job.cases[*index]) {
        match job.skip_reason(case, context) {
            Some(why) => {
                answers.insert(case.name.clone(), Answered::Skipped(why));
                let place = job.place(&case.name);
                context.events.report(Event::Answered(place, None));
            }
            None => cases.push(case),
        }
    }
    if cases.is_empty() {
        return answers;
    }
    let once = cases.clone();
    let most = once.iter().map(|case| case.repeats).max().unwrap_or(1);
    for time in 1..most {
        cases.extend(once.iter().filter(|case| case.repeats > time));
    }
    match job.transport {
        Transport::Line => line::round(context, job, &cases, &mut answers).await,
        Transport::Files => files::round(context, job, &cases, &mut answers).await,
        Transport::Http => http::round(context, job, &cases, &mut answers).await,
    }
    answers
}

/// Adds the answer to a case, which counts as progress, or to a repeat of it.
fn add(
    context: &Context,
    job: &Job,
    answers: &mut Answers,
    case: &Case,
    (observation, duration): (Observation, Duration),
) {
    match answers.get_mut(&case.name) {
        Some(Answered::Observed { repeats, .. }) => repeats.push(Arc::new(observation)),
        _ => {
            context.answered(job, case, &observation);
            answers.insert(case.name.clone(), observed(observation, duration));
        }
    }
}

fn observed(observation: Observation, duration: Duration) -> Answered {
    Answered::Observed {
        observation: Arc::new(observation),
        repeats: Vec::new(),
        duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
    }
}

/// The values of the placeholders of one process.
fn values(context: &Context, job: &Job, state: &State, instance: &Instance) -> Values {
    Values::from([
        ("root", context.root.directory.display().to_string()),
        ("target", context.root.target.display().to_string()),
        ("state", state.path().display().to_string()),
        ("surface", job.probe.surface.clone()),
        ("upstream", instance.url()),
    ])
}

/// The command that starts a process without a port.
fn command(
    context: &Context,
    job: &Job,
    launch: &Launch,
    state: &State,
    instance: &Instance,
) -> Command {
    let values = values(context, job, state, instance);
    Command::from_launch(launch, &values, &context.root.directory)
}

/// Gives the model server a step's script and clears its log.
fn begin_script(instance: &Instance, step: &CaseStep) {
    let _ = instance.take_log();
    instance.script(step.upstream.clone());
}

/// Adds to a step the requests that the model server received.
fn end_script(instance: &Instance, job: &Job, expected: &CaseStep, step: &mut Step) {
    let log = instance.take_log();
    if !expected.upstream.is_empty() {
        step.script = Some(ScriptUse {
            unused: log.unused,
            beyond: log.beyond_script,
        });
    }
    if job.probe.http.observe_upstream {
        let requests = log.requests.into_iter().map(|request| UpstreamRequest {
            method: request.method,
            path: request.path,
            body: request.body.to_vec(),
        });
        step.upstream = Some(requests.collect());
    }
}

/// The observed files and the files of observed folders, by path below the state folder.
fn observe_files(state: &Path, observed: &[String]) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in observed {
        for entry in WalkDir::new(state.join(name)).into_iter().flatten() {
            if !entry.file_type().is_file() {
                continue;
            }
            let relative = entry.path().strip_prefix(state).unwrap_or(entry.path());
            // A file that is removed after it was listed counts as absent.
            if let Ok(content) = std::fs::read(entry.path()) {
                found.insert(relative.to_string_lossy().into_owned(), content);
            }
        }
    }
    found
}
