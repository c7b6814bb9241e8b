//! The lexicon: the built-in words, and those of the operator's own file.

use std::path::{Path, PathBuf};
use std::{fs, io};

use lakehouse_understand::{Dictionary, Lexicon, LexiconError};

/// The lexicon's file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LexiconRefused {
    /// It cannot be read.
    #[error("cannot read the lexicon `{}`", .0.display())]
    Unreadable(PathBuf, #[source] io::Error),
    /// It is not a lexicon.
    #[error("`{}` is not a lexicon", .0.display())]
    Malformed(PathBuf, #[source] LexiconError),
}

/// The built-in dictionary with the words of a file.
pub(super) fn dictionary(file: Option<&Path>) -> Result<Dictionary, LexiconRefused> {
    let mut lexicon = Lexicon::built_in();
    if let Some(file) = file {
        let text = fs::read_to_string(file);
        let text = text.map_err(|error| LexiconRefused::Unreadable(file.to_owned(), error))?;
        let added = lexicon.add(&text);
        added.map_err(|error| LexiconRefused::Malformed(file.to_owned(), error))?;
    }
    Ok(Dictionary::new(&lexicon))
}
