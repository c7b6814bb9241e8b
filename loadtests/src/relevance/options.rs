//! The command-line options of a relevance run.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Ask questions in the words of coordinators, and count the right people among the hits.
///
/// Exit codes: 0 every budget held, 1 a start or a file failed, 2 the command line, a question or a budget
/// is wrong, 3 a budget is exceeded, 4 no budget applied.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// People in the open pool of the corpus; there is one employee for every ten
    #[arg(long, default_value_t = 10_000, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub workers: u64,
    /// Seed of the corpus
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// How the people describe themselves
    #[arg(long, value_enum, default_value = "both", value_name = "STYLE")]
    pub style: Styles,
    /// Files of questions instead of those in `fixtures/relevance` and the corpus's own; the budgets of
    /// the repository do not apply to them
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub questions: Vec<PathBuf>,
    /// Send this as `understand` with each search [default: the server's own setting, then `off`]
    #[arg(long, value_enum, value_name = "WHETHER")]
    pub understand: Option<Understand>,
    /// Measure the server's own setting alone
    #[arg(long)]
    pub no_parts: bool,
    /// Also measure it without each part of the understanding in turn, for which the server is started again,
    /// and with documents that all have the same text
    #[arg(long, conflicts_with_all = ["url", "understand", "no_parts"])]
    pub parts: bool,
    /// Print each question with its first hit
    #[arg(long)]
    pub list: bool,
    /// Fail when no person of the corpus is right for a question that is not marked `none`
    #[arg(long)]
    pub strict: bool,
    /// Program of the server [default: `lakehouse` beside this program]
    #[arg(long, value_name = "FILE")]
    pub binary: Option<PathBuf>,
    /// Ask the running server at this URL, which gets the corpus first
    #[arg(long, value_name = "URL", conflicts_with = "binary")]
    pub url: Option<String>,
    /// Folder written by `cargo xtask corpus`, instead of a corpus of `--workers` and `--seed`
    #[arg(long, value_name = "DIR")]
    pub corpus: Option<PathBuf>,
    /// Budgets instead of `loadtests/relevance.toml`
    #[arg(long, value_name = "FILE")]
    pub budgets: Option<PathBuf>,
    /// Folder for the report
    #[arg(long, default_value = "target/relevance", value_name = "DIR")]
    pub output: PathBuf,
}

/// The styles of the corpus that are measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Styles {
    /// Full sentences with the names of roles and cities
    Plain,
    /// The people's own words
    Natural,
    /// One after the other
    Both,
}

/// Whether the server is asked to understand the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Understand {
    /// It understands what it can
    Auto,
    /// It searches the text as it is
    Off,
}

impl Understand {
    /// The value of the member `understand` in a request.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Off => "off",
        }
    }
}

impl Styles {
    /// Each style with the name that the writer of the corpus knows it by.
    pub(super) fn names(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &["plain"],
            Self::Natural => &["natural"],
            Self::Both => &["plain", "natural"],
        }
    }
}
