//! Counts what became of the damaged copies, and says it in the outcome's words.

use std::collections::BTreeMap;

use lakehouse_rig::implementation::Transport;

use super::answer::Mutant;
use super::damage::Damage;
use super::trial::Fate;
use super::{FLAWS, Key, Mutated, Subject, key};
use crate::config::Root;
use crate::outcome::{Count, HiddenBy, MutatedCase, MutatedKind, MutatedProbe, Mutation, Survivor};

/// The longest change and path that are kept, in bytes.
const LONGEST: usize = 300;

#[derive(Default)]
pub(super) struct Tally {
    cases: BTreeMap<Key, Count>,
    damages: BTreeMap<Damage, Count>,
    answers: BTreeMap<(String, Transport), usize>,
    possible: usize,
    /// By surface and index of the normaliser: how many, and one of them.
    hidden: Declared,
    /// The same by surface and index of the ranking that lets it pass.
    tied: Declared,
    survivors: Vec<Survivor>,
    flaws: Vec<String>,
}

/// One copy and what became of it.
pub(super) struct Counted<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) mutant: &'a Mutant,
    pub(super) fate: Fate,
}

impl Tally {
    pub(super) fn answer(&mut self, subject: &Subject<'_>, possible: usize) {
        let key = (subject.outcome.surface.clone(), subject.outcome.transport);
        *self.answers.entry(key).or_default() += 1;
        self.possible += possible;
    }

    pub(super) fn flaw(&mut self, subject: &Subject<'_>, mutant: &Mutant, flaw: &str) {
        if self.flaws.len() < FLAWS {
            self.flaws.push(format!(
                "the mutator failed: `{}` (`{}`) of case `{}` of `{}` ({}): {flaw}",
                mutant.damage,
                crate::json::cut(&mutant.change, LONGEST),
                subject.outcome.case,
                subject.implementation,
                subject.outcome.surface,
            ));
        }
    }

    pub(super) fn count(&mut self, counted: Counted<'_>) {
        let Counted {
            subject,
            mutant,
            fate,
        } = counted;
        let one = match &fate {
            Fate::Killed => Count {
                killed: 1,
                total: 1,
                hidden: 0,
            },
            Fate::Hidden(_) | Fate::Tied(_) => Count {
                hidden: 1,
                ..Count::default()
            },
            Fate::Survived(_) => Count {
                total: 1,
                ..Count::default()
            },
        };
        add(self.cases.entry(key(subject)).or_default(), one);
        add(self.damages.entry(mutant.damage).or_default(), one);
        let example = || {
            let (damage, place) = (mutant.damage, place(mutant));
            format!("{damage} at `{place}` in `{}`", subject.outcome.case)
        };
        let key = |index: usize| (subject.outcome.surface.clone(), index);
        match fate {
            Fate::Killed => {}
            Fate::Hidden(by) => {
                for index in by {
                    let found = self.hidden.entry(key(index));
                    found.or_insert_with(|| (0, example())).0 += 1;
                }
            }
            Fate::Tied(rule) => {
                let found = self.tied.entry(key(rule));
                found.or_insert_with(|| (0, example())).0 += 1;
            }
            Fate::Survived(reason) => self.survivors.push(Survivor {
                surface: subject.outcome.surface.clone(),
                transport: subject.outcome.transport,
                case: subject.outcome.case.clone(),
                implementation: subject.implementation.to_owned(),
                damage: mutant.damage.to_string(),
                path: place(mutant),
                change: crate::json::cut(&mutant.change, LONGEST),
                reason,
                rerun: format!("{} --mutate", subject.outcome.rerun),
            }),
        }
    }

    pub(super) fn add(&mut self, other: Tally) {
        for (key, count) in other.cases {
            add(self.cases.entry(key).or_default(), count);
        }
        for (damage, count) in other.damages {
            add(self.damages.entry(damage).or_default(), count);
        }
        for (key, count) in other.answers {
            *self.answers.entry(key).or_default() += count;
        }
        for (key, (count, example)) in other.hidden {
            self.hidden.entry(key).or_insert((0, example)).0 += count;
        }
        for (key, (count, example)) in other.tied {
            self.tied.entry(key).or_insert((0, example)).0 += count;
        }
        self.possible += other.possible;
        self.survivors.extend(other.survivors);
        self.flaws.extend(other.flaws);
        self.flaws.truncate(FLAWS);
    }

    pub(super) fn finish(self, root: &Root) -> Mutated {
        let mut probes: BTreeMap<(String, Transport), Count> = BTreeMap::new();
        let mut all = Count::default();
        for ((surface, transport, _), count) in &self.cases {
            add(
                probes.entry((surface.clone(), *transport)).or_default(),
                *count,
            );
            add(&mut all, *count);
        }
        let untouched = self.answers.keys().filter(|key| {
            let count = probes.get(key).copied().unwrap_or_default();
            count.total + count.hidden == 0
        });
        let untouched = untouched
            .map(|(surface, transport)| {
                format!("no answer of `{surface}` over `{transport}` could be damaged")
            })
            .collect();
        let mutation = Mutation {
            killed: all.killed,
            total: all.total,
            hidden: all.hidden,
            possible: self.possible,
            survivors: self.survivors,
            sampling: String::new(),
            duration_ms: 0,
            probes: probes
                .into_iter()
                .map(|((surface, transport), count)| MutatedProbe {
                    answers: self
                        .answers
                        .get(&(surface.clone(), transport))
                        .copied()
                        .unwrap_or_default(),
                    surface,
                    transport,
                    count,
                })
                .collect(),
            damages: self
                .damages
                .into_iter()
                .map(|(damage, count)| MutatedKind {
                    damage: damage.to_string(),
                    count,
                })
                .collect(),
            hidden_by: hidden_by(root, self.hidden, self.tied),
            cases: self
                .cases
                .into_iter()
                .map(|((surface, transport, case), count)| MutatedCase {
                    surface,
                    transport,
                    case,
                    count,
                })
                .collect(),
        };
        Mutated {
            mutation,
            flaws: self.flaws,
            untouched,
        }
    }
}

/// By surface and index of what is declared: how many, and one of them.
type Declared = BTreeMap<(String, usize), (usize, String)>;

fn hidden_by(root: &Root, hidden: Declared, tied: Declared) -> Vec<HiddenBy> {
    let normalisers = hidden.into_iter().filter_map(|((surface, index), found)| {
        let normaliser = root.probes.get(&surface)?.normalisers.get(index)?;
        let path = normaliser.path.as_ref().map_or("", |path| path.as_str());
        let name = format!("{} {path}", normaliser.part).trim().to_owned();
        Some((surface, name, normaliser.reason.clone(), found))
    });
    let rankings = tied.into_iter().filter_map(|((surface, index), found)| {
        let rule = root.probes.get(&surface)?.compare.rankings.get(index)?;
        let name = format!("body {}", rule.at.as_str());
        Some((surface, name, format!("declared, {rule}"), found))
    });
    normalisers
        .chain(rankings)
        .map(|(surface, normaliser, reason, (count, example))| HiddenBy {
            surface,
            normaliser,
            reason,
            count,
            example,
        })
        .collect()
}

fn add(count: &mut Count, more: Count) {
    count.killed += more.killed;
    count.total += more.total;
    count.hidden += more.hidden;
}

fn place(mutant: &Mutant) -> String {
    let first = mutant.expected.first().map_or("", String::as_str);
    crate::json::cut(first, LONGEST)
}
