//! Evidence that outlives a run: what was compared, and what everything that was compared was
//! made of. [`may_replace`] answers from it whether one implementation may replace another.

mod file;
mod keys;
mod verdict;

use std::path::{Path, PathBuf};

use lakehouse_rig::error::Error;

pub use file::{Evidence, FILE};
pub use keys::Keys;
pub use verdict::{Answer, May, Question};

use crate::config::Root;
use crate::outcome::Run;
use crate::run::Options;

/// What a full run is about to judge; none when something is left out or attached.
///
/// # Errors
///
/// A root that is wrong, or sources that cannot be read.
pub fn before(options: &Options) -> Result<Option<Keys>, Error> {
    if options.is_filtered() {
        return Ok(None);
    }
    Keys::of(&Root::read(&options.root)?).map(Some)
}

/// Writes what a full run showed. Says why not, when something changed under the run or it did not
/// come to its end.
///
/// # Errors
///
/// A file that cannot be written.
pub fn write(options: &Options, keys: &Keys, run: &Run) -> Result<Option<String>, Error> {
    if run.filtered {
        return Ok(None);
    }
    if run.cut_short {
        return Ok(Some("no evidence: the run was cut short".to_owned()));
    }
    if Keys::of(&Root::read(&options.root)?)? != *keys {
        return Ok(Some(
            "no evidence: something that was compared changed during the run".to_owned(),
        ));
    }
    file::write(&path(&options.output), &Evidence::of(run, keys))?;
    Ok(None)
}

/// Whether one implementation may replace another, from the evidence in `output`.
///
/// # Errors
///
/// Names that do not exist, or files that cannot be read.
pub fn may_replace(root: &Root, output: &Path, question: &Question) -> Result<Answer, Error> {
    question.check(root)?;
    let evidence = file::read(&path(output))?;
    let keys = Keys::of(root)?;
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    Ok(verdict::judge(root, evidence, &keys, question, today))
}

fn path(output: &Path) -> PathBuf {
    output.join(FILE)
}
