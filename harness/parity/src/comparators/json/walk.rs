//! Compares two JSON documents value by value.

use std::collections::{BTreeMap, BTreeSet};

use super::JsonBody;
use crate::comparators::policy::JsonPolicy;
use crate::comparators::{Compared, Rule, one_sided, plain, shape};
use crate::difference::{Difference, DifferenceKind, Side};
use crate::json::{Decimal, Document, NodeId, Path, Segment, Text, Tree as _, Value};

/// Compares two documents, in document order of the left one. Deep nesting needs no call stack.
pub(crate) fn compare(
    out: &mut Vec<Difference>,
    prefix: &str,
    left: &JsonBody,
    right: &JsonBody,
    policy: JsonPolicy,
    rules: &[Box<dyn Rule>],
) {
    let mut walk = Walk {
        left,
        right,
        prefix,
        policy,
        rules,
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

/// Two values to compare, and where they are: an index into the trail.
struct Pair {
    left: NodeId,
    right: NodeId,
    entry: Option<usize>,
}

/// The place of a pair. Paths are built only for values that differ: building one for each level of
/// a deep document would take quadratic time.
struct Trail {
    parent: usize,
    segment: Option<Segment>,
}

struct Walk<'a> {
    left: &'a JsonBody,
    right: &'a JsonBody,
    prefix: &'a str,
    policy: JsonPolicy,
    rules: &'a [Box<dyn Rule>],
    out: &'a mut Vec<Difference>,
    todo: Vec<Pair>,
    trail: Vec<Trail>,
}

/// Members of one name.
type Members<'a> = Vec<(NodeId, &'a Text)>;

