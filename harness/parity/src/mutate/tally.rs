//! Counts the results of comparing damaged copies.

use std::collections::BTreeMap;

use lakehouse_rig::implementation::Transport;

use super::Mutated;
use super::answer::Mutant;
use super::trial::{Detection, OtherAnswer};
use crate::config::pin::FILE;
use crate::config::{Case, Probe, Root};
use crate::json::cut;
use crate::observation::Observation;
use crate::outcome::{
    CaseOutcome, Count, HiddenBy, MutatedCase, MutatedKind, MutatedProbe, Mutation, Survivor,
};

/// The longest change and path in a report, in bytes.
const MAX_SHOWN: usize = 300;
/// The maximum number of flaws in a report.
const MAX_FLAWS: usize = 10;

/// One answer to damage.
pub(super) struct Subject<'a> {
    pub(super) outcome: &'a CaseOutcome,
    pub(super) implementation: &'a str,
    pub(super) observation: &'a Observation,
    pub(super) probe: &'a Probe,
    pub(super) case: &'a Case,
    /// The other implementations' answers that differ from this one, or that rules are about.
    pub(super) others: Vec<OtherAnswer<'a>>,
}

#[derive(Default)]
pub(super) struct Tally {
    cases: BTreeMap<Key, Count>,
    damages: BTreeMap<&'static str, Count>,
    answers: BTreeMap<(String, Transport), usize>,
    possible: usize,
    hidden: Declared,
    accepted: Declared,
    allowed: Declared,
    by_rules: usize,
    survivors: Vec<Survivor>,
    flaws: Vec<String>,
}

/// Surface, transport, case.
type Key = (String, Transport, String);

/// The damage that normalisers hide or that rules of comparators or of the ledger accept, by surface
/// and index: its count and an example.
type Declared = BTreeMap<(String, usize), (usize, String)>;

impl Tally {
    pub(super) fn answer(&mut self, subject: &Subject<'_>, possible: usize) {
        let key = (subject.outcome.surface.clone(), subject.outcome.transport);
        *self.answers.entry(key).or_default() += 1;
        self.possible += possible;
    }

    pub(super) fn flaw(&mut self, subject: &Subject<'_>, mutant: &Mutant, flaw: &str) {
        if self.flaws.len() < MAX_FLAWS {
            self.flaws.push(format!(
                "the mutator failed: `{}` (`{}`) of case `{}` of `{}` ({}): {flaw}",
                mutant.damage,
                cut(&mutant.summary, MAX_SHOWN),
                subject.outcome.case,
                subject.implementation,
                subject.outcome.surface,
            ));
        }
    }

    pub(super) fn count(&mut self, subject: &Subject<'_>, mutant: &Mutant, detection: Detection) {
        let one = match &detection {
            Detection::Killed => Count {
                killed: 1,
                total: 1,
                hidden: 0,
            },
            Detection::Hidden(_) | Detection::Accepted(_) | Detection::Allowed(_) => Count {
                hidden: 1,
                ..Count::default()
            },
            Detection::Survived(_) => Count {
                total: 1,
                ..Count::default()
            },
        };
        let CaseOutcome {
            surface,
            transport,
            case,
            ..
        } = subject.outcome;
        let key = (surface.clone(), *transport, case.clone());
        add(self.cases.entry(key).or_default(), one);
        add(self.damages.entry(mutant.damage.name).or_default(), one);
        let declare = |declared: &mut Declared, index: usize| {
            let found = declared.entry((surface.clone(), index));
            let example = || format!("{} at `{}` in `{case}`", mutant.damage, path(mutant));
            found.or_insert_with(|| (0, example())).0 += 1;
        };
        match detection {
            Detection::Killed => {}
            Detection::Hidden(by) => {
                by.into_iter()
                    .for_each(|index| declare(&mut self.hidden, index));
            }
            Detection::Accepted(rule) => declare(&mut self.accepted, rule),
            Detection::Allowed(by) => {
                self.by_rules += 1;
                by.into_iter()
                    .for_each(|index| declare(&mut self.allowed, index));
            }
            Detection::Survived(reason) => self.survivors.push(Survivor {
                surface: surface.clone(),
                transport: *transport,
                case: case.clone(),
                implementation: subject.implementation.to_owned(),
                damage: mutant.damage.to_string(),
                path: path(mutant),
                change: cut(&mutant.summary, MAX_SHOWN),
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
        for (own, other) in [
            (&mut self.hidden, other.hidden),
            (&mut self.accepted, other.accepted),
            (&mut self.allowed, other.allowed),
        ] {
            for (key, (count, example)) in other {
                own.entry(key).or_insert((0, example)).0 += count;
            }
        }
        self.by_rules += other.by_rules;
        self.possible += other.possible;
        self.survivors.extend(other.survivors);
        self.flaws.extend(other.flaws);
        self.flaws.truncate(MAX_FLAWS);
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
            by_rules: self.by_rules,
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
                    damage: damage.to_owned(),
                    count,
                })
                .collect(),
            hidden_by: hidden_by(root, self.hidden, self.accepted, self.allowed),
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

fn hidden_by(
    root: &Root,
    hidden: Declared,
    accepted: Declared,
    allowed: Declared,
) -> Vec<HiddenBy> {
    let normalisers = hidden.into_iter().filter_map(|((surface, index), found)| {
        let normaliser = root.probes.get(&surface)?.normalisers.get(index)?;
        let path = normaliser.path.as_ref().map_or("", |path| path.as_str());
        let name = format!("{} {path}", normaliser.part).trim().to_owned();
        Some((surface, name, normaliser.reason.clone(), found))
    });
    let rules = accepted
        .into_iter()
        .filter_map(|((surface, index), found)| {
            let probe = root.probes.get(&surface)?;
            let rule = probe.compare.body.rules().get(index)?;
            let name = format!("body {}", rule.path());
            Some((surface, name, format!("accepted by {rule}"), found))
        });
    let entries = allowed.into_iter().filter_map(|((surface, index), found)| {
        let pin = root.pins.get(index)?;
        let name = format!("{FILE}:{} {} {}", pin.lines.0, pin.path.as_str(), pin.kind);
        Some((surface, name, pin.reason.clone(), found))
    });
    normalisers
        .chain(rules)
        .chain(entries)
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

fn path(mutant: &Mutant) -> String {
    let first = mutant.expected.first().map_or("", String::as_str);
    cut(first, MAX_SHOWN)
}
