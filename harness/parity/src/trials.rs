//! Every case as a test with the name `surface::transport::implementation::case`, which can be
//! listed and filtered with the options of any test binary.
//!
//! The first test runs all selected cases together; every test then looks up its own outcome. A
//! recording is used where a toolchain is missing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use lakehouse_rig::error::Error;
use libtest_mimic::{Arguments, Completion, Conclusion, Failed, Trial};

use crate::config::Root;
use crate::outcome::{CaseOutcome, CaseVerdict, Run};
use crate::progress::Silent;
use crate::report::plain;
use crate::run::{self, Options};

/// The test of everything that belongs to no case: the ledgers and the processes.
const RUN_TEST: &str = "run::ledgers_and_infrastructure";
/// The maximum number of differences in a failure.
const MAX_DIFFERENCES: usize = 10;

/// Runs the tests of a root, with logs below `output`.
///
/// # Errors
///
/// A mistake in the configuration. Later failures are those of the tests.
pub fn run(root: &Path, output: &Path, mut arguments: Arguments) -> Result<Conclusion, Error> {
    // Without a filter there are thousands of names, so print dots.
    arguments.quiet |= arguments.filter.is_none() && arguments.format.is_none();
    let trials = trials(root, output, &arguments)?;
    Ok(libtest_mimic::run(&arguments, trials))
}

/// One case, between the reference and one implementation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    surface: String,
    transport: String,
    implementation: String,
    case: String,
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Name {
            surface,
            transport,
            implementation,
            case,
        } = self;
        write!(f, "{surface}::{transport}::{implementation}::{case}")
    }
}

fn trials(directory: &Path, output: &Path, arguments: &Arguments) -> Result<Vec<Trial>, Error> {
    let root = Root::read(directory)?;
    let names = names(&root);
    let is_selected =
        |name: &String| !arguments.is_filtered_out(&Trial::test(name.clone(), || Ok(())));
    let selected: Vec<Name> = names
        .iter()
        .filter(|name| is_selected(&name.to_string()))
        .cloned()
        .collect();
    let is_whole = selected.len() == names.len();
    let shared = Arc::new(SharedRun {
        options: options(&root, (directory, output), &selected, is_whole),
        outcome: OnceLock::new(),
    });
    let mut trials: Vec<Trial> = names
        .into_iter()
        .map(|name| {
            let shared = Arc::clone(&shared);
            Trial::ignorable_test(name.to_string(), move || shared.judge(&name))
        })
        .collect();
    trials.push(Trial::ignorable_test(RUN_TEST, move || {
        if is_whole {
            shared.judge_run()
        } else {
            Ok(Completion::ignored_with("not all cases are selected"))
        }
    }));
    Ok(trials)
}

fn names(root: &Root) -> Vec<Name> {
    let mut names = Vec::new();
    for probe in root.probes.values() {
        for transport in &probe.transports {
            let has = |name: &str| {
                let implementation = root.implementations.get(name);
                implementation.is_some_and(|i| i.has(&probe.surface, *transport))
            };
            if !has(&root.reference) {
                continue;
            }
            let others = root.implementations.keys();
            for implementation in others.filter(|name| **name != root.reference && has(name)) {
                let cases = probe.cases.iter().filter(|case| case.goes_over(*transport));
                names.extend(cases.map(|case| Name {
                    surface: probe.surface.clone(),
                    transport: transport.to_string(),
                    implementation: implementation.clone(),
                    case: case.name.clone(),
                }));
            }
        }
    }
    names
}

