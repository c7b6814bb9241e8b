//! `--generate`: sends generated inputs to all live implementations.
//!
//! `fixtures/probes/<surface>/generate.toml` describes the inputs of a surface ([`shape`]). They are
//! generated from a seed ([`inputs`]), and a part of them is damaged ([`damage`]). They are sent in
//! batches to one process per implementation ([`surface`]), and the answers are compared as in any
//! run ([`judge`]). An input whose answers differ is shrunk against the running pair ([`shrink`])
//! and saved as a case ([`save`]).

mod builtin;
mod class;
mod damage;
mod draft;
mod finding;
mod inputs;
mod judge;
mod pair;
mod save;
mod session;
mod shape;
mod shrink;
mod steps;
mod surface;
mod tree;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::stream::{self, StreamExt as _};
use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::Source;
use tokio::sync::watch;

use crate::config::{Probe, Root};
use crate::outcome::{Generated, GeneratedSurface, Run};
use crate::progress::Events;
use crate::run::Options;
use crate::run::open::{self, Opened};
use crate::run::stoppable::{GRACE, unless_stopped};
use crate::transport::Context;
use crate::transport::pipeline::Unavailable;
use judge::Judge;
use shape::Generator;
pub(crate) use shape::schema;
use surface::SurfaceOutcome;

/// The number of surfaces that run concurrently.
const CONCURRENT_SURFACES: usize = 2;

/// When to stop.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The number of inputs for each surface.
    pub inputs: u64,
    /// The time in minutes after which no more inputs are sent.
    pub minutes: Option<u64>,
    /// The number of findings after which no more inputs are sent.
    pub max_findings: usize,
}

/// What the surfaces of a run share.
struct Shared<'a> {
    options: &'a Options,
    opened: &'a Opened,
    limits: Limits,
    deadline: Option<Instant>,
    /// The number of findings on all surfaces.
    found: AtomicUsize,
}

/// The surface whose inputs are sent.
#[derive(Clone, Copy)]
struct Surface<'a> {
    shared: &'a Shared<'a>,
    probe: &'a Arc<Probe>,
    generator: &'a Arc<Generator>,
}

impl Shared<'_> {
    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|at| Instant::now() >= at)
    }

    fn is_full(&self) -> bool {
        self.found.load(Ordering::Relaxed) >= self.limits.max_findings
    }

    fn is_stopping(&self) -> bool {
        self.opened.context.supervisor.is_stopping()
    }
}

impl<'a> Surface<'a> {
    fn context(self) -> &'a Context {
        &self.shared.opened.context
    }

    /// The name of the reference implementation.
    fn reference(self) -> &'a str {
        &self.context().root.reference
    }

    fn transport(self) -> Transport {
        self.generator.transport
    }

    fn judge(self, implementation: &str) -> Judge {
        Judge {
            root: Arc::clone(&self.context().root),
            probe: Arc::clone(self.probe),
            generator: Arc::clone(self.generator),
            implementation: implementation.to_owned(),
        }
    }

    /// Compares answers on another thread; an error if the run is stopped before that is done.
    async fn compare<T: Send + 'static>(
        self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Unavailable> {
        let stop = self.context().supervisor.stop_requested();
        unless_stopped(stop, GRACE, work).await.ok_or(Unavailable)
    }
}

