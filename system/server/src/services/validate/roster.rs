//! The current roster, and reloading it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use lakehouse_validate::roster::{Roster, RosterError, RosterLines};

/// The roster that requests are checked against.
pub(super) struct CurrentRoster {
    file: Option<PathBuf>,
    current: RwLock<Arc<Roster>>,
}

/// Why a roster file is rejected.
#[derive(Debug, thiserror::Error)]
pub enum RosterRefused {
    /// The file does not exist or cannot be read.
    #[error("roster cannot be read")]
    Unreadable,
    /// A line is wrong.
    #[error(transparent)]
    Wrong(#[from] RosterError),
}

impl CurrentRoster {
    /// The roster of a file; empty without one.
    pub(super) fn load(file: Option<PathBuf>) -> Result<Self, RosterRefused> {
        let roster = file
            .as_deref()
            .map_or_else(|| Ok(Roster::default()), read)?;
        Ok(Self {
            file,
            current: RwLock::new(Arc::new(roster)),
        })
    }

    /// The current roster; a later reload does not change the returned one.
    pub(super) fn get(&self) -> Arc<Roster> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A phrase for the log: how many workers there are, and in which file.
    pub(super) fn summary(&self) -> String {
        match &self.file {
            Some(file) => {
                let (workers, file) = (self.get().len(), file.display());
                format!("roster of {workers} workers in {file}")
            }
            None => "no roster".to_owned(),
        }
    }

    /// Reads the file again and returns how many workers there are. On an error the roster stays
    /// as it is.
    pub(super) fn reload(&self) -> Result<usize, RosterRefused> {
        if let Some(file) = &self.file {
            let roster = Arc::new(read(file)?);
            *self.current.write().unwrap_or_else(PoisonError::into_inner) = roster;
        }
        Ok(self.get().len())
    }
}

/// Reads line by line: the whole text would need as much memory as the roster itself.
fn read(file: &Path) -> Result<Roster, RosterRefused> {
    let unreadable = |_: io::Error| RosterRefused::Unreadable;
    let mut file = BufReader::new(File::open(file).map_err(unreadable)?);
    let mut lines = RosterLines::default();
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line).map_err(unreadable)? > 0 {
        lines.add(&line)?;
        line.clear();
    }
    Ok(lines.finish())
}
