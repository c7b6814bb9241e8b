//! Results of several machines that shared one load, as one.
//!
//! Histograms, counts, failures and dropped arrivals are added, seconds are the longest, and rates
//! and percentiles are found anew from the sums. Users and arrivals of a load point are added too,
//! as each part says how many were its own. Milliseconds count from the beginning of the part that
//! began first, and timelines are added second by second.
//!
//! Where more than one part started an implementation itself, each had a server of its own, and all
//! are kept, named by shard. Otherwise one server bore all parts: processes of the same name on the
//! same machine are the same one, seen several times, and the most of each figure is kept.
//! Generators are always named by shard.
//!
//! What a part found about its own share says nothing about the whole, so:
//! - the gate `failures` is judged anew, for each measurement, and so is what the caller can judge
//!   on the whole;
//! - other gates that failed in a part are kept as failed, with the shard in their subject;
//! - other gates that held or could not be told are dropped, and one sentence of `inconclusive`
//!   names them;
//! - comparisons are dropped. The slices are all there, in rounds of their own for each part, so
//!   that they can be compared again.
//!
//! A part that is missing makes the whole inconclusive; parts that do not belong together are an
//! error.

mod gates;
mod measurements;

use super::{Gate, GateOutcome, Results, SCHEMA_VERSION, Verdict};

/// Why parts cannot be made one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is none.
    #[error("there are no results to merge")]
    Empty,
    /// A part was written in another form.
    #[error(
        "part {part} has schema version {found}, and this program reads {SCHEMA_VERSION}: merge it with the version that wrote it"
    )]
    SchemaVersion {
        /// Which of the parts, from 1.
        part: usize,
        /// Its version.
        found: u32,
    },
    /// A part is a run of its own.
    #[error("part {part} is a whole run and no shard: merge only results of `--shard`")]
    NoShard {
        /// Which of the parts, from 1.
        part: usize,
    },
    /// A shard that cannot be.
    #[error("part {part} says that it is shard {index} of {of}: there is no such one")]
    NoSuchShard {
        /// Which of the parts, from 1.
        part: usize,
        /// Its index.
        index: u32,
        /// How many it says there are.
        of: u32,
    },
    /// The same choices were made twice.
    #[error("parts {first} and {part} are both shard {index}: the same load was counted twice")]
    SameShard {
        /// Which of the parts, from 1.
        first: usize,
        /// The other.
        part: usize,
        /// The shard of both.
        index: u32,
    },
    /// Parts of different runs.
    #[error(
        "part {part} has the {what} `{found}`, part 1 `{expected}`: merge only parts of one run"
    )]
    Different {
        /// Which of the parts, from 1.
        part: usize,
        /// What is different.
        what: &'static str,
        /// What it has.
        found: String,
        /// What the first part has.
        expected: String,
    },
}

/// Makes one of the results of all machines that shared a load; `judge` gives the gates that can be
/// judged on the whole, by its measurements.
///
/// # Errors
/// When the parts cannot be one.
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
        let later = part.started_at.as_millisecond() - began.as_millisecond();
        measurements::shift(part, u64::try_from(later).unwrap_or(0));
    }
    let end = |part: &Results| {
        let later = part.started_at.as_millisecond() - began.as_millisecond();
        u64::try_from(later).unwrap_or(0) + part.duration_ms
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
    for (place, implementation) in implementations.iter_mut().enumerate() {
        let of = |part: &Results| part.implementations[place].clone();
        implementation.started_in_ms = parts.iter().filter_map(|p| of(p).started_in_ms).max();
        implementation.filled_in_ms = parts.iter().filter_map(|p| of(p).filled_in_ms).max();
    }
    // Paces of different machines make no line.
    let alike = parts.iter().filter(|part| part.machine == first.machine);
    let mut reference: Vec<_> = alike.flat_map(|part| part.reference.clone()).collect();
    reference.sort_by_key(|sample| sample.at_ms);
    let mut whole = Results {
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
        inconclusive,
        interrupted: parts.iter().any(|part| part.interrupted),
        verdict: Verdict::Inconclusive,
    };
    let judged = judge(&whole);
    gates::settle(&mut whole, &parts, judged);
    let any = |outcome| whole.gates.iter().any(|gate| gate.outcome == outcome);
    whole.verdict = if any(GateOutcome::Failed) {
        Verdict::Fail
    } else if whole.inconclusive.is_empty() && !any(GateOutcome::Inconclusive) {
        Verdict::Pass
    } else {
        Verdict::Inconclusive
    };
    Ok(whole)
}

/// The shard of a part; [`check`] has seen that it has one.
fn index(part: &Results) -> u32 {
    part.shard.map_or(0, |shard| shard.index)
}

fn check(parts: &[Results]) -> Result<(), MergeError> {
    let Some(first) = parts.first() else {
        return Err(MergeError::Empty);
    };
    for (place, results) in parts.iter().enumerate() {
        let part = place + 1;
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
        if let Some(earlier) = parts[..place].iter().position(|p| p.shard == Some(shard)) {
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

/// What all parts of one run have in common, in words.
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

/// A sentence about the shards that are not there.
fn missing(parts: &[Results]) -> Vec<String> {
    let of = parts[0].shard.map_or(0, |shard| shard.of);
    let there: Vec<u32> = parts.iter().map(index).collect();
    let missing: Vec<String> = (1..=of)
        .filter(|index| !there.contains(index))
        .map(|index| index.to_string())
        .collect();
    match missing.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("shard {one} of {of} is missing")],
        several => vec![format!("shards {} of {of} are missing", several.join(", "))],
    }
}
