//! `--bless`: writing down what a run showed, after showing it and asking.
//!
//! Nothing is written without a yes: from the terminal, entry by entry, or for all of them with a
//! reason on the command line. Comments and order of the files stay.

mod propose;

use std::io::{self, BufRead, Write};
use std::path::Path;

use lakehouse_rig::error::Error;
use toml_edit::{ArrayOfTables, DocumentMut, Item, value};

use crate::config::Root;
use crate::coverage::{self, SurfaceCoverage};
use crate::ledger::divergence;
use crate::outcome::Run;
use propose::{Edit, Proposal, Proposals};

/// Who says yes.
#[derive(Debug)]
pub enum Consent<'a, R> {
    /// Somebody at a terminal, who is asked for each entry and for its reason.
    Asked {
        /// What they type.
        input: R,
    },
    /// Whoever wrote the command, for everything, with a reason.
    Given {
        /// Written into every pin.
        reason: &'a str,
    },
}

/// What became of what a run would have written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blessed {
    /// Entries written.
    pub written: usize,
    /// Entries declined, and failures that no entry could mend.
    pub left: usize,
}

/// Shows every entry that would make the run pass, asks, and writes those that got a yes.
///
/// # Errors
///
/// Files that cannot be read or written, or that would be wrong afterwards: they are put back.
pub fn bless<R: BufRead>(
    run: &Run,
    consent: Consent<'_, R>,
    out: &mut impl Write,
) -> Result<Blessed, Error> {
    let root = Root::read(&run.root)?;
    let ratchet = coverage::Ratchet::read(&root)?;
    let Proposals { all, unmendable } = propose::all(run, &ratchet);
    let talk = |error| Error::io("write to", "standard output".as_ref(), error);
    let mut accepted = Vec::new();
    let mut left = unmendable.len();
    let mut consent = consent;
    for proposal in &all {
        match ask(proposal, &mut consent, out).map_err(talk)? {
            Some(reason) => accepted.push((proposal, reason)),
            None => left += 1,
        }
    }
    for failure in &unmendable {
        writeln!(out, "not for `--bless`: {failure}").map_err(talk)?;
    }
    write_all(&run.root, &run.coverage, &accepted)?;
    let written = accepted.len();
    writeln!(out, "{written} written, {left} left").map_err(talk)?;
    Ok(Blessed { written, left })
}

/// The reason, if there is a yes.
fn ask<R: BufRead>(
    proposal: &Proposal,
    consent: &mut Consent<'_, R>,
    out: &mut impl Write,
) -> io::Result<Option<String>> {
    writeln!(out, "\n{}\n", proposal.shown.trim_end())?;
    let input = match consent {
        Consent::Given { reason } => return Ok(Some((*reason).to_owned())),
        Consent::Asked { input } => input,
    };
    let mut line = |question: &str, out: &mut dyn Write| -> io::Result<String> {
        write!(out, "{question}")?;
        out.flush()?;
        let mut line = String::new();
        input.read_line(&mut line)?;
        Ok(line.trim().to_owned())
    };
    let answer = line(proposal.question, out)?;
    if !answer.eq_ignore_ascii_case("y") && !answer.eq_ignore_ascii_case("yes") {
        return Ok(None);
    }
    if !proposal.needs_reason {
        return Ok(Some(String::new()));
    }
    let reason = line("reason: ", out)?;
    if reason.is_empty() {
        writeln!(out, "not written: it needs a reason")?;
        return Ok(None);
    }
    Ok(Some(reason))
}

fn write_all(
    directory: &Path,
    coverage: &[SurfaceCoverage],
    accepted: &[(&Proposal, String)],
) -> Result<(), Error> {
    let pins: Vec<(&Edit, &str)> = accepted
        .iter()
        .filter(|(proposal, _)| !matches!(proposal.edit, Edit::Coverage { .. }))
        .map(|(proposal, reason)| (&proposal.edit, reason.as_str()))
        .collect();
    if !pins.is_empty() {
        rewrite(directory, divergence::FILE, |before| {
            edit_pins(before.unwrap_or_default(), &pins)
        })?;
    }
    for (proposal, reason) in accepted {
        let Edit::Coverage { surface, loses } = &proposal.edit else {
            continue;
        };
        let Some(now) = coverage.iter().find(|now| now.surface == *surface) else {
            continue;
        };
        let why = Some(reason.as_str()).filter(|reason| *loses && !reason.is_empty());
        rewrite(directory, coverage::FILE, |before| {
            coverage::bless(before, now, why)
        })?;
    }
    Ok(())
}

/// Rewrites a file of a root, and puts it back when the root cannot be read any more.
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
            "mend it by hand first",
        )
    })?;
    let write =
        |text: &str| std::fs::write(&path, text).map_err(|error| Error::io("write", &path, error));
    write(&after)?;
    let checked = Root::read(directory).and_then(|root| coverage::Ratchet::read(&root));
    if let Err(error) = checked {
        match &before {
            Some(before) => write(before)?,
            None => std::fs::remove_file(&path).map_err(|e| Error::io("remove", &path, e))?,
        }
        return Err(error);
    }
    Ok(())
}

/// The ledger's text with all edits: changes first, while the indices hold, then what goes, then
/// what comes.
fn edit_pins(before: &str, edits: &[(&Edit, &str)]) -> Result<String, toml_edit::TomlError> {
    let (head, mut document) = parse(before)?;
    let pins = document
        .entry("divergence")
        .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let Some(pins) = pins.as_array_of_tables_mut() else {
        return Ok(before.to_owned());
    };
    let mut gone = Vec::new();
    for (edit, reason) in edits {
        match edit {
            Edit::Change { index, fields } => {
                let fields: DocumentMut = fields.parse()?;
                if let Some(pin) = pins.get_mut(*index) {
                    for (name, field) in fields.iter() {
                        pin.insert(name, field.clone());
                    }
                    if !reason.is_empty() {
                        pin.insert("reason", value(*reason));
                    }
                }
            }
            Edit::Delete { index } => gone.push(*index),
            Edit::Add { .. } | Edit::Coverage { .. } => {}
        }
    }
    gone.sort_unstable();
    gone.dedup();
    for index in gone.into_iter().rev() {
        if index < pins.len() {
            pins.remove(index);
        }
    }
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    for (edit, reason) in edits {
        let Edit::Add { pin } = edit else {
            continue;
        };
        let parsed: DocumentMut = pin.parse()?;
        let mut table = toml_edit::Table::new();
        if let Some(written) = parsed["divergence"]
            .as_array_of_tables()
            .and_then(|all| all.get(0))
        {
            for (name, field) in written.iter() {
                table.insert(name, field.clone());
            }
        }
        table.insert("reason", value(*reason));
        table.insert(
            "decision",
            value(format!("accepted with `--bless` on {today}")),
        );
        table.decor_mut().set_prefix("\n");
        pins.push(table);
    }
    Ok(format!("{head}{document}"))
}

/// A file as an editable document. Of one that holds comments only, they come apart: as part of
/// the document they would stand behind whatever is added.
pub(crate) fn parse(text: &str) -> Result<(String, DocumentMut), toml_edit::TomlError> {
    let document: DocumentMut = text.parse()?;
    if !document.is_empty() || text.is_empty() {
        return Ok((String::new(), document));
    }
    let blank = if text.ends_with("\n\n") { "" } else { "\n" };
    Ok((format!("{text}{blank}"), DocumentMut::new()))
}

#[cfg(test)]
mod tests;
