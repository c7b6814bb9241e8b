//! The subcommands beside the plain run: they look, and start nothing.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use lakehouse_rig::error::Error;

use crate::config::Root;
use crate::evidence::{May, Question};
use crate::{evidence, exit, inspect};

/// What can be asked without a run.
#[derive(Debug, Subcommand)]
pub(super) enum Tool {
    /// List the cases, how they go and to whom
    List,
    /// Show one case: input, expectation, what counts, and the command for each side
    Describe {
        /// SURFACE/CASE
        case: String,
        /// Print the bytes of this step's input, and nothing else
        #[arg(long, value_name = "STEP")]
        raw: Option<usize>,
    },
    /// Say what is new, fixed or moved between two reports; exit code 3 when something is new
    Diff {
        /// The earlier `report.json`
        before: PathBuf,
        /// The later `report.json`
        after: PathBuf,
    },
    /// Answer from the last full run whether one implementation may replace another; exit code 3
    /// for no, 4 for unknown
    Verdict {
        /// The one that would go
        #[arg(long, value_name = "NAME")]
        may_replace: String,
        /// The one that would come
        #[arg(long, value_name = "NAME")]
        by: String,
    },
}

/// What the tools share with a run.
pub(super) struct Shared<'a> {
    pub(super) root: &'a Path,
    pub(super) surfaces: &'a [String],
    pub(super) output: &'a Path,
}

/// Runs one and gives its exit code.
pub(super) fn run(tool: &Tool, shared: &Shared<'_>) -> Result<u8, Error> {
    match tool {
        Tool::List => {
            let root = Root::read(shared.root)?;
            print(inspect::list(&root, shared.surfaces)?.as_bytes())?;
            Ok(exit::PASS)
        }
        Tool::Describe { case, raw } => {
            let root = Root::read(shared.root)?;
            match raw {
                Some(step) => print(&inspect::raw_input(&root, case, *step)?)?,
                None => print(inspect::describe(&root, shared.root, case)?.as_bytes())?,
            }
            Ok(exit::PASS)
        }
        Tool::Diff { before, after } => {
            let (text, changes) = inspect::diff::compare(before, after)?;
            print(text.as_bytes())?;
            Ok(if changes.new.is_empty() {
                exit::PASS
            } else {
                exit::FAILED
            })
        }
        Tool::Verdict { may_replace, by } => {
            let question = Question {
                replaced: may_replace.clone(),
                by: by.clone(),
                surfaces: shared.surfaces.to_vec(),
            };
            let root = Root::read(shared.root)?;
            let answer = evidence::may_replace(&root, shared.output, &question)?;
            print(answer.to_string().as_bytes())?;
            Ok(match answer.may {
                May::Yes => exit::PASS,
                May::No => exit::FAILED,
                May::Unknown => exit::INCONCLUSIVE,
            })
        }
    }
}

/// Writes to standard output; a reader that has seen enough is no failure.
fn print(bytes: &[u8]) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::io("write to", "standard output".as_ref(), error))
        }
        _ => Ok(()),
    }
}