impl Walk<'_> {
    fn pair(&mut self, pair: &Pair) {
        let (left, right) = (&self.left.tree, &self.right.tree);
        let claims = [
            self.left.claim_of(pair.left),
            self.right.claim_of(pair.right),
        ];
        let is_done = match claims {
            [Some(one), Some(other)] if one == other => self.claimed(pair, one),
            [one, other] => self.claimed_by_one(pair, [one, other]),
        };
        if is_done {
            return;
        }
        if let (Some(l), Some(r)) = (left.elements(pair.left), right.elements(pair.right)) {
            return self.arrays(pair, &l, &r);
        }
        if let (Some(l), Some(r)) = (left.members(pair.left), right.members(pair.right)) {
            return self.objects(pair, &l, &r);
        }
        match (left.json(pair.left), right.json(pair.right)) {
            (None, None) => {
                if left.replacement(pair.left) != right.replacement(pair.right) {
                    self.differ(pair, DifferenceKind::Value);
                }
            }
            (Some(Value::Null), Some(Value::Null)) => {}
            (Some(Value::Bool(l)), Some(Value::Bool(r))) => {
                if l != r {
                    self.differ(pair, DifferenceKind::Value);
                }
            }
            (Some(Value::Number(l)), Some(Value::Number(r))) => self.numbers(pair, l, r),
            (Some(Value::String(l)), Some(Value::String(r))) => self.strings(pair, l, r),
            _ => self.differ(pair, DifferenceKind::Type),
        }
    }

    /// Compares a pair by the rule that claims both; false if it is compared as plain JSON.
    fn claimed(&mut self, pair: &Pair, rule: usize) -> bool {
        let (left, right) = (self.left.place(pair.left), self.right.place(pair.right));
        let Compared::Own { differences, pairs } = self.rules[rule].compare(left, right) else {
            return false;
        };
        for found in differences {
            let mut path = self.path(pair);
            if let Some(index) = found.element {
                path.push_str(&Segment::Index(index).to_string());
            }
            self.out.push(Difference {
                path,
                kind: found.kind,
                left: found.left,
                right: found.right,
            });
        }
        let next: Vec<Pair> = pairs
            .into_iter()
            .map(|(index, left, right)| Pair {
                left,
                right,
                entry: Some(self.enter(pair, Segment::Index(index))),
            })
            .collect();
        self.todo.extend(next.into_iter().rev());
        true
    }

    fn claimed_by_one(&mut self, pair: &Pair, claims: [Option<usize>; 2]) -> bool {
        let mut rules = claims.into_iter().flatten();
        let is_own_type = rules.any(|rule| self.rules[rule].is_own_type());
        if is_own_type {
            self.differ(pair, DifferenceKind::Type);
        }
        is_own_type
    }

    fn numbers(&mut self, pair: &Pair, left: &str, right: &str) {
        if left == right {
            return;
        }
        if Decimal::read(left) != Decimal::read(right) {
            self.differ(pair, DifferenceKind::Value);
        } else if !self.policy.numbers_by_value {
            self.differ(pair, DifferenceKind::NumberLexeme);
        }
    }

    fn strings(&mut self, pair: &Pair, left: &Text, right: &Text) {
        if left.decoded != right.decoded {
            self.differ(pair, DifferenceKind::Value);
        } else if self.policy.escapes && left.raw != right.raw {
            self.differ(pair, DifferenceKind::Escape);
        }
    }

    fn arrays(&mut self, pair: &Pair, left: &[NodeId], right: &[NodeId]) {
        if left.len() != right.len() {
            let common = left.len().min(right.len());
            self.out.push(Difference {
                path: self.path(pair),
                kind: DifferenceKind::Length,
                left: self.array(self.left, pair.left, left, common),
                right: self.array(self.right, pair.right, right, common),
            });
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

    fn objects(&mut self, pair: &Pair, left: &[(&Text, NodeId)], right: &[(&Text, NodeId)]) {
        if self.policy.key_order && is_reordered(left, right) {
            let named = |body: &JsonBody, id, members: &[(&Text, NodeId)]| {
                shape::described(&body.tree, id, keys(members))
            };
            self.out.push(Difference {
                path: self.path(pair),
                kind: DifferenceKind::KeyOrder,
                left: named(self.left, pair.left, left),
                right: named(self.right, pair.right, right),
            });
        }
        let (left_by_key, right_by_key) = (by_key(left), by_key(right));
        let none = Members::new();
        let mut seen = BTreeSet::new();
        let mut pairs = Vec::new();
        for (key, _) in left.iter().chain(right) {
            if !seen.insert(&key.decoded) {
                continue;
            }
            let lefts = left_by_key.get(&key.decoded).unwrap_or(&none);
            let rights = right_by_key.get(&key.decoded).unwrap_or(&none);
            let entry = self.enter(pair, Segment::Key(key.lossy()));
            self.members(pair, entry, lefts, rights);
            let same = lefts.iter().zip(rights);
            pairs.extend(same.map(|((left, _), (right, _))| Pair {
                left: *left,
                right: *right,
                entry: Some(entry),
            }));
        }
        self.todo.extend(pairs.into_iter().rev());
    }

    /// Compares the members of one name: their presence, number and escapes.
    fn members(&mut self, pair: &Pair, entry: usize, lefts: &Members<'_>, rights: &Members<'_>) {
        if rights.is_empty() {
            let side = self.one_sided(self.left, pair.left, lefts);
            self.out.push(one_sided(&self.path_of(entry), true, side));
        } else if lefts.is_empty() {
            let side = self.one_sided(self.right, pair.right, rights);
            self.out.push(one_sided(&self.path_of(entry), false, side));
        } else if lefts.len() != rights.len() {
            let common = lefts.len().min(rights.len());
            self.out.push(Difference {
                path: self.path_of(entry),
                kind: DifferenceKind::DuplicateKey,
                left: self.repeated(self.left, pair.left, lefts, common),
                right: self.repeated(self.right, pair.right, rights, common),
            });
        } else {
            let raw = |members: &Members<'_>| -> Vec<String> {
                members.iter().map(|(_, key)| key.raw.clone()).collect()
            };
            let (left, right) = (raw(lefts), raw(rights));
            if self.policy.escapes && left != right {
                self.out.push(Difference {
                    path: self.path_of(entry),
                    kind: DifferenceKind::Escape,
                    left: plain(&left.join(", ")),
                    right: plain(&right.join(", ")),
                });
            }
        }
    }

    /// The members of a name that only one side has.
    fn one_sided(&self, body: &JsonBody, object: NodeId, members: &Members<'_>) -> Side {
        match members.as_slice() {
            [(id, _)] => self.side(body, *id),
            _ => self.repeated(body, object, members, 0),
        }
    }

    /// The members of one name, of which only the first have a counterpart.
    fn repeated(
        &self,
        body: &JsonBody,
        object: NodeId,
        members: &Members<'_>,
        common: usize,
    ) -> Side {
        let alone = members[common..].iter().map(|(id, _)| *id);
        let count = times(members.len());
        let shape = shape::with_rest(&body.tree, &count, alone, self.policy);
        shape::described(&body.tree, object, shape)
    }

    fn differ(&mut self, pair: &Pair, kind: DifferenceKind) {
        self.out.push(Difference {
            path: self.path(pair),
            kind,
            left: self.side(self.left, pair.left),
            right: self.side(self.right, pair.right),
        });
    }

    /// An array of which only the first elements have a counterpart.
    fn array(&self, body: &JsonBody, id: NodeId, elements: &[NodeId], common: usize) -> Side {
        let alone = elements[common..].iter().copied();
        let what = format!("array of {}", elements.len());
        let shape = shape::with_rest(&body.tree, &what, alone, self.policy);
        shape::described(&body.tree, id, shape)
    }

    fn side(&self, body: &JsonBody, id: NodeId) -> Side {
        let tree = &body.tree;
        let rule = body.claim_of(id).map(|rule| &self.rules[rule]);
        let own = rule.and_then(|rule| rule.shape(body.place(id)));
        match own {
            Some(own) => shape::described(tree, id, own),
            None => shape::value(tree, id, self.policy),
        }
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

fn by_key<'a>(members: &[(&'a Text, NodeId)]) -> BTreeMap<&'a Vec<u8>, Members<'a>> {
    let mut map: BTreeMap<_, Members<'_>> = BTreeMap::new();
    for (key, id) in members {
        map.entry(&key.decoded).or_default().push((*id, *key));
    }
    map
}

/// Whether the keys that occur equally often on both sides are in another order.
fn is_reordered(left: &[(&Text, NodeId)], right: &[(&Text, NodeId)]) -> bool {
    let counts = |members: &[(&Text, NodeId)]| -> BTreeMap<Vec<u8>, usize> {
        let mut counts = BTreeMap::new();
        for (key, _) in members {
            *counts.entry(key.decoded.clone()).or_default() += 1;
        }
        counts
    };
    let (left_counts, right_counts) = (counts(left), counts(right));
    let order = |members: &[(&Text, NodeId)]| -> Vec<Vec<u8>> {
        let keys = members.iter().map(|(key, _)| key.decoded.clone());
        keys.filter(|key| left_counts.get(key) == right_counts.get(key))
            .collect()
    };
    order(left) != order(right)
}

fn keys(members: &[(&Text, NodeId)]) -> String {
    let names: Vec<String> = members.iter().map(|(key, _)| key.lossy()).collect();
    plain(&format!("keys {}", names.join(", "))).shape
}

fn times(count: usize) -> String {
    match count {
        1 => "key once".to_owned(),
        _ => format!("key {count} times"),
    }
}
