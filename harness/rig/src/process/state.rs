//! The folder that a process may write to: fresh for every start, removed afterwards.

use std::path::Path;

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
    /// The folder cannot be created.
    pub fn new() -> std::io::Result<State> {
        let folder = tempfile::Builder::new().prefix("rig-").tempdir()?;
        Ok(State { folder })
    }

    /// The path of the folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes files, given by name relative to the folder, and creates their folders.
    ///
    /// # Errors
    ///
    /// A file cannot be written.
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

    /// Removes the folder of process `name`; a folder that cannot be removed is a failure of the
    /// run.
    pub fn remove(self, name: &str, supervisor: &Supervisor) {
        let path = self.path().to_owned();
        let error = self.folder.close().err();
        if error.is_some() || path.exists() {
            let why = error.map_or(String::new(), |error| format!(": {error}"));
            supervisor.report_failure(format!(
                "the folder `{}` of {name} could not be removed{why}",
                path.display()
            ));
        }
    }
}
