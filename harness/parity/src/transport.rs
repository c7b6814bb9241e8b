//! Carries cases to an implementation and brings back what it answered.
//!
//! A [`Job`] is one implementation on one surface over one transport. [`round`] runs its cases
//! once, from a fresh start, in the order it is given.

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

pub use http::Held;
pub(crate) use http::{headers, url};

use crate::config::{Case, CaseStep, Probe, Root};
use crate::observation::{Observation, ScriptUse, Step, UpstreamRequest};

/// What all jobs of a run share.
#[derive(Debug)]
pub struct Context {
    /// The root.
    pub root: Arc<Root>,
    /// Processes.
    pub supervisor: Arc<Supervisor>,
    /// The scripted model server.
    pub upstream: ModelServer,
    /// Whether that server forwards to a real one, so that scripts mean nothing.
    pub forwards: bool,
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
    fn who(&self) -> String {
        format!("`{}`", self.implementation.name)
    }

    fn log_name(&self) -> String {
        format!(
            "{}.{}.{}",
            self.implementation.name, self.probe.surface, self.transport
        )
    }

    /// Why a case cannot be run here, if it cannot.
    fn skip(&self, case: &Case, context: &Context) -> Option<String> {
        if context.forwards && case.is_scripted() {
            return Some("`OLLAMA_URL` is set, so the upstream cannot be scripted".to_owned());
        }
        let Reach::Url { writes, .. } = &self.implementation.reach else {
            return None;
        };
        let name = &self.implementation.name;
        let probe = &self.probe;
        let cannot = if probe.writes && !writes {
            "the probe writes, and its description does not say `writes = true`"
        } else if probe.restart {
            "the probe needs a fresh start for every case"
        } else if case.is_scripted() || probe.http.observe_upstream {
            "the case needs a scripted upstream"
        } else if case.has_files() || !probe.http.observe_files.is_empty() {
            "the case needs its files"
        } else {
            return None;
        };
        Some(format!("`{name}` is only a URL: {cannot}"))
    }
}

/// What became of one case in one round.
#[derive(Debug, Clone)]
pub enum Answered {
    /// It was answered, if only by a failure.
    Observed {
        /// The answer.
        observation: Arc<Observation>,
        /// Milliseconds.
        duration_ms: u64,
    },
    /// It was not asked, and why.
    Skipped(String),
}

/// Answers by case name. A case that is not in it was not reached.
pub type Answers = BTreeMap<String, Answered>;

/// Runs a job's cases once, in this order of indices.
pub async fn round(context: &Context, job: &Job, order: &[usize]) -> Answers {
    let mut answers = Answers::new();
    let mut cases = Vec::new();
    for case in order.iter().map(|index| &job.cases[*index]) {
        match job.skip(case, context) {
            Some(why) => {
                answers.insert(case.name.clone(), Answered::Skipped(why));
            }
            None => cases.push(case),
        }
    }
    if cases.is_empty() {
        return answers;
    }
    match job.transport {
        Transport::Line => line::round(context, job, &cases, &mut answers).await,
        Transport::Files => files::round(context, job, &cases, &mut answers).await,
        Transport::Http => http::round(context, job, &cases, &mut answers).await,
    }
    answers
}

fn observed(observation: Observation, duration: Duration) -> Answered {
    Answered::Observed {
        observation: Arc::new(observation),
        duration_ms: u64::try_from(duration.as_millis()).unwrap_or(u64::MAX),
    }
}

/// The values of the placeholders, for one start.
fn values(context: &Context, job: &Job, state: &State, instance: &Instance) -> Values {
    Values::from([
        ("root", context.root.directory.display().to_string()),
        ("target", context.root.target.display().to_string()),
        ("state", state.path().display().to_string()),
        ("surface", job.probe.surface.clone()),
        ("upstream", instance.url()),
    ])
}

/// The command of a process without a port, for one start.
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

/// Sets the upstream up for a step, and forgets what came before it.
fn begin_script(instance: &Instance, step: &CaseStep) {
    let _ = instance.take_log();
    instance.script(step.upstream.clone());
}

/// Adds to a step what the upstream saw.
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

/// The observed files and the files of observed folders, by path below the state.
fn observe_files(state: &Path, observed: &[String]) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for name in observed {
        for entry in WalkDir::new(state.join(name)).into_iter().flatten() {
            if !entry.file_type().is_file() {
                continue;
            }
            let relative = entry.path().strip_prefix(state).unwrap_or(entry.path());
            // A file that vanishes between the listing and the reading is not there.
            if let Ok(content) = std::fs::read(entry.path()) {
                found.insert(relative.to_string_lossy().into_owned(), content);
            }
        }
    }
    found
}
