//! One slice: a fresh generator puts a load to one server, and everything is looked at meanwhile.

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
use super::subject::{Subject, Watched};
use crate::drive::{Message, Outcome, Plan};
use crate::results::{Role, Sample};

/// How long a generator may be silent before it counts as stuck.
const SILENCE: Duration = Duration::from_secs(60);

/// How long a generator may take to end after its outcome.
const END_TIMEOUT: Duration = Duration::from_secs(15);

/// What one slice found.
#[derive(Debug)]
pub(super) struct SliceOutcome {
    /// Which round it belongs to.
    pub(super) round: u32,
    /// Milliseconds from the beginning of the run to that of the slice.
    pub(super) at_ms: u64,
    /// What the generator found.
    pub(super) outcome: Outcome,
    /// What each process took, the generator's last.
    pub(super) processes: Vec<ProcessSlice>,
    /// Share of the processors' time that was stolen.
    pub(super) steal: f64,
    /// Share of the time in which somebody waited for a processor.
    pub(super) pressure: f64,
}

/// What one process took in one slice.
#[derive(Debug)]
pub(super) struct ProcessSlice {
    /// Its name.
    pub(super) name: String,
    /// What it was there for.
    pub(super) role: Role,
    /// Processor seconds in the time that was measured.
    pub(super) cpu_seconds: f64,
    /// What it looked like, about once a second.
    pub(super) samples: Vec<Sample>,
}

/// What all slices of a run have in common.
pub(super) struct Bench<'a> {
    /// When the run began.
    pub(super) began: Instant,
    /// The processes of the run.
    pub(super) supervisor: &'a Arc<Supervisor>,
    /// The folder that processes are started in.
    pub(super) workspace: &'a Path,
    /// Becomes true when a signal asks for the end.
    pub(super) interrupted: watch::Receiver<bool>,
    /// What a person sees.
    pub(super) progress: &'a Progress,
    /// Processes that all subjects share.
    pub(super) shared: Vec<Watched>,
}

impl Bench<'_> {
    /// Whether a signal asked for the end.
    pub(super) fn is_interrupted(&self) -> bool {
        *self.interrupted.borrow()
    }

    /// Puts the plan's load to the subject.
    pub(super) async fn slice(
        &self,
        subject: &Subject,
        plan: &Plan,
        round: u32,
    ) -> Result<SliceOutcome> {
        let at_ms = u64::try_from(self.began.elapsed().as_millis())?;
        let command = Command {
            program: own_program()?,
            arguments: vec!["drive".to_owned()],
            directory: self.workspace.to_owned(),
            environment: BTreeMap::new(),
        };
        let log = self.supervisor.log("generator");
        let name = "generator";
        let mut generator = Group::start(self.supervisor, &command, name, Output::Pipes, &log)?;
        let (mut input, output) = generator.pipes().context("no pipes")?;
        input.write_all(&serde_json::to_vec(plan)?).await?;
        input.shutdown().await?;
        drop(input);

        let mut watched = [&subject.watched[..], &self.shared].concat();
        watched.push(Watched::of(&generator, Role::Generator));
        let ids: Vec<i32> = watched.iter().map(|process| process.id).collect();
        let sampler = Sampler::start(ids.clone(), self.began);

        let mut follower = Follower {
            bench: self,
            subject,
            plan,
            ids: &ids,
            begins: None,
        };
        let outcome = follower.follow(&generator, output).await;
        let begins = follower.begins.take();
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
        let begins = begins.context("the slice ended before it had warmed up")?;
        let (steal, pressure) = machine.shares_since(&begins.machine);
        let processes = watched.into_iter().zip(begins.cpu_seconds).zip(ends);
        let processes = processes.map(|((process, begin), end)| {
            let name = process.name;
            let end = end.with_context(|| format!("`{name}` ended under the load"))?;
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

/// Who listens to a generator.
struct Follower<'a> {
    bench: &'a Bench<'a>,
    subject: &'a Subject,
    plan: &'a Plan,
    ids: &'a [i32],
    /// What had been taken when it began to count.
    begins: Option<Begins>,
}

/// What processes and the machine had taken at some time.
struct Begins {
    machine: MachineTimes,
    cpu_seconds: Vec<f64>,
}

impl Follower<'_> {
    /// Reads what the generator tells until its outcome.
    async fn follow(&mut self, generator: &Group, output: ChildStdout) -> Result<Outcome> {
        let mut lines = BufReader::new(output).lines();
        let mut interrupted = self.bench.interrupted.clone();
        let mut was_asked = false;
        loop {
            let line = tokio::select! {
                line = tokio::time::timeout(SILENCE, lines.next_line()) => line,
                _ = interrupted.wait_for(|it| *it), if !was_asked => {
                    was_asked = true;
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
                    self.begins = Some(Begins {
                        machine: MachineTimes::now()?,
                        cpu_seconds: seconds.collect::<Result<_>>()?,
                    });
                }
                Message::Progress(progress) => {
                    let name = &self.subject.told.name;
                    self.bench.progress.tell(name, self.plan, &progress);
                }
                Message::Outcome(outcome) => return Ok(outcome),
            }
        }
    }
}

/// This program, to be started as another command.
pub(super) fn own_program() -> Result<String> {
    let path = std::env::current_exe()?;
    let path = path
        .to_str()
        .context("the path of this program is not UTF-8")?;
    Ok(path.to_owned())
}
