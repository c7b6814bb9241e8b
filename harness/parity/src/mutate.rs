//! Proves that the probes can fail: damages the answers that were captured, one way at a time,
//! and insists that the comparison tells every damaged copy from its original, at its path.
//!
//! Nothing is asked again. Each copy goes through the pipeline that judges a pair: prepared,
//! normalised, compared with the probe's policy. What a policy lets pass on purpose is not done;
//! what a declared normaliser hides is counted apart; anything else that is not told is a
//! survivor and fails the run. The mutator is held to its word by [`landed`], which reads both
//! texts without the comparators.

mod answer;
mod damage;
mod done;
mod files;
mod landed;
mod metrics;
mod rankings;
mod steps;
mod tally;
#[cfg(test)]
mod tests;
mod text;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use lakehouse_rig::implementation::Transport;
use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use crate::config::{Case, Probe, Root};
use crate::observation::Observation;
use crate::outcome::{CaseOutcome, CaseVerdict, Mutation};
use answer::{Answer, Mutant, Site};
use damage::Damage;
use tally::{Counted, Tally};
use trial::Trial;

/// About as many copies are made in a whole run.
const COPIES: usize = 24_000;
/// The fewest and the most copies of one answer.
const FEWEST: usize = 4;
const MOST: usize = 400;
/// Bytes of copies of one answer, so that a long one does not take the time of a hundred.
const BYTES: usize = 400_000;
/// Flaws that are told; more of them say nothing new.
const FLAWS: usize = 10;

/// What damaging a run's answers found.
#[derive(Debug, Default)]
pub struct Mutated {
    /// For the reports.
    pub mutation: Mutation,
    /// Damage that did not land, which is a mistake of the mutator and no word on the probes.
    pub flaws: Vec<String>,
    /// Probes that were compared and of which nothing could be damaged.
    pub untouched: Vec<String>,
}

/// One answer to damage.
struct Subject<'a> {
    outcome: &'a CaseOutcome,
    implementation: &'a str,
    observation: &'a Observation,
    probe: &'a Probe,
    case: &'a Case,
}

impl Subject<'_> {
    fn read(&self) -> Answer<'_> {
        Answer::read(self.observation, self.probe, self.case.sequence)
    }
}

