//! One slice: a new generator process loads one server while all processes are sampled.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use lakehouse_rig::process::{Command, Group, Output, Supervisor, describe_exit};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::ChildStdout;
use tokio::sync::watch;

use super::progress::Progress;
use super::sample::{self, MachineTimes, Sampler};
use super::subject::{Subject, WatchedProcess};
use crate::drive::{Message, Outcome, Plan};
use crate::results::{Role, Sample};

/// Time limit for a generator's next message.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(60);

/// Time limit for a generator to end after its outcome.
const END_TIMEOUT: Duration = Duration::from_secs(15);

/// The measurements of a slice.
#[derive(Debug)]
pub(super) struct SliceOutcome {
    /// Number of the round.
    pub(super) round: u32,
    /// Milliseconds from the start of the run to the start of the slice.
    pub(super) at_ms: u64,
    /// The generator's measurements.
    pub(super) outcome: Outcome,
    /// Resources of each process, the generator last.
    pub(super) processes: Vec<ProcessSlice>,
    /// Share of processor time that the hypervisor took away.
    pub(super) steal: f64,
    /// Share of time in which a task waited for a processor.
    pub(super) pressure: f64,
}

/// Resources of a process in one slice.
#[derive(Debug)]
pub(super) struct ProcessSlice {
    /// Name of the process.
    pub(super) name: String,
    /// Purpose of the process.
    pub(super) role: Role,
    /// Processor seconds, without the warm-up.
    pub(super) cpu_seconds: f64,
    /// Samples, about one per second.
    pub(super) samples: Vec<Sample>,
}

/// Runs slices; holds what all slices of a run have in common.
pub(super) struct SliceRunner<'a> {
    /// Start of the run.
    pub(super) began: Instant,
    /// Supervisor of all processes of the run.
    pub(super) supervisor: &'a Arc<Supervisor>,
    /// Working directory of processes.
    pub(super) root: &'a Path,
    /// Set by a signal that ends the run.
    pub(super) interrupted: watch::Receiver<bool>,
    /// Progress display.
    pub(super) progress: &'a Progress,
    /// Processes that all subjects share.
    pub(super) shared: Vec<WatchedProcess>,
}

impl SliceRunner<'_> {
    /// Whether a signal ended the run.
    pub(super) fn is_interrupted(&self) -> bool {
        *self.interrupted.borrow()
    }

    /// Runs a plan's load on a subject.
    pub(super) async fn run(
        &self,
        subject: &Subject,
        plan: &Plan,
        round: u32,
    ) -> Result<SliceOutcome> {
        let at_ms = u64::try_from(self.began.elapsed().as_millis())?;
        let command = Command {
            program: own_program()?,
            arguments: vec!["drive".to_owned()],
            directory: self.root.to_owned(),
            environment: BTreeMap::new(),
        };
        let log = self.supervisor.log("generator");
        let name = "generator";
        let mut generator = Group::start(self.supervisor, &command, name, Output::Pipes, &log)?;
        let (mut input, output) = generator.pipes().context("the generator has no pipes")?;
        input.write_all(&serde_json::to_vec(plan)?).await?;
        input.shutdown().await?;
        drop(input);

        let mut watched = [&subject.watched[..], &self.shared].concat();
        watched.push(WatchedProcess::of(&generator, Role::Generator));
        let ids: Vec<i32> = watched.iter().map(|process| process.id).collect();
        let sampler = Sampler::start(ids.clone(), self.began);

        let mut follower = Follower {
            runner: self,
            subject,
            plan,
            ids: &ids,
            at_start: None,
        };
        let outcome = follower.follow(&generator, output).await;
        let at_start = follower.at_start.take();
        let ends: Vec<_> = ids.iter().map(|id| sample::cpu_seconds(*id)).collect();
        let machine = MachineTimes::now()?;
        let mut samples = sampler.end();
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                generator.kill().await;
                return Err(error.context(format!("the generator's log is `{}`", log.display())));
            }
        };
        match generator.finish(END_TIMEOUT).await {
            Some(status) if status.success() => {}
            Some(status) => bail!(
                "the generator ended with {}; its log is `{}`",
                describe_exit(status),
                log.display()
            ),
            None => bail!("the generator did not end; its log is `{}`", log.display()),
        }
        let at_start = at_start.context("the slice ended during its warm-up")?;
        let (steal, pressure) = machine.shares_since(&at_start.machine);
        let processes = watched.into_iter().zip(at_start.cpu_seconds).zip(ends);
        let processes = processes.map(|((process, begin), end)| {
            let name = process.name;
            let end = end.with_context(|| format!("`{name}` ended under load"))?;
            Ok(ProcessSlice {
                name,
                role: process.role,
                cpu_seconds: end - begin,
                samples: samples.remove(&process.id).unwrap_or_default(),
            })
        });
        Ok(SliceOutcome {
            round,
            at_ms,
            outcome,
            processes: processes.collect::<Result<_>>()?,
            steal,
            pressure,
        })
    }
}

/// The reader of a generator's messages.
struct Follower<'a> {
    runner: &'a SliceRunner<'a>,
    subject: &'a Subject,
    plan: &'a Plan,
    ids: &'a [i32],
    /// Usage at the end of the warm-up.
    at_start: Option<Usage>,
}

/// Accumulated processor times of the machine and the processes at one moment.
struct Usage {
    machine: MachineTimes,
    cpu_seconds: Vec<f64>,
}

impl Follower<'_> {
    /// Reads messages until the outcome.
    async fn follow(&mut self, generator: &Group, output: ChildStdout) -> Result<Outcome> {
        let mut lines = BufReader::new(output).lines();
        let mut interrupted = self.runner.interrupted.clone();
        let mut is_terminated = false;
        loop {
            let line = tokio::select! {
                line = tokio::time::timeout(MESSAGE_TIMEOUT, lines.next_line()) => line,
                _ = interrupted.wait_for(|interrupted| *interrupted), if !is_terminated => {
                    is_terminated = true;
                    generator.terminate();
                    continue;
                }
            };
            let line = line.context("the generator was silent for a minute")??;
            let line = line.context("the generator ended without an outcome")?;
            let message = serde_json::from_str(&line);
            match message.with_context(|| format!("the generator printed `{line}`"))? {
                Message::Counting => {
                    let seconds = self.ids.iter().map(|id| sample::cpu_seconds(*id));
                    self.at_start = Some(Usage {
                        machine: MachineTimes::now()?,
                        cpu_seconds: seconds.collect::<Result<_>>()?,
                    });
                }
                Message::Progress(progress) => {
                    let name = &self.subject.implementation.name;
                    self.runner.progress.update(name, self.plan, &progress);
                }
                Message::Outcome(outcome) => return Ok(outcome),
            }
        }
    }
}

/// The path of this program, which is also the program of its helpers.
pub(super) fn own_program() -> Result<String> {
    let path = std::env::current_exe()?;
    let path = path
        .to_str()
        .context("the path of this program is not UTF-8")?;
    Ok(path.to_owned())
}
