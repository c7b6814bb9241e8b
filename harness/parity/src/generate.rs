//! `--generate`: inputs that nobody wrote, put to every live implementation.
//!
//! `fixtures/probes/<surface>/generate.toml` says what inputs look like ([`shape`]); they are made
//! from a seed ([`make`]), a good part of them damaged ([`damage`]), and sent in groups to one
//! process per implementation. A pair that disagrees is judged as in any run ([`judge`]), the
//! input shrunk against the running pair ([`shrink`]), and what is left saved as a case ([`save`]).

mod atoms;
mod damage;
mod find;
mod judge;
mod made;
mod make;
mod save;
mod session;
mod shape;
mod shrink;
mod steps;
mod tell;
mod tree;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::stream::{self, StreamExt as _};
use lakehouse_rig::error::Error;
use lakehouse_rig::source::Source;
use tokio::sync::watch;

use crate::config::{Probe, Root};
use crate::outcome::{Generated, GeneratedSurface, Run};
use crate::run::Options;
use crate::run::open::{self, Opened};
use find::Hunt;
use shape::Generator;

/// How many surfaces are worked on at once.
const AT_ONCE: usize = 2;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish {
    /// Inputs for each surface.
    pub inputs: u64,
    /// No more inputs after so many minutes.
    pub minutes: Option<u64>,
    /// Stop after so many findings.
    pub max_findings: usize,
}

/// What the surfaces of a run share.
struct Shared<'a> {
    opened: &'a Opened,
    wish: Wish,
    deadline: Option<Instant>,
    /// Findings of all surfaces.
    found: AtomicUsize,
}

impl Shared<'_> {
    fn is_late(&self) -> bool {
        self.deadline.is_some_and(|at| Instant::now() >= at)
    }

    fn is_full(&self) -> bool {
        self.found.load(Ordering::Relaxed) >= self.wish.max_findings
    }

    fn is_stopping(&self) -> bool {
        self.opened.context.supervisor.is_stopping()
    }
}

/// Makes inputs for the surfaces of the options and tells what they brought to light.
///
/// # Errors
///
/// As for [`crate::run::run`]; a surface that was asked for by name and has no `generate.toml`, or
/// a wrong one.
pub async fn generate(
    options: &Options,
    wish: Wish,
    stop: watch::Receiver<bool>,
) -> Result<Run, Error> {
    let began = Instant::now();
    let root = open::root(options)?;
    let (generators, without) = generators(&root, options)?;
    let surfaces: Vec<_> = generators
        .iter()
        .map(|(probe, generator)| (Arc::clone(probe), generator.transport))
        .collect();
    let mut opened = open::open(root, options, &surfaces, stop).await?;
    for surface in without {
        opened.notices.push(format!(
            "`{surface}` has no `generate.toml`, and got no made inputs"
        ));
    }
    let minutes = wish
        .minutes
        .map(|minutes| Duration::from_secs(minutes * 60));
    let shared = Shared {
        opened: &opened,
        wish,
        deadline: minutes.map(|minutes| Instant::now() + minutes),
        found: AtomicUsize::new(0),
    };
    let mut hunts: Vec<Hunt> = stream::iter(&generators)
        .map(|(probe, generator)| find::hunt(&shared, probe, generator))
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    hunts.sort_by(|a, b| a.surface.surface.cmp(&b.surface.surface));

    let mut generated = Generated {
        seed: opened.seed,
        ..Generated::default()
    };
    let (mut results, mut cases) = (Vec::new(), Vec::new());
    if hunts.is_empty() {
        opened
            .inconclusive
            .push("no surface has a `generate.toml`".to_owned());
    }
    for hunt in hunts {
        opened.notices.push(hunt.say(opened.seed));
        opened.notices.extend(hunt.notices);
        opened.inconclusive.extend(hunt.inconclusive);
        generated.inputs += hunt.surface.inputs;
        generated.divergences += hunt.surface.findings;
        generated.surfaces.push(hunt.surface);
        generated.findings.extend(hunt.findings);
        results.extend(hunt.results);
        cases.extend(hunt.cases);
    }
    generated.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let mut run = opened.close(results, cases).await;
    run.generated = Some(generated);
    Ok(run)
}

type Generators = Vec<(Arc<Probe>, Generator)>;

/// The generators of the surfaces that are wanted, and the surfaces that have none.
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
                    format!("no inputs can be made for `{surface}`"),
                    format!("describe them in `{name}`, or leave the surface out"),
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
                format!("the probe of `{surface}` is not run over `{transport}`"),
                "no such transport there",
                None,
            ));
        }
        all.push((Arc::clone(probe), generator));
    }
    Ok((all, without))
}

impl Hunt {
    /// One sentence for the reports.
    fn say(&self, seed: u64) -> String {
        let GeneratedSurface {
            surface,
            inputs,
            accepted,
            findings,
            duration_ms,
        } = &self.surface;
        let findings = match findings {
            0 => "nothing found".to_owned(),
            1 => "1 finding".to_owned(),
            many => format!("{many} findings"),
        };
        format!(
            "made {inputs} inputs for `{surface}` from seed {seed} in {:.1} s ({accepted} of them no error): {findings}",
            *duration_ms as f64 / 1000.0
        )
    }
}
