//! `evidence.json`: the evidence of a full run.

use std::path::Path;

use lakehouse_rig::error::Error;
use lakehouse_rig::file::write_whole;
use lakehouse_rig::implementation::Transport;
use serde::{Deserialize, Serialize};

use super::keys::Keys;
use crate::outcome::{Counts, ImplementationKind, Run, RunVerdict};

/// The file's name in the folder of the reports.
pub const FILE: &str = "evidence.json";

/// The version of the format.
const SCHEMA_VERSION: u32 = 2;

/// The evidence of a full run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence {
    schema_version: u32,
    /// When the run began, UTC.
    pub started_at: jiff::Timestamp,
    /// The commit of the root's checkout.
    pub commit: Option<String>,
    /// The run's verdict.
    pub verdict: RunVerdict,
    /// The reference's name.
    pub reference: String,
    /// Hashes of everything that was compared.
    pub keys: Keys,
    /// The implementations that took part.
    pub implementations: Vec<Participant>,
    /// Counts by surface, transport and implementation.
    pub results: Vec<Row>,
    /// Accepted differences that occurred.
    #[serde(rename = "declared")]
    pub accepted: Vec<Accepted>,
    /// Failures that belong to no case: of the ledgers, of `--mutate` and of the infrastructure.
    pub failures: Vec<Failure>,
    complete: bool,
}

/// An implementation that took part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Participant {
    /// Name.
    pub name: String,
    /// How it took part.
    pub kind: ImplementationKind,
    /// Its version.
    pub version: String,
}

/// The counts of one surface over one transport for one implementation.
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

impl From<&Row> for Counts {
    fn from(row: &Row) -> Counts {
        Counts {
            matched: row.matched,
            known: row.known,
            diverged: row.diverged,
            invalid: row.invalid,
            skipped: row.skipped,
        }
    }
}

/// A failure that belongs to no case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Failure {
    /// The only implementation that it concerns; `None` for all.
    pub implementation: Option<String>,
    /// One sentence.
    pub message: String,
}

/// An accepted difference.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Accepted {
    /// Surface.
    pub surface: String,
    /// The reference and the implementation.
    pub pair: [String; 2],
    /// Path and kind.
    pub what: String,
    /// Number of occurrences.
    pub count: usize,
    /// Why the two differ.
    pub reason: String,
    /// What was decided.
    pub decision: String,
    /// The last day on which the decision holds.
    pub expires: String,
}

impl Evidence {
    /// The evidence of a run that compared what `keys` describe.
    #[must_use]
    pub fn new(run: &Run, keys: &Keys) -> Evidence {
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
                .map(|implementation| Participant {
                    name: implementation.name.clone(),
                    kind: implementation.kind,
                    version: implementation.version.clone(),
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
            accepted: run
                .divergences
                .iter()
                .filter(|pin| pin.matched > 0)
                .map(|pin| Accepted {
                    surface: pin.surface.clone(),
                    pair: pin.pair.clone(),
                    what: match pin.rule {
                        true => format!("rule of line {}: `{}` {}", pin.line, pin.path, pin.kind),
                        false => format!("`{}` {}", pin.path, pin.kind),
                    },
                    count: pin.matched,
                    reason: pin.reason.clone(),
                    decision: pin.decision.clone(),
                    expires: pin.expires.clone(),
                })
                .collect(),
            failures: run
                .failings()
                .into_iter()
                .map(|failing| Failure {
                    implementation: failing.implementation,
                    message: failing.message,
                })
                .collect(),
            complete: true,
        }
    }
}

/// Writes the file.
pub(super) fn write(path: &Path, evidence: &Evidence) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::io("write", path, error);
    let text = serde_json::to_string_pretty(evidence).map_err(|error| failed(error.into()))?;
    write_whole(path, text + "\n").map_err(failed)
}

/// Reads the file. The inner error says why there is no usable evidence.
pub(super) fn read(path: &Path) -> Result<Result<Evidence, String>, Error> {
    let shown = path.display();
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Err(format!(
                "there is no evidence in `{shown}`; a full run writes it"
            )));
        }
        Err(error) => return Err(Error::io("read", path, error)),
    };
    Ok(match serde_json::from_str::<Evidence>(&text) {
        Ok(evidence) if evidence.schema_version == SCHEMA_VERSION && evidence.complete => {
            Ok(evidence)
        }
        Ok(_) => Err(format!(
            "`{shown}` has another format version; a full run rewrites it"
        )),
        Err(error) => Err(format!("`{shown}` is invalid: {error}")),
    })
}
