//! `fixtures/load/<name>.toml`: how a release build of an implementation is made and started.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::options::Embedder;
use crate::exit::UsageError;

/// One implementation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Implementation {
    /// From the file's name.
    #[serde(skip)]
    pub(super) name: String,
    /// The language it is written in.
    pub(super) language: String,
    /// The command whose first line is the version.
    pub(super) version: Vec<String>,
    /// The program that is started.
    pub(super) binary: String,
    /// The command that makes it.
    pub(super) build: Launch,
    /// How it is started; `ready` is the path that answers 200 then.
    pub(super) serve: Serve,
    /// What is added for each embedder.
    #[serde(default)]
    pub(super) embedder: BTreeMap<String, Launch>,
}

/// A command, or what is added to one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Launch {
    /// The program and its arguments; only arguments where it is added to a command.
    pub(super) command: Vec<String>,
    /// The working directory, relative to the workspace.
    pub(super) directory: Option<String>,
    /// Variables of the environment.
    pub(super) environment: BTreeMap<String, String>,
}

/// How a server is started.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Serve {
    /// The program and its arguments.
    pub(super) command: Vec<String>,
    /// Variables of the environment.
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    /// The path that answers 200 once it is ready.
    pub(super) ready: String,
}

/// What stands for `{…}` in the file's texts.
pub(super) type Places = BTreeMap<&'static str, String>;

impl Implementation {
    /// Reads the description of that name.
    pub(super) fn read(workspace: &Path, name: &str) -> Result<Self> {
        let folder = workspace.join("fixtures/load");
        let path = folder.join(format!("{name}.toml"));
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let known = known(&folder)?;
                let unknown = format!("unknown implementation `{name}`; there are {known}");
                return Err(UsageError(unknown).into());
            }
            Err(error) => return Err(error).with_context(|| format!("`{}`", path.display())),
        };
        let mut read: Self = toml::from_str(&text)
            .map_err(|error| UsageError(format!("`{}`: {error}", path.display())))?;
        name.clone_into(&mut read.name);
        Ok(read)
    }

    /// Where its program is.
    pub(super) fn binary(&self, places: &Places) -> PathBuf {
        fill(&self.binary, places).into()
    }

    /// The command that starts it with that embedder.
    pub(super) fn serve(&self, embedder: Embedder, places: &Places) -> Result<Launch> {
        let name = match embedder {
            Embedder::BuiltIn => "built-in",
            Embedder::Upstream => "upstream",
        };
        let added = self.embedder.get(name).with_context(|| {
            format!(
                "`{}` is not described with the embedder `{name}`",
                self.name
            )
        })?;
        let command = self.serve.command.iter().chain(&added.command);
        let environment = self.serve.environment.iter().chain(&added.environment);
        Ok(Launch {
            command: command.map(|text| fill(text, places)).collect(),
            directory: None,
            environment: environment
                .map(|(key, text)| (key.clone(), fill(text, places)))
                .collect(),
        })
    }
}

/// The text with what stands for its places.
pub(super) fn fill(text: &str, places: &Places) -> String {
    places.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

fn known(folder: &Path) -> Result<String> {
    let mut names = Vec::new();
    for entry in folder
        .read_dir()
        .with_context(|| format!("`{}`", folder.display()))?
    {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
            && let Some(name) = path.file_stem()
        {
            names.push(format!("`{}`", name.to_string_lossy()));
        }
    }
    names.sort_unstable();
    Ok(names.join(", "))
}
