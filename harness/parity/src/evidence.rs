//! The evidence of a full run: its results, and hashes of everything that was compared.
//! [`may_replace`] decides from it whether one implementation may replace another.

mod file;
mod keys;
mod verdict;

use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;

pub use file::{Evidence, FILE};
pub use keys::Keys;
pub use verdict::{Answer, Decision, Question};

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

/// Writes the evidence of a full run. Returns the reason when there is none, because the run was
/// cut short or something changed during it.
///
/// # Errors
///
/// A file that cannot be written.
pub fn write(options: &Options, keys: &Keys, run: &Run) -> Result<Option<String>, Error> {
    if run.filtered {
        return Ok(None);
    }
    if run.cut_short {
        return Ok(Some(
            "evidence not written: the run was cut short".to_owned(),
        ));
    }
    if Keys::read(&Root::read(&options.root)?)? != *keys {
        return Ok(Some(
            "evidence not written: a source, a case or the ledger changed during the run"
                .to_owned(),
        ));
    }
    file::write(&path(&options.output), &Evidence::new(run, keys))?;
    Ok(None)
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
