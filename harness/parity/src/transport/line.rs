//! One line in, one line out, one process for all cases of a surface.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lakehouse_rig::model_server::Instance;
use lakehouse_rig::process::{Group, State, describe_exit, log};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::helper::{self, Started};
use super::{Answers, Context, Job, begin_script, end_script, observed};
use crate::config::{Case, CaseStep};
use crate::json::{Document, Tree as _, cut, parse};
use crate::observation::{Failure, Observation, Step};

/// How long a helper may take to end once its input is closed.
const GRACE: Duration = Duration::from_secs(3);
/// How long a helper whose output has ended may take to end itself.
const LAST_BREATH: Duration = Duration::from_secs(1);
/// The longest line that is read, in bytes: twice what a case may send.
const LONGEST_LINE: u64 = 128 << 20;

/// Runs the cases.
pub(super) async fn round(
    context: &Context,
    job: &Job,
    cases: &[&Arc<Case>],
    answers: &mut Answers,
) {
    let mut helper: Option<Helper> = None;
    let mut previous: Option<&Arc<Case>> = None;
    for case in cases {
        if context.supervisor.is_stopping() {
            break;
        }
        let mut running = match helper.take() {
            Some(running) => running,
            None => match Helper::start(context, job) {
                Ok(started) => started,
                Err(trouble) => {
                    context.supervisor.report_failure(trouble);
                    return;
                }
            },
        };
        if let (Some(previous), Some(line)) = (previous, running.unasked()) {
            blame(answers, previous, more_than_one(&line));
            running.group.kill().await;
            running.state.remove(&job.who(), &context.supervisor);
            match Helper::start(context, job) {
                Ok(started) => running = started,
                Err(trouble) => {
                    context.supervisor.report_failure(trouble);
                    return;
                }
            }
        }
        let began = Instant::now();
        let mut observation = tokio::select! {
            () = context.supervisor.stop_requested() => {
                helper = Some(running);
                break;
            }
            observation = running.case(job, case) => observation,
        };
        // Whoever dies right after an answer is only found dead by the next question. That one is
        // asked again: where a fresh helper answers it, it was not what killed the last one.
        if let Some(Failure::Died { how }) = observation.failure()
            && observation.steps.len() == 1
            && let Some(previous) = previous.filter(|_| running.answered)
            && let Some((fresh, again)) = ask_again(context, job, case).await
        {
            blame(answers, previous, Failure::DiedAfter { how: how.clone() });
            running.end(context, job, true).await;
            running = fresh;
            observation = again;
        }
        let failed = observation.failure().is_some();
        answers.insert(case.name.clone(), observed(observation, began.elapsed()));
        previous = Some(case);
        running.answered = true;
        if failed || job.probe.restart {
            // What a broken helper would answer next could belong to any case.
            if let Some(failure) = running.end(context, job, failed).await
                && !failed
            {
                blame(answers, case, failure);
            }
        } else {
            helper = Some(running);
        }
    }
    if let Some(running) = helper
        && let Some(failure) = running.end(context, job, false).await
        && let Some(previous) = previous
    {
        blame(answers, previous, failure);
    }
}

/// What came after an answer, a line nobody asked for or an end, makes it untrustworthy.
fn blame(answers: &mut Answers, case: &Case, failure: Failure) {
    let answered = observed(Observation::single(failed(failure)), Duration::ZERO);
    answers.insert(case.name.clone(), answered);
}

/// Asks a fresh helper; none when that dies as well, or the run is to stop.
async fn ask_again(context: &Context, job: &Job, case: &Case) -> Option<(Helper, Observation)> {
    let mut fresh = Helper::start(context, job).ok()?;
    let again = tokio::select! {
        () = context.supervisor.stop_requested() => None,
        again = fresh.case(job, case) => Some(again),
    };
    match again {
        Some(again) if !matches!(again.failure(), Some(Failure::Died { .. })) => {
            Some((fresh, again))
        }
        _ => {
            fresh.end(context, job, true).await;
            None
        }
    }
}

/// What is read of a helper's output at a time.
enum Heard {
    /// A whole line, and whether another came with it.
    Line { line: Vec<u8>, followed: bool },
    /// What stands behind the last newline.
    Cut(Vec<u8>),
    /// More than a line may hold.
    TooLong,
}

impl Heard {
    fn text(&self) -> String {
        match self {
            Heard::Line { line, .. } | Heard::Cut(line) => {
                String::from_utf8_lossy(line).into_owned()
            }
            Heard::TooLong => "too long to be read".to_owned(),
        }
    }
}

struct Helper {
    group: Group,
    stdin: ChildStdin,
    lines: mpsc::UnboundedReceiver<Heard>,
    state: State,
    instance: Instance,
    log: PathBuf,
    /// Whether it has been put to a case already.
    answered: bool,
}

impl Helper {
    fn start(context: &Context, job: &Job) -> Result<Helper, String> {
        let Started {
            group,
            stdin,
            stdout,
            state,
            instance,
            log,
        } = helper::start(context, job)?;
        let (sender, lines) = mpsc::unbounded_channel();
        tokio::spawn(read_lines(stdout, sender));
        Ok(Helper {
            group,
            stdin,
            lines,
            state,
            instance,
            log,
            answered: false,
        })
    }

    /// A line that came without being asked for.
    fn unasked(&mut self) -> Option<String> {
        Some(self.lines.try_recv().ok()?.text())
    }

