//! The merging of results from several machines that shared a load.
//!
//! Histograms, counts, failures and dropped arrivals are added; seconds are the maximum; rates and
//! percentiles are recomputed from the sums. Users and arrivals of a load are added too, because
//! each part states its own. Milliseconds count from the start of the part that started first, and
//! timelines are added second by second.
//!
//! If more than one part started an implementation itself, each had its own server, and all are
//! kept, named by shard. Otherwise one server handled all parts: processes of the same name on the
//! same machine are one process that was sampled several times, and each figure keeps its maximum.
//! Generators are always named by shard.
//!
//! A part's findings about its own share say nothing about the whole:
//! - the gate `failures` is judged again for each measurement, and so are the gates that the caller
//!   can judge on the merged results;
//! - other gates that failed in a part stay failed, with the shard in their subject;
//! - other gates that held or were inconclusive are dropped and listed in `inconclusive`;
//! - comparisons are dropped. All slices are kept, with separate rounds for each part, so that they
//!   can be compared again.
//!
//! A missing part makes the merged run inconclusive; parts of different runs are an error.

mod gates;
mod measurements;

use super::{Gate, GateOutcome, Results, SCHEMA_VERSION, Verdict};

/// A reason why parts cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// No parts.
    #[error("there are no results to merge")]
    Empty,
    /// A part has another schema version.
    #[error(
        "part {part} has schema version {found}, expected {SCHEMA_VERSION}: merge it with the version that wrote it"
    )]
    SchemaVersion {
        /// Number of the part, from 1.
        part: usize,
        /// Its schema version.
        found: u32,
    },
    /// A part is a whole run.
    #[error("part {part} is a whole run, not a shard: merge only results of `--shard`")]
    NoShard {
        /// Number of the part, from 1.
        part: usize,
    },
    /// A part has an impossible shard.
    #[error("part {part} is shard {index} of {of}, which does not exist")]
    NoSuchShard {
        /// Number of the part, from 1.
        part: usize,
        /// Its shard.
        index: u32,
        /// Its number of shards.
        of: u32,
    },
    /// Two parts are the same shard.
    #[error("parts {first} and {part} are both shard {index}: the same load would count twice")]
    SameShard {
        /// Number of the first part, from 1.
        first: usize,
        /// Number of the second part, from 1.
        part: usize,
        /// The shard of both.
        index: u32,
    },
    /// Parts belong to different runs.
    #[error(
        "part {part} has the {what} `{found}`, expected `{expected}` as in part 1: merge only parts of one run"
    )]
    Different {
        /// Number of the part, from 1.
        part: usize,
        /// The property that differs.
        what: &'static str,
        /// Its value in the part.
        found: String,
        /// Its value in the first part.
        expected: String,
    },
}

