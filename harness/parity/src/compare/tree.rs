//! JSON against JSON, with the probe's policy on what counts.

use std::collections::{BTreeMap, BTreeSet};

use super::{metrics, one_sided, ranking, shape, vector};
use crate::config::probe::{Body, Compare};
use crate::difference::{Difference, DifferenceKind};
use crate::json::{Decimal, Document, NodeId, Path, Ranked, Segment, Text, Value};

/// Two documents, in document order of the left one. Deep nesting does not need the call stack.
pub(super) fn compare(
    out: &mut Vec<Difference>,
    prefix: &str,
    left: &Document,
    right: &Document,
    policy: &Compare,
) {
    let mut walk = Walk {
        left,
        right,
        prefix,
        policy,
        out,
        todo: vec![Pair {
            left: Document::ROOT,
            right: Document::ROOT,
            entry: None,
        }],
        trail: vec![Trail {
            parent: 0,
            segment: None,
        }],
    };
    while let Some(pair) = walk.todo.pop() {
        walk.pair(&pair);
    }
}

/// Two nodes to compare, and where they stand: an index into the trail.
struct Pair {
    left: NodeId,
    right: NodeId,
    entry: Option<usize>,
}

/// Where a pair stands. Paths are only put together for what differs: a path of its own for each
/// of ten thousand levels would cost the square of that.
struct Trail {
    parent: usize,
    segment: Option<Segment>,
}

struct Walk<'a> {
    left: &'a Document,
    right: &'a Document,
    prefix: &'a str,
    policy: &'a Compare,
    out: &'a mut Vec<Difference>,
    todo: Vec<Pair>,
    trail: Vec<Trail>,
}

