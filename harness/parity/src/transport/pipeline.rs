//! Sends a batch of lines to one helper while its answers are read.

use std::path::PathBuf;
use std::time::Duration;

use lakehouse_rig::process::{Group, State, log};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::timeout;

use super::helper::{
    self, STOP_TIMEOUT, Started, failed, more_than_one_line, read_answer, timed_out,
};
use super::{Context, Job};
use crate::observation::Step;

/// The additional time for the first answer of a process.
const START_TIME: Duration = Duration::from_millis(500);

/// One helper that keeps running, and is started again after a failure.
#[derive(Debug)]
pub struct Pipeline {
    job: Job,
    limit: Duration,
    running: Option<Running>,
}

/// The helper cannot be started, or the run is stopping.
#[derive(Debug, Clone, Copy)]
pub struct Unavailable;

#[derive(Debug)]
struct Running {
    group: Group,
    stdin: ChildStdin,
    lines: UnboundedReceiver<Vec<u8>>,
    state: State,
    log: PathBuf,
    is_fresh: bool,
}

impl Pipeline {
    /// A helper that is started for its first line; `limit` is the time limit for one answer.
    #[must_use]
    pub fn new(job: Job, limit: Duration) -> Pipeline {
        Pipeline {
            job,
            limit,
            running: None,
        }
    }

    /// The answers to a batch of lines, in order. A line that makes the helper fail has a step with
    /// the failure; the lines after it are sent to a fresh helper.
    ///
    /// # Errors
    ///
    /// The helper cannot be started, or the run is stopping.
    pub async fn answers(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
    ) -> Result<Vec<Step>, Unavailable> {
        let mut steps = Vec::with_capacity(inputs.len());
        while steps.len() < inputs.len() {
            let from = steps.len();
            self.exchange(context, &inputs[from..], &mut steps).await?;
            if self.extra_line().is_some() {
                // With an extra line it is unknown which answer belongs to which input.
                self.stop(context, true).await;
                steps.truncate(from);
                self.one_by_one(context, &inputs[from..], &mut steps)
                    .await?;
            }
        }
        Ok(steps)
    }

    /// The answer of a fresh process, which fails if it sends more than one line.
    ///
    /// # Errors
    ///
    /// The helper cannot be started, or the run is stopping.
    pub async fn fresh_answer(
        &mut self,
        context: &Context,
        input: &[u8],
    ) -> Result<Step, Unavailable> {
        self.stop(context, false).await;
        let mut steps = Vec::new();
        let inputs = [input.to_vec()];
        self.one_by_one(context, &inputs, &mut steps).await?;
        match self.stop(context, false).await {
            Some(line) => Ok(failed(more_than_one_line(&line))),
            None => steps.pop().ok_or(Unavailable),
        }
    }

    /// Stops the helper. Returns a line that no input asked for, if there is one.
    pub async fn stop(&mut self, context: &Context, has_failed: bool) -> Option<String> {
        let mut running = self.running.take()?;
        drop(running.stdin);
        if has_failed || context.supervisor.is_stopping() {
            running.group.kill().await;
        } else {
            running.group.finish(STOP_TIMEOUT).await;
        }
        let name = self.job.quoted_name();
        running.state.remove(&name, &context.supervisor);
        let late = helper::late_line(&mut running.lines).await?;
        Some(String::from_utf8_lossy(&late).into_owned())
    }

    /// A line that no input asked for, if it has arrived already.
    fn extra_line(&mut self) -> Option<Vec<u8>> {
        self.running.as_mut()?.lines.try_recv().ok()
    }

    async fn one_by_one(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
        steps: &mut Vec<Step>,
    ) -> Result<(), Unavailable> {
        for input in inputs {
            self.exchange(context, std::slice::from_ref(input), steps)
                .await?;
            if let Some(extra) = self.extra_line() {
                steps.pop();
                let line = String::from_utf8_lossy(&extra).into_owned();
                steps.push(failed(more_than_one_line(&line)));
                self.stop(context, true).await;
            }
        }
        Ok(())
    }

    /// Sends lines up to the first that makes the helper fail.
    async fn exchange(
        &mut self,
        context: &Context,
        inputs: &[Vec<u8>],
        steps: &mut Vec<Step>,
    ) -> Result<(), Unavailable> {
        if context.supervisor.is_stopping() {
            return Err(Unavailable);
        }
        let running = match &mut self.running {
            Some(running) => running,
            None => match Running::start(context, &self.job) {
                Ok(started) => self.running.insert(started),
                Err(error) => {
                    context.supervisor.report_failure(error);
                    return Err(Unavailable);
                }
            },
        };
        let log = running.log.clone();
        let response = self.job.probe.line.response;
        let failure = tokio::select! {
            () = context.supervisor.stop_requested() => return Err(Unavailable),
            failure = running.send(inputs, self.limit, response, steps) => failure,
        };
        if let Some(mut step) = failure {
            step.stderr_tail = log::tail(&log);
            step.log = Some(log);
            steps.push(step);
            self.stop(context, true).await;
        }
        Ok(())
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
            is_fresh: true,
        })
    }

    /// Adds a step for every line that is answered. Returns the step of the first that is not.
    async fn send(
        &mut self,
        inputs: &[Vec<u8>],
        limit: Duration,
        response: bool,
        steps: &mut Vec<Step>,
    ) -> Option<Step> {
        let mut text = inputs.join(&b'\n');
        text.push(b'\n');
        let stdin = &mut self.stdin;
        // The reading side detects a helper that has exited, so a failed write is ignored. It also
        // has to detect a timeout while a helper that does not read blocks the write.
        let write = async {
            let _ = stdin.write_all(&text).await;
            let _ = stdin.flush().await;
            std::future::pending::<Option<Step>>().await
        };
        let lines = &mut self.lines;
        let group = &mut self.group;
        let is_fresh = &mut self.is_fresh;
        let read = async {
            for _ in inputs {
                let start_time = if std::mem::take(is_fresh) {
                    START_TIME
                } else {
                    Duration::ZERO
                };
                match timeout(limit + start_time, lines.recv()).await {
                    Err(_) => return Some(failed(timed_out(limit))),
                    Ok(None) => return Some(failed(helper::end_of_output(group).await)),
                    // A malformed line counts as the answer to its input. If it is an extra line,
                    // another line is left over at the end.
                    Ok(Some(answer)) => steps.push(read_answer(answer, response)),
                }
            }
            None
        };
        tokio::select! {
            never = write => never,
            failure = read => failure,
        }
    }
}

/// Sends on every complete line; an incomplete last line is not an answer.
async fn read_lines(stdout: ChildStdout, sender: UnboundedSender<Vec<u8>>) {
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
