//! Many lines at once to one helper: they are all written while the answers are read.

use std::path::PathBuf;
use std::time::Duration;

use lakehouse_rig::process::{Group, State, describe_exit, log};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::helper::{self, Started};
use super::line::read_answer;
use super::{Context, Job};
use crate::json::cut;
use crate::observation::{Failure, Step};

/// How long a helper may take to end once its input is closed.
const GRACE: Duration = Duration::from_secs(3);
/// What a fresh process may take on top, for starting.
const START: Duration = Duration::from_millis(500);
/// How long a helper whose output has ended may take to end itself.
const LAST_BREATH: Duration = Duration::from_secs(1);

/// One helper that is kept running, and started again when it breaks.
#[derive(Debug)]
pub struct Pipeline {
    job: Job,
    limit: Duration,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    group: Group,
    stdin: ChildStdin,
    lines: mpsc::UnboundedReceiver<Vec<u8>>,
    state: State,
    log: PathBuf,
    fresh: bool,
}

impl Pipeline {
    /// A helper that is started when it is first needed; `limit` is the time for one answer.
    #[must_use]
    pub fn new(job: Job, limit: Duration) -> Pipeline {
        Pipeline {
            job,
            limit,
            running: None,
        }
    }

    /// The answers to these lines, in order; none when the helper cannot be started or the run is
    /// being stopped. A line that breaks the helper has a step that says how, and the lines behind
    /// it go to a fresh one.
    pub async fn answers(&mut self, context: &Context, inputs: &[Vec<u8>]) -> Option<Vec<Step>> {
        let mut steps = Vec::with_capacity(inputs.len());
        while steps.len() < inputs.len() {
            let from = steps.len();
            self.exchange(context, &inputs[from..], &mut steps).await?;
            if let Some(running) = &mut self.running
                && running.lines.try_recv().is_ok()
            {
                // A line too many makes it unclear which belongs to which: one at a time, then.
                self.stop(context, true).await;
                steps.truncate(from);
                self.one_by_one(context, &inputs[from..], &mut steps)
                    .await?;
            }
        }
        Some(steps)
    }

    /// The answer of a fresh process to one line, and nothing but one line.
    pub async fn alone(&mut self, context: &Context, input: &[u8]) -> Option<Step> {
        self.stop(context, false).await;
        let mut steps = Vec::new();
        let inputs = [input.to_vec()];
        self.one_by_one(context, &inputs, &mut steps).await?;
        let late = self.stop(context, false).await;
        match late {
            Some(line) => Some(failed(more_than_one(&line))),
            None => steps.pop(),
        }
    }

    /// Ends the helper; gives a line that nobody asked for, if one came.
    pub async fn stop(&mut self, context: &Context, broken: bool) -> Option<String> {
        let mut running = self.running.take()?;
        drop(running.stdin);
        if broken || context.supervisor.is_stopping() {
            running.group.kill().await;
        } else {
            running.group.finish(GRACE).await;
        }
        running.state.remove(&self.job.who(), &context.supervisor);
        let late = timeout(LAST_BREATH, running.lines.recv()).await.ok()??;
        Some(String::from_utf8_lossy(&late).into_owned())
    }

    async fn one_by_one(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
        steps: &mut Vec<Step>,
    ) -> Option<()> {
        for input in inputs {
            self.exchange(context, std::slice::from_ref(input), steps)
                .await?;
            let extra = self
                .running
                .as_mut()
                .and_then(|running| running.lines.try_recv().ok());
            if let Some(extra) = extra {
                steps.pop();
                let line = String::from_utf8_lossy(&extra).into_owned();
                steps.push(failed(more_than_one(&line)));
                self.stop(context, true).await;
            }
        }
        Some(())
    }

    /// Puts lines to the helper up to the first that breaks it.
    async fn exchange(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
        steps: &mut Vec<Step>,
    ) -> Option<()> {
        if context.supervisor.is_stopping() {
            return None;
        }
        if self.running.is_none() {
            match Running::start(context, &self.job) {
                Ok(started) => self.running = Some(started),
                Err(trouble) => {
                    context.supervisor.report_failure(trouble);
                    return None;
                }
            }
        }
        let running = self.running.as_mut()?;
        let log = running.log.clone();
        let response = self.job.probe.line.response;
        let broken = tokio::select! {
            () = context.supervisor.stop_requested() => return None,
            broken = running.put(inputs, self.limit, response, steps) => broken,
        };
        if let Some(mut step) = broken {
            step.stderr_tail = log::tail(&log);
            steps.push(step);
            self.stop(context, true).await;
        }
        Some(())
    }
}

impl Running {
    fn start(context: &Context, job: &Job) -> Result<Running, String> {
        let Started {
            group,
            stdin,
            stdout,
            state,
            log,
            ..
        } = helper::start(context, job)?;
        let (sender, lines) = mpsc::unbounded_channel();
        tokio::spawn(read_lines(stdout, sender));
        Ok(Running {
            group,
            stdin,
            lines,
            state,
            log,
            fresh: true,
        })
    }

    /// Adds a step for every line that is answered, and gives the step of the one that is not.
    async fn put(
        &mut self,
        inputs: &[Vec<u8>],
        limit: Duration,
        response: bool,
        steps: &mut Vec<Step>,
    ) -> Option<Step> {
        let mut text = inputs.join(&b'\n');
        text.push(b'\n');
        let stdin = &mut self.stdin;
        // A write that fails means that the helper is gone, which the reading side sees too; and
        // a helper that stops reading must not keep the reading side from seeing its time run out.
        let write = async {
            let _ = stdin.write_all(&text).await;
            let _ = stdin.flush().await;
            std::future::pending::<Option<Step>>().await
        };
        let lines = &mut self.lines;
        let group = &mut self.group;
        let fresh = &mut self.fresh;
        let read = async {
            for _ in inputs {
                let starting = if std::mem::take(fresh) {
                    START
                } else {
                    Duration::ZERO
                };
                match timeout(limit + starting, lines.recv()).await {
                    Err(_) => {
                        return Some(failed(Failure::Timeout {
                            after_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
                        }));
                    }
                    Ok(None) => {
                        return Some(failed(match group.wait_for(LAST_BREATH).await {
                            Some(status) => Failure::Died {
                                how: describe_exit(status),
                            },
                            None => Failure::NoAnswer {
                                what: "it closed its output but goes on running".to_owned(),
                            },
                        }));
                    }
                    // A line that is no answer is still the line of its input; were it one too
                    // many, another would be left over in the end.
                    Ok(Some(answer)) => steps.push(read_answer(answer, response)),
                }
            }
            None
        };
        tokio::select! {
            never = write => never,
            broken = read => broken,
        }
    }
}

/// Sends every whole line; an incomplete last line is no answer.
async fn read_lines(stdout: ChildStdout, sender: mpsc::UnboundedSender<Vec<u8>>) {
    let mut reader = BufReader::new(stdout);
    loop {
        let mut line = Vec::new();
        match reader.read_until(b'\n', &mut line).await {
            Ok(length) if length > 0 && line.ends_with(b"\n") => {
                line.pop();
                if sender.send(line).is_err() {
                    return;
                }
            }
            _ => return,
        }
    }
}

fn failed(failure: Failure) -> Step {
    Step {
        failure: Some(failure),
        ..Step::default()
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
