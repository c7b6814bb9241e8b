//! The subcommands, which start no implementation.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, CommandFactory as _, Subcommand};
use clap_complete::Shell;
use lakehouse_rig::error::Error;
use lakehouse_rig::output::printed;
use serde_json::{Value, json};

use super::open;
use super::output::Output;
use crate::config::Root;
use crate::evidence::Question;
use crate::inspect::Filter;
use crate::outcome::Decision;
use crate::{evidence, exit, inspect, schemas};

/// A subcommand.
#[derive(Debug, Subcommand)]
pub(super) enum Tool {
    /// List the cases with their transports and implementations
    List {
        /// Only these cases
        #[arg(short, long, value_delimiter = ',', value_name = "NAMES")]
        case: Vec<String>,
        /// Only cases that one of these implementations runs
        #[arg(short, long, value_delimiter = ',', value_name = "NAMES")]
        implementation: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show one case: input, expectation, what is compared, and a command for each implementation
    Describe {
        /// SURFACE/CASE
        case: String,
        /// Print only the bytes of this step's input
        #[arg(long, value_name = "STEP")]
        raw: Option<usize>,
        /// Print JSON
        #[arg(long, conflicts_with = "raw")]
        json: bool,
    },
    /// List what is new, fixed or moved between two runs; exit code 3 when something is new
    Diff {
        /// The earlier and the later run: a `report.json` or its folder [default: the last two runs;
        /// one is compared with the last run]
        #[arg(num_args = 0..=2, value_name = "RUN")]
        runs: Vec<PathBuf>,
        /// Write the comparison as a page [default: `diff.html` in the folder of the later run, when
        /// it is one of the last runs]
        #[arg(long, value_name = "FILE")]
        html: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        reports: Reports,
    },
    /// Open the page of the last run in a browser, or print its path
    Open {
        #[command(flatten)]
        reports: Reports,
    },
    /// Decide from the last full run whether one implementation may replace another; exit code 0
    /// for yes, 3 for no, 4 for unknown
    Verdict {
        /// Implementation to retire
        #[arg(long, value_name = "NAME")]
        may_replace: String,
        /// Implementation that takes over
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        reports: Reports,
    },
    /// Write JSON Schemas of all files, and a `.taplo.toml` that assigns them, for editors
    Schemas,
    /// Print a script that completes commands in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// The reports that a subcommand reads.
#[derive(Debug, Args)]
pub(super) struct Reports {
    /// Folder of the reports [default: those in `target/parity` of the root]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// The options that subcommands share with a run.
pub(super) struct Shared<'a> {
    pub(super) root: &'a Path,
    pub(super) surfaces: &'a [String],
    pub(super) output: Option<&'a Path>,
}

impl Shared<'_> {
    fn output(&self, reports: &Reports) -> Output {
        Output::new(self.root, reports.output.as_deref().or(self.output))
    }
}

/// Runs a subcommand and returns its exit code.
pub(super) fn run(tool: &Tool, shared: &Shared<'_>) -> Result<u8, Error> {
    match tool {
        Tool::List {
            case,
            implementation,
            json,
        } => {
            let filter = Filter {
                surfaces: shared.surfaces,
                cases: case,
                implementations: implementation,
            };
            let listed = inspect::list(&Root::read(shared.root)?, &filter)?;
            if *json {
                print_json(&json!({ "cases": listed }))?;
            } else {
                print(inspect::table(&listed).as_bytes())?;
            }
            Ok(exit::PASS)
        }
        Tool::Describe { case, raw, json } => {
            let root = Root::read(shared.root)?;
            match raw {
                Some(step) => print(&inspect::raw_input(&root, case, *step)?)?,
                None if *json => print_json(&inspect::describe_json(&root, shared.root, case)?)?,
                None => print(inspect::describe(&root, shared.root, case)?.as_bytes())?,
            }
            Ok(exit::PASS)
        }
        Tool::Diff {
            runs,
            html,
            json,
            reports,
        } => diff(&shared.output(reports), runs, html.as_deref(), *json),
        Tool::Open { reports } => {
            print(open::open(&shared.output(reports))?.as_bytes())?;
            Ok(exit::PASS)
        }
        Tool::Schemas => {
            let mut names = schemas::write(shared.root)?.join("\n");
            names.push('\n');
            print(names.as_bytes())?;
            Ok(exit::PASS)
        }
        Tool::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = super::Arguments::command();
            clap_complete::generate(*shell, &mut command, "parity", &mut script);
            print(&script)?;
            Ok(exit::PASS)
        }
        Tool::Verdict {
            may_replace,
            by,
            json,
            reports,
        } => {
            let question = Question {
                replaced: may_replace.clone(),
                by: by.clone(),
                surfaces: shared.surfaces.to_vec(),
            };
            let root = Root::read(shared.root)?;
            let output = shared.output(reports);
            let answer = evidence::may_replace(&root, output.folder(), &question)?;
            if *json {
                print_json(&json!(answer))?;
            } else {
                print(answer.to_string().as_bytes())?;
            }
            Ok(match answer.decision {
                Decision::Yes => exit::PASS,
                Decision::No => exit::FAILED,
                Decision::Unknown => exit::INCONCLUSIVE,
            })
        }
    }
}

/// Compares two runs; writes the page to `html`, or beside the report of a run that is kept.
fn diff(output: &Output, named: &[PathBuf], html: Option<&Path>, json: bool) -> Result<u8, Error> {
    let (before, after) = inspect::diff::choose(&output.runs()?, named)?;
    let comparison = inspect::diff::compare(&before, &after)?;
    if json {
        print_json(&json!(comparison.changes))?;
    } else {
        print(comparison.text().as_bytes())?;
    }
    let page = match html {
        Some(file) => Some(file.to_owned()),
        None => (named.len() < 2).then(|| after.join("diff.html")),
    };
    if let Some(page) = page {
        let written = comparison
            .page()
            .and_then(|text| std::fs::write(&page, text));
        written.map_err(|error| Error::io("write the page to", &page, error))?;
        if !json {
            print(format!("page: {}\n", page.display()).as_bytes())?;
        }
    }
    Ok(if comparison.changes.new.is_empty() {
        exit::PASS
    } else {
        exit::FAILED
    })
}

fn print_json(value: &Value) -> Result<(), Error> {
    print(format!("{value:#}\n").as_bytes())
}

fn print(bytes: &[u8]) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    printed(out.write_all(bytes).and_then(|()| out.flush()))
        .map_err(|error| Error::io("write to", "standard output".as_ref(), error))
}