/// Damages the answers of all cases that could be judged.
#[must_use]
pub fn all(root: &Root, cases: &[CaseOutcome], seed: u64) -> Mutated {
    let began = Instant::now();
    let subjects = subjects(root, cases);
    let budget = (COPIES / subjects.len().max(1)).clamp(FEWEST, MOST);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = subjects.len().div_ceil(threads).max(1);
    let mut commonness = Commonness::new();
    in_threads(&subjects, share, kinds, |part| {
        for (kind, count) in part {
            *commonness.entry(kind).or_default() += count;
        }
    });
    let mut tally = Tally::default();
    let damage = |share: &[Subject<'_>]| damage_all(share, budget, seed, &commonness);
    in_threads(&subjects, share, damage, |part| tally.add(part));
    let mut mutated = tally.finish(root);
    mutated.mutation.sampling = format!(
        "{} of {} possible mutations of {} answers, at most {budget} each, spread over the kinds of damage by seed {seed}",
        mutated.mutation.total + mutated.mutation.hidden,
        mutated.mutation.possible,
        subjects.len(),
    );
    mutated.mutation.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    mutated
}

/// How many answers each kind of damage can be done to.
type Commonness = BTreeMap<Damage, u32>;

/// Works on all subjects, a share in each thread; what comes of it is taken in order.
fn in_threads<'a, T: Send>(
    subjects: &[Subject<'a>],
    share: usize,
    work: impl Fn(&[Subject<'a>]) -> T + Sync,
    mut take: impl FnMut(T),
) {
    let work = &work;
    std::thread::scope(|scope| {
        let workers: Vec<_> = subjects
            .chunks(share)
            .map(|share| scope.spawn(move || work(share)))
            .collect();
        for worker in workers {
            match worker.join() {
                Ok(part) => take(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
}

fn kinds(subjects: &[Subject<'_>]) -> Commonness {
    let mut commonness = Commonness::new();
    for subject in subjects {
        let sites = subject.read().sites();
        let kinds: BTreeSet<Damage> = sites.iter().map(|site| site.damage).collect();
        for kind in kinds {
            *commonness.entry(kind).or_default() += 1;
        }
    }
    commonness
}

/// Every answer once, though the reference's stands in every pair.
fn subjects<'a>(root: &'a Root, cases: &'a [CaseOutcome]) -> Vec<Subject<'a>> {
    let mut seen = BTreeSet::new();
    let mut subjects = Vec::new();
    for outcome in cases {
        let judged = !matches!(outcome.verdict, CaseVerdict::Invalid | CaseVerdict::Skipped);
        let Some(probe) = root.probes.get(&outcome.surface).filter(|_| judged) else {
            continue;
        };
        let Some(case) = probe.cases.iter().find(|case| case.name == outcome.case) else {
            continue;
        };
        let sides = [
            (&outcome.reference, &outcome.left),
            (&outcome.implementation, &outcome.right),
        ];
        for (implementation, observation) in sides {
            let key = (
                &outcome.surface,
                outcome.transport,
                &outcome.case,
                implementation,
            );
            if let Some(observation) = observation.as_deref()
                && seen.insert(key)
            {
                subjects.push(Subject {
                    outcome,
                    implementation,
                    observation,
                    probe,
                    case,
                });
            }
        }
    }
    subjects
}

fn damage_all(
    subjects: &[Subject<'_>],
    budget: usize,
    seed: u64,
    commonness: &Commonness,
) -> Tally {
    let mut tally = Tally::default();
    for subject in subjects {
        damage(subject, budget, seed, commonness, &mut tally);
    }
    tally
}

fn damage(
    subject: &Subject<'_>,
    budget: usize,
    seed: u64,
    commonness: &Commonness,
    tally: &mut Tally,
) {
    let answer = subject.read();
    let sites = answer.sites();
    tally.answer(subject, sites.len());
    let affordable = BYTES / answer.size().max(1);
    let budget = budget.min(affordable.max(FEWEST));
    let mut random = random(subject, seed);
    let trial = Trial::new(&answer);
    for mutant in choose(&answer, sites, budget, commonness, &mut random) {
        if let Some(flaw) = &mutant.flaw {
            tally.flaw(subject, &mutant, flaw);
            continue;
        }
        tally.count(Counted {
            subject,
            fate: trial.fate(&mutant),
            mutant: &mutant,
        });
    }
}

/// The same for the same seed, whatever else runs.
fn random(subject: &Subject<'_>, seed: u64) -> ChaCha8Rng {
    let mut hasher = Sha256::new();
    hasher.update(seed.to_le_bytes());
    for part in [
        &subject.outcome.surface,
        &subject.outcome.transport.to_string(),
        &subject.outcome.case,
        subject.implementation,
    ] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    ChaCha8Rng::from_seed(hasher.finalize().into())
}

/// One of each kind in turn, in an order of its own for each answer: a kind that few answers offer
/// is the more likely to come first, so that over a run each kind is done about as often.
fn choose<'a>(
    answer: &'a Answer<'a>,
    sites: Vec<Site>,
    budget: usize,
    commonness: &Commonness,
    random: &'a mut ChaCha8Rng,
) -> impl Iterator<Item = Mutant> + 'a {
    let mut by_damage: BTreeMap<Damage, Vec<Site>> = BTreeMap::new();
    for site in sites {
        by_damage.entry(site.damage).or_default().push(site);
    }
    let mut drawn: Vec<(f64, Vec<Site>)> = by_damage
        .into_iter()
        .map(|(damage, mut sites)| {
            sites.shuffle(random);
            // The first of several exponential waits, each as long as its kind is common.
            let wait = -(1.0 - random.random::<f64>()).ln();
            let common = commonness.get(&damage).copied().unwrap_or(1);
            (wait * f64::from(common), sites)
        })
        .collect();
    drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut kinds: Vec<Vec<Site>> = drawn.into_iter().map(|(_, sites)| sites).collect();
    let mut turn = 0;
    std::iter::from_fn(move || {
        while !kinds.is_empty() {
            turn %= kinds.len();
            let Some(site) = kinds[turn].pop() else {
                kinds.remove(turn);
                continue;
            };
            if let Some(mutant) = answer.mutant(&site, random) {
                turn += 1;
                return Some(mutant);
            }
        }
        None
    })
    .take(budget)
}

/// A row of the reports: surface, transport, case.
type Key = (String, Transport, String);

fn key(subject: &Subject<'_>) -> Key {
    (
        subject.outcome.surface.clone(),
        subject.outcome.transport,
        subject.outcome.case.clone(),
    )
}
