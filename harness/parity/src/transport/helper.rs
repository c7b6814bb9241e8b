//! Starting a helper: one process that answers lines on its standard output.

use std::path::PathBuf;

use lakehouse_rig::implementation::Reach;
use lakehouse_rig::model_server::Instance;
use lakehouse_rig::process::{Group, Output, State};
use tokio::process::{ChildStdin, ChildStdout};

use super::{Context, Job, command};

/// A helper that was just started, with everything that belongs to its life.
pub(super) struct Started {
    pub(super) group: Group,
    pub(super) stdin: ChildStdin,
    pub(super) stdout: ChildStdout,
    pub(super) state: State,
    pub(super) instance: Instance,
    pub(super) log: PathBuf,
}

/// Starts the helper of a job's implementation in a state folder of its own.
pub(super) fn start(context: &Context, job: &Job) -> Result<Started, String> {
    let Reach::Start {
        helper: Some(launch),
        ..
    } = &job.implementation.reach
    else {
        return Err(format!("{} has no helper", job.who()));
    };
    let failed =
        |error: std::io::Error| format!("failed to start the helper of {}: {error}", job.who());
    let state = State::new().map_err(failed)?;
    let instance = context.upstream.instance(&job.implementation.name);
    let command = command(context, job, launch, &state, &instance);
    let log = context.supervisor.log(&job.log_name());
    let mut group = Group::start(
        &context.supervisor,
        &command,
        &job.who(),
        Output::Pipes,
        &log,
    )
    .map_err(|error| format!("failed to start `{command}` of {}: {error}", job.who()))?;
    let (stdin, stdout) = group
        .pipes()
        .ok_or_else(|| failed(std::io::Error::other("it has no pipes")))?;
    Ok(Started {
        group,
        stdin,
        stdout,
        state,
        instance,
        log,
    })
}
