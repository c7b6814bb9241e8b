//! The lists that a ranking compares, and the elements that they share.

use std::collections::{BTreeMap, BTreeSet};

use crate::comparators::canonical::canonical;
use crate::comparators::policy::JsonPolicy;
use crate::comparators::{Found, shape};
use crate::difference::{DifferenceKind as Kind, Side};
use crate::json::{NodeId, Tree, Value, cut};

/// The maximum number of ids of a side in a report.
const MAX_SHOWN: usize = 16;

/// A list of elements that each have a score and an id that no other has.
pub(super) struct List {
    pub(super) elements: Vec<NodeId>,
    /// Ids as texts, which are equal when the ids are.
    pub(super) ids: Vec<String>,
    pub(super) scores: Vec<f64>,
    /// The scale of each element's tolerance, if the rule has terms.
    pub(super) scales: Vec<Option<f64>>,
}

impl List {
    /// The places of the elements whose ids only this list has, and the elements as JSON.
    pub(super) fn lone_elements(
        &self,
        tree: &dyn Tree,
        shared: impl Iterator<Item = usize>,
    ) -> Vec<u8> {
        let shared: BTreeSet<usize> = shared.collect();
        let elements = self.elements.iter().enumerate();
        elements
            .filter(|(at, _)| !shared.contains(at))
            .flat_map(|(at, id)| {
                let element = canonical(tree, *id, JsonPolicy::default());
                [format!(", {at} ").into_bytes(), element].concat()
            })
            .collect()
    }
}

/// A part of an id. Numbers are equal by value.
pub(super) fn part(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("`{}`", text.lossy())),
        Value::Number(lexeme) => Some(lexeme.parse::<f64>().ok()?.to_string()),
        _ => None,
    }
}

/// The positions of the ids that both lists have, in the order of the left one.
pub(super) fn common(left: &List, right: &List) -> Vec<(usize, usize)> {
    let places: BTreeMap<&String, usize> = right.ids.iter().zip(0..).collect();
    let both = left.ids.iter().enumerate();
    both.filter_map(|(at, id)| Some((at, *places.get(id)?)))
        .collect()
}

pub(super) fn share(common: usize, all: usize) -> f64 {
    if all == 0 {
        return 1.0;
    }
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    count(common) / count(all)
}

pub(super) fn overlap(
    left: &List,
    right: &List,
    common: &[(usize, usize)],
    lone_elements: &[Vec<u8>; 2],
) -> Found {
    let alone = |list: &List, shared: BTreeSet<usize>| -> Vec<String> {
        let ids = list.ids.iter().enumerate();
        let mut alone: Vec<String> = ids
            .filter(|(at, _)| !shared.contains(at))
            .map(|(_, id)| id.clone())
            .collect();
        alone.sort();
        alone
    };
    let only_left = alone(left, common.iter().map(|(l, _)| *l).collect());
    let only_right = alone(right, common.iter().map(|(_, r)| *r).collect());
    let shape = |count: usize| format!("{count} ids that the other lacks").replace("1 ids", "1 id");
    Found {
        element: None,
        kind: Kind::RankingOverlap,
        left: side(&shape(only_left.len()), &only_left, &lone_elements[0]),
        right: side(&shape(only_right.len()), &only_right, &lone_elements[1]),
    }
}

/// Ids as a side, whose shape also belongs to the elements without a counterpart.
pub(super) fn side(what: &str, ids: &[String], lone_elements: &[u8]) -> Side {
    let shown: Vec<&str> = ids.iter().take(MAX_SHOWN).map(String::as_str).collect();
    let more = if shown.len() < ids.len() { ", …" } else { "" };
    Side {
        shape: match ids {
            [] => what.to_owned(),
            _ => shape::pinned(what, &[ids.join(", ").as_bytes(), lone_elements].concat()),
        },
        text: cut(&format!("{}{more}", shown.join(", ")), 2_000),
    }
}
