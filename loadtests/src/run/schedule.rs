//! The schedule of a run: every load in rounds of slices, with reference samples between rounds.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::gather::gather;
use super::options::Options;
use super::slice::{SliceOutcome, SliceRunner};
use super::subject::Subject;
use crate::drive::{Load, Plan};
use crate::flows::CORPORA;
use crate::reference;
use crate::results::{Gate, GateOutcome, LoadPoint, Measurement, ReferenceSample, Shard};
use crate::tier::{Point, Shape};

/// Approximate length of alternating slices.
const SLICE_SECONDS: f64 = 20.0;
/// Minimum number of pairs for a ratio: fewer have no signed-rank interval.
const MIN_PAIRS: u32 = 6;
/// Minimum number of pairs for the detection of a regression.
const MIN_PAIRS_AGAINST: u32 = 12;

/// The loads, rounds and lengths of a run.
#[derive(Debug)]
pub(super) struct Schedule {
    points: Vec<Point>,
    dataset: PathBuf,
    rounds: u32,
    slice_seconds: f64,
    warm_up_seconds: f64,
    seed: u64,
    shard: Shard,
}

/// The findings of all slices.
pub(super) struct Findings {
    /// By load, then by subject.
    pub(super) measurements: Vec<Measurement>,
    /// Samples before, between and after the rounds.
    pub(super) reference: Vec<ReferenceSample>,
    /// Gates that failed while the load ran.
    pub(super) gates: Vec<Gate>,
    /// Reasons why the run is inconclusive.
    pub(super) inconclusive: Vec<String>,
}

impl Schedule {
    /// The schedule of a tier's shape for a number of subjects.
    pub(super) fn new(options: &Options, shape: &Shape, dataset: &Path, subjects: usize) -> Self {
        let slices = (shape.seconds / SLICE_SECONDS).round().max(1.0) as u32;
        let rounds = options.rounds.unwrap_or(match subjects {
            0 | 1 => 1,
            _ if options.against.is_some() => slices.max(MIN_PAIRS_AGAINST),
            _ => slices.max(MIN_PAIRS),
        });
        let slice_seconds = if options.against.is_some() && options.seconds.is_none() {
            SLICE_SECONDS
        } else {
            shape.seconds / f64::from(rounds)
        };
        Self {
            points: shape.points.clone(),
            dataset: dataset.to_owned(),
            rounds,
            slice_seconds,
            warm_up_seconds: shape.warm_up_seconds,
            seed: options.seed,
            shard: options.shard.unwrap_or(Shard { index: 1, of: 1 }),
        }
    }

    fn plan(&self, subject: &Subject, load: Load, point: &Point, round: u32) -> Plan {
        let shard = self.shard;
        Plan {
            url: subject.url.clone(),
            dataset: self.dataset.clone(),
            corpora: CORPORA.map(str::to_owned).to_vec(),
            load: load_of_shard(load, shard),
            users: users_of_shard(point.users, shard),
            warm_up_seconds: self.warm_up_seconds,
            seconds: self.slice_seconds,
            // All slices of a round have the same seed, so that a pair has the same requests.
            seed: self
                .seed
                .wrapping_add(u64::from(round) * 1_000_003 + u64::from(shard.index - 1) * 7_919),
            shard: shard.index,
        }
    }
}

