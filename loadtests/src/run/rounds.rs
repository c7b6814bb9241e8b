//! The course of a run: every load, in rounds of slices, the reference between them.

use std::path::{Path, PathBuf};

use anyhow::Result;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::corpus::CORPORA;
use super::gather::gather;
use super::options::Options;
use super::slice::{Bench, SliceOutcome};
use super::subject::Subject;
use crate::drive::{Load, Plan};
use crate::reference;
use crate::results::{Gate, GateOutcome, LoadPoint, Measurement, ReferenceSample, Shard};
use crate::tier::{Point, Shape};

/// About how long a slice is measured where several are taken in turn.
const SLICE_SECONDS: f64 = 20.0;
/// Pairs of slices that a ratio is judged on at the least: fewer have no interval by ranks.
const PAIRS: u32 = 6;
/// The same for a regression.
const PAIRS_AGAINST: u32 = 12;

/// What is done in which order.
#[derive(Debug)]
pub(super) struct Course {
    points: Vec<Point>,
    house: PathBuf,
    rounds: u32,
    slice_seconds: f64,
    warm_up_seconds: f64,
    seed: u64,
    shard: Shard,
}

/// What a run found.
pub(super) struct Found {
    /// By load, then by subject.
    pub(super) measurements: Vec<Measurement>,
    /// The reference before, between and after.
    pub(super) reference: Vec<ReferenceSample>,
    /// What had to hold while it ran.
    pub(super) gates: Vec<Gate>,
    /// What could not be told.
    pub(super) inconclusive: Vec<String>,
}

impl Course {
    /// The course of a tier for so many subjects.
    pub(super) fn of(options: &Options, shape: &Shape, house: &Path, subjects: usize) -> Self {
        let in_turn = (shape.seconds / SLICE_SECONDS).round().max(1.0) as u32;
        let rounds = options.rounds.unwrap_or(match subjects {
            0 | 1 => 1,
            _ if options.against.is_some() => in_turn.max(PAIRS_AGAINST),
            _ => in_turn.max(PAIRS),
        });
        let slice_seconds = if options.against.is_some() && options.seconds.is_none() {
            SLICE_SECONDS
        } else {
            shape.seconds / f64::from(rounds)
        };
        Self {
            points: shape.points.clone(),
            house: house.to_owned(),
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
            dataset: self.house.clone(),
            corpora: CORPORA.map(|(name, _)| name.to_owned()).to_vec(),
            load: share_of(load, shard),
            users: users_of(point.users, shard),
            warm_up_seconds: self.warm_up_seconds,
            seconds: self.slice_seconds,
            // The same for all of a round, so that a pair did the same.
            seed: self
                .seed
                .wrapping_add(u64::from(round) * 1_000_003 + u64::from(shard.index - 1) * 7_919),
            shard: shard.index,
        }
    }
}

/// Takes the course. What could not be measured any more is told, and what was is kept.
pub(super) async fn run(
    bench: &Bench<'_>,
    course: &Course,
    subjects: &mut [Subject],
) -> Result<Found> {
    let mut found = Found {
        measurements: Vec::new(),
        reference: vec![take_reference(bench).await?],
        gates: Vec::new(),
        inconclusive: Vec::new(),
    };
    let mut order = ChaCha8Rng::seed_from_u64(course.seed);
    // What was measured at the load before, by subject.
    let mut capacities = vec![None; subjects.len()];
    for point in &course.points {
        let loads = capacities.iter().map(|capacity| point.load(*capacity));
        let Some(loads) = loads.collect::<Option<Vec<Load>>>() else {
            let missing = format!("{}: nothing was measured before", point.label());
            found.inconclusive.push(missing);
            break;
        };
        let mut taken = Taken {
            slices: subjects.iter().map(|_| Vec::new()).collect(),
            reference: &mut found.reference,
        };
        let result = taken
            .rounds(bench, course, point, &loads, subjects, &mut order)
            .await;
        let slices = taken.slices;
        for (at, slices) in slices
            .iter()
            .enumerate()
            .filter(|(_, slices)| !slices.is_empty())
        {
            let told = LoadPoint {
                label: point.label(),
                users: users_of(point.users, course.shard),
                arrivals_per_second: arrivals(&share_of(loads[at].clone(), course.shard)),
            };
            let measurement = gather(&subjects[at].told.name, told, slices);
            capacities[at] = Some(measurement.rate());
            found.measurements.push(measurement);
        }
        if let Err(error) = result {
            found.tell(subjects, &format!("{}: {error:#}", point.label()));
            break;
        }
        if bench.is_interrupted() {
            let early = "a signal ended the run before its time".to_owned();
            found.inconclusive.push(early);
            break;
        }
    }
    Ok(found)
}

/// What was taken at one load.
struct Taken<'a> {
    /// By subject.
    slices: Vec<Vec<SliceOutcome>>,
    reference: &'a mut Vec<ReferenceSample>,
}

impl Taken<'_> {
    async fn rounds(
        &mut self,
        bench: &Bench<'_>,
        course: &Course,
        point: &Point,
        loads: &[Load],
        subjects: &[Subject],
        order: &mut ChaCha8Rng,
    ) -> Result<()> {
        let mut turns: Vec<usize> = (0..subjects.len()).collect();
        for round in 0..course.rounds {
            turns.shuffle(order);
            for at in &turns {
                let plan = course.plan(&subjects[*at], loads[*at].clone(), point, round);
                let slice = bench.slice(&subjects[*at], &plan, round).await?;
                self.slices[*at].push(slice);
                if bench.is_interrupted() {
                    return Ok(());
                }
            }
            self.reference.push(take_reference(bench).await?);
        }
        Ok(())
    }
}

impl Found {
    /// Why the run was cut short: a server that died under load has failed.
    fn tell(&mut self, subjects: &mut [Subject], what: &str) {
        let mut dead = false;
        for subject in subjects {
            if let Some(how) = subject.dead() {
                dead = true;
                self.gates.push(Gate {
                    name: "alive".to_owned(),
                    subject: subject.told.name.clone(),
                    limit: "the server stays up".to_owned(),
                    found: how,
                    outcome: GateOutcome::Failed,
                });
            }
        }
        if !dead {
            self.inconclusive.push(what.to_owned());
        }
    }
}

async fn take_reference(bench: &Bench<'_>) -> Result<ReferenceSample> {
    let at_ms = u64::try_from(bench.began.elapsed().as_millis())?;
    Ok(tokio::task::spawn_blocking(move || reference::sample(at_ms)).await??)
}

/// The users of one shard; together they are all of them.
fn users_of(users: u32, shard: Shard) -> u32 {
    let rest = users % shard.of;
    users / shard.of + u32::from(shard.index <= rest)
}

fn share_of(load: Load, shard: Shard) -> Load {
    match load {
        Load::Open {
            arrivals_per_second,
        } => Load::Open {
            arrivals_per_second: arrivals_per_second / f64::from(shard.of),
        },
        other => other,
    }
}

fn arrivals(load: &Load) -> Option<f64> {
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
    fn shards_have_all_users_together() {
        for users in [1, 10, 50, 101] {
            for of in 1..=7 {
                let shards = (1..=of).map(|index| users_of(users, Shard { index, of }));
                assert_eq!(shards.sum::<u32>(), users, "{users} users over {of} shards");
            }
        }
    }
}
