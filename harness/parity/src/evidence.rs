//! The evidence of a full run: its results, and hashes of everything that was compared.
//! [`may_replace`] decides from it whether one implementation may replace another.

mod file;
mod keys;
mod verdict;

use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;

pub use file::{Evidence, FILE};
pub use keys::Keys;
pub use verdict::{Answer, Question};

use crate::config::Root;
use crate::outcome::Run;
use crate::run::Options;

/// The keys of a full run before it starts; `None` for a partial run.
///
/// # Errors
///
/// An invalid root, or sources that cannot be read.
pub fn before(options: &Options) -> Result<Option<Keys>, Error> {
    if options.is_filtered() {
        return Ok(None);
    }
    Keys::read(&Root::read(&options.root)?).map(Some)
}

/// Why a full run is no evidence: it was cut short, or something changed during it.
///
/// # Errors
///
/// An invalid root, or sources that cannot be read.
pub fn why_not(options: &Options, keys: &Keys, run: &Run) -> Result<Option<String>, Error> {
    if run.filtered {
        return Ok(None);
    }
    if run.cut_short {
        return Ok(Some("the run was cut short".to_owned()));
    }
    let changed = Keys::read(&Root::read(&options.root)?)? != *keys;
    Ok(changed.then(|| "a source, a case or the ledger changed during the run".to_owned()))
}

/// Writes the evidence of a full run.
///
/// # Errors
///
/// A file that cannot be written.
pub fn write(options: &Options, keys: &Keys, run: &Run) -> Result<(), Error> {
    if run.filtered {
        return Ok(());
    }
    file::write(&path(&options.output), &Evidence::new(run, keys))
}

/// Decides from the evidence in `output` whether one implementation may replace another.
///
/// # Errors
///
/// Names that do not exist, or files that cannot be read.
pub fn may_replace(root: &Root, output: &Path, question: &Question) -> Result<Answer, Error> {
    question.check(root)?;
    let evidence = file::read(&path(output))?;
    let keys = Keys::read(root)?;
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    Ok(verdict::judge(root, evidence, &keys, question, today))
}

fn path(output: &Path) -> PathBuf {
    output.join(FILE)
}