/// Merges the results of all machines that shared a load; `judge` judges the gates that apply to
/// the merged measurements.
///
/// # Errors
/// The parts do not belong together.
pub fn merge(
    mut parts: Vec<Results>,
    judge: impl Fn(&Results) -> Vec<Gate>,
) -> Result<Results, MergeError> {
    check(&parts)?;
    parts.sort_by_key(index);
    let began = parts.iter().map(|part| part.started_at).min();
    let Some(began) = began else {
        return Err(MergeError::Empty);
    };
    for part in &mut parts {
        let offset = part.started_at.as_millisecond() - began.as_millisecond();
        measurements::shift(part, u64::try_from(offset).unwrap_or(0));
    }
    let end = |part: &Results| {
        let offset = part.started_at.as_millisecond() - began.as_millisecond();
        u64::try_from(offset).unwrap_or(0) + part.duration_ms
    };
    let mut inconclusive = missing(&parts);
    for part in &parts {
        let own = part.inconclusive.iter();
        inconclusive.extend(own.map(|reason| format!("shard {}: {reason}", index(part))));
    }
    let first = &parts[0];
    if parts.iter().any(|part| part.commit != first.commit) {
        inconclusive.push("the shards ran from different commits".to_owned());
    }
    let mut implementations = first.implementations.clone();
    for (position, implementation) in implementations.iter_mut().enumerate() {
        let of = |part: &Results| part.implementations[position].clone();
        implementation.started_in_ms = parts.iter().filter_map(|p| of(p).started_in_ms).max();
        implementation.filled_in_ms = parts.iter().filter_map(|p| of(p).filled_in_ms).max();
    }
    // Speeds of different machines are not comparable.
    let same_machine = parts.iter().filter(|part| part.machine == first.machine);
    let mut reference: Vec<_> = same_machine
        .flat_map(|part| part.reference.clone())
        .collect();
    reference.sort_by_key(|sample| sample.at_ms);
    let mut merged = Results {
        schema_version: SCHEMA_VERSION,
        tier: first.tier.clone(),
        commit: first.commit.clone(),
        started_at: began,
        duration_ms: parts.iter().map(end).max().unwrap_or(0),
        seed: first.seed,
        shard: None,
        machine: first.machine.clone(),
        workers: first.workers,
        implementations,
        measurements: measurements::add(&parts),
        comparisons: Vec::new(),
        reference,
        gates: Vec::new(),
        limits: first.limits.clone(),
        inconclusive,
        interrupted: parts.iter().any(|part| part.interrupted),
        verdict: Verdict::Inconclusive,
    };
    let judged = judge(&merged);
    gates::add(&mut merged, &parts, judged);
    let any = |outcome| merged.gates.iter().any(|gate| gate.outcome == outcome);
    merged.verdict = if any(GateOutcome::Failed) {
        Verdict::Fail
    } else if merged.inconclusive.is_empty() && !any(GateOutcome::Inconclusive) {
        Verdict::Pass
    } else {
        Verdict::Inconclusive
    };
    Ok(merged)
}

/// The shard of a part; [`check`] has rejected parts without one.
fn index(part: &Results) -> u32 {
    part.shard.map_or(0, |shard| shard.index)
}

fn check(parts: &[Results]) -> Result<(), MergeError> {
    let Some(first) = parts.first() else {
        return Err(MergeError::Empty);
    };
    for (position, results) in parts.iter().enumerate() {
        let part = position + 1;
        if results.schema_version != SCHEMA_VERSION {
            let found = results.schema_version;
            return Err(MergeError::SchemaVersion { part, found });
        }
        let Some(shard) = results.shard else {
            return Err(MergeError::NoShard { part });
        };
        let (index, of) = (shard.index, shard.of);
        if !(1..=of).contains(&index) {
            return Err(MergeError::NoSuchShard { part, index, of });
        }
        if let Some(earlier) = parts[..position]
            .iter()
            .position(|p| p.shard == Some(shard))
        {
            let first = earlier + 1;
            return Err(MergeError::SameShard { first, part, index });
        }
        for ((what, found), (_, expected)) in identity(results).into_iter().zip(identity(first)) {
            if found != expected {
                return Err(MergeError::Different {
                    part,
                    what,
                    found,
                    expected,
                });
            }
        }
    }
    Ok(())
}

/// The properties that all parts of a run share, in words.
fn identity(results: &Results) -> [(&'static str, String); 5] {
    let named = results.implementations.iter();
    let implementations: Vec<String> = named
        .map(|one| format!("{} {}", one.name, one.version))
        .collect();
    let measured = results.measurements.iter();
    let loads: Vec<String> = measured
        .map(|one| format!("{} under {}", one.implementation, one.load.label))
        .collect();
    [
        ("tier", results.tier.clone()),
        (
            "number of shards",
            results.shard.map_or(0, |shard| shard.of).to_string(),
        ),
        (
            "number of workers",
            results
                .workers
                .map_or("unknown".to_owned(), |workers| workers.to_string()),
        ),
        ("implementations", implementations.join(", ")),
        ("measurements", loads.join(", ")),
    ]
}

/// A sentence about missing shards.
fn missing(parts: &[Results]) -> Vec<String> {
    let of = parts[0].shard.map_or(0, |shard| shard.of);
    let present: Vec<u32> = parts.iter().map(index).collect();
    let missing: Vec<String> = (1..=of)
        .filter(|index| !present.contains(index))
        .map(|index| index.to_string())
        .collect();
    match missing.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("shard {one} of {of} is missing")],
        several => vec![format!("shards {} of {of} are missing", several.join(", "))],
    }
}
