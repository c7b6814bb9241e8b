//! The folder a process may write to: fresh for every start, gone afterwards.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::Supervisor;

/// One state folder.
#[derive(Debug)]
pub struct State {
    folder: TempDir,
}

impl State {
    /// A fresh folder.
    ///
    /// # Errors
    ///
    /// It cannot be made.
    pub fn new() -> std::io::Result<State> {
        let folder = tempfile::Builder::new().prefix("parity-").tempdir()?;
        Ok(State { folder })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes files below it, folders included.
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn write<'a>(
        &self,
        files: impl IntoIterator<Item = (&'a String, &'a String)>,
    ) -> std::io::Result<()> {
        for (name, content) in files {
            let path = self.path().join(name);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, content)?;
        }
        Ok(())
    }

    /// Removes it, and notes when that fails.
    pub fn remove(self, who: &str, supervisor: &Supervisor) {
        let path: PathBuf = self.path().to_owned();
        let result = self.folder.close();
        if result.is_err() || path.exists() {
            let why = result
                .err()
                .map_or(String::new(), |error| format!(": {error}"));
            supervisor.trouble(format!(
                "the folder `{}` of {who} could not be removed{why}",
                path.display()
            ));
        }
    }
}
