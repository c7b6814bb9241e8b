//! A command with its placeholders filled in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::implementation::Launch;
use crate::template::{Values, fill};

/// What is to be started.
#[derive(Debug, Clone)]
pub struct Command {
    /// Program: a name to look up on `PATH`, or an absolute path.
    pub program: String,
    /// Arguments.
    pub arguments: Vec<String>,
    /// Working directory.
    pub directory: PathBuf,
    /// Added to the environment.
    pub environment: BTreeMap<String, String>,
}

impl Command {
    /// Fills a launch's placeholders. A program with a slash in it is relative to the root.
    #[must_use]
    pub fn of(launch: &Launch, values: &Values, root: &Path) -> Command {
        let filled: Vec<String> = launch
            .command
            .iter()
            .map(|text| fill(text, values))
            .collect();
        let (program, arguments) = filled
            .split_first()
            .map_or((String::new(), Vec::new()), |(p, a)| {
                (p.clone(), a.to_vec())
            });
        let program = if program.contains('/') {
            root.join(program).to_string_lossy().into_owned()
        } else {
            program
        };
        let directory = launch
            .directory
            .as_deref()
            .map_or(root.to_owned(), |directory| {
                root.join(fill(directory, values))
            });
        Command {
            program,
            arguments,
            directory,
            environment: launch
                .environment
                .iter()
                .map(|(key, value)| (key.clone(), fill(value, values)))
                .collect(),
        }
    }
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.program)?;
        self.arguments
            .iter()
            .try_for_each(|argument| write!(f, " {argument}"))
    }
}

/// Whether a program is on `PATH`.
#[must_use]
pub fn is_on_path(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    std::env::split_paths(&path).any(|folder| is_executable(&folder.join(program)))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file)
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