    async fn case(&mut self, job: &Job, case: &Case) -> Observation {
        let mut steps = Vec::new();
        for (index, expected) in case.steps.iter().enumerate() {
            let before = if index == 0 { Some(&case.files) } else { None };
            let files = before.into_iter().flatten().chain(&expected.files);
            begin_script(&self.instance, expected);
            let mark = log::length(&self.log);
            let mut step = match self.state.write(files) {
                Ok(()) => self.step(job, expected).await,
                Err(error) => failed(Failure::NoAnswer {
                    what: format!("the case's files could not be written: {error}"),
                }),
            };
            end_script(&self.instance, job, expected, &mut step);
            step.stderr_tail = log::tail_since(&self.log, mark, step.failure.is_some());
            if step.failure.is_some() {
                steps.push(step);
                break;
            }
            steps.push(step);
        }
        Observation { steps }
    }

    async fn step(&mut self, job: &Job, expected: &CaseStep) -> Step {
        let mut line = expected.input.clone().unwrap_or_default();
        line.push(b'\n');
        let limit = job.probe.line.timeout;
        let stdin = &mut self.stdin;
        let lines = &mut self.lines;
        let exchange = async {
            // Written while the answer is awaited: a helper may answer before it has read all. A
            // write that fails means that the helper is gone, which the reading side sees too.
            let write = async {
                let _ = stdin.write_all(&line).await;
                let _ = stdin.flush().await;
            };
            tokio::join!(write, lines.recv()).1
        };
        match timeout(limit, exchange).await {
            Err(_) => failed(Failure::Timeout {
                after_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
            }),
            Ok(None) => failed(self.why_it_ended().await),
            Ok(Some(Heard::Line { line, followed })) => {
                let answer = read_answer(line, job.probe.line.response);
                if !followed || answer.failure.is_some() {
                    return answer;
                }
                // It is in the reader's hands already, so this does not wait.
                let second = self.lines.recv().await.map(|next| next.text());
                failed(more_than_one(&second.unwrap_or_default()))
            }
            Ok(Some(Heard::Cut(line))) => {
                let then = match self.why_it_ended().await {
                    Failure::Died { how } => format!("it ended ({how})"),
                    other => other.to_string(),
                };
                failed(Failure::NoAnswer {
                    what: format!(
                        "the line breaks off without a newline, and then {then}: `{}`",
                        cut(&String::from_utf8_lossy(&line), 200)
                    ),
                })
            }
            Ok(Some(Heard::TooLong)) => failed(Failure::NoAnswer {
                what: format!("the line is longer than {} MiB", LONGEST_LINE >> 20),
            }),
        }
    }

    async fn why_it_ended(&mut self) -> Failure {
        match self.group.wait_for(LAST_BREATH).await {
            Some(status) => Failure::Died {
                how: describe_exit(status),
            },
            None => Failure::NoAnswer {
                what: "it closed its output but goes on running".to_owned(),
            },
        }
    }

    /// Ends the helper; gives what that says against its last answer, if anything: a line that
    /// nobody asked for, or an end that is not in order.
    async fn end(mut self, context: &Context, job: &Job, broken: bool) -> Option<Failure> {
        drop(self.stdin);
        let mut ended = None;
        if broken && self.group.exit_status().is_none() {
            self.group.kill().await;
        } else if context.supervisor.is_stopping() {
            self.group.stop(GRACE).await;
        } else {
            ended = self.group.finish(GRACE).await;
        }
        self.state.remove(&job.who(), &context.supervisor);
        // The pipe is at its end, or in the hands of a process that was killed a moment ago.
        let late = timeout(LAST_BREATH, self.lines.recv()).await.ok().flatten();
        match late {
            Some(heard) => Some(more_than_one(&heard.text())),
            None => ended
                .filter(|status| !status.success())
                .map(|status| Failure::DiedAfter {
                    how: describe_exit(status),
                }),
        }
    }
}

/// Sends every line, until the output ends or a line does not.
async fn read_lines(stdout: ChildStdout, sender: mpsc::UnboundedSender<Heard>) {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut reader).take(LONGEST_LINE);
        let heard = match limited.read_until(b'\n', &mut line).await {
            Ok(length) if length > 0 && line.ends_with(b"\n") => {
                line.pop();
                let followed = reader.buffer().contains(&b'\n');
                Heard::Line { line, followed }
            }
            Ok(_) if limited.limit() == 0 => Heard::TooLong,
            Ok(length) if length > 0 => Heard::Cut(line),
            _ => return,
        };
        let is_last = !matches!(heard, Heard::Line { .. });
        if sender.send(heard).is_err() || is_last {
            return;
        }
    }
}

fn more_than_one(second: &str) -> Failure {
    Failure::NoAnswer {
        what: format!(
            "more than one line came back, the second was `{}`",
            cut(second, 200)
        ),
    }
}

fn failed(failure: Failure) -> Step {
    Step {
        failure: Some(failure),
        ..Step::default()
    }
}

pub(super) fn read_answer(line: Vec<u8>, response: bool) -> Step {
    let document = match parse(&line) {
        Ok(document) => document,
        Err(error) => {
            return Step {
                failure: Some(Failure::NotJson {
                    line: cut(&String::from_utf8_lossy(&line), 200),
                    why: error.to_string(),
                }),
                body: line,
                ..Step::default()
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
        return Step {
            failure: Some(Failure::NoAnswer {
                what: format!(
                    "the line is no `{{\"status\", \"body\"}}`: `{}`",
                    cut(&String::from_utf8_lossy(&line), 200)
                ),
            }),
            body: line,
            ..Step::default()
        };
    };
    Step {
        status: Some(status),
        body: line[document.node(body).span.clone()].to_vec(),
        ..Step::default()
    }
}

#[cfg(test)]
mod tests {
    use super::read_answer;
    use crate::observation::Failure;

    #[test]
    fn envelopes_are_opened_without_touching_the_body() {
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
