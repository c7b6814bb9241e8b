//! Helpers: processes that read lines on standard input and answer lines on standard output.

use std::path::PathBuf;
use std::time::Duration;

use lakehouse_rig::implementation::Reach;
use lakehouse_rig::model_server::Instance;
use lakehouse_rig::process::{Group, Output, State, describe_exit};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use super::{Context, Job, command};
use crate::json::{Document, Tree as _, cut, parse};
use crate::observation::{Failure, Step};

/// The time limit for a helper to exit after its standard input is closed.
pub(super) const STOP_TIMEOUT: Duration = Duration::from_secs(3);
/// The time limit for a helper to exit after it closed its standard output.
pub(super) const EXIT_TIMEOUT: Duration = Duration::from_secs(1);

/// A helper that was just started, and what belongs to it.
pub(super) struct Started {
    pub(super) group: Group,
    pub(super) stdin: ChildStdin,
    pub(super) stdout: ChildStdout,
    pub(super) state: State,
    pub(super) instance: Instance,
    pub(super) log: PathBuf,
}

/// Starts the helper of a job's implementation in its own state folder.
pub(super) fn start(context: &Context, job: &Job) -> Result<Started, String> {
    let Reach::Start {
        helper: Some(launch),
        ..
    } = &job.implementation.reach
    else {
        return Err(format!("{} has no helper", job.quoted_name()));
    };
    let failed = |error: std::io::Error| {
        format!(
            "failed to start the helper of {}: {error}",
            job.quoted_name()
        )
    };
    let state = State::new().map_err(failed)?;
    let instance = context.upstream.instance(&job.implementation.name);
    let command = command(context, job, launch, &state, &instance);
    let log = context.supervisor.log(&job.log_name());
    let name = job.quoted_name();
    let mut group = Group::start(&context.supervisor, &command, &name, Output::Pipes, &log)
        .map_err(|error| format!("failed to start `{command}` of {name}: {error}"))?;
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

/// The first line, if any, that the helper sends within [`EXIT_TIMEOUT`].
pub(super) async fn late_line<T>(lines: &mut UnboundedReceiver<T>) -> Option<T> {
    timeout(EXIT_TIMEOUT, lines.recv()).await.ok().flatten()
}

/// Why a helper's output ended.
pub(super) async fn end_of_output(group: &mut Group) -> Failure {
    match group.wait_for(EXIT_TIMEOUT).await {
        Some(status) => Failure::Died {
            how: describe_exit(status),
        },
        None => Failure::NoAnswer {
            what: "it closed its output and keeps running".to_owned(),
        },
    }
}

/// The exit code of a helper that closed its output, if it exits within [`EXIT_TIMEOUT`].
pub(super) async fn exit_code(group: &mut Group) -> Option<i32> {
    group.wait_for(EXIT_TIMEOUT).await?.code()
}

/// The failure of a helper that sent a second line.
pub(super) fn more_than_one_line(second: &str) -> Failure {
    Failure::NoAnswer {
        what: format!(
            "more than one line came back, the second was `{}`",
            cut(second, 200)
        ),
    }
}

pub(super) fn timed_out(limit: Duration) -> Failure {
    Failure::Timeout {
        after_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
    }
}

/// A step without an answer.
pub(super) fn failed(failure: Failure) -> Step {
    Step {
        failure: Some(failure),
        ..Step::default()
    }
}

/// Reads an answer. With `response`, the line is `{"status": …, "body": …}`.
pub(super) fn read_answer(line: Vec<u8>, response: bool) -> Step {
    let document = match parse(&line) {
        Ok(document) => document,
        Err(error) => {
            let failure = Failure::NotJson {
                line: shown(&line),
                why: error.to_string(),
            };
            return Step {
                body: line,
                ..failed(failure)
            };
        }
    };
    if !response {
        return Step {
            body: line,
            ..Step::default()
        };
    }
    let status = document
        .member(Document::ROOT, "status")
        .and_then(|id| document.number(id)?.parse::<u16>().ok());
    let body = document.member(Document::ROOT, "body");
    let (Some(status), Some(body)) = (status, body) else {
        let what = format!(
            "the line is not a `{{\"status\", \"body\"}}` object: `{}`",
            shown(&line)
        );
        return Step {
            body: line,
            ..failed(Failure::NoAnswer { what })
        };
    };
    Step {
        status: Some(status),
        body: line[document.node(body).span.clone()].to_vec(),
        ..Step::default()
    }
}

fn shown(line: &[u8]) -> String {
    cut(&String::from_utf8_lossy(line), 200)
}

#[cfg(test)]
mod tests {
    use super::read_answer;
    use crate::observation::Failure;

    #[test]
    fn envelopes_are_opened_without_changing_the_body() {
        let step = read_answer(br#"{"status": 422, "body": {"a" : 1.0}}"#.to_vec(), true);
        assert_eq!(step.status, Some(422));
        assert_eq!(step.body, br#"{"a" : 1.0}"#);
        let plain = read_answer(b"{\"status\":1}".to_vec(), false);
        assert_eq!((plain.status, plain.failure), (None, None));
        for line in [
            "{\"status\":200}",
            "{\"body\":1}",
            "{\"status\":\"200\",\"body\":1}",
            "1",
        ] {
            let step = read_answer(line.as_bytes().to_vec(), true);
            assert!(
                matches!(step.failure, Some(Failure::NoAnswer { .. })),
                "{line}"
            );
        }
        let step = read_answer(b"hello".to_vec(), true);
        assert_eq!(
            step.failure,
            Some(Failure::NotJson {
                line: "hello".to_owned(),
                why: "expected a value at byte 0".to_owned(),
            })
        );
    }
}
