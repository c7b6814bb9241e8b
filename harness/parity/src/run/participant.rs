//! The implementations of a run: live, at a URL, as a recording, or missing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::{Implementation, Launch, Reach};
use lakehouse_rig::process::{Command, Group, Output, describe_exit, is_on_path, log};
use lakehouse_rig::template::Values;
use tokio::io::AsyncReadExt as _;

use super::options::Options;
use crate::config::Root;
use crate::outcome::{ImplementationKind, ImplementationRun};
use crate::progress::Event;
use crate::recording::Recording;
use crate::transport::{Context, Job};

/// The time limit for a process group to end after its process has exited.
const EXIT_TIMEOUT: Duration = Duration::from_secs(5);
/// The time between two looks at the log of a build.
const LOG_INTERVAL: Duration = Duration::from_secs(1);
/// The time limit of a version command.
const VERSION_TIMEOUT: Duration = Duration::from_secs(20);

/// One implementation of the run.
#[derive(Debug)]
pub(super) struct Participant {
    pub(super) implementation: Arc<Implementation>,
    pub(super) kind: ImplementationKind,
    pub(super) version: String,
    /// The required programs that are not on `PATH`.
    missing: Vec<String>,
    /// The recordings by surface; only for `Recorded`.
    pub(super) recordings: BTreeMap<String, Recording>,
    pub(super) notices: Vec<String>,
    /// Whether its build failed.
    pub(super) broken: bool,
}

/// The implementations that the options select.
pub(super) fn all(root: &Root, options: &Options) -> Result<BTreeMap<String, Participant>, Error> {
    let mut all = BTreeMap::new();
    for (name, implementation) in &root.implementations {
        if options.wants(root, name) {
            let participant = Participant::new(root, implementation)?;
            if options.record.contains(name) && participant.kind != ImplementationKind::Live {
                return Err(Error::usage(
                    format!(
                        "`{name}` cannot be recorded: {}",
                        participant.why_not_live()
                    ),
                    "only a live implementation can be recorded",
                ));
            }
            all.insert(name.clone(), participant);
        }
    }
    Ok(all)
}

impl Participant {
    fn new(root: &Root, implementation: &Arc<Implementation>) -> Result<Participant, Error> {
        let name = &implementation.name;
        let missing: Vec<String> = implementation
            .requires
            .iter()
            .filter(|program| !is_on_path(program))
            .cloned()
            .collect();
        let mut participant = Participant {
            implementation: Arc::clone(implementation),
            kind: ImplementationKind::Live,
            version: implementation.version_text.clone().unwrap_or_default(),
            missing,
            recordings: BTreeMap::new(),
            notices: Vec::new(),
            broken: false,
        };
        if matches!(implementation.reach, Reach::Url { .. }) {
            participant.kind = ImplementationKind::Url;
            return Ok(participant);
        }
        if participant.missing.is_empty() {
            return Ok(participant);
        }
        for surface in implementation.surfaces.keys() {
            if let Some(recording) = Recording::read(&root.directory, name, surface)? {
                participant.version.clone_from(&recording.header.version);
                participant.recordings.insert(surface.clone(), recording);
            }
        }
        let why = participant.why_not_live();
        match participant.recorded_at() {
            Some(recorded_at) => {
                participant.kind = ImplementationKind::Recorded;
                let day = recorded_at.strftime("%Y-%m-%d");
                participant
                    .notices
                    .push(format!("{name}: {why}; using the recording of {day}"));
            }
            None => {
                participant.kind = ImplementationKind::Missing;
                participant
                    .notices
                    .push(format!("{name}: {why}, and there is no recording"));
            }
        }
        Ok(participant)
    }

    /// Why the implementation is not live.
    pub(super) fn why_not_live(&self) -> String {
        match self.kind {
            ImplementationKind::Url => "it is only a URL".to_owned(),
            _ => match self.missing.as_slice() {
                [one] => format!("`{one}` is not on PATH"),
                many => {
                    let names: Vec<&str> = many.iter().map(String::as_str).collect();
                    format!("{} are not on PATH", lakehouse_rig::error::quoted(&names))
                }
            },
        }
    }

    fn recorded_at(&self) -> Option<jiff::Timestamp> {
        self.recordings
            .values()
            .map(|recording| recording.header.recorded_at)
            .max()
    }

