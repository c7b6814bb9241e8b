//! Reports of a run: for machines, for a browser, for a terminal, for a pull request.
//!
//! Every report is written from an [`outcome::Run`](crate::outcome::Run) alone. [`write_all`]
//! writes `report.json`, `junit.xml`, `report.html` and `summary.md`; [`print`] shows the short
//! form, and [`log::rewrite`] updates `docs/parity.md` and `docs/drift.md`.

pub mod json;
pub mod log;
pub mod text_diff;

mod answers;
mod escape;
mod grid;
pub(crate) mod group;
mod html;
mod junit;
mod location;
mod markdown;
mod mutation;
pub(crate) mod plain;
mod request;
mod rules;
mod sentence;
mod strip;
mod terminal;
mod text;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use lakehouse_rig::file::write_whole;
use lakehouse_rig::text::Look;

pub(crate) use group::{pattern, without_values};
pub use location::location;

use crate::outcome::Run;

pub(crate) use answers::both as both_answers;

/// The files of one report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The machine-readable report, written last.
    pub json: PathBuf,
    /// JUnit: one test case per case and pair.
    pub junit: PathBuf,
    /// The self-contained page.
    pub html: PathBuf,
    /// The summary for a pull request.
    pub summary: PathBuf,
}

/// Writes all reports, and appends the summary to the file that `GITHUB_STEP_SUMMARY` names.
pub fn write_all(run: &Run, folder: &Path) -> io::Result<Written> {
    let written = write_files(run, folder)?;
    if let Some(shared) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty()) {
        append_summary(run, Path::new(&shared))?;
    }
    Ok(written)
}

/// Writes all reports into `folder`, which is created when it is missing.
///
/// Every file is whole or absent. `report.json` is written last, so its presence means that the
/// others are complete.
pub fn write_files(run: &Run, folder: &Path) -> io::Result<Written> {
    fs::create_dir_all(folder)?;
    let written = Written {
        json: folder.join("report.json"),
        junit: folder.join("junit.xml"),
        html: folder.join("report.html"),
        summary: folder.join("summary.md"),
    };
    // Without this, a failed write would leave the reports of an earlier run in place.
    for earlier in [
        &written.json,
        &written.junit,
        &written.html,
        &written.summary,
    ] {
        match fs::remove_file(earlier) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    write_whole(&written.junit, escape::document(junit::render(run)?))?;
    write_whole(&written.html, escape::document(html::render(run)?))?;
    write_whole(&written.summary, escape::document(markdown::render(run)))?;
    write_whole(&written.json, escape::json(json::render(run)?))?;
    Ok(written)
}

/// Appends the summary to a file that other tools write to as well.
pub fn append_summary(run: &Run, file: &Path) -> io::Result<()> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)?
        .write_all(escape::document(markdown::render(run)).as_bytes())
}

/// Prints the grid, the differences and the commands that reproduce them, on a screen or two.
///
/// Colours are used when the terminal has them and `NO_COLOR` is not set.
pub fn print(run: &Run, term: &console::Term) -> io::Result<()> {
    term.write_str(&terminal::render(run, Look::from_terminal(term)))
}
