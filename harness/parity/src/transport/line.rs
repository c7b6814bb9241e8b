//! One line in, one line out: one helper answers all cases of a surface.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use lakehouse_rig::model_server::Instance;
use lakehouse_rig::process::{Group, State, describe_exit, log};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::timeout;

use super::helper::{
    self, STOP_TIMEOUT, Started, failed, more_than_one_line, read_answer, timed_out,
};
use super::{Answers, Context, Job, add, begin_script, end_script, observed};
use crate::config::{Case, CaseStep};
use crate::json::cut;
use crate::observation::{Failure, Observation, Step};

/// The longest line that is read, in bytes: twice what a case may send.
const MAX_LINE: u64 = 128 << 20;

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
        context.sent(job, case);
        if let Some(mut running) = helper.take() {
            match (previous, running.extra_line()) {
                (Some(previous), Some(line)) => {
                    let failure = more_than_one_line(&line);
                    invalidate(answers, previous, failure, &running.log);
                    running.kill(context, job).await;
                }
                _ => helper = Some(running),
            }
        }
        let mut running = match helper.take() {
            Some(running) => running,
            None => match Helper::start(context, job) {
                Ok(started) => started,
                Err(error) => {
                    context.supervisor.report_failure(error);
                    return;
                }
            },
        };
        let began = Instant::now();
        let mut observation = tokio::select! {
            () = context.supervisor.stop_requested() => {
                helper = Some(running);
                break;
            }
            observation = running.case(job, case) => observation,
        };
        // A helper that died after its previous answer is detected now. If a fresh helper answers
        // this case, the previous case is at fault.
        if let Some(Failure::Died { how }) = observation.failure()
            && observation.steps.len() == 1
            && let Some(previous) = previous.filter(|_| running.has_answered)
            && let Some((fresh, again)) = retry(context, job, case).await
        {
            let failure = Failure::DiedAfter { how: how.clone() };
            invalidate(answers, previous, failure, &running.log);
            running.end(context, job, true).await;
            running = fresh;
            observation = again;
        }
        let has_failed = observation.failure().is_some() || running.has_exited;
        add(context, job, answers, case, (observation, began.elapsed()));
        previous = Some(case);
        running.has_answered = true;
        if has_failed || job.probe.restart {
            // The next answer of a helper that has failed could belong to any case.
            let log = running.log.clone();
            if let Some(failure) = running.end(context, job, has_failed).await
                && !has_failed
            {
                invalidate(answers, case, failure, &log);
            }
        } else {
            helper = Some(running);
        }
    }
    if let Some(running) = helper {
        let log = running.log.clone();
        if let Some(failure) = running.end(context, job, false).await
            && let Some(previous) = previous
        {
            invalidate(answers, previous, failure, &log);
        }
    }
}

/// Replaces an answer by a failure that was detected after it.
fn invalidate(answers: &mut Answers, case: &Case, failure: Failure, log: &Path) {
    let step = Step {
        stderr_tail: log::tail(log),
        log: Some(log.to_owned()),
        ..failed(failure)
    };
    let answered = observed(Observation::single(step), Duration::ZERO);
    answers.insert(case.name.clone(), answered);
}

