//! Writing a run down: for machines, for a browser, for a terminal, for a pull request.
//!
//! Everything here reads an [`outcome::Run`](crate::outcome::Run) and nothing else. One run makes
//! `report.json`, `junit.xml`, `report.html` and `summary.md`; [`print`] shows the short form, and
//! [`log::rewrite`] keeps the two living documents of a repository.

pub mod json;
pub mod log;
pub mod text_diff;

mod grid;
mod group;
mod html;
mod junit;
mod markdown;
mod mutation;
mod terminal;
mod text;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use lakehouse_rig::text::Look;

use crate::outcome::Run;

/// The files of one report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The machine-readable report, written last.
    pub json: PathBuf,
    /// One test case per case and pair.
    pub junit: PathBuf,
    /// One self-contained page.
    pub html: PathBuf,
    /// The summary for a pull request.
    pub summary: PathBuf,
}

/// Writes all reports, and appends the summary to the file that `GITHUB_STEP_SUMMARY` names, when
/// it is set.
pub fn write_all(run: &Run, folder: &Path) -> io::Result<Written> {
    let written = write_files(run, folder)?;
    if let Some(shared) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty()) {
        append_summary(run, Path::new(&shared))?;
    }
    Ok(written)
}

/// Writes all reports into `folder`, which is made when it is absent.
///
/// `report.json` comes last: its presence says that the others are there.
pub fn write_files(run: &Run, folder: &Path) -> io::Result<Written> {
    fs::create_dir_all(folder)?;
    let written = Written {
        json: folder.join("report.json"),
        junit: folder.join("junit.xml"),
        html: folder.join("report.html"),
        summary: folder.join("summary.md"),
    };
    // A report of an earlier run must not be taken for this one's when writing breaks off.
    match fs::remove_file(&written.json) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::write(&written.junit, junit::render(run)?)?;
    fs::write(&written.html, html::render(run)?)?;
    fs::write(&written.summary, markdown::render(run))?;
    fs::write(&written.json, json::render(run)?)?;
    Ok(written)
}

/// Appends the summary to a file that several tools write to.
pub fn append_summary(run: &Run, file: &Path) -> io::Result<()> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)?
        .write_all(markdown::render(run).as_bytes())
}

/// Shows the grid, what differs and how to run just that, cut to what fits a screen or two.
///
/// Colours are used when the terminal has them and `NO_COLOR` is not set.
pub fn print(run: &Run, term: &console::Term) -> io::Result<()> {
    term.write_str(&terminal::render(run, Look::from_terminal(term)))
}
