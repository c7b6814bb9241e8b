//! The rankings of a text, and which damage to them they let pass on purpose.

use std::collections::{BTreeMap, BTreeSet};

use super::damage::Damage;
use crate::config::Ranking;
use crate::config::probe::Compare;
use crate::json::{Document, NodeId, Ranked};

#[derive(Default)]
pub(super) struct Rankings {
    lists: BTreeMap<NodeId, Ranked>,
    paths: BTreeSet<String>,
    /// The values that are a part of an element's id, by the list.
    ids: BTreeMap<NodeId, NodeId>,
    tolerances: BTreeMap<NodeId, f64>,
}

impl Rankings {
    pub(super) fn of(document: &Document, policy: &Compare) -> Rankings {
        let mut found = Rankings::default();
        for (index, rule) in policy.rankings.iter().enumerate() {
            for (list, ranked) in rule.lists(index, document) {
                for element in &ranked.elements {
                    let parts = rule.id.iter();
                    let parts = parts.filter_map(|name| document.member(*element, name));
                    found.ids.extend(parts.map(|part| (part, list)));
                }
                found.paths.insert(document.path(list).to_string());
                found.lists.insert(list, ranked);
            }
            let near = rule.near(document).into_iter();
            found.tolerances.extend(near.map(|id| (id, rule.tolerance)));
        }
        found
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    pub(super) fn is_list(&self, node: NodeId) -> bool {
        self.lists.contains_key(&node)
    }

    pub(super) fn is_list_at(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// How far a number may be away and still be the same, where it need not be exact.
    pub(super) fn tolerance(&self, node: NodeId) -> Option<f64> {
        self.tolerances.get(&node).copied()
    }

    /// The rule that lets the damage pass: two that change places within a tie, or an id that is
    /// lost where not all of them need be there.
    pub(super) fn tied(
        &self,
        damage: Damage,
        node: NodeId,
        index: usize,
        policy: &Compare,
    ) -> Option<usize> {
        let list = match damage {
            Damage::RankedSwapped => node,
            _ => *self.ids.get(&node)?,
        };
        let ranked = self.lists.get(&list)?;
        let rule = policy.rankings.get(ranked.rule)?;
        let passes = if damage == Damage::RankedSwapped {
            let scores = [*ranked.scores.get(index)?, *ranked.scores.get(index + 1)?];
            rule.may_swap(scores, scores)
        } else {
            one_may_be_lost(ranked, rule)
        };
        passes.then_some(ranked.rule)
    }
}

fn one_may_be_lost(ranked: &Ranked, rule: &Ranking) -> bool {
    let count = f64::from(u32::try_from(ranked.ids.len()).unwrap_or(u32::MAX));
    (count - 1.0) / count >= rule.overlap
}