/// Generates inputs for the surfaces of the options, and reports what differs.
///
/// # Errors
///
/// As for [`crate::run::run`]; a mistake in a `generate.toml`, or a surface of the options that has
/// none.
pub async fn generate(
    options: &Options,
    limits: Limits,
    events: Arc<dyn Events>,
    stop: watch::Receiver<bool>,
) -> Result<Run, Error> {
    let began = Instant::now();
    let root = open::root(options)?;
    let (generators, without) = generators(&root, options)?;
    let surfaces: Vec<_> = generators
        .iter()
        .map(|(probe, generator)| (Arc::clone(probe), generator.transport))
        .collect();
    let mut opened = open::open(root, options, &surfaces, events, stop).await?;
    for surface in without {
        opened.notices.push(format!(
            "skipping generated inputs for `{surface}`: it has no `generate.toml`"
        ));
    }
    let minutes = limits
        .minutes
        .map(|minutes| Duration::from_secs(minutes * 60));
    let shared = Shared {
        options,
        opened: &opened,
        limits,
        deadline: minutes.map(|minutes| Instant::now() + minutes),
        found: AtomicUsize::new(0),
    };
    let surface = |(probe, generator)| Surface {
        shared: &shared,
        probe,
        generator,
    };
    let surfaces = generators
        .iter()
        .map(|(probe, generator)| (probe, generator));
    let mut outcomes: Vec<SurfaceOutcome> = stream::iter(surfaces.map(surface))
        .map(surface::run)
        .buffer_unordered(CONCURRENT_SURFACES)
        .collect()
        .await;
    outcomes.sort_by(|a, b| a.totals.surface.cmp(&b.totals.surface));

    let mut generated = Generated {
        seed: opened.seed,
        ..Generated::default()
    };
    let (mut results, mut cases) = (Vec::new(), Vec::new());
    if outcomes.is_empty() {
        opened
            .inconclusive
            .push("no surface has a `generate.toml`".to_owned());
    }
    for outcome in outcomes {
        opened.notices.push(summary(&outcome.totals, opened.seed));
        opened.notices.extend(outcome.notices);
        opened.inconclusive.extend(outcome.inconclusive);
        generated.inputs += outcome.totals.inputs;
        generated.divergences += outcome.totals.findings;
        generated.surfaces.push(outcome.totals);
        generated.findings.extend(outcome.findings);
        generated.both_failed.extend(outcome.both_failed);
        generated.flaky.extend(outcome.flaky);
        results.extend(outcome.results);
        cases.extend(outcome.cases);
    }
    generated.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut run = opened.close(results, cases).await;
    run.generated = Some(generated);
    Ok(run)
}

type Generators = Vec<(Arc<Probe>, Arc<Generator>)>;

/// The generators of the selected surfaces, and the surfaces without one.
fn generators(root: &Root, options: &Options) -> Result<(Generators, Vec<String>), Error> {
    let (mut all, mut without) = (Vec::new(), Vec::new());
    for (surface, probe) in &root.probes {
        let by_name = options.surfaces.contains(surface);
        if !options.surfaces.is_empty() && !by_name {
            continue;
        }
        let name = format!("fixtures/probes/{surface}/generate.toml");
        if !root.directory.join(&name).is_file() {
            if by_name {
                return Err(Error::usage(
                    format!("no inputs can be generated for `{surface}`"),
                    format!("describe them in `{name}`, or select other surfaces"),
                ));
            }
            without.push(surface.clone());
            continue;
        }
        let source = Source::read(&root.directory, &name)?;
        let generator = shape::read(&source)?;
        if !probe.transports.contains(&generator.transport) {
            let transport = generator.transport;
            let written = format!("\"{transport}\"");
            let at = source.text.find(&written).unwrap_or(0);
            return Err(source.error(
                at..at + written.len(),
                format!("the probe of `{surface}` does not run over `{transport}`"),
                "not a transport of the probe",
                None,
            ));
        }
        all.push((Arc::clone(probe), Arc::new(generator)));
    }
    Ok((all, without))
}

/// One sentence for the reports.
fn summary(totals: &GeneratedSurface, seed: u64) -> String {
    let GeneratedSurface {
        surface,
        inputs,
        accepted,
        findings,
        duration_ms,
    } = totals;
    let findings = match findings {
        0 => "no findings".to_owned(),
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    let seconds = *duration_ms as f64 / 1000.0;
    format!(
        "generated {inputs} inputs for `{surface}` with seed {seed} in {seconds:.1} s, {accepted} of them answered without an error: {findings}"
    )
}
