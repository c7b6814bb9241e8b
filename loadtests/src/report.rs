//! Writing a run down: for machines, for a browser, for a terminal, for a pull request.
//!
//! Everything here reads [`Results`] and nothing else. One run makes `results.json`,
//! `report.html`, `junit.xml` and `summary.md`, and a line of `history.jsonl`; [`print`] shows the
//! short form.

pub mod history;

mod grid;
mod html;
mod junit;
mod markdown;
mod terminal;
mod text;

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::results::Results;

/// The files of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The machine-readable results, written first: they are what cannot be made again.
    pub json: PathBuf,
    /// One self-contained page.
    pub html: PathBuf,
    /// A test case per flow and per gate.
    pub junit: PathBuf,
    /// The summary for a pull request.
    pub summary: PathBuf,
    /// One line for each run so far.
    pub history: PathBuf,
}

/// Writes all reports into `folder`, and appends the summary to the file that
/// `GITHUB_STEP_SUMMARY` names, when it is set.
pub fn write(results: &Results, folder: &Path) -> anyhow::Result<Written> {
    let written = write_files(results, folder)?;
    if let Some(shared) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty()) {
        append_summary(results, Path::new(&shared))?;
    }
    Ok(written)
}

/// Writes all reports into `folder`, which is made when it is absent.
///
/// Writing the same run again replaces its files and leaves one line of it in the history.
pub fn write_files(results: &Results, folder: &Path) -> anyhow::Result<Written> {
    let written = Written {
        json: folder.join("results.json"),
        html: folder.join("report.html"),
        junit: folder.join("junit.xml"),
        summary: folder.join("summary.md"),
        history: folder.join("history.jsonl"),
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    // Pages of an earlier run must not be taken for this one's when writing breaks off.
    for file in [&written.html, &written.junit, &written.summary] {
        match fs::remove_file(file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot replace `{}`", file.display()));
            }
            _ => {}
        }
    }
    let mut json = serde_json::to_string_pretty(results)?;
    json.push('\n');
    replace(&written.json, &json)?;
    history::append(results, &written.history)?;
    let runs = history::read(&written.history)?;
    replace(&written.junit, &junit::render(results)?)?;
    replace(&written.summary, &markdown::render(results))?;
    replace(&written.html, &html::render(results, &runs)?)?;
    Ok(written)
}

/// Appends the summary to a file that several tools write to.
pub fn append_summary(results: &Results, file: &Path) -> anyhow::Result<()> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut opened| opened.write_all(markdown::render(results).as_bytes()))
        .with_context(|| format!("cannot append the summary to `{}`", file.display()))
}

/// Shows what was found on standard output, cut to what matters.
///
/// Colours are used when it is a terminal that has them and `NO_COLOR` is not set.
pub fn print(results: &Results) -> anyhow::Result<()> {
    let term = console::Term::stdout();
    term.write_str(&terminal::render(results, terminal::Look::of(&term)))
        .context("cannot write to standard output")
}

/// What [`print`] shows, without colours and as wide as a page.
pub fn text(results: &Results) -> String {
    terminal::render(results, terminal::Look::PLAIN)
}

/// Writes a file so that a reader sees all of it or what was there before.
fn replace(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut unfinished = file.to_owned().into_os_string();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    fs::write(&unfinished, text)
        .and_then(|()| fs::rename(&unfinished, file))
        .with_context(|| format!("cannot write `{}`", file.display()))
}
