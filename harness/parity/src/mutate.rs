//! Proves that the probes can fail: damages captured answers, one way at a time, and checks that
//! the comparison reports every damaged copy, at the path of the damage.
//!
//! No request is repeated. Each copy goes through the same steps as the answers of a pair: prepared,
//! normalised, compared with the probe's comparators. Damage that a policy accepts on purpose is not
//! done, damage that a normaliser hides or that a rule of the ledger allows is counted separately, and
//! all other damage that is not reported survives and fails the run. The mutator's own mistakes are found without the
//! comparators, by [`changed_paths`](crate::json::changed_paths) and [`parts`].

mod answer;
mod headers;
mod ledger;
mod parts;
mod step;
mod tally;
#[cfg(test)]
mod tests;
mod trial;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use rand::seq::SliceRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

use crate::comparators::damage::Damage;
use crate::config::Root;
use crate::ledger::divergence::concerned;
use crate::outcome::{CaseOutcome, CaseVerdict, Mutation, Run};
use answer::{Answer, AnswerSite, Mutant};
use ledger::{Declared, Ledger};
use tally::{Subject, Tally};
use trial::{OtherAnswer, Trial};

/// The intended number of copies in a whole run.
const COPIES: usize = 24_000;
const MIN_PER_ANSWER: usize = 4;
const MAX_PER_ANSWER: usize = 400;
/// The size of all copies of one answer, in bytes, so that a long answer does not take the time of a
/// hundred others.
const MAX_BYTES: usize = 400_000;

/// The results of damaging a run's answers.
#[derive(Debug, Default)]
pub struct Mutated {
    /// For the reports.
    pub mutation: Mutation,
    /// Mistakes of the mutator itself.
    pub flaws: Vec<String>,
    /// Probes without an answer that can be damaged.
    pub untouched: Vec<String>,
}

/// Damages the answers of all cases that were compared; none if the run is stopped before the end.
#[must_use]
pub fn all(root: &Root, run: &Run, is_stopping: &(dyn Fn() -> bool + Sync)) -> Option<Mutated> {
    let began = Instant::now();
    let subjects = subjects(root, &run.cases);
    let budget = (COPIES / subjects.len().max(1)).clamp(MIN_PER_ANSWER, MAX_PER_ANSWER);
    let mut commonness = Commonness::new();
    let read_kinds = |commonness: &mut Commonness, subject: &Subject<'_>| {
        for kind in kinds(subject) {
            *commonness.entry(kind).or_default() += 1;
        }
    };
    in_threads(&subjects, is_stopping, read_kinds, |part| {
        for (kind, count) in part {
            *commonness.entry(kind).or_default() += count;
        }
    });
    let sample = Sample {
        budget,
        seed: run.seed,
        commonness,
        ledger: Ledger {
            pins: &root.pins,
            outcomes: &run.divergences,
        },
        is_stopping,
    };
    let mut tally = Tally::default();
    let damage = |tally: &mut Tally, subject: &Subject<'_>| sample.damage(subject, tally);
    in_threads(&subjects, is_stopping, damage, |part| tally.add(part));
    if is_stopping() {
        return None;
    }
    let mut mutated = tally.finish(root);
    mutated.mutation.sampling = format!(
        "{} of {} possible mutations of {} answers, at most {budget} each and one for each accepted difference, spread over the kinds of damage by seed {}",
        mutated.mutation.total + mutated.mutation.hidden,
        mutated.mutation.possible,
        subjects.len(),
        run.seed,
    );
    mutated.mutation.duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Some(mutated)
}

/// The number of answers to which each kind of damage can be done.
type Commonness = BTreeMap<Damage, u32>;