/// The options of a run that includes the selected cases.
fn options(
    root: &Root,
    (directory, output): (&Path, &Path),
    selected: &[Name],
    is_whole: bool,
) -> Options {
    let all = |of: fn(&Name) -> &String| -> Vec<String> {
        let distinct: BTreeSet<&String> = selected.iter().map(of).collect();
        distinct.into_iter().cloned().collect()
    };
    let mut options = Options {
        root: directory.to_owned(),
        surfaces: Vec::new(),
        cases: Vec::new(),
        implementations: Vec::new(),
        seed: None,
        record: Vec::new(),
        require: Vec::new(),
        attach: Vec::new(),
        mutate: false,
        once: true,
        output: output.to_owned(),
    };
    if !is_whole {
        options.surfaces = all(|name| &name.surface);
        options.implementations = all(|name| &name.implementation);
        let cases = all(|name| &name.case);
        let has_left_out = |surface: &String| {
            let known = root.probes.get(surface);
            known.is_some_and(|p| p.cases.iter().any(|case| !cases.contains(&case.name)))
        };
        if options.surfaces.iter().any(has_left_out) {
            options.cases = cases;
        }
    }
    options
}

/// The run, which the first test starts.
struct SharedRun {
    options: Options,
    outcome: OnceLock<Result<Outcome, String>>,
}

struct Outcome {
    run: Run,
    cases: BTreeMap<Name, usize>,
}

impl SharedRun {
    fn outcome(&self) -> Result<&Outcome, Failed> {
        let outcome = self.outcome.get_or_init(|| {
            let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
            let run = runtime.block_on(async {
                let stop = crate::cli::stop_on_signal()?;
                run::run(&self.options, Arc::new(Silent), stop).await
            });
            let run = run.map_err(|error| format!("{:?}", miette::Report::new(error)))?;
            let cases = run.cases.iter().enumerate();
            let cases = cases.map(|(index, case)| (name_of(case), index)).collect();
            Ok(Outcome { run, cases })
        });
        outcome.as_ref().map_err(Failed::from)
    }

    fn judge(&self, name: &Name) -> Result<Completion, Failed> {
        let outcome = self.outcome()?;
        let index = outcome.cases.get(name);
        let Some(case) = index.map(|index| &outcome.run.cases[*index]) else {
            let why = [&outcome.run.inconclusive[..], &outcome.run.infrastructure].concat();
            return Err(format!("the case did not run: {}", why.join("; ")).into());
        };
        match case.verdict {
            CaseVerdict::Match | CaseVerdict::Known => Ok(Completion::Completed),
            CaseVerdict::Skipped => Ok(Completion::ignored_with(case.reasons.join("; "))),
            CaseVerdict::Diverged | CaseVerdict::Invalid => Err(failure(case).into()),
        }
    }

    fn judge_run(&self) -> Result<Completion, Failed> {
        let run = &self.outcome()?.run;
        let ledgers = run.ledger_failures.iter().map(|failure| {
            format!(
                "{}:{}: {}\n{}",
                failure.file, failure.line, failure.message, failure.edit
            )
        });
        let all: Vec<String> = ledgers.chain(run.infrastructure.iter().cloned()).collect();
        if all.is_empty() {
            Ok(Completion::Completed)
        } else {
            Err(all.join("\n\n").into())
        }
    }
}

fn name_of(case: &CaseOutcome) -> Name {
    Name {
        surface: case.surface.clone(),
        transport: case.transport.to_string(),
        implementation: case.implementation.clone(),
        case: case.case.clone(),
    }
}

/// What a failed test prints.
fn failure(case: &CaseOutcome) -> String {
    let mut text = case.reasons.join("\n");
    let unexpected = case
        .differences
        .iter()
        .filter(|judged| judged.pin.is_none());
    for judged in unexpected.take(MAX_DIFFERENCES) {
        let difference = &judged.difference;
        let _ = write!(
            text,
            "\n`{}` {}\n  {}: {}\n  {}: {}",
            difference.path,
            difference.kind,
            case.reference,
            difference.left.text,
            case.implementation,
            difference.right.text
        );
    }
    if let Some(attribution) = &case.attribution {
        let _ = write!(text, "\n{attribution}");
    }
    let _ = write!(
        text,
        "\n{}{}run it: {}",
        plain::crashes(case),
        plain::inputs(case),
        case.rerun
    );
    text.trim_start().to_owned()
}
