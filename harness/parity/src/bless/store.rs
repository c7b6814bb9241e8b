//! The files that `--bless` writes.

use std::path::Path;

use lakehouse_rig::error::Error;
use toml_edit::TomlError;

use super::coverage;
use super::pins::{self, PinEdit};
use crate::config::{Pin, Root, baseline, pin};
use crate::ledger::divergence;
use crate::outcome::{PinOutcome, Run, SurfaceCoverage};
use crate::report::log;

/// The files of a root. Each write is complete: the root can be read, and `docs/drift.md` agrees
/// with `fixtures/divergences.toml`.
pub(super) struct Store<'a> {
    run: &'a Run,
    directory: &'a Path,
    pub(super) today: jiff::civil::Date,
    /// Whether the root has a `docs/drift.md`.
    pub(super) has_drift: bool,
}

impl<'a> Store<'a> {
    pub(super) fn new(run: &'a Run) -> Store<'a> {
        let directory = run.root.as_path();
        Store {
            run,
            directory,
            today: jiff::Timestamp::now()
                .to_zoned(jiff::tz::TimeZone::UTC)
                .date(),
            has_drift: directory.join(log::DRIFT).is_file(),
        }
    }

    /// The text of `fixtures/divergences.toml`; empty if there is no such file.
    pub(super) fn pins(&self) -> Result<String, Error> {
        Ok(self.read(pin::FILE)?.unwrap_or_default())
    }

    /// Writes `fixtures/divergences.toml`: the text `before` with the edits.
    pub(super) fn put_pins(&self, before: &str, edits: &[PinEdit]) -> Result<(), Error> {
        self.rewrite_pins(|_| pins::edit(before, edits))
    }

    pub(super) fn rewrite_pins(
        &self,
        edit: impl FnOnce(&str) -> Result<String, TomlError>,
    ) -> Result<(), Error> {
        let root = self.rewrite(pin::FILE, |before| edit(before.unwrap_or_default()))?;
        self.write_drift(&root)
    }

    /// Writes `docs/drift.md`, if the root has one.
    pub(super) fn write_drift(&self, root: &Root) -> Result<(), Error> {
        if !self.has_drift {
            return Ok(());
        }
        let outcome = |pin: &Pin| divergence::outcome_of(pin, &self.run.divergences);
        let outcomes: Vec<PinOutcome> = root.pins.iter().map(outcome).collect();
        self.write(log::DRIFT, &log::drift(&outcomes))
    }

    /// Writes the coverage of one surface. A reason becomes a comment.
    pub(super) fn put_coverage(&self, now: &SurfaceCoverage, reason: &str) -> Result<(), Error> {
        let why = Some(reason).filter(|reason| !reason.is_empty());
        let edit = |before: Option<&str>| coverage::edit(before, now, why);
        self.rewrite(baseline::FILE, edit).map(|_| ())
    }

    /// Rewrites a file, and restores it when the root would be invalid.
    fn rewrite(
        &self,
        file: &str,
        edit: impl FnOnce(Option<&str>) -> Result<String, TomlError>,
    ) -> Result<Root, Error> {
        let before = self.read(file)?;
        let after = edit(before.as_deref()).map_err(|error| {
            Error::usage(
                format!("`{file}` cannot be edited: {}", error.message()),
                "fix it by hand first",
            )
        })?;
        self.write(file, &after)?;
        Root::read(self.directory).inspect_err(|_| {
            // The mistake is more useful than a second failure.
            let _ = match &before {
                Some(before) => self.write(file, before),
                None => std::fs::remove_file(self.directory.join(file))
                    .map_err(|error| Error::io("remove", file.as_ref(), error)),
            };
        })
    }

    fn read(&self, file: &str) -> Result<Option<String>, Error> {
        let path = self.directory.join(file);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", &path, error)),
        }
    }

    /// Replaces a file as a whole, so that an interruption leaves the old or the new text.
    fn write(&self, file: &str, text: &str) -> Result<(), Error> {
        let path = self.directory.join(file);
        let mut new = path.clone().into_os_string();
        new.push(".new");
        std::fs::write(&new, text)
            .and_then(|()| std::fs::rename(&new, &path))
            .map_err(|error| Error::io("write", &path, error))
    }
}
