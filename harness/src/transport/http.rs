//! Requests to a server, which lives for all cases of a surface or is started for each.

mod request;
mod server;

use std::sync::Arc;
use std::time::Instant;

use super::{Answers, Context, Job, begin_script, end_script, observe_files, observed};
use crate::config::{Case, CaseStep};
use crate::observation::{Failure, Observation, Step};
use server::{Server, Start};

/// Runs the cases.
pub(super) async fn round(
    context: &Context,
    job: &Job,
    cases: &[&Arc<Case>],
    answers: &mut Answers,
) {
    let mut server: Option<Server> = None;
    for case in cases {
        if context.supervisor.is_stopping() {
            break;
        }
        let mut running = match server.take() {
            Some(running) => running,
            None => match Server::start(context, job, case).await {
                Start::Ready(started) => *started,
                Start::Stopped => return,
                Start::Failed(trouble) => {
                    context.supervisor.trouble(trouble);
                    return;
                }
            },
        };
        let began = Instant::now();
        let observation = tokio::select! {
            () = context.supervisor.stop_requested() => {
                server = Some(running);
                break;
            }
            observation = self::case(&mut running, job, case) => observation,
        };
        let died = matches!(observation.failure(), Some(Failure::Died { .. }));
        answers.insert(case.name.clone(), observed(observation, began.elapsed()));
        if died || job.probe.restart {
            running.stop(context, job).await;
        } else {
            server = Some(running);
        }
    }
    if let Some(running) = server {
        running.stop(context, job).await;
    }
}

async fn case(server: &mut Server, job: &Job, case: &Case) -> Observation {
    let mut steps = Vec::new();
    for (index, expected) in case.steps.iter().enumerate() {
        let before = if index == 0 { Some(&case.files) } else { None };
        let written = server.write(before.into_iter().flatten().chain(&expected.files));
        let mut step = match written {
            Ok(()) => step(server, job, case, expected).await,
            Err(error) => Step {
                failure: Some(Failure::NoAnswer {
                    what: format!("the case's files could not be written: {error}"),
                }),
                ..Step::default()
            },
        };
        let failed = step.failure.is_some();
        if failed {
            step.stderr_tail = server.log_tail();
        }
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
    let watched = &job.probe.http.observe_files;
    // A server that lives on gathers what earlier cases wrote; only what this one adds counts.
    let before = match server.state() {
        Some(state) if !job.probe.restart => observe_files(state, watched),
        _ => std::collections::BTreeMap::new(),
    };
    let mut step = request::send(
        server.client(),
        server.base(),
        &job.probe.http,
        case,
        expected,
    )
    .await;
    if let Some(Failure::Connection { .. }) = step.failure
        && let Some(how) = server.how_it_died().await
    {
        step.failure = Some(Failure::Died { how });
    }
    if let Some(instance) = server.instance() {
        end_script(instance, job, expected, &mut step);
    }
    if let Some(state) = server.state() {
        step.files = observe_files(state, watched);
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
