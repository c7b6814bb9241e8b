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

/// A roster file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot use the roster `{}`: {fault}; correct the file, or change `validate.roster`",
    file.display()
)]
pub struct RosterRefused {
    file: PathBuf,
    fault: RosterFault,
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
enum RosterFault {
    /// The file does not exist or cannot be read.
    Unreadable(#[from] io::Error),
    /// A line is wrong.
    Wrong(#[from] RosterError),
}

impl RosterRefused {
    /// The reason in the contract's words.
    pub(super) fn detail(&self) -> String {
        match &self.fault {
            RosterFault::Unreadable(_) => "roster cannot be read".to_owned(),
            RosterFault::Wrong(error) => error.to_string(),
        }
    }
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

fn read(file: &Path) -> Result<Roster, RosterRefused> {
    read_lines(file).map_err(|fault| RosterRefused {
        file: file.to_owned(),
        fault,
    })
}

/// Reads line by line: the whole text would need as much memory as the roster itself.
fn read_lines(file: &Path) -> Result<Roster, RosterFault> {
    let mut file = BufReader::new(File::open(file)?);
    let mut lines = RosterLines::default();
    let mut line = Vec::new();
    while file.read_until(b'\n', &mut line)? > 0 {
        lines.add(&line)?;
        line.clear();
    }
    Ok(lines.finish())
}