/// Runs the schedule. Keeps what was measured when something fails, and reports the failure.
pub(super) async fn run(
    runner: &SliceRunner<'_>,
    schedule: &Schedule,
    subjects: &mut [Subject],
) -> Result<Findings> {
    let mut findings = Findings {
        measurements: Vec::new(),
        reference: vec![sample_reference(runner).await?],
        gates: Vec::new(),
        inconclusive: Vec::new(),
    };
    let mut order = ChaCha8Rng::seed_from_u64(schedule.seed);
    // Rates at the load before, by subject.
    let mut capacities = vec![None; subjects.len()];
    for point in &schedule.points {
        let loads = capacities.iter().map(|capacity| point.load(*capacity));
        let Some(loads) = loads.collect::<Option<Vec<Load>>>() else {
            let message = format!("{}: the load before was not measured", point.label());
            findings.inconclusive.push(message);
            break;
        };
        let mut rounds = Rounds {
            slices: subjects.iter().map(|_| Vec::new()).collect(),
            reference: &mut findings.reference,
        };
        let result = rounds
            .run(runner, schedule, point, &loads, subjects, &mut order)
            .await;
        for (index, slices) in rounds.slices.iter().enumerate() {
            if slices.is_empty() {
                continue;
            }
            let load = load_of_shard(loads[index].clone(), schedule.shard);
            let load_point = LoadPoint {
                label: point.label(),
                users: users_of_shard(point.users, schedule.shard),
                arrivals_per_second: arrivals_per_second(&load),
            };
            let name = &subjects[index].implementation.name;
            let measurement = gather(name, load_point, slices);
            capacities[index] = Some(measurement.rate());
            findings.measurements.push(measurement);
        }
        if let Err(error) = result {
            findings.add_failure(subjects, format!("{}: {error:#}", point.label()));
            break;
        }
        if runner.is_interrupted() {
            let message = "a signal ended the run early".to_owned();
            findings.inconclusive.push(message);
            break;
        }
    }
    Ok(findings)
}

/// The rounds of one load.
struct Rounds<'a> {
    /// By subject.
    slices: Vec<Vec<SliceOutcome>>,
    reference: &'a mut Vec<ReferenceSample>,
}

impl Rounds<'_> {
    async fn run(
        &mut self,
        runner: &SliceRunner<'_>,
        schedule: &Schedule,
        point: &Point,
        loads: &[Load],
        subjects: &[Subject],
        order: &mut ChaCha8Rng,
    ) -> Result<()> {
        let mut turns: Vec<usize> = (0..subjects.len()).collect();
        for round in 0..schedule.rounds {
            turns.shuffle(order);
            for index in turns.iter().copied() {
                let subject = &subjects[index];
                let plan = schedule.plan(subject, loads[index].clone(), point, round);
                let slice = runner.run(subject, &plan, round).await?;
                self.slices[index].push(slice);
                if runner.is_interrupted() {
                    return Ok(());
                }
            }
            self.reference.push(sample_reference(runner).await?);
        }
        Ok(())
    }
}

impl Findings {
    /// Adds a failed gate for each server that ended by itself, or else the reason for the end.
    fn add_failure(&mut self, subjects: &mut [Subject], reason: String) {
        let mut has_ended = false;
        for subject in subjects {
            if let Some(found) = subject.unexpected_exit() {
                has_ended = true;
                self.gates.push(Gate {
                    name: "alive".to_owned(),
                    subject: subject.implementation.name.clone(),
                    limit: "the server keeps running".to_owned(),
                    found,
                    outcome: GateOutcome::Failed,
                });
            }
        }
        if !has_ended {
            self.inconclusive.push(reason);
        }
    }
}

async fn sample_reference(runner: &SliceRunner<'_>) -> Result<ReferenceSample> {
    let at_ms = u64::try_from(runner.began.elapsed().as_millis())?;
    Ok(tokio::task::spawn_blocking(move || reference::sample(at_ms)).await??)
}

/// The number of users of one shard; all shards together have all users.
fn users_of_shard(users: u32, shard: Shard) -> u32 {
    let rest = users % shard.of;
    users / shard.of + u32::from(shard.index <= rest)
}

fn load_of_shard(load: Load, shard: Shard) -> Load {
    match load {
        Load::Open {
            arrivals_per_second,
        } => Load::Open {
            arrivals_per_second: arrivals_per_second / f64::from(shard.of),
        },
        other => other,
    }
}

fn arrivals_per_second(load: &Load) -> Option<f64> {
    match load {
        Load::Open {
            arrivals_per_second,
        } => Some(*arrivals_per_second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_together_have_all_users() {
        for users in [1, 10, 50, 101] {
            for of in 1..=7 {
                let shards = (1..=of).map(|index| users_of_shard(users, Shard { index, of }));
                assert_eq!(shards.sum::<u32>(), users, "{users} users over {of} shards");
            }
        }
    }
}
