//! Sends cases to a server, which is started once for a surface or once for each case.

mod client;
mod held;
mod request;
mod resent;
mod server;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Answers, Context, Job, add, begin_script, end_script, observe_files, observed};
use crate::config::{Case, CaseStep};
use crate::observation::{Failure, Observation, Step};
pub(crate) use client::address;
pub use held::Held;
pub(crate) use request::{headers, url};
pub use resent::Resent;
use server::{Server, Start};

/// Runs the cases.
pub(super) async fn round(
    context: &Context,
    job: &Job,
    cases: &[&Arc<Case>],
    answers: &mut Answers,
) {
    let mut server: Option<Server> = None;
    let mut previous: Option<&Arc<Case>> = None;
    for case in cases {
        if context.supervisor.is_stopping() {
            break;
        }
        context.sent(job, case);
        if case.fresh
            && let Some(running) = server.take()
            && let Some(previous) = previous.take()
        {
            stop(running, context, job, answers, previous).await;
        }
        let mut running = match server.take() {
            Some(running) => running,
            None => match Server::start(context, job, case).await {
                Start::Ready(started) => *started,
                Start::Stopped => return,
                Start::Failed(error) => {
                    context.supervisor.report_failure(error);
                    return;
                }
            },
        };
        let began = Instant::now();
        let mut observation = tokio::select! {
            () = context.supervisor.stop_requested() => {
                server = Some(running);
                break;
            }
            observation = self::case(&mut running, job, case) => observation,
        };
        // A server that died after its previous answer is detected now. If a fresh server answers
        // this case, the previous case is at fault.
        if let Some(Failure::Died { how }) = observation.failure()
            && observation.steps.len() == 1
            && let Some(previous) = previous
            && let Some((fresh, again)) = retry(context, job, case).await
        {
            invalidate(answers, previous, how, &running);
            running.stop(context, job).await;
            running = fresh;
            observation = again;
        }
        let died = matches!(observation.failure(), Some(Failure::Died { .. }));
        add(context, job, answers, case, (observation, began.elapsed()));
        if died {
            running.stop(context, job).await;
            previous = None;
        } else if job.probe.restart {
            stop(running, context, job, answers, case).await;
        } else {
            server = Some(running);
            previous = Some(case);
        }
    }
    match (server, previous) {
        (Some(running), Some(previous)) => stop(running, context, job, answers, previous).await,
        (Some(running), None) => running.stop(context, job).await,
        _ => {}
    }
}

/// Stops a server. If it has exited already, its last case is at fault.
async fn stop(
    mut running: Server,
    context: &Context,
    job: &Job,
    answers: &mut Answers,
    last: &Case,
) {
    if let Some(how) = running.exit() {
        invalidate(answers, last, &how, &running);
    }
    running.stop(context, job).await;
}

/// Replaces the last answer of a server that exited by itself.
fn invalidate(answers: &mut Answers, case: &Case, how: &str, server: &Server) {
    let step = Step {
        failure: Some(Failure::DiedAfter {
            how: how.to_owned(),
        }),
        stderr_tail: server.log_since(0, true),
        log: server.log().map(Path::to_owned),
        ..Step::default()
    };
    let answered = observed(Observation::single(step), Duration::ZERO);
    answers.insert(case.name.clone(), answered);
}

/// Sends a case to a fresh server; none when this one dies too or is not ready, or the run is
/// stopping.
async fn retry(context: &Context, job: &Job, case: &Case) -> Option<(Server, Observation)> {
    let Start::Ready(mut fresh) = Server::start(context, job, case).await else {
        return None;
    };
    let again = tokio::select! {
        () = context.supervisor.stop_requested() => None,
        again = self::case(&mut fresh, job, case) => Some(again),
    };
    match again {
        Some(again) if !matches!(again.failure(), Some(Failure::Died { .. })) => {
            Some((*fresh, again))
        }
        _ => {
            fresh.stop(context, job).await;
            None
        }
    }
}

async fn case(server: &mut Server, job: &Job, case: &Case) -> Observation {
    let mut steps = Vec::new();
    for (index, expected) in case.steps.iter().enumerate() {
        let before = if index == 0 { Some(&case.files) } else { None };
        let written = server.write(before.into_iter().flatten().chain(&expected.files));
        let log_start = server.log_length();
        let mut step = match written {
            Ok(()) => step(server, job, case, expected).await,
            Err(error) => Step {
                failure: Some(Failure::NoAnswer {
                    what: format!("failed to write the case's files: {error}"),
                }),
                ..Step::default()
            },
        };
        let failed = step.failure.is_some();
        step.stderr_tail = server.log_since(log_start, failed);
        step.log = server.log().filter(|_| failed).map(Path::to_owned);
        steps.push(step);
        if failed {
            break;
        }
    }
    Observation { steps }
}

async fn step(server: &mut Server, job: &Job, case: &Case, expected: &CaseStep) -> Step {
    if let Some(instance) = server.instance() {
        begin_script(instance, expected);
    }
    let observed = &job.probe.http.observe_files;
    // Files may contain what earlier cases wrote; only what this case appends is compared.
    let before = match server.state() {
        Some(state) if !job.probe.restart => observe_files(state, observed),
        _ => BTreeMap::new(),
    };
    let mut step = request::send(server.client(), &job.probe.http, case, expected).await;
    if let Some(Failure::Connection { .. }) = step.failure
        && let Some(how) = server.exit_after_failure().await
    {
        step.failure = Some(Failure::Died { how });
    }
    if let Some(instance) = server.instance() {
        end_script(instance, job, expected, &mut step);
    }
    if let Some(state) = server.state() {
        step.files = observe_files(state, observed);
        for (name, content) in &mut step.files {
            if let Some(added) = before
                .get(name)
                .and_then(|old| content.strip_prefix(old.as_slice()))
            {
                *content = added.to_vec();
            }
        }
        let unchanged =
            |name: &String, content: &Vec<u8>| content.is_empty() && before.contains_key(name);
        step.files.retain(|name, content| !unchanged(name, content));
    }
    step
}
