//! `evidence.json`: what a full run showed.

use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::implementation::Transport;
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use crate::outcome::{ImplementationKind, Run, RunVerdict};

/// The file, below the reports' folder.
pub const FILE: &str = "evidence.json";

/// The version of the format.
const SCHEMA_VERSION: u32 = 1;

/// What a full run showed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence {
    schema_version: u32,
    /// When the run began.
    pub started_at: jiff::Timestamp,
    /// The commit it ran at.
    pub commit: Option<String>,
    /// The verdict over all.
    pub verdict: RunVerdict,
    /// The reference.
    pub reference: String,
    /// What everything was made of.
    pub keys: Keys,
    /// Who took part.
    pub implementations: Vec<TookPart>,
    /// The counts.
    pub results: Vec<Row>,
    /// Declared divergences that occurred.
    pub declared: Vec<Declared>,
    /// What was not in order: the ledgers, the infrastructure.
    pub troubles: Vec<String>,
    complete: bool,
}

/// An implementation that took part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TookPart {
    /// Name.
    pub name: String,
    /// How.
    pub kind: ImplementationKind,
    /// What it said of itself.
    pub version: String,
}

/// The counts of one surface over one transport.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Row {
    pub surface: String,
    pub transport: Transport,
    pub implementation: String,
    pub matched: usize,
    pub diverged: usize,
    pub known: usize,
    pub invalid: usize,
    pub skipped: usize,
}

/// A declared divergence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Declared {
    /// Surface.
    pub surface: String,
    /// The reference and the other.
    pub pair: [String; 2],
    /// Path and kind.
    pub what: String,
    /// How often it occurred.
    pub count: usize,
    /// Why the two differ.
    pub reason: String,
    /// What was decided.
    pub decision: String,
    /// The day it must be decided again.
    pub expires: String,
}

impl Evidence {
    /// What a run showed, of what `keys` say.
    #[must_use]
    pub fn of(run: &Run, keys: &Keys) -> Evidence {
        let ledgers = run
            .ledger_failures
            .iter()
            .map(|failure| format!("{}:{}: {}", failure.file, failure.line, failure.message));
        Evidence {
            schema_version: SCHEMA_VERSION,
            started_at: run.started_at,
            commit: run.commit.clone(),
            verdict: run.verdict,
            reference: run.reference.clone(),
            keys: keys.clone(),
            implementations: run
                .implementations
                .iter()
                .map(|took_part| TookPart {
                    name: took_part.name.clone(),
                    kind: took_part.kind,
                    version: took_part.version.clone(),
                })
                .collect(),
            results: run
                .results
                .iter()
                .map(|row| Row {
                    surface: row.surface.clone(),
                    transport: row.transport,
                    implementation: row.implementation.clone(),
                    matched: row.matched,
                    diverged: row.diverged,
                    known: row.known,
                    invalid: row.invalid,
                    skipped: row.skipped,
                })
                .collect(),
            declared: run
                .divergences
                .iter()
                .filter(|pin| pin.matched > 0)
                .map(|pin| Declared {
                    surface: pin.surface.clone(),
                    pair: pin.pair.clone(),
                    what: format!("`{}` {}", pin.path, pin.kind),
                    count: pin.matched,
                    reason: pin.reason.clone(),
                    decision: pin.decision.clone(),
                    expires: pin.expires.clone(),
                })
                .collect(),
            troubles: ledgers.chain(run.infrastructure.iter().cloned()).collect(),
            complete: true,
        }
    }
}

/// Writes it in one piece: a file that is half written is no evidence.
pub(super) fn write(path: &Path, evidence: &Evidence) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::io("write", path, error);
    let text = serde_json::to_string_pretty(evidence).map_err(|error| failed(error.into()))?;
    let beside = path.with_extension("json.new");
    std::fs::write(&beside, text + "\n").map_err(failed)?;
    std::fs::rename(&beside, path).map_err(failed)
}

/// Reads it: none when there is none, or why it cannot be used.
pub(super) fn read(path: &Path) -> Result<Result<Evidence, String>, Error> {
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Err(format!(
                "there is no evidence: a full run writes `{shown}`"
            )));
        }
        Err(error) => return Err(Error::io("read", path, error)),
    };
    Ok(match serde_json::from_str::<Evidence>(&text) {
        Ok(evidence) if evidence.schema_version == SCHEMA_VERSION && evidence.complete => {
            Ok(evidence)
        }
        Ok(_) => Err(format!("`{shown}` is of another format")),
        Err(error) => Err(format!("`{shown}` cannot be read: {error}")),
    })
}
