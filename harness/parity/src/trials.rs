//! Every case as a test of its own: listed, filtered and run by the name
//! `surface::transport::implementation::case`, with the options of any test binary.
//!
//! What is selected runs once, all together, when the first of them is asked for; every trial then
//! looks its own outcome up. Where a toolchain is missing its recording stands in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use lakehouse_rig::error::Error;
use libtest_mimic::{Arguments, Completion, Conclusion, Failed, Trial};

use crate::config::Root;
use crate::outcome::{CaseOutcome, CaseVerdict, Run};
use crate::run::{self as whole_run, Options};

/// The trial of what belongs to no case: the ledgers, and what was started.
const WHOLE: &str = "run::ledgers_and_infrastructure";
/// How many differences a failure shows.
const SHOWN: usize = 10;

/// Runs the trials of a root, with logs below `output`.
///
/// # Errors
///
/// A root that is wrong. What goes wrong later is in the trials.
pub fn run(root: &Path, output: &Path, mut arguments: Arguments) -> Result<Conclusion, Error> {
    // Thousands of names say less than a line of dots.
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
    let once = Arc::new(Once {
        options: options(&root, (directory, output), &selected, is_whole),
        outcome: OnceLock::new(),
    });
    let mut trials: Vec<Trial> = names
        .into_iter()
        .map(|name| {
            let once = Arc::clone(&once);
            Trial::ignorable_test(name.to_string(), move || once.judge(&name))
        })
        .collect();
    trials.push(Trial::ignorable_test(WHOLE, move || {
        if is_whole {
            once.whole()
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

/// A run that holds at least everything that is selected.
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

/// The run, made by whoever asks first.
struct Once {
    options: Options,
    outcome: OnceLock<Result<Outcome, String>>,
}

struct Outcome {
    run: Run,
    cases: BTreeMap<Name, usize>,
}

impl Once {
    fn outcome(&self) -> Result<&Outcome, Failed> {
        let made = self.outcome.get_or_init(|| {
            let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
            let run = runtime.block_on(async {
                let stop = crate::cli::stop_on_signal()?;
                whole_run::run(&self.options, stop).await
            });
            let run = run.map_err(|error| format!("{:?}", miette::Report::new(error)))?;
            let cases = run.cases.iter().enumerate();
            let cases = cases.map(|(index, case)| (of(case), index)).collect();
            Ok(Outcome { run, cases })
        });
        made.as_ref().map_err(Failed::from)
    }

    fn judge(&self, name: &Name) -> Result<Completion, Failed> {
        let outcome = self.outcome()?;
        let Some(case) = outcome
            .cases
            .get(name)
            .map(|index| &outcome.run.cases[*index])
        else {
            let why = [&outcome.run.inconclusive[..], &outcome.run.infrastructure].concat();
            return Err(format!("it did not run: {}", why.join("; ")).into());
        };
        match case.verdict {
            CaseVerdict::Match | CaseVerdict::Known => Ok(Completion::Completed),
            CaseVerdict::Skipped => Ok(Completion::ignored_with(case.reasons.join("; "))),
            CaseVerdict::Diverged | CaseVerdict::Invalid => Err(told(case).into()),
        }
    }

    fn whole(&self) -> Result<Completion, Failed> {
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

fn of(case: &CaseOutcome) -> Name {
    Name {
        surface: case.surface.clone(),
        transport: case.transport.to_string(),
        implementation: case.implementation.clone(),
        case: case.case.clone(),
    }
}

fn told(case: &CaseOutcome) -> String {
    let mut text = case.reasons.join("\n");
    let undeclared = case
        .differences
        .iter()
        .filter(|judged| judged.pin.is_none());
    for judged in undeclared.take(SHOWN) {
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
    let _ = write!(text, "\nrun it: {}", case.rerun);
    text.trim_start().to_owned()
}
