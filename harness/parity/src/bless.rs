//! `--bless`: shows each difference of a run, asks, and accepts it.
//!
//! Entries are accepted one by one at a terminal, or all together with a reason on the command
//! line. The files keep their comments and their order.

mod ask;
mod coverage;
mod migrate;
mod pins;
mod propose;
mod toml;

use std::io::{BufRead, Write};
use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::text::counted;

pub use ask::Consent;
use migrate::Migration;
use propose::{Edit, PinEdit, Proposals};

use crate::config::{Root, baseline, pin};
use crate::outcome::{Run, SurfaceCoverage};

/// Numbers of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blessed {
    /// Entries written.
    pub written: usize,
    /// Entries that were not accepted, and failures that cannot be accepted.
    pub left: usize,
}

/// Shows every entry that would make the run pass, asks, and writes the accepted ones.
///
/// # Errors
///
/// Files that cannot be read or written. A file that would become invalid is restored.
pub fn bless<R: BufRead>(
    run: &Run,
    consent: Consent<'_, R>,
    out: &mut impl Write,
) -> Result<Blessed, Error> {
    let root = Root::read(&run.root)?;
    let failed = |error| Error::io("write to", "standard output".as_ref(), error);
    let migrations = migrate::migrations(run, &root.pins);
    if !migrations.is_empty() {
        rewrite(&run.root, pin::FILE, |before| {
            migrate::edit(before.unwrap_or_default(), &migrations)
        })?;
        for accepted in migrations.iter().flat_map(Migration::accepted) {
            writeln!(out, "{accepted}").map_err(failed)?;
        }
        let blessed = migrated(run, &migrations);
        writeln!(out, "{}", migration_summary(&migrations, blessed)).map_err(failed)?;
        return Ok(blessed);
    }
    let Proposals {
        all,
        not_acceptable,
    } = propose::all(run, root.baseline.as_ref());
    let reasons = ask::ask_all(&all, consent, out).map_err(failed)?;
    for failure in &not_acceptable {
        writeln!(out, "Cannot be accepted: {failure}").map_err(failed)?;
    }
    let accepted: Vec<(&Edit, &str)> = all
        .iter()
        .zip(&reasons)
        .filter_map(|(proposal, reason)| Some((&proposal.edit, reason.as_deref()?)))
        .collect();
    write_all(&run.root, &run.coverage, &accepted)?;
    let blessed = Blessed {
        written: accepted.len(),
        left: all.len() - accepted.len() + not_acceptable.len(),
    };
    writeln!(out, "{}", summary(blessed)).map_err(failed)?;
    Ok(blessed)
}

/// What is left are the differences and the failures that no new pin is about.
fn migrated(run: &Run, migrations: &[Migration]) -> Blessed {
    let unexpected = run.cases.iter().flat_map(|case| &case.differences);
    let unexpected = unexpected.filter(|judged| judged.pin.is_none()).count();
    let accepted: usize = migrations.iter().map(Migration::count).sum();
    let failures = run.ledger_failures.len().saturating_sub(migrations.len());
    Blessed {
        written: migrations.len(),
        left: unexpected.saturating_sub(accepted) + failures,
    }
}

fn migration_summary(migrations: &[Migration], blessed: Blessed) -> String {
    let again = match blessed.left {
        0 => "",
        _ => " Run again to review the other differences.",
    };
    format!(
        "Rewrote {} in `{}`: a long value is now described by its digest, not by its length alone. Check the values above.{again}",
        counted(migrations.len(), "old pin"),
        pin::FILE,
    )
}

fn summary(blessed: Blessed) -> String {
    let hint = match blessed.written {
        0 => "",
        _ => " Update the documents with `cargo xtask parity --log`.",
    };
    format!(
        "Accepted: {}. Not accepted: {}.{hint}",
        blessed.written, blessed.left
    )
}

fn write_all(
    directory: &Path,
    coverage: &[SurfaceCoverage],
    accepted: &[(&Edit, &str)],
) -> Result<(), Error> {
    let pins: Vec<(&PinEdit, &str)> = accepted
        .iter()
        .filter_map(|(edit, reason)| match edit {
            Edit::Pin(edit) => Some((edit, *reason)),
            Edit::Coverage { .. } => None,
        })
        .collect();
    if !pins.is_empty() {
        rewrite(directory, pin::FILE, |before| {
            pins::edit(before.unwrap_or_default(), &pins)
        })?;
    }
    for (edit, reason) in accepted {
        let Edit::Coverage { surface, loses } = edit else {
            continue;
        };
        let Some(now) = coverage.iter().find(|now| now.surface == *surface) else {
            continue;
        };
        let why = Some(*reason).filter(|reason| *loses && !reason.is_empty());
        rewrite(directory, baseline::FILE, |before| {
            coverage::edit(before, now, why)
        })?;
    }
    Ok(())
}

/// Rewrites a file of a root, and restores it when the root would be invalid.
fn rewrite(
    directory: &Path,
    file: &str,
    edit: impl FnOnce(Option<&str>) -> Result<String, toml_edit::TomlError>,
) -> Result<(), Error> {
    let path = directory.join(file);
    let before = std::fs::read_to_string(&path).ok();
    let after = edit(before.as_deref()).map_err(|error| {
        Error::usage(
            format!("`{file}` cannot be edited: {}", error.message()),
            "fix it by hand first",
        )
    })?;
    let write =
        |text: &str| std::fs::write(&path, text).map_err(|error| Error::io("write", &path, error));
    write(&after)?;
    if let Err(error) = Root::read(directory) {
        match &before {
            Some(before) => write(before)?,
            None => std::fs::remove_file(&path).map_err(|e| Error::io("remove", &path, e))?,
        }
        return Err(error);
    }
    Ok(())
}
