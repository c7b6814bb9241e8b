//! Hashes of everything that a run compares.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::{Implementation, Launch};
use lakehouse_rig::process;
use lakehouse_rig::template::Values;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use walkdir::WalkDir;

use crate::config::{Root, pin};

/// Folders that are not hashed as sources.
const NOT_SOURCES: &[&str] = &["node_modules", "target", "__pycache__"];

/// Files and folders of `fixtures` that do not belong to the cases.
const NOT_CORPUS: &[&str] = &[
    "recordings",
    "implementations",
    "divergences.toml",
    "coverage.toml",
];

/// Hashes of the harness, the cases, the ledger and the implementations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// The harness's version, and a hash of its sources.
    pub harness: String,
    /// A hash of cases, probes and the files that they use.
    pub corpus: String,
    /// A hash of the accepted differences.
    pub ledgers: String,
    /// Implementations by name.
    pub implementations: BTreeMap<String, Identity>,
}

/// Hashes of an implementation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// A hash of its description.
    pub description: String,
    /// A hash of its `sources`; `None` when it lists none.
    pub sources: Option<String>,
    /// The commit, which identifies an implementation without `sources`; ends with `-dirty` when
    /// the checkout has changes.
    pub commit: Option<String>,
}

impl Keys {
    /// Hashes the files of a root.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or a missing source.
    pub fn read(root: &Root) -> Result<Keys, Error> {
        let directory = &root.directory;
        let commit = crate::run::commit(directory);
        let mut corpus = Sha256::new();
        add(&mut corpus, directory, "fixtures", NOT_CORPUS)?;
        let mut ledgers = Sha256::new();
        if directory.join(pin::FILE).is_file() {
            add(&mut ledgers, directory, pin::FILE, &[])?;
        }
        let mut implementations = BTreeMap::new();
        for (name, implementation) in &root.implementations {
            let identity = identity(root, implementation, commit.as_deref())?;
            implementations.insert(name.clone(), identity);
        }
        Ok(Keys {
            harness: format!("{} {}", env!("CARGO_PKG_VERSION"), env!("PARITY_SOURCES")),
            corpus: hex(corpus),
            ledgers: hex(ledgers),
            implementations,
        })
    }
}

fn identity(
    root: &Root,
    implementation: &Implementation,
    commit: Option<&str>,
) -> Result<Identity, Error> {
    let mut description = Sha256::new();
    let file = format!("fixtures/implementations/{}.toml", implementation.name);
    add(&mut description, &root.directory, &file, &[])?;
    let mut sources = Sha256::new();
    for source in &implementation.sources {
        if !root.directory.join(source).exists() {
            return Err(Error::usage(
                format!(
                    "`{source}`, a source of `{}`, is missing",
                    implementation.name
                ),
                format!("fix `sources` in `{file}`"),
            ));
        }
        add(&mut sources, &root.directory, source, NOT_SOURCES)?;
    }
    let has_sources = !implementation.sources.is_empty();
    Ok(Identity {
        description: hex(description),
        sources: has_sources.then(|| hex(sources)),
        // An implementation with sources does not change with other parts of the checkout.
        commit: commit.filter(|_| !has_sources).map(str::to_owned),
    })
}

/// Adds a file, or all files of a folder except those named in `without`.
fn add(hasher: &mut Sha256, root: &Path, below: &str, without: &[&str]) -> Result<(), Error> {
    let start = root.join(below);
    let walk = WalkDir::new(&start).sort_by_file_name().into_iter();
    let is_wanted = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || (!name.starts_with('.') && !without.contains(&name.as_ref()))
    };
    for entry in walk.filter_entry(is_wanted) {
        let entry = entry.map_err(|error| Error::io("read", &start, error.into()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path();
        let content = std::fs::read(path).map_err(|error| Error::io("read", path, error))?;
        let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
        hasher.update(name.as_bytes());
        hasher.update([0]);
        hasher.update((content.len() as u64).to_le_bytes());
        hasher.update(content);
    }
    Ok(())
}

fn hex(hasher: Sha256) -> String {
    hasher
        .finalize()
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// An implementation's present version; `None` when its version command fails.
pub(super) fn version(root: &Root, implementation: &Implementation) -> Option<String> {
    if let Some(text) = &implementation.version_text {
        return Some(text.clone());
    }
    if implementation.version_command.is_empty() {
        return Some(String::new());
    }
    let launch = Launch {
        command: implementation.version_command.clone(),
        ..Launch::default()
    };
    let values = Values::from([
        ("root", root.directory.display().to_string()),
        ("target", root.target.display().to_string()),
    ]);
    let command = process::Command::from_launch(&launch, &values, &root.directory);
    let output = Command::new(&command.program)
        .args(&command.arguments)
        .current_dir(&command.directory)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.lines().next().unwrap_or_default().trim().to_owned())
}
