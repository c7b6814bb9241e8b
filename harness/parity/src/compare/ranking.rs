//! Rankings: their length, the ids they share, and the order these stand in.

use std::collections::BTreeMap;

use super::shape;
use crate::config::Ranking;
use crate::config::ranking::near;
use crate::difference::{DifferenceKind, Side};
use crate::json::{Ranked, cut};

/// How many ids a side names.
const NAMED: usize = 16;

/// A difference of two rankings, as a whole or at an element of the left one.
pub(super) struct Told {
    pub(super) element: Option<usize>,
    pub(super) kind: DifferenceKind,
    pub(super) left: Side,
    pub(super) right: Side,
}

/// What differs between two rankings besides the elements themselves.
pub(super) fn compare(left: &Ranked, right: &Ranked, rule: &Ranking) -> Vec<Told> {
    let mut told = Vec::new();
    if left.ids.len() != right.ids.len() {
        told.push(Told {
            element: None,
            kind: DifferenceKind::RankingLength,
            left: side(format!("ranking of {}", left.ids.len()), &left.ids),
            right: side(format!("ranking of {}", right.ids.len()), &right.ids),
        });
    }
    let common: Vec<(usize, usize)> = common(left, right).collect();
    if share(common.len(), left.ids.len()) < rule.overlap {
        told.push(overlap(left, right, &common));
    }
    told.extend(order(left, right, &common, rule));
    told
}

/// The share of a ranking's ids that are among the other's.
pub(super) fn share(common: usize, all: usize) -> f64 {
    if all == 0 {
        return 1.0;
    }
    let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    count(common) / count(all)
}

/// The places of the ids that both have, in the order of the left.
pub(super) fn common(left: &Ranked, right: &Ranked) -> impl Iterator<Item = (usize, usize)> {
    let places: BTreeMap<&String, usize> = right.ids.iter().zip(0..).collect();
    let both = left.ids.iter().enumerate();
    both.filter_map(move |(at, id)| Some((at, *places.get(id)?)))
}

/// Whether two scores are the same.
pub(super) fn is_near(left: &str, right: &str, tolerance: f64) -> bool {
    match (left.parse(), right.parse()) {
        (Ok(left), Ok(right)) => near(left, right, tolerance),
        _ => false,
    }
}

fn overlap(left: &Ranked, right: &Ranked, common: &[(usize, usize)]) -> Told {
    let alone = |ranked: &Ranked, shared: &dyn Fn(usize) -> bool| -> Vec<String> {
        let ids = ranked.ids.iter().enumerate();
        ids.filter(|(at, _)| !shared(*at))
            .map(|(_, id)| id.clone())
            .collect()
    };
    let mut only_left = alone(left, &|at| common.iter().any(|(l, _)| *l == at));
    let mut only_right = alone(right, &|at| common.iter().any(|(_, r)| *r == at));
    only_left.sort();
    only_right.sort();
    let shape = |count: usize| format!("{count} ids that the other lacks").replace("1 ids", "1 id");
    Told {
        element: None,
        kind: DifferenceKind::RankingOverlap,
        left: side(shape(only_left.len()), &only_left),
        right: side(shape(only_right.len()), &only_right),
    }
}

/// The first element of the left behind which something stands that is before it on the right.
fn order(left: &Ranked, right: &Ranked, common: &[(usize, usize)], rule: &Ranking) -> Option<Told> {
    for (index, (l, r)) in common.iter().enumerate() {
        let overtaken = common[index + 1..].iter().find(|(other_l, other_r)| {
            let scores = |ranked: &Ranked, a: usize, b: usize| [ranked.scores[a], ranked.scores[b]];
            other_r < r && !rule.may_swap(scores(left, *l, *other_l), scores(right, *r, *other_r))
        });
        if let Some((behind, _)) = overtaken {
            let told = |before: usize, after: usize| {
                shape::plain(&format!("{} before {}", left.ids[before], left.ids[after]))
            };
            return Some(Told {
                element: Some(*l),
                kind: DifferenceKind::RankingOrder,
                left: told(*l, *behind),
                right: told(*behind, *l),
            });
        }
    }
    None
}

fn side(shape: String, ids: &[String]) -> Side {
    let shown: Vec<&str> = ids.iter().take(NAMED).map(String::as_str).collect();
    let more = if shown.len() < ids.len() { ", …" } else { "" };
    Side {
        shape,
        text: cut(&format!("{}{more}", shown.join(", ")), 2_000),
    }
}
