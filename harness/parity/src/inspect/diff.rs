//! `parity diff`: new, fixed and moved differences between two runs, grouped by cause.

mod cause;
mod changes;
mod group;
mod page;
mod read;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;
use lakehouse_rig::text::{counted, thousands};

pub use changes::{Change, Changes};
pub use group::Group;
pub use read::Unlisted;

use super::last_runs;
use crate::report::json::MAX_DIFFERENCES;
use read::Report;

/// Cases that the line of a group names.
const MAX_NAMED: usize = 4;

/// Two runs and what changed between them.
#[derive(Debug)]
pub struct Comparison {
    /// The earlier run: its commit and time.
    pub before: String,
    /// The later run: its commit and time.
    pub after: String,
    /// The changes.
    pub changes: Changes,
}

/// The folders of the two runs to compare, the earlier first: those that are named, or else the last
/// ones. One name is compared with the last run.
///
/// # Errors
///
/// There are not enough runs.
pub fn choose(runs: &[PathBuf], named: &[PathBuf]) -> Result<(PathBuf, PathBuf), Error> {
    let last = last_runs(runs, 2 - named.len().min(2))?;
    let chosen: Vec<PathBuf> = named.iter().cloned().chain(last).collect();
    match <[PathBuf; 2]>::try_from(chosen) {
        Ok([before, after]) => Ok((before, after)),
        Err(chosen) => Err(Error::usage(
            format!(
                "comparing needs two runs, and there {}",
                match chosen.len() {
                    0 => "is none",
                    _ => "is one",
                }
            ),
            "run `parity` again, or name two reports: `parity diff BEFORE AFTER`",
        )),
    }
}

/// Compares two runs. Each is a `report.json`, or a folder that has one.
///
/// # Errors
///
/// A file that cannot be read, is not a report, or was cut short.
pub fn compare(before: &Path, after: &Path) -> Result<Comparison, Error> {
    let (before, after) = (Report::read(before)?, Report::read(after)?);
    Ok(Comparison {
        before: before.name(),
        after: after.name(),
        changes: Changes::new(&before, &after),
    })
}

impl Comparison {
    /// The sections that are not empty: their titles and groups.
    fn sections(&self) -> Vec<(&'static str, usize, Vec<Group<'_>>)> {
        let changes = &self.changes;
        [
            ("new", &changes.new),
            ("moved", &changes.moved),
            ("fixed", &changes.fixed),
            ("no longer run", &changes.gone),
        ]
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(title, list)| (title, list.len(), group::by_cause(list)))
        .collect()
    }

    /// `1 new, 0 moved, 2 fixed, 3 unchanged`.
    fn totals(&self) -> String {
        let changes = &self.changes;
        format!(
            "{} new, {} moved, {} fixed, {} unchanged",
            changes.new.len(),
            changes.moved.len(),
            changes.fixed.len(),
            changes.unchanged
        )
    }

    /// The comparison for a terminal.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("from {} to {}\n", self.before, self.after);
        for (title, count, groups) in self.sections() {
            let of = match groups.len() {
                groups if groups < count => format!(" in {}", counted(groups, "group")),
                _ => String::new(),
            };
            let _ = writeln!(text, "\n{title} ({count}{of})");
            for group in &groups {
                write_group(&mut text, group);
            }
        }
        let _ = writeln!(text, "\n{}", self.totals());
        for note in self.notes() {
            let _ = writeln!(text, "{note}");
        }
        text
    }

    /// What was not compared.
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.changes.left_out > 0 {
            let cases = counted(self.changes.left_out, "other case");
            notes.push(format!("{cases} did not run"));
        }
        for (run, unlisted) in ["earlier", "later"].iter().zip(self.changes.unlisted) {
            if unlisted.differences > 0 {
                let differences = counted(unlisted.differences, "difference");
                let cases = counted(unlisted.cases, "case");
                notes.push(format!(
                    "not compared: {differences} of {cases} of the {run} run, as a report lists at most {} of a case",
                    thousands(MAX_DIFFERENCES as u64)
                ));
            }
        }
        notes
    }

    /// The comparison as a self-contained page.
    ///
    /// # Errors
    ///
    /// The page cannot be rendered.
    pub fn page(&self) -> std::io::Result<String> {
        page::render(self)
    }
}

fn write_group(text: &mut String, group: &Group<'_>) {
    let cases = group.cases();
    if cases.len() == 1 {
        for change in &group.changes {
            let _ = writeln!(text, "  {}", change.line());
        }
        return;
    }
    let _ = writeln!(text, "  {}", group.title());
    let named: Vec<&str> = cases.iter().take(MAX_NAMED).map(String::as_str).collect();
    let more = match cases.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let _ = writeln!(text, "    {}{more}", named.join(", "));
    if let Some(example) = group.changes.first() {
        let _ = writeln!(text, "    for example {}", example.line());
    }
}
