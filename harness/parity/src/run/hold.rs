//! Keeping both sides up after a run, to look at them by hand.

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
use crate::transport::{Held, Job};

/// Checks that what would be held is little enough to be looked at.
///
/// # Errors
///
/// Nothing is selected.
pub fn check(options: &Options) -> Result<(), Error> {
    if options.surfaces.is_empty() && options.cases.is_empty() {
        return Err(Error::usage(
            "`--hold` keeps servers up, but nothing is selected",
            "say what to look at with `--surface` or `--case`",
        ));
    }
    Ok(())
}

/// Starts the servers of the selected cases, says where they are, and stops them once `stop` turns
/// true. Gives what went wrong.
///
/// # Errors
///
/// A root that is wrong, or a machine that cannot do what is needed.
pub async fn hold(
    options: &Options,
    stop: watch::Receiver<bool>,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Vec<String>, Error> {
    let root = Arc::new(super::attach::to(Root::read(&options.root)?, options)?);
    let participants = participant::all(&root, options)?;
    let plan = Plan::of(&root, options, &participants);
    let supervisor = Arc::new(Supervisor::new(options.output.join("held"), stop)?);
    let context = super::context(&root, &supervisor).await?;
    let mut held: Vec<(&Job, Held)> = Vec::new();
    for job in &plan.jobs {
        let kind = participants
            .get(&job.implementation.name)
            .map_or(ImplementationKind::Missing, |participant| participant.kind);
        if !matches!(kind, ImplementationKind::Live | ImplementationKind::Url) {
            say(&format!(
                "{} is {kind} and cannot be held",
                job.implementation.name
            ));
            continue;
        }
        if job.transport != Transport::Http {
            for line in by_hand(&root, options, job) {
                say(&line);
            }
            continue;
        }
        match Held::start(&context, job, scripted(job)).await {
            Ok(Some(server)) => {
                for line in about(options, job, &server) {
                    say(&line);
                }
                held.push((job, server));
            }
            Ok(None) => break,
            Err(why) => supervisor.report_failure(why),
        }
    }
    if !held.is_empty() && !supervisor.is_stopping() {
        say("held until Ctrl-C");
        supervisor.stop_requested().await;
    }
    for (job, server) in held {
        server.stop(&context, job).await;
    }
    context.upstream.stop().await;
    supervisor.sweep().await;
    Ok(supervisor.take_failures())
}

/// The case whose files and script a held server gets: the first that has a script, or the first.
fn scripted(job: &Job) -> &Case {
    let with_script = job.cases.iter().find(|case| case.is_scripted());
    with_script.unwrap_or(&job.cases[0])
}

fn about(options: &Options, job: &Job, server: &Held) -> Vec<String> {
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
    let scripted = scripted(job);
    if scripted.is_scripted() {
        lines.push(format!(
            "  the upstream repeats the script of `{}`",
            scripted.name
        ));
    }
    let this = inspect::this(&options.root);
    for case in &job.cases {
        for index in 0..case.steps.len() {
            let curl = inspect::command::curl(&this, server.base(), probe, case, index);
            lines.push(format!("  {curl}"));
        }
    }
    lines
}

/// What goes line by line needs nobody to hold it.
fn by_hand(root: &Root, options: &Options, job: &Job) -> Vec<String> {
    let mut lines = vec![format!(
        "{} answers {} over {}",
        job.implementation.name, job.probe.surface, job.transport
    )];
    let this = inspect::this(&options.root);
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