/// Works on all subjects, a share of them in each thread, and passes the results to `take` in order.
fn in_threads<'a, T: Default + Send>(
    subjects: &[Subject<'a>],
    is_stopping: &(dyn Fn() -> bool + Sync),
    work: impl Fn(&mut T, &Subject<'a>) + Sync,
    mut take: impl FnMut(T),
) {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = subjects.len().div_ceil(threads).max(1);
    let work = |share: &[Subject<'a>]| {
        let mut part = T::default();
        for subject in share {
            if is_stopping() {
                break;
            }
            work(&mut part, subject);
        }
        part
    };
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

fn kinds(subject: &Subject<'_>) -> BTreeSet<Damage> {
    let sites = read(subject).sites();
    sites.iter().map(|site| site.damage).collect()
}

/// Every answer once, though the reference's is part of every pair.
fn subjects<'a>(root: &'a Root, cases: &'a [CaseOutcome]) -> Vec<Subject<'a>> {
    let mut indices = BTreeMap::new();
    let mut subjects: Vec<Subject<'_>> = Vec::new();
    for outcome in cases {
        let judged = !matches!(outcome.verdict, CaseVerdict::Invalid | CaseVerdict::Skipped);
        let Some(probe) = root.probes.get(&outcome.surface).filter(|_| judged) else {
            continue;
        };
        let Some(case) = probe.cases.iter().find(|case| case.name == outcome.case) else {
            continue;
        };
        let concerned = concerned(&root.pins, outcome);
        let has_rule = concerned.iter().any(|index| root.pins[*index].is_rule);
        let is_declared = has_rule || !outcome.differences.is_empty();
        let left = (&outcome.reference, &outcome.left);
        let right = (&outcome.implementation, &outcome.right);
        for ((implementation, observation), other) in [(left, right), (right, left)] {
            let key = (
                &outcome.surface,
                outcome.transport,
                &outcome.case,
                implementation,
            );
            if let Some(observation) = observation.as_deref() {
                let index = *indices.entry(key).or_insert(subjects.len());
                if index == subjects.len() {
                    subjects.push(Subject {
                        outcome,
                        implementation,
                        observation,
                        probe,
                        case,
                        others: Vec::new(),
                    });
                }
                if let (true, Some(answer)) = (is_declared, other.1) {
                    subjects[index].others.push(OtherAnswer {
                        implementation: other.0,
                        observation: answer,
                        is_left: other == left,
                        concerned: concerned.clone(),
                    });
                }
            }
        }
    }
    subjects
}

fn read<'a>(subject: &'a Subject<'_>) -> Answer<'a> {
    Answer::read(subject.observation, subject.probe, subject.case.sequence)
}

/// How the answers are damaged.
struct Sample<'a> {
    /// The number of copies of each answer.
    budget: usize,
    seed: u64,
    commonness: Commonness,
    ledger: Ledger<'a>,
    is_stopping: &'a (dyn Fn() -> bool + Sync),
}

impl Sample<'_> {
    fn damage(&self, subject: &Subject<'_>, tally: &mut Tally) {
        let answer = read(subject);
        let sites = answer.sites();
        let affordable = MAX_BYTES / answer.size().max(1);
        let budget = self.budget.min(affordable.max(MIN_PER_ANSWER));
        let mut random = random(subject, self.seed);
        let trial = Trial::new(&answer, &subject.others, self.ledger);
        let declared = declared(&answer, &sites, &trial.declared(), &mut random);
        tally.answer(subject, sites.len() + declared.len());
        let chosen = choose(&answer, sites, budget, &self.commonness, &mut random);
        for mutant in declared.into_iter().chain(chosen) {
            if (self.is_stopping)() {
                return;
            }
            match &mutant.flaw {
                Some(flaw) => tally.flaw(subject, &mutant, flaw),
                None => tally.count(subject, &mutant, trial.detection(&mutant)),
            }
        }
    }
}

/// For each entry of the ledger that accepts a difference of the answer, a copy with another value of
/// the same type and size at such a place. Only a rule for any value of a type may accept that.
fn declared(
    answer: &Answer<'_>,
    sites: &[AnswerSite],
    declared: &Declared<'_>,
    random: &mut ChaCha8Rng,
) -> Vec<Mutant> {
    let mut by_pin: BTreeMap<usize, Vec<&AnswerSite>> = BTreeMap::new();
    if !declared.is_empty() {
        for site in sites.iter().filter(|site| site.damage.keeps_size) {
            let path = answer.path(site).unwrap_or_default();
            for pin in declared.pins(&path) {
                by_pin.entry(pin).or_default().push(site);
            }
        }
    }
    let mutant = |mut sites: Vec<&AnswerSite>| {
        sites.shuffle(random);
        let mut sites = sites.into_iter();
        sites.find_map(|site| answer.mutant(site, random))
    };
    by_pin.into_values().filter_map(mutant).collect()
}

/// A random generator that depends only on the seed and the answer.
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

/// Damages an answer by each kind in turn, until there are `budget` copies.
fn choose<'a>(
    answer: &'a Answer<'a>,
    sites: Vec<AnswerSite>,
    budget: usize,
    commonness: &Commonness,
    random: &'a mut ChaCha8Rng,
) -> impl Iterator<Item = Mutant> + 'a {
    let mut by_damage: BTreeMap<Damage, Vec<AnswerSite>> = BTreeMap::new();
    for site in sites {
        by_damage.entry(site.damage).or_default().push(site);
    }
    let order = order(by_damage.keys().copied().collect(), commonness, random);
    let mut kinds: Vec<Vec<AnswerSite>> = order
        .iter()
        .filter_map(|damage| by_damage.remove(damage))
        .collect();
    kinds.iter_mut().for_each(|sites| sites.shuffle(random));
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

/// The order of the kinds of damage: the rarest that is left and a random one, alternately, so that
/// rare kinds are done wherever they are possible.
fn order(mut kinds: Vec<Damage>, commonness: &Commonness, random: &mut ChaCha8Rng) -> Vec<Damage> {
    kinds.shuffle(random);
    kinds.sort_by_key(|kind| std::cmp::Reverse(commonness.get(kind).copied().unwrap_or(1)));
    let mut order = Vec::new();
    while let Some(rarest) = kinds.pop() {
        order.push(rarest);
        if !kinds.is_empty() {
            order.push(kinds.remove(random.random_range(0..kinds.len())));
        }
    }
    order
}
