//! One process per case, in a fresh folder with the case's files.

use std::sync::Arc;
use std::time::{Duration, Instant};

use lakehouse_rig::implementation::{Launch, Reach};
use lakehouse_rig::model_server::Instance;
use lakehouse_rig::process::{Group, Output, State, describe_exit, log};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::{Answers, Context, Job, add, begin_script, command, end_script, observe_files};
use crate::config::{Case, CaseStep};
use crate::observation::{Failure, Observation, Step};

/// The time limit for a process group to end after its process has exited.
const EXIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Runs the cases.
pub(super) async fn round(
    context: &Context,
    job: &Job,
    cases: &[&Arc<Case>],
    answers: &mut Answers,
) {
    let Reach::Start {
        files: Some(launch),
        ..
    } = &job.implementation.reach
    else {
        return;
    };
    for case in cases {
        if context.supervisor.is_stopping() {
            return;
        }
        context.sent(job, case);
        let began = Instant::now();
        match run(context, job, launch, case).await {
            Ok(Some(observation)) => {
                add(context, job, answers, case, (observation, began.elapsed()));
            }
            Ok(None) => return,
            Err(error) => {
                context.supervisor.report_failure(error);
                return;
            }
        }
    }
}

/// Runs one case; none when the run is stopping.
async fn run(
    context: &Context,
    job: &Job,
    launch: &Launch,
    case: &Case,
) -> Result<Option<Observation>, String> {
    let state = State::new().map_err(|error| {
        format!(
            "failed to create a folder for {}: {error}",
            job.quoted_name()
        )
    })?;
    let instance = context.upstream.instance(&job.implementation.name);
    let mut steps = Vec::new();
    for (index, expected) in case.steps.iter().enumerate() {
        let before = if index == 0 { Some(&case.files) } else { None };
        state
            .write(before.into_iter().flatten().chain(&expected.files))
            .map_err(|error| {
                format!("failed to write the files of case `{}`: {error}", case.name)
            })?;
        begin_script(&instance, expected);
        let Some(mut step) = step(context, job, launch, &state, &instance, expected).await? else {
            state.remove(&job.quoted_name(), &context.supervisor);
            return Ok(None);
        };
        end_script(&instance, job, expected, &mut step);
        step.files = observe_files(state.path(), &job.probe.files);
        let failed = step.failure.is_some();
        steps.push(step);
        if failed {
            break;
        }
    }
    state.remove(&job.quoted_name(), &context.supervisor);
    Ok(Some(Observation { steps }))
}

async fn step(
    context: &Context,
    job: &Job,
    launch: &Launch,
    state: &State,
    instance: &Instance,
    expected: &CaseStep,
) -> Result<Option<Step>, String> {
    let command = command(context, job, launch, state, instance);
    let log = context.supervisor.log(&job.log_name());
    let mut group = Group::start(
        &context.supervisor,
        &command,
        &job.quoted_name(),
        Output::Pipes,
        &log,
    )
    .map_err(|error| {
        format!(
            "failed to start `{command}` of {}: {error}",
            job.quoted_name()
        )
    })?;
    let Some((mut stdin, mut stdout)) = group.pipes() else {
        return Err(format!("`{command}` of {} has no pipes", job.quoted_name()));
    };
    let mut line = expected.input.clone().unwrap_or_default();
    line.push(b'\n');
    let limit = job.probe.line.timeout;
    let mut body = Vec::new();
    let exchange = async {
        let write = async move {
            // A process may exit without reading its input; its answer is compared all the same.
            let _ = stdin.write_all(&line).await;
            let _ = stdin.shutdown().await;
        };
        let (_, read, ended) = tokio::join!(write, stdout.read_to_end(&mut body), group.wait());
        read.and(ended)
    };
    let ended = tokio::select! {
        () = context.supervisor.stop_requested() => {
            group.kill().await;
            return Ok(None);
        }
        ended = timeout(limit, exchange) => ended,
    };
    while body
        .last()
        .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
    {
        body.pop();
    }
    let mut step = Step {
        body,
        ..Step::default()
    };
    match ended {
        Err(_) => {
            step.failure = Some(Failure::Timeout {
                after_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
            });
            group.kill().await;
        }
        Ok(status) => {
            match status {
                Ok(status) if status.code().is_some() => step.exit = status.code(),
                Ok(status) => {
                    step.failure = Some(Failure::Died {
                        how: describe_exit(status),
                    });
                }
                Err(error) => {
                    step.failure = Some(Failure::NoAnswer {
                        what: error.to_string(),
                    });
                }
            }
            group.finish(EXIT_TIMEOUT).await;
        }
    }
    if step.failure.is_some() || step.exit != Some(0) {
        step.stderr_tail = log::tail(&log);
        step.log = (!step.stderr_tail.is_empty()).then(|| log.clone());
    }
    // Empty logs, one for each process, would hide the others.
    if std::fs::metadata(&log).is_ok_and(|data| data.len() == 0) {
        let _ = std::fs::remove_file(&log);
    }
    Ok(Some(step))
}
