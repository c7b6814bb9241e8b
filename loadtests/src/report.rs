//! The reports of a run, all made from its [`Results`] alone.
//!
//! A run writes `results.json`, `report.html`, `junit.xml`, `summary.md` and a line of
//! `history.jsonl`; [`print`] shows the short form on the terminal.

pub mod history;

mod html;
mod junit;
mod markdown;
mod summary;
mod terminal;
mod text;

pub(crate) use terminal::TABLE_STYLE;

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use lakehouse_rig::output::printed;
use lakehouse_rig::text::Look;

use crate::results::Results;

/// The files of one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The machine-readable results, written first because the other files can be derived from them.
    pub json: PathBuf,
    /// A self-contained page.
    pub html: PathBuf,
    /// A test case for each flow and each gate.
    pub junit: PathBuf,
    /// The summary for a pull request.
    pub summary: PathBuf,
    /// A line for each run so far.
    pub history: PathBuf,
}

/// Writes all reports into `folder`, and appends the summary to the file named by
/// `GITHUB_STEP_SUMMARY` if it is set.
pub fn write(results: &Results, folder: &Path) -> anyhow::Result<Written> {
    let written = write_files(results, folder)?;
    if let Some(shared) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty()) {
        append_summary(results, Path::new(&shared))?;
    }
    Ok(written)
}

/// Writes all reports into `folder`, which is created if necessary.
///
/// Writing a run again replaces its files and adds no second line to the history.
pub fn write_files(results: &Results, folder: &Path) -> anyhow::Result<Written> {
    let written = Written {
        json: folder.join("results.json"),
        html: folder.join("report.html"),
        junit: folder.join("junit.xml"),
        summary: folder.join("summary.md"),
        history: folder.join("history.jsonl"),
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
    // If writing fails, the pages of an earlier run must not look like those of this one.
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

/// Appends the summary to a file that other tools write to as well.
pub fn append_summary(results: &Results, file: &Path) -> anyhow::Result<()> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut opened| opened.write_all(markdown::render(results).as_bytes()))
        .with_context(|| format!("cannot append the summary to `{}`", file.display()))
}

/// Prints the short form to standard output, with colours on a terminal unless `NO_COLOR` is set.
pub fn print(results: &Results) -> anyhow::Result<()> {
    let term = console::Term::stdout();
    printed(term.write_str(&terminal::render(results, Look::from_terminal(&term))))
        .context("cannot write to standard output")
}

/// The text of [`print`], without colours and 120 columns wide.
pub fn text(results: &Results) -> String {
    terminal::render(results, Look::PLAIN)
}

/// The same, for a terminal of this many columns.
pub fn text_of_width(results: &Results, width: u16) -> String {
    let look = Look {
        width,
        ..Look::PLAIN
    };
    terminal::render(results, look)
}

/// Writes a file atomically: a reader sees either the old or the new content.
fn replace(file: &Path, text: &str) -> anyhow::Result<()> {
    let mut unfinished = file.to_owned().into_os_string();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    fs::write(&unfinished, text)
        .and_then(|()| fs::rename(&unfinished, file))
        .with_context(|| format!("cannot write `{}`", file.display()))
}
