//! The lexicon: the built-in words, and those of the operator's own file.

use std::path::{Path, PathBuf};
use std::{fs, io};

use lakehouse_understand::{Dictionary, Lexicon, LexiconError};

/// A lexicon's file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot use the lexicon `{}`: {fault}; correct the file, or change `matrix.lexicon`",
    file.display()
)]
pub struct LexiconRefused {
    file: PathBuf,
    fault: LexiconFault,
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
enum LexiconFault {
    /// The file does not exist or cannot be read.
    Unreadable(#[from] io::Error),
    /// It is not a lexicon.
    Malformed(#[from] LexiconError),
}

/// The built-in dictionary with the words of a file.
pub(super) fn dictionary(file: Option<&Path>) -> Result<Dictionary, LexiconRefused> {
    let mut lexicon = Lexicon::built_in();
    if let Some(file) = file {
        add(&mut lexicon, file).map_err(|fault| LexiconRefused {
            file: file.to_owned(),
            fault,
        })?;
    }
    Ok(Dictionary::new(&lexicon))
}

fn add(lexicon: &mut Lexicon, file: &Path) -> Result<(), LexiconFault> {
    Ok(lexicon.add(&fs::read_to_string(file)?)?)
}
