//! `--hold`: keeps servers running after a run, for requests by hand.

use std::sync::Arc;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::process::Supervisor;
use tokio::sync::watch;

use super::options::Options;
use super::participant;
use super::plan::Plan;
use crate::config::{Case, Probe, Root};
use crate::inspect;
use crate::outcome::ImplementationKind;
use crate::progress::Silent;
use crate::transport::{Held, Job};

/// Checks that `--hold` is limited to some surfaces or cases.
///
/// # Errors
///
/// No surface or case is selected.
pub fn check(options: &Options) -> Result<(), Error> {
    if options.surfaces.is_empty() && options.cases.is_empty() {
        return Err(Error::usage(
            "`--hold` needs a selection",
            "select surfaces or cases with `--surface` or `--case`",
        ));
    }
    Ok(())
}

/// Starts the servers of the selected cases, prints their URLs, and stops them when `stop` turns
/// true. Returns the failures.
///
/// # Errors
///
/// A mistake in the configuration or the options, or a failed system call.
pub async fn hold(
    options: &Options,
    stop: watch::Receiver<bool>,
    print: &(dyn Fn(&str) + Sync),
) -> Result<Vec<String>, Error> {
    let root = Arc::new(super::attach::apply(Root::read(&options.root)?, options)?);
    let participants = participant::all(&root, options)?;
    let plan = Plan::new(&root, options, &participants);
    let supervisor = Arc::new(Supervisor::new(options.output.join("held"), stop)?);
    let context = super::context(&root, &supervisor, Arc::new(Silent)).await?;
    let mut held: Vec<(&Job, Held)> = Vec::new();
    for job in &plan.jobs {
        let kind = participants
            .get(&job.implementation.name)
            .map_or(ImplementationKind::Missing, |participant| participant.kind);
        if !matches!(kind, ImplementationKind::Live | ImplementationKind::Url) {
            print(&format!(
                "{} is {kind} and cannot be held",
                job.implementation.name
            ));
            continue;
        }
        if job.transport != Transport::Http {
            for line in by_hand(&root, options, job) {
                print(&line);
            }
            continue;
        }
        match Held::start(&context, job, held_case(job)).await {
            Ok(Some(server)) => {
                for line in describe(options, job, &server) {
                    print(&line);
                }
                held.push((job, server));
            }
            Ok(None) => break,
            Err(why) => supervisor.report_failure(why),
        }
    }
    if !held.is_empty() && !supervisor.is_stopping() {
        print("held until Ctrl-C");
        supervisor.stop_requested().await;
    }
    for (job, server) in held {
        server.stop(&context, job).await;
    }
    context.upstream.stop().await;
    supervisor.sweep().await;
    Ok(supervisor.take_failures())
}

/// The case whose files and script a held server uses: the first with a script, or else the first.
fn held_case(job: &Job) -> &Case {
    let with_script = job.cases.iter().find(|case| case.is_scripted());
    with_script.unwrap_or(&job.cases[0])
}

fn describe(options: &Options, job: &Job, server: &Held) -> Vec<String> {
    let probe: &Probe = &job.probe;
    let mut lines = vec![format!(
        "{} serves {} at {}",
        job.implementation.name,
        probe.surface,
        server.base()
    )];
    if let Some(log) = server.log() {
        lines.push(format!("  log: {}", log.display()));
    }
    if let Some(state) = server.state() {
        lines.push(format!("  state: {}", state.display()));
    }
    let case = held_case(job);
    if case.is_scripted() {
        lines.push(format!(
            "  the upstream repeats the script of `{}`",
            case.name
        ));
    }
    let this = inspect::harness_command(&options.root);
    for case in &job.cases {
        for index in 0..case.steps.len() {
            let curl = inspect::command::curl(&this, server.base(), probe, case, index);
            lines.push(format!("  {curl}"));
        }
    }
    lines
}

/// The commands for a job without a server.
fn by_hand(root: &Root, options: &Options, job: &Job) -> Vec<String> {
    let mut lines = vec![format!(
        "{} answers {} over {}",
        job.implementation.name, job.probe.surface, job.transport
    )];
    let this = inspect::harness_command(&options.root);
    for case in &job.cases {
        let commands = inspect::commands(
            root,
            &this,
            &job.probe,
            case,
            job.transport,
            &job.implementation,
        );
        lines.extend(commands.into_iter().map(|line| format!("  {line}")));
    }
    lines
}
