//! Reports of a run: for machines, for a browser, for a terminal, for a pull request.
//!
//! Every report is rendered from an [`outcome::Run`](crate::outcome::Run) alone. [`Rendered`]
//! holds `report.json`, `junit.xml`, `report.html` and `summary.md`; [`print`] shows the short
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
use std::path::Path;

use lakehouse_rig::file::write_whole;
use lakehouse_rig::text::Look;

pub(crate) use group::{pattern, without_values};
pub use location::location;

use crate::outcome::Run;

pub(crate) use answers::both as both_answers;

/// The texts of one report. Rendering may take seconds and writes nothing, so a run that is
/// stopped can leave it unfinished.
#[derive(Debug)]
pub struct Rendered {
    json: String,
    junit: String,
    html: String,
    summary: String,
}

impl Rendered {
    /// Renders all reports.
    ///
    /// # Errors
    ///
    /// A report that cannot be rendered.
    pub fn new(run: &Run) -> io::Result<Rendered> {
        Ok(Rendered {
            junit: escape::document(junit::render(run)?),
            html: escape::document(html::render(run)?),
            summary: escape::document(markdown::render(run)),
            json: escape::json(json::render(run)?),
        })
    }

    /// Writes all reports into `folder`, which is created when it is missing.
    ///
    /// Every file is whole or absent. `report.json` is written last, so its presence means that the
    /// others are complete.
    ///
    /// # Errors
    ///
    /// A file that cannot be written. The reports of an earlier run are gone then, too.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let files = [
            ("junit.xml", &self.junit),
            ("report.html", &self.html),
            ("summary.md", &self.summary),
            ("report.json", &self.json),
        ]
        .map(|(name, text)| (folder.join(name), text));
        // Without this, a failed write would leave the reports of an earlier run in place.
        for (file, _) in files.iter().rev() {
            match fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        for (file, text) in &files {
            write_whole(file, text)?;
        }
        Ok(())
    }

    /// Appends the summary to the file that `GITHUB_STEP_SUMMARY` names, if there is one.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn append_shared_summary(&self) -> io::Result<()> {
        match std::env::var_os("GITHUB_STEP_SUMMARY").filter(|name| !name.is_empty()) {
            Some(shared) => self.append_summary(Path::new(&shared)),
            None => Ok(()),
        }
    }

    /// Appends the summary to a file that other tools write to as well.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn append_summary(&self, file: &Path) -> io::Result<()> {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(file)?
            .write_all(self.summary.as_bytes())
    }
}

/// Prints the grid, the differences and the commands that reproduce them, on a screen or two.
///
/// Colours are used when the terminal has them and `NO_COLOR` is not set.
pub fn print(run: &Run, term: &console::Term) -> io::Result<()> {
    term.write_str(&terminal::render(run, Look::from_terminal(term)))
}
