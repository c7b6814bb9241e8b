//! The relevance of searches: which people an answer has, and which it should have.
//!
//! A [`Question`] names what makes a person right for it, in the words of the corpus's metadata. [`run`]
//! starts a server, ingests the corpus, asks every question, and compares the hits with the [`Truth`]. It
//! does so for each style of the corpus, if asked for also with each part of the server's pipeline switched
//! off, and judges the figures by the budgets of `loadtests/relevance.toml`.

mod options;

mod measure;
mod subject;
mod variant;

mod people;
mod question;
mod truth;

mod answer;
mod budgets;
mod figures;
mod score;

mod report;
mod results;

pub use budgets::{FILE, schema};
pub use options::{Options, Styles, Understand};

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::exit::UsageError;
use crate::results::{GateOutcome, Verdict};
use crate::run::{commit, workspace_root};
use budgets::Budgets;
use question::Question;
use results::{Results, SCHEMA_VERSION};

/// Folder of the question files in the repository.
const QUESTIONS: &str = "fixtures/relevance";

/// Measures the relevance, writes the reports, and returns the verdict.
///
/// # Errors
/// A question or a budget is wrong, or something other than the measurement failed.
pub async fn run(options: &Options) -> Result<Verdict> {
    let began = Instant::now();
    let started_at = jiff::Timestamp::now();
    let root = workspace_root()?;
    let budgets = budgets(options, &root)?;
    let questions = questions(options, &root)?;
    let measurements = measure::all(options, &questions).await?;
    let mut results = Results {
        schema_version: SCHEMA_VERSION,
        commit: commit(&root).await,
        started_at,
        duration_ms: u64::try_from(began.elapsed().as_millis())?,
        workers: options.corpus.is_none().then_some(options.workers),
        seed: options.corpus.is_none().then_some(options.seed),
        measurements,
        gates: Vec::new(),
        verdict: Verdict::Inconclusive,
    };
    let is_complete = options.questions.is_empty();
    if is_complete || options.budgets.is_some() {
        results.gates = budgets.judge(&results.measurements, is_complete)?;
    }
    results.verdict = verdict(&results);
    report::write(&results, &options.output)?;
    report::print(&results, options.list)?;
    Ok(results.verdict)
}

/// The budgets of the command line's file, or the repository's.
fn budgets(options: &Options, root: &Path) -> Result<Budgets> {
    let file = options.budgets.clone();
    Ok(Budgets::read(&file.unwrap_or_else(|| root.join(FILE)))?)
}

/// The questions of the command line's files, or of all files in the repository.
fn questions(options: &Options, root: &Path) -> Result<Vec<Question>> {
    let mut files = options.questions.clone();
    if files.is_empty() {
        let folder = root.join(QUESTIONS);
        let entries = std::fs::read_dir(&folder);
        let entries = entries.with_context(|| format!("cannot read `{}`", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                files.push(path);
            }
        }
        files.sort();
    }
    let mut questions = Vec::new();
    for file in &files {
        questions.extend(question::read(file)?);
    }
    if questions.is_empty() {
        let message = "found no questions; expected a question on each line of a `.jsonl` file";
        return Err(UsageError(message.to_owned()).into());
    }
    Ok(questions)
}

fn verdict(results: &Results) -> Verdict {
    let mut outcomes = results.gates.iter().map(|gate| gate.outcome);
    if outcomes
        .clone()
        .any(|outcome| outcome == GateOutcome::Failed)
    {
        Verdict::Fail
    } else if results.gates.is_empty() || outcomes.any(|one| one == GateOutcome::Inconclusive) {
        Verdict::Inconclusive
    } else {
        Verdict::Pass
    }
}

/// Checks the options that the parser of the command line cannot.
///
/// # Errors
/// Options exclude each other, or a file of questions or budgets is wrong.
pub fn check(options: &Options) -> Result<()> {
    let root = workspace_root()?;
    budgets(options, &root)?;
    questions(options, &root)?;
    let is_single = options.style != Styles::Both;
    let message = "`--url` and `--corpus` need one style: add `--style plain` or `--style natural`";
    ensure!(
        is_single || (options.url.is_none() && options.corpus.is_none()),
        UsageError(message.to_owned())
    );
    Ok(())
}
