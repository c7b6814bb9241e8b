//! A command to start.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::implementation::Launch;
use crate::template::{Values, fill};

/// A program with its arguments, folder and environment.
#[derive(Debug, Clone)]
pub struct Command {
    /// A name to look up on `PATH`, or an absolute path.
    pub program: String,
    /// Arguments.
    pub arguments: Vec<String>,
    /// Working directory.
    pub directory: PathBuf,
    /// Variables added to the environment.
    pub environment: BTreeMap<String, String>,
}

impl Command {
    /// The launch with its placeholders filled in. The directory, and a program that contains a
    /// slash, are relative to `root`.
    #[must_use]
    pub fn from_launch(launch: &Launch, values: &Values, root: &Path) -> Command {
        let mut words = launch.command.iter().map(|text| fill(text, values));
        let mut program = words.next().unwrap_or_default();
        if program.contains('/') {
            program = root.join(program).to_string_lossy().into_owned();
        }
        let directory = match &launch.directory {
            Some(directory) => root.join(fill(directory, values)),
            None => root.to_owned(),
        };
        let environment = launch
            .environment
            .iter()
            .map(|(key, value)| (key.clone(), fill(value, values)))
            .collect();
        Command {
            program,
            arguments: words.collect(),
            directory,
            environment,
        }
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file)
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}