impl Walk<'_> {
    fn pair(&mut self, pair: &Pair) {
        let (left, right) = (self.left, self.right);
        match (left.value(pair.left), right.value(pair.right)) {
            (Value::Null, Value::Null) => {}
            (Value::Bool(l), Value::Bool(r)) if l == r => {}
            (Value::Replaced(l), Value::Replaced(r)) if l == r => {}
            (Value::Number(l), Value::Number(r)) => self.numbers(pair, l, r),
            (Value::String(l), Value::String(r)) => self.strings(pair, l, r),
            (Value::Vector(l), Value::Vector(r)) => {
                let path = self.path(pair);
                vector::compare(self.out, &path, l, r, self.policy);
            }
            (
                Value::Near {
                    lexeme: l,
                    tolerance,
                },
                Value::Near { lexeme: r, .. },
            ) => {
                if !ranking::is_near(l, r, *tolerance) {
                    self.differ(pair, DifferenceKind::RankingScore);
                }
            }
            (Value::Ranking(l), Value::Ranking(r)) => self.rankings(pair, l, r),
            (
                Value::Array(l) | Value::Ranking(Ranked { elements: l, .. }),
                Value::Array(r) | Value::Ranking(Ranked { elements: r, .. }),
            ) => self.arrays(pair, l, r),
            (Value::Object(l), Value::Object(r)) => self.objects(pair, l, r),
            (Value::Bool(_), Value::Bool(_)) | (Value::Replaced(_), Value::Replaced(_)) => {
                self.differ(pair, DifferenceKind::Value);
            }
            _ => self.differ(pair, DifferenceKind::Type),
        }
    }

    fn numbers(&mut self, pair: &Pair, left: &str, right: &str) {
        if left == right {
            return;
        }
        if self.policy.body == Body::Metrics {
            if !metrics::close(left, right, self.policy.tolerance) {
                self.differ(pair, DifferenceKind::Metric);
            }
        } else if Decimal::read(left) != Decimal::read(right) {
            self.differ(pair, DifferenceKind::Value);
        } else if !self.policy.json.numbers_by_value {
            self.differ(pair, DifferenceKind::NumberLexeme);
        }
    }

    fn strings(&mut self, pair: &Pair, left: &Text, right: &Text) {
        if left.decoded != right.decoded {
            self.differ(pair, DifferenceKind::Value);
        } else if self.policy.json.escapes && left.raw != right.raw {
            self.differ(pair, DifferenceKind::Escape);
        }
    }

    fn arrays(&mut self, pair: &Pair, left: &[NodeId], right: &[NodeId]) {
        if left.len() != right.len() {
            self.differ(pair, DifferenceKind::Length);
        }
        let pairs: Vec<Pair> = left
            .iter()
            .zip(right)
            .enumerate()
            .map(|(index, (left, right))| Pair {
                left: *left,
                right: *right,
                entry: Some(self.enter(pair, Segment::Index(index))),
            })
            .collect();
        self.todo.extend(pairs.into_iter().rev());
    }

    /// Elements are compared by their ids, wherever they stand.
    fn rankings(&mut self, pair: &Pair, left: &Ranked, right: &Ranked) {
        for told in ranking::compare(left, right, &self.policy.rankings[left.rule]) {
            let at = match told.element {
                Some(index) => Path(vec![Segment::Index(index)]).to_string(),
                None => "$".to_owned(),
            };
            self.push(Difference {
                path: format!("{}{}", self.path(pair), &at[1..]),
                kind: told.kind,
                left: told.left,
                right: told.right,
            });
        }
        let pairs: Vec<Pair> = ranking::common(left, right)
            .map(|(l, r)| Pair {
                left: left.elements[l],
                right: right.elements[r],
                entry: Some(self.enter(pair, Segment::Index(l))),
            })
            .collect();
        self.todo.extend(pairs.into_iter().rev());
    }

    fn objects(&mut self, pair: &Pair, left: &[(Text, NodeId)], right: &[(Text, NodeId)]) {
        if self.policy.json.key_order && reordered(left, right) {
            self.push(Difference {
                path: self.path(pair),
                kind: DifferenceKind::KeyOrder,
                left: shape::named(keys(left), self.left, pair.left),
                right: shape::named(keys(right), self.right, pair.right),
            });
        }
        let (left_by_key, right_by_key) = (by_key(left), by_key(right));
        let mut seen = BTreeSet::new();
        let mut pairs = Vec::new();
        for (key, _) in left.iter().chain(right) {
            if !seen.insert(&key.decoded) {
                continue;
            }
            let lefts = left_by_key.get(&key.decoded).map_or(&[][..], Vec::as_slice);
            let rights = right_by_key
                .get(&key.decoded)
                .map_or(&[][..], Vec::as_slice);
            let entry = self.enter(pair, Segment::Key(key.lossy()));
            self.members(pair, entry, lefts, rights);
            pairs.extend(
                lefts
                    .iter()
                    .zip(rights)
                    .map(|((left, _), (right, _))| Pair {
                        left: *left,
                        right: *right,
                        entry: Some(entry),
                    }),
            );
        }
        self.todo.extend(pairs.into_iter().rev());
    }

    /// The members of one name on both sides: present, as often, written the same.
    fn members(
        &mut self,
        pair: &Pair,
        entry: usize,
        lefts: &[(NodeId, &Text)],
        rights: &[(NodeId, &Text)],
    ) {
        match (lefts, rights) {
            ([(left, _), ..], []) => {
                let side = shape::value(self.left, *left);
                self.push(one_sided(&self.path_of(entry), true, side));
            }
            ([], [(right, _), ..]) => {
                let side = shape::value(self.right, *right);
                self.push(one_sided(&self.path_of(entry), false, side));
            }
            (lefts, rights) if lefts.len() != rights.len() => self.push(Difference {
                path: self.path_of(entry),
                kind: DifferenceKind::DuplicateKey,
                left: shape::named(times(lefts.len()), self.left, pair.left),
                right: shape::named(times(rights.len()), self.right, pair.right),
            }),
            _ => {
                let raw = |members: &[(NodeId, &Text)]| -> Vec<String> {
                    members.iter().map(|(_, key)| key.raw.clone()).collect()
                };
                let (left, right) = (raw(lefts), raw(rights));
                if self.policy.json.escapes && left != right {
                    self.push(Difference {
                        path: self.path_of(entry),
                        kind: DifferenceKind::Escape,
                        left: shape::plain(&left.join(", ")),
                        right: shape::plain(&right.join(", ")),
                    });
                }
            }
        }
    }

    fn differ(&mut self, pair: &Pair, kind: DifferenceKind) {
        self.push(Difference {
            path: self.path(pair),
            kind,
            left: shape::value(self.left, pair.left),
            right: shape::value(self.right, pair.right),
        });
    }

    fn push(&mut self, difference: Difference) {
        self.out.push(difference);
    }

    fn enter(&mut self, pair: &Pair, segment: Segment) -> usize {
        self.trail.push(Trail {
            parent: pair.entry.unwrap_or(0),
            segment: Some(segment),
        });
        self.trail.len() - 1
    }

    fn path(&self, pair: &Pair) -> String {
        self.path_of(pair.entry.unwrap_or(0))
    }

    fn path_of(&self, entry: usize) -> String {
        let mut segments = Vec::new();
        let mut at = entry;
        while let Some(segment) = &self.trail[at].segment {
            segments.push(segment.clone());
            at = self.trail[at].parent;
        }
        segments.reverse();
        format!("{}{}", self.prefix, Path(segments))
    }
}

fn by_key(members: &[(Text, NodeId)]) -> BTreeMap<&Vec<u8>, Vec<(NodeId, &Text)>> {
    let mut map: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (key, id) in members {
        map.entry(&key.decoded).or_default().push((*id, key));
    }
    map
}

/// Whether the keys that both sides have stand in another order.
fn reordered(left: &[(Text, NodeId)], right: &[(Text, NodeId)]) -> bool {
    let keys = |members: &[(Text, NodeId)]| -> BTreeSet<Vec<u8>> {
        members.iter().map(|(key, _)| key.decoded.clone()).collect()
    };
    let (left_keys, right_keys) = (keys(left), keys(right));
    let shared = |members: &[(Text, NodeId)], other: &BTreeSet<Vec<u8>>| -> Vec<Vec<u8>> {
        let mut seen = BTreeSet::new();
        members
            .iter()
            .map(|(key, _)| key.decoded.clone())
            .filter(|key| other.contains(key) && seen.insert(key.clone()))
            .collect()
    };
    shared(left, &right_keys) != shared(right, &left_keys)
}

fn keys(members: &[(Text, NodeId)]) -> String {
    let names: Vec<String> = members.iter().map(|(key, _)| key.lossy()).collect();
    crate::json::cut(&format!("keys {}", names.join(", ")), 120)
}

fn times(count: usize) -> String {
    match count {
        1 => "key once".to_owned(),
        _ => format!("key {count} times"),
    }
}