/// Sends a case to a fresh helper; none when this one dies too, or the run is stopping.
async fn retry(context: &Context, job: &Job, case: &Case) -> Option<(Helper, Observation)> {
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

/// A piece of a helper's output.
enum Output {
    /// A complete line, and whether another one arrived with it.
    Line { line: Vec<u8>, has_next: bool },
    /// The bytes after the last newline.
    Incomplete(Vec<u8>),
    /// A line of more than [`MAX_LINE`] bytes.
    TooLong,
}

impl Output {
    fn text(&self) -> String {
        match self {
            Output::Line { line, .. } | Output::Incomplete(line) => {
                String::from_utf8_lossy(line).into_owned()
            }
            Output::TooLong => "too long to be read".to_owned(),
        }
    }
}

struct Helper {
    group: Group,
    stdin: ChildStdin,
    output: UnboundedReceiver<Output>,
    state: State,
    instance: Instance,
    log: PathBuf,
    /// Whether it has answered a case.
    has_answered: bool,
    /// Whether its exit was an answer.
    has_exited: bool,
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
        let (sender, output) = mpsc::unbounded_channel();
        tokio::spawn(read_lines(stdout, sender));
        Ok(Helper {
            group,
            stdin,
            output,
            state,
            instance,
            log,
            has_answered: false,
            has_exited: false,
        })
    }

    /// A line that no case asked for, if it has arrived already.
    fn extra_line(&mut self) -> Option<String> {
        Some(self.output.try_recv().ok()?.text())
    }

    async fn case(&mut self, job: &Job, case: &Case) -> Observation {
        let mut steps = Vec::new();
        for (index, expected) in case.steps.iter().enumerate() {
            let before = if index == 0 { Some(&case.files) } else { None };
            let files = before.into_iter().flatten().chain(&expected.files);
            begin_script(&self.instance, expected);
            let log_start = log::length(&self.log);
            let mut step = match self.state.write(files) {
                Ok(()) => self.step(job, expected).await,
                Err(error) => failed(Failure::NoAnswer {
                    what: format!("failed to write the case's files: {error}"),
                }),
            };
            end_script(&self.instance, job, expected, &mut step);
            let has_failed = step.failure.is_some();
            step.stderr_tail = log::tail_since(&self.log, log_start, has_failed);
            step.log = has_failed.then(|| self.log.clone());
            steps.push(step);
            if has_failed {
                break;
            }
        }
        Observation { steps }
    }

    async fn step(&mut self, job: &Job, expected: &CaseStep) -> Step {
        if self.has_exited {
            return failed(Failure::Died {
                how: "in an earlier step".to_owned(),
            });
        }
        let mut line = expected.input.clone().unwrap_or_default();
        line.push(b'\n');
        let limit = job.probe.line.timeout;
        let stdin = &mut self.stdin;
        let output = &mut self.output;
        let exchange = async {
            // A helper may answer before it has read all, so both happen at once. A write fails if
            // the helper has exited, which the reading side detects too.
            let write = async {
                let _ = stdin.write_all(&line).await;
                let _ = stdin.flush().await;
            };
            tokio::join!(write, output.recv()).1
        };
        match timeout(limit, exchange).await {
            Err(_) => failed(timed_out(limit)),
            Ok(None) if expected.empty => match helper::exit_code(&mut self.group).await {
                Some(code) => {
                    self.has_exited = true;
                    Step {
                        exit: Some(code),
                        ..Step::default()
                    }
                }
                None => failed(helper::end_of_output(&mut self.group).await),
            },
            Ok(None) => failed(helper::end_of_output(&mut self.group).await),
            Ok(Some(Output::Line { line, has_next })) => {
                let answer = if expected.empty && line.is_empty() {
                    Step::default()
                } else {
                    read_answer(line, job.probe.line.response)
                };
                if !has_next || answer.failure.is_some() {
                    return answer;
                }
                // The reader has the second line already, so this does not wait.
                let second = self.output.recv().await.map(|next| next.text());
                failed(more_than_one_line(&second.unwrap_or_default()))
            }
            Ok(Some(Output::Incomplete(line))) => {
                let end = match helper::end_of_output(&mut self.group).await {
                    Failure::Died { how } => format!("it ended ({how})"),
                    other => other.to_string(),
                };
                failed(Failure::NoAnswer {
                    what: format!(
                        "the line breaks off without a newline, and then {end}: `{}`",
                        cut(&String::from_utf8_lossy(&line), 200)
                    ),
                })
            }
            Ok(Some(Output::TooLong)) => failed(Failure::NoAnswer {
                what: format!("the line is longer than {} MiB", MAX_LINE >> 20),
            }),
        }
    }

    async fn kill(self, context: &Context, job: &Job) {
        self.group.kill().await;
        let name = job.quoted_name();
        self.state.remove(&name, &context.supervisor);
    }

    /// Stops the helper. Returns what invalidates its last answer, if anything: a line that no case
    /// asked for, or an exit with an error.
    async fn end(mut self, context: &Context, job: &Job, has_failed: bool) -> Option<Failure> {
        drop(self.stdin);
        let mut exit = None;
        if has_failed && self.group.exit_status().is_none() {
            self.group.kill().await;
        } else if context.supervisor.is_stopping() {
            self.group.stop(STOP_TIMEOUT).await;
        } else {
            exit = self.group.finish(STOP_TIMEOUT).await;
        }
        let name = job.quoted_name();
        self.state.remove(&name, &context.supervisor);
        if let Some(late) = helper::late_line(&mut self.output).await {
            return Some(more_than_one_line(&late.text()));
        }
        let exit = exit.filter(|status| !status.success())?;
        Some(Failure::DiedAfter {
            how: describe_exit(exit),
        })
    }
}

/// Sends on every line, until the output ends or a line is too long.
async fn read_lines(stdout: ChildStdout, sender: UnboundedSender<Output>) {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut reader).take(MAX_LINE);
        let output = match limited.read_until(b'\n', &mut line).await {
            Ok(length) if length > 0 && line.ends_with(b"\n") => {
                line.pop();
                let has_next = reader.buffer().contains(&b'\n');
                Output::Line { line, has_next }
            }
            Ok(_) if limited.limit() == 0 => Output::TooLong,
            Ok(length) if length > 0 => Output::Incomplete(line),
            _ => return,
        };
        let is_last = !matches!(output, Output::Line { .. });
        if sender.send(output).is_err() || is_last {
            return;
        }
    }
}
