//! The server that is asked: a running one, or one that is started with a part switched off or none.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anstream::eprintln;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use tokio::process::Command;

use super::options::Options;
use crate::api::Api;
use crate::figures::server::Server;
use crate::flows::CORPORA;

/// The text of every document, where texts must not decide the order of hits.
const SAME_TEXT: &str = "person";

/// The texts of the documents that a server gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Texts {
    /// Those of the corpus.
    Own,
    /// One and the same.
    Same,
}

/// A server that is asked.
pub(super) struct Subject {
    pub(super) api: Api,
    /// Absent for one that was running already.
    server: Option<Server>,
}

impl Subject {
    /// The running server of the command line, or a new one with its state in `state`.
    pub(super) async fn new(options: &Options, state: &Path) -> Result<Self> {
        match &options.url {
            Some(url) => Ok(Self {
                api: Api::new(url.trim_end_matches('/'))?,
                server: None,
            }),
            None => Self::start(options, state, BTreeMap::new()).await,
        }
    }

    /// A new server without a part of its understanding.
    pub(super) async fn without(part: &str, options: &Options, state: &Path) -> Result<Self> {
        let variable = format!(
            "LAKEHOUSE_MATRIX__UNDERSTAND__{}",
            part.to_ascii_uppercase()
        );
        let environment = BTreeMap::from([(variable, "false".to_owned())]);
        Self::start(options, state, environment).await
    }

    async fn start(
        options: &Options,
        state: &Path,
        environment: BTreeMap<String, String>,
    ) -> Result<Self> {
        let server = Server::lakehouse_with(&binary(options)?, state, environment).await?;
        Ok(Self {
            api: Api::on(server.port)?,
            server: Some(server),
        })
    }

    /// Ingests the people of a folder.
    pub(super) async fn fill(&self, folder: &Path, style: &str, texts: Texts) -> Result<()> {
        for corpus in CORPORA {
            let count = match texts {
                Texts::Own => self.api.fill_corpus_from(corpus, folder).await?,
                Texts::Same => {
                    let file = folder.join(format!("{corpus}.jsonl"));
                    self.api.fill_corpus(corpus, with_same_text(&file)?).await?
                }
            };
            eprintln!("{style}: {count} documents in `{corpus}`");
        }
        Ok(())
    }

    /// Stops the server if it was started here.
    pub(super) async fn stop(self) {
        if let Some(server) = self.server {
            server.kill().await;
        }
    }
}

/// The parts of the understanding that the server uses and can do without, as its configuration lists them.
pub(super) async fn parts(options: &Options) -> Result<Vec<String>> {
    let binary = binary(options)?;
    let output = Command::new(&binary).arg("config").output().await;
    let output = output.with_context(|| format!("cannot start `{}`", binary.display()))?;
    ensure!(
        output.status.success(),
        "`{} config` ended with {}: {}",
        binary.display(),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim_end()
    );
    let config: toml::Table = toml::from_str(&String::from_utf8_lossy(&output.stdout))
        .with_context(|| format!("`{} config` printed no TOML", binary.display()))?;
    let parts = parts_of(&config);
    if parts.is_empty() {
        bail!(
            "`{} config` lists no part under `[matrix.understand]`; leave out `--parts`",
            binary.display()
        );
    }
    Ok(parts)
}

fn parts_of(config: &toml::Table) -> Vec<String> {
    let understand = config
        .get("matrix")
        .and_then(|matrix| matrix.get("understand"));
    let parts = understand
        .and_then(toml::Value::as_table)
        .into_iter()
        .flatten();
    let used = parts.filter(|(_, used)| used.as_bool() == Some(true));
    used.map(|(part, _)| part.clone()).collect()
}

fn binary(options: &Options) -> Result<PathBuf> {
    match &options.binary {
        Some(binary) => Ok(binary.clone()),
        None => Ok(std::env::current_exe()?.with_file_name("lakehouse")),
    }
}

/// The documents of a file, all with [`SAME_TEXT`].
fn with_same_text(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file);
    let text = text.with_context(|| format!("cannot read `{}`", file.display()))?;
    let mut lines = String::new();
    for line in text.lines() {
        let document: Result<Value, _> = serde_json::from_str(line);
        let mut document = document.with_context(|| format!("`{}`: {line}", file.display()))?;
        document["text"] = SAME_TEXT.into();
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{document}");
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_those_that_the_configuration_has_switched_on() {
        let parts = |text: &str| parts_of(&toml::from_str(text).unwrap());
        let text = "[matrix]\njudge = 'rules'\n[matrix.understand]\nroles = true\nplaces = false\nshifts = true";
        assert_eq!(parts(text), ["roles", "shifts"]);
        assert!(parts("[matrix]\njudge = 'rules'").is_empty());
        assert!(parts("").is_empty());
    }

    #[test]
    fn documents_keep_all_but_their_texts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("workers.jsonl");
        let line = r#"{"id":"w-1","text":"a picker","metadata":{"role":"Picker"}}"#;
        std::fs::write(&file, format!("{line}\n{line}\n")).unwrap();
        let lines = with_same_text(&file).unwrap();
        let documents: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let mut expected: Value = serde_json::from_str(line).unwrap();
        expected["text"] = SAME_TEXT.into();
        assert_eq!(documents, [expected.clone(), expected]);
    }
}
