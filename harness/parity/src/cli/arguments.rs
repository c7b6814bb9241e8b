//! The options of `parity`.

use std::path::PathBuf;

use clap::Parser;

use super::tool;

/// The examples of `--help`.
const EXAMPLES: &str = "\
Examples:
  parity                                        compare everything
  parity -s SURFACE -c CASE                     run one case
  parity -s SURFACE -c CASE -i NAME --hold      keep the servers running after it
  parity --bless                                review each difference, and accept it
  parity --generate 20000 --seed 1 -s SURFACE   send generated inputs
  parity list -i NAME --json                    list the cases that NAME runs, for a program
  parity describe SURFACE/CASE                  show the input, and commands that send it
  parity verdict --may-replace OLD --by NEW     decide whether NEW may replace OLD";

/// Send the same inputs to every implementation and compare the answers.
///
/// Exit codes: 0 pass, 1 infrastructure failure, 2 usage error, 3 fail, 4 inconclusive.
#[derive(Debug, Parser)]
#[command(name = "parity", version, after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Folder that holds `fixtures/harness.toml`
    #[arg(
        long,
        global = true,
        default_value = ".",
        value_name = "DIR",
        help_heading = "Run"
    )]
    pub(super) root: PathBuf,
    /// Run only these surfaces
    #[arg(
        short,
        long,
        global = true,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Selection"
    )]
    pub(super) surface: Vec<String>,
    /// Run only these cases: NAME, or SURFACE/NAME
    #[arg(
        short,
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Selection"
    )]
    pub(super) case: Vec<String>,
    /// Run only the cases that differed or could not be compared in the last run
    #[arg(long, conflicts_with_all = ["case", "record", "generate", "log"], help_heading = "Selection")]
    pub(super) last_failed: bool,
    /// Compare only these implementations with the reference
    #[arg(
        short,
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Selection"
    )]
    pub(super) implementation: Vec<String>,
    /// Seed for the order of the cases [default: random]
    #[arg(long, value_name = "N", help_heading = "Run")]
    pub(super) seed: Option<u64>,
    /// Record the answers of these implementations, for machines that cannot run them
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Run"
    )]
    pub(super) record: Vec<String>,
    /// Require these implementations to run; do not use their recordings
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "NAMES",
        help_heading = "Run"
    )]
    pub(super) require: Vec<String>,
    /// Use the server that already runs at this URL instead of starting one; it can be sent surfaces
    /// over `http` that need no fresh process, files or scripted upstream, and write nothing
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "NAME=URL",
        help_heading = "Run"
    )]
    pub(super) attach: Vec<String>,
    /// Review each difference and accept it as intended
    #[arg(long, help_heading = "Acceptance")]
    pub(super) bless: bool,
    /// Accept every difference without asking, for this reason
    #[arg(
        long,
        requires = "bless",
        value_name = "REASON",
        help_heading = "Acceptance"
    )]
    pub(super) yes: Option<String>,
    /// Keep the servers of the selected cases running after the run, until Ctrl-C
    #[arg(long, help_heading = "Run")]
    pub(super) hold: bool,
    /// Check the comparison itself: corrupt captured answers, and fail if any corruption goes unnoticed
    #[arg(long, help_heading = "Checks")]
    pub(super) mutate: bool,
    /// Fuzz: generate N inputs per surface instead of running the cases
    #[arg(long, value_name = "N", conflicts_with_all = ["case", "record", "log", "hold", "attach"], help_heading = "Checks")]
    pub(super) generate: Option<u64>,
    /// Stop generating after M minutes
    #[arg(long, value_name = "M", requires = "generate", help_heading = "Checks")]
    pub(super) minutes: Option<u64>,
    /// Stop generating after K findings
    #[arg(
        long,
        value_name = "K",
        requires = "generate",
        default_value = "20",
        help_heading = "Checks"
    )]
    pub(super) max_findings: usize,
    /// Update docs/parity.md and docs/drift.md
    #[arg(long, conflicts_with = "case", help_heading = "Acceptance")]
    pub(super) log: bool,
    /// Folder for reports and logs [default: a new one in `target/parity/runs` of the root]
    #[arg(short, long, value_name = "DIR", help_heading = "Run")]
    pub(super) output: Option<PathBuf>,
    /// Inspect cases and reports without running anything
    #[command(subcommand)]
    pub(super) tool: Option<tool::Tool>,
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::{Arguments, EXAMPLES};

    #[test]
    fn the_examples_of_help_are_accepted() {
        let mut examples = EXAMPLES.lines().skip(1).peekable();
        assert!(examples.peek().is_some());
        for line in examples {
            // The explanation begins after two spaces.
            let command = line.trim_start().split("  ").next().unwrap_or_default();
            let parsed = Arguments::try_parse_from(command.split(' '));
            assert!(parsed.is_ok(), "{command}: {parsed:?}");
        }
    }
}