    /// The implementation, as reports show it.
    pub(super) fn outcome(&self) -> ImplementationRun {
        ImplementationRun {
            name: self.implementation.name.clone(),
            kind: self.kind,
            version: self.version.clone(),
            language: self.implementation.language.clone(),
            recorded_at: self.recorded_at(),
        }
    }
}

/// Builds the implementations that this run starts, and reads their versions.
pub(super) async fn build(
    context: &Context,
    jobs: &[Job],
    participants: &mut BTreeMap<String, Participant>,
) {
    for (name, participant) in participants.iter_mut() {
        let takes_part = jobs.iter().any(|job| job.implementation.name == *name);
        if participant.kind != ImplementationKind::Live || !takes_part {
            continue;
        }
        let Reach::Start { build, .. } = &participant.implementation.reach else {
            continue;
        };
        if context.supervisor.is_stopping() {
            return;
        }
        if let Some(build) = build
            && let Err(error) = build_one(context, name, build).await
        {
            context.supervisor.report_failure(error);
            participant.broken = true;
            continue;
        }
        if participant.version.is_empty() && !participant.implementation.version_command.is_empty()
        {
            let launch = Launch {
                command: participant.implementation.version_command.clone(),
                ..Launch::default()
            };
            match version(context, name, &launch).await {
                Ok(version) => participant.version = version,
                Err(error) => context.supervisor.report_failure(error),
            }
        }
    }
}

fn values(context: &Context) -> Values {
    Values::from([
        ("root", context.root.directory.display().to_string()),
        ("target", context.root.target.display().to_string()),
    ])
}

async fn build_one(context: &Context, name: &str, launch: &Launch) -> Result<(), String> {
    let command = Command::from_launch(launch, &values(context), &context.root.directory);
    context.events.report(Event::Building {
        implementation: name,
        command: &command.to_string(),
    });
    let log = context.supervisor.log(&format!("{name}.build"));
    let who = format!("the build of `{name}`");
    let mut group = Group::start(&context.supervisor, &command, &who, Output::Log, &log)
        .map_err(|error| format!("failed to build `{name}` with `{command}`: {error}"))?;
    let ended = {
        let mut wait = std::pin::pin!(group.wait());
        loop {
            tokio::select! {
                () = context.supervisor.stop_requested() => break None,
                status = &mut wait => break Some(status),
                () = tokio::time::sleep(LOG_INTERVAL) => report_last_line(context, &log),
            }
        }
    };
    let Some(status) = ended else {
        group.kill().await;
        return Ok(());
    };
    group.finish(EXIT_TIMEOUT).await;
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!(
            "failed to build `{name}` ({})\n  command: {command}\n  log: {}, its end:\n    {}",
            describe_exit(status),
            log.display(),
            log::tail(&log).replace('\n', "\n    ")
        )),
        Err(error) => Err(format!(
            "failed to build `{name}` with `{command}`: {error}"
        )),
    }
}

/// Reports what a build is doing, as far as its log shows it.
fn report_last_line(context: &Context, log: &Path) {
    let tail = log::tail(log);
    if let Some(line) = tail.lines().rev().find(|line| !line.trim().is_empty()) {
        context.events.report(Event::Detail(line));
    }
}

async fn version(context: &Context, name: &str, launch: &Launch) -> Result<String, String> {
    let command = Command::from_launch(launch, &values(context), &context.root.directory);
    let log = context.supervisor.log(&format!("{name}.version"));
    let who = format!("the version command of `{name}`");
    let failed =
        |what: &str| format!("failed to get the version of `{name}` with `{command}`: {what}");
    let mut group = Group::start(&context.supervisor, &command, &who, Output::Pipes, &log)
        .map_err(|error| failed(&error.to_string()))?;
    let Some((stdin, mut stdout)) = group.pipes() else {
        return Err(failed("it has no output"));
    };
    drop(stdin);
    let mut text = String::new();
    let read = tokio::time::timeout(VERSION_TIMEOUT, stdout.read_to_string(&mut text));
    let read = tokio::select! {
        () = context.supervisor.stop_requested() => {
            group.kill().await;
            return Ok(String::new());
        }
        read = read => read,
    };
    let status = group.wait_for(EXIT_TIMEOUT).await;
    group.finish(EXIT_TIMEOUT).await;
    match (read, status) {
        (Ok(Ok(_)), Some(status)) if status.success() => {
            Ok(text.lines().next().unwrap_or_default().trim().to_owned())
        }
        (_, Some(status)) => Err(failed(&describe_exit(status))),
        _ => Err(failed("it did not exit in time")),
    }
}
