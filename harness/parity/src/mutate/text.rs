//! One JSON text of an answer: the damage it can take, and the text after it.

use std::collections::BTreeSet;
use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use super::damage::Damage;
use super::rankings::Rankings;
use super::steps;
use crate::config::probe::{Body, Compare};
use crate::json::{Decimal, Document, NodeId, Path, Segment, Text, Value, cut, parse};

/// The name of a key that is put in.
const NEW_KEY: &str = "mutant";
/// The longest piece of text that is shown, in bytes.
const SHOWN: usize = 40;

/// A JSON text, read.
pub(super) struct JsonText {
    text: String,
    document: Document,
    /// The arrays that are compared as vectors, and their paths.
    vectors: BTreeSet<NodeId>,
    vector_paths: BTreeSet<String>,
    rankings: Rankings,
}

/// Damage to one value, or to one member or element of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) damage: Damage,
    node: NodeId,
    index: usize,
}

/// A text after its damage.
pub(super) struct Damaged {
    pub(super) text: String,
    pub(super) document: Document,
    /// What may have changed: these values and what is in them.
    pub(super) within: Vec<Path>,
    /// `12 -> 13`, cut.
    pub(super) change: String,
    /// Index of the ranking's rule that lets it pass on purpose.
    pub(super) tied: Option<usize>,
}

impl JsonText {
    /// Reads a text; `None` when it is no JSON. Only bodies hold vectors.
    pub(super) fn read(bytes: &[u8], policy: &Compare, is_body: bool) -> Option<JsonText> {
        let document = parse(bytes).ok()?;
        let text = std::str::from_utf8(bytes).ok()?.to_owned();
        let vectors: BTreeSet<NodeId> = policy
            .vectors_at
            .iter()
            .filter(|_| is_body)
            .flat_map(|query| query.select(&document))
            .filter(|id| document.numbers(*id).is_some())
            .collect();
        let vector_paths = vectors
            .iter()
            .map(|id| document.path(*id).to_string())
            .collect();
        let rankings = if is_body {
            Rankings::of(&document, policy)
        } else {
            Rankings::default()
        };
        Some(JsonText {
            text,
            document,
            vectors,
            vector_paths,
            rankings,
        })
    }

    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// All damage that the policy does not let pass on purpose.
    pub(super) fn places(&self, policy: &Compare) -> Vec<Place> {
        let mut places = Vec::new();
        let mut todo = vec![Document::ROOT];
        while let Some(node) = todo.pop() {
            let mut add = |damage: Damage, index: usize| {
                places.push(Place {
                    damage,
                    node,
                    index,
                });
            };
            if !matches!(self.document.value(node), Value::Null) {
                add(Damage::Nulled, 0);
            }
            if self.vectors.contains(&node) {
                for damage in [
                    Damage::VectorTurned,
                    Damage::VectorScaled,
                    Damage::VectorShortened,
                    Damage::VectorLengthened,
                    Damage::Emptied,
                ] {
                    add(damage, 0);
                }
                continue;
            }
            todo.extend(self.document.children(node));
            self.value_places(node, policy, &mut add);
        }
        places
    }

    fn value_places(&self, node: NodeId, policy: &Compare, add: &mut impl FnMut(Damage, usize)) {
        match self.document.value(node) {
            Value::Null => add(Damage::NullFilled, 0),
            Value::Bool(_) => add(Damage::BoolFlipped, 0),
            Value::Number(_) => {
                add(Damage::NumberAsText, 0);
                if policy.body == Body::Metrics {
                    add(Damage::MetricMoved, 0);
                    return;
                }
                if self.rankings.tolerance(node).is_some() {
                    for damage in [
                        Damage::NumberUp,
                        Damage::NumberDown,
                        Damage::Sign,
                        Damage::ScoreMoved,
                    ] {
                        add(damage, 0);
                    }
                    return;
                }
                for damage in [
                    Damage::NumberUp,
                    Damage::NumberDown,
                    Damage::NumberUlp,
                    Damage::LastDigit,
                    Damage::Sign,
                ] {
                    add(damage, 0);
                }
                if !policy.json.numbers_by_value {
                    add(Damage::NumberRespelled, 0);
                }
            }
            Value::String(text) => {
                add(Damage::Character, 0);
                if !text.raw.is_empty() {
                    add(Damage::Emptied, 0);
                    if policy.json.escapes {
                        add(Damage::TextRespelled, 0);
                    }
                }
            }
            Value::Array(elements) => {
                if !elements.is_empty() {
                    add(Damage::Emptied, 0);
                }
                for index in 0..elements.len() {
                    add(Damage::ElementDropped, index);
                    add(Damage::ElementDoubled, index);
                    if index + 1 < elements.len() {
                        let swapped = if self.rankings.is_list(node) {
                            Damage::RankedSwapped
                        } else {
                            Damage::ElementsSwapped
                        };
                        add(swapped, index);
                    }
                }
            }
            Value::Object(members) => {
                add(Damage::KeyAdded, 0);
                if !members.is_empty() {
                    add(Damage::Emptied, 0);
                }
                for index in 0..members.len() {
                    add(Damage::KeyDropped, index);
                    add(Damage::KeyRenamed, index);
                    if policy.json.escapes {
                        add(Damage::KeyRespelled, index);
                    }
                    if policy.json.key_order && index + 1 < members.len() {
                        add(Damage::KeysSwapped, index);
                    }
                }
            }
            // Only what is prepared for a comparison has these.
            Value::Replaced(_) | Value::Vector(_) | Value::Near { .. } | Value::Ranking(_) => {}
        }
    }

    /// Does the damage; none where it cannot be done there after all.
    pub(super) fn damaged(
        &self,
        place: &Place,
        policy: &Compare,
        random: &mut ChaCha8Rng,
    ) -> Option<Damaged> {
        let (range, new, within) = self.edit(place, policy, random)?;
        let text = format!(
            "{}{new}{}",
            &self.text[..range.start],
            &self.text[range.end..]
        );
        let change = shown(&self.text[range], &new);
        // A text that cannot be read any more is a mistake of the mutator, which shows itself as
        // damage that did not land.
        let document = parse(text.as_bytes()).unwrap_or_else(|_| self.document.clone());
        Some(Damaged {
            text,
            document,
            within,
            change,
            tied: self
                .rankings
                .tied(place.damage, place.node, place.index, policy),
        })
    }

    /// The paths as the comparison may know it: inside a vector, the vector's; in a ranking, the
    /// element's and the list's besides its own.
    pub(super) fn compared(&self, path: &Path) -> Vec<String> {
        let mut paths = vec![path.to_string()];
        if self.vector_paths.is_empty() && self.rankings.is_empty() {
            return paths;
        }
        for length in 0..path.0.len() {
            let above = Path(path.0[..length].to_vec()).to_string();
            if self.vector_paths.contains(&above) {
                return vec![above];
            }
            if self.rankings.is_list_at(&above) {
                paths.push(Path(path.0[..=length].to_vec()).to_string());
                paths.push(above);
            }
        }
        paths
    }

    /// What is replaced by what, and within which paths that may show.
    fn edit(
        &self,
        place: &Place,
        policy: &Compare,
        random: &mut ChaCha8Rng,
    ) -> Option<(Range<usize>, String, Vec<Path>)> {
        let (node, damage) = (place.node, place.damage);
        let span = self.document.node(node).span.clone();
        let here = || self.document.path(node);
        let whole = |new: String| Some((span.clone(), new, vec![here()]));
        match (damage, self.document.value(node)) {
            (Damage::Nulled, _) => whole("null".to_owned()),
            (Damage::NullFilled, _) => whole("0".to_owned()),
            (Damage::BoolFlipped, Value::Bool(value)) => whole((!value).to_string()),
            (Damage::Emptied, Value::String(_)) => whole("\"\"".to_owned()),
            (Damage::Emptied, Value::Array(_)) => whole("[]".to_owned()),
            (Damage::Emptied, Value::Object(_)) => whole("{}".to_owned()),
            (Damage::MetricMoved, Value::Number(lexeme)) => {
                whole(steps::metric(lexeme, policy.tolerance)?)
            }
            (_, Value::Number(lexeme)) => match self.rankings.tolerance(node) {
                Some(tolerance) if damage != Damage::NumberAsText => {
                    whole(steps::score(damage, lexeme, tolerance)?)
                }
                _ => whole(steps::number(damage, lexeme)?),
            },
            (Damage::Character, Value::String(text)) => {
                whole(format!("\"{}\"", steps::character(&text.raw, random)))
            }
            (Damage::TextRespelled, Value::String(text)) => {
                whole(format!("\"{}\"", steps::respelled_text(&text.raw, random)?))
            }
            (
                Damage::VectorTurned
                | Damage::VectorScaled
                | Damage::VectorShortened
                | Damage::VectorLengthened,
                Value::Array(_),
            ) => {
                let numbers = self.document.numbers(node)?;
                let changed = steps::vector(damage, &numbers, policy)?;
                let lexemes: Vec<String> = changed.iter().map(|x| format!("{x:?}")).collect();
                whole(format!("[{}]", lexemes.join(",")))
            }
            (_, Value::Array(elements)) => self.element(place, elements, policy),
            (_, Value::Object(members)) => self.member(place, members, random),
            _ => None,
        }
    }

    fn element(
        &self,
        place: &Place,
        elements: &[NodeId],
        policy: &Compare,
    ) -> Option<(Range<usize>, String, Vec<Path>)> {
        let index = place.index;
        let path = self.document.path(place.node);
        let span = |at: usize| {
            elements
                .get(at)
                .map(|id| self.document.node(*id).span.clone())
        };
        let own = span(index)?;
        match place.damage {
            Damage::ElementDropped => {
                let range = match (span(index + 1), index.checked_sub(1).and_then(span)) {
                    (Some(next), _) => own.start..next.start,
                    (None, Some(before)) => before.end..own.end,
                    (None, None) => own,
                };
                Some((range, String::new(), vec![path]))
            }
            Damage::ElementDoubled => {
                let text = &self.text[own.clone()];
                Some((own, format!("{text},{text}"), vec![path]))
            }
            Damage::ElementsSwapped | Damage::RankedSwapped => {
                let next = span(index + 1)?;
                if self.is_same(elements[index], elements[index + 1], policy) {
                    return None;
                }
                let swapped = self.swapped(&own, &next);
                let at = |index: usize| path.with(Segment::Index(index));
                Some((own.start..next.end, swapped, vec![at(index), at(index + 1)]))
            }
            _ => None,
        }
    }

    fn member(
        &self,
        place: &Place,
        members: &[(Text, NodeId)],
        random: &mut ChaCha8Rng,
    ) -> Option<(Range<usize>, String, Vec<Path>)> {
        let path = self.document.path(place.node);
        let with = |key: &str| path.with(Segment::Key(key.to_owned()));
        let has = |raw: &str| members.iter().any(|(key, _)| key.decoded == raw.as_bytes());
        if place.damage == Damage::KeyAdded {
            if has(NEW_KEY) {
                return None;
            }
            let end = self.document.node(place.node).span.end - 1;
            let comma = if members.is_empty() { "" } else { "," };
            let new = format!("{comma}\"{NEW_KEY}\":null");
            return Some((end..end, new, vec![with(NEW_KEY)]));
        }
        let (key, id) = members.get(place.index)?;
        let double = |key: &Text| {
            let same = members
                .iter()
                .filter(|(other, _)| other.decoded == key.decoded);
            same.count() > 1
        };
        let key_span = self.key_span(place.node, members, place.index)?;
        let value_end = self.document.node(*id).span.end;
        let own = with(&key.lossy());
        match place.damage {
            Damage::KeyDropped => {
                let range = if place.index + 1 < members.len() {
                    let next = self.key_span(place.node, members, place.index + 1)?;
                    key_span.start..next.start
                } else if place.index > 0 {
                    self.document.node(members[place.index - 1].1).span.end..value_end
                } else {
                    key_span.start..value_end
                };
                Some((range, String::new(), vec![own]))
            }
            // Of two members of one name, the place of either is not told apart.
            _ if double(key) => None,
            Damage::KeyRenamed => {
                let renamed = format!("{}_", key.raw);
                let mut decoded = key.decoded.clone();
                decoded.push(b'_');
                if members.iter().any(|(other, _)| other.decoded == decoded) {
                    return None;
                }
                let new = with(&format!("{}_", key.lossy()));
                Some((key_span, format!("\"{renamed}\""), vec![own, new]))
            }
            Damage::KeyRespelled => {
                let raw = steps::respelled_text(&key.raw, random)?;
                Some((key_span, format!("\"{raw}\""), vec![own]))
            }
            Damage::KeysSwapped => {
                let (next_key, next_id) = members.get(place.index + 1)?;
                if double(next_key) {
                    return None;
                }
                let next = self.key_span(place.node, members, place.index + 1)?.start
                    ..self.document.node(*next_id).span.end;
                let first = key_span.start..value_end;
                let swapped = self.swapped(&first, &next);
                Some((first.start..next.end, swapped, vec![path]))
            }
            _ => None,
        }
    }

    /// The text of two ranges in each other's place, with what stands between them.
    fn swapped(&self, first: &Range<usize>, second: &Range<usize>) -> String {
        format!(
            "{}{}{}",
            &self.text[second.clone()],
            &self.text[first.end..second.start],
            &self.text[first.clone()]
        )
    }

    /// Where a key stands, its quotes included.
    fn key_span(
        &self,
        object: NodeId,
        members: &[(Text, NodeId)],
        index: usize,
    ) -> Option<Range<usize>> {
        let from = match index.checked_sub(1) {
            Some(before) => self.document.node(members[before].1).span.end,
            None => self.document.node(object).span.start + 1,
        };
        let start = from + self.text[from..].find('"')?;
        Some(start..start + members[index].0.raw.len() + 2)
    }

    /// Whether the policy takes two values for the same one.
    pub(super) fn is_same(&self, left: NodeId, right: NodeId, policy: &Compare) -> bool {
        same(&self.document, left, &self.document, right, policy, &|id| {
            self.vectors.contains(&id)
        })
    }
}

/// Whether the policy takes two whole texts for the same one.
pub(super) fn same_texts(left: &JsonText, right: &JsonText, policy: &Compare) -> bool {
    let root = Document::ROOT;
    same(&left.document, root, &right.document, root, policy, &|_| {
        false
    })
}

/// Whether the policy takes two values for the same one, told without the comparators: where in
/// doubt (vectors near the tolerance, metrics), it does.
pub(super) fn same(
    left: &Document,
    left_root: NodeId,
    right: &Document,
    right_root: NodeId,
    policy: &Compare,
    is_vector: &dyn Fn(NodeId) -> bool,
) -> bool {
    let mut todo = vec![(left_root, right_root)];
    while let Some((l, r)) = todo.pop() {
        if is_vector(l) && is_vector(r) {
            let (Some(a), Some(b)) = (left.numbers(l), right.numbers(r)) else {
                return false;
            };
            if steps::clearly_differ(&a, &b, policy) {
                return false;
            }
            continue;
        }
        let is_equal = match (left.value(l), right.value(r)) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(_), Value::Number(_)) if policy.body == Body::Metrics => true,
            (Value::Number(a), Value::Number(b)) => {
                a == b || (policy.json.numbers_by_value && Decimal::read(a) == Decimal::read(b))
            }
            (Value::String(a), Value::String(b)) => {
                a.decoded == b.decoded && (!policy.json.escapes || a.raw == b.raw)
            }
            (Value::Array(a), Value::Array(b)) => {
                todo.extend(a.iter().copied().zip(b.iter().copied()));
                a.len() == b.len()
            }
            (Value::Object(a), Value::Object(b)) => {
                let sorted = |members: &[(Text, NodeId)]| {
                    let mut members: Vec<(Vec<u8>, String, NodeId)> = members
                        .iter()
                        .map(|(key, id)| (key.decoded.clone(), key.raw.clone(), *id))
                        .collect();
                    if !policy.json.key_order {
                        members.sort_by(|a, b| a.0.cmp(&b.0));
                    }
                    members
                };
                let (a, b) = (sorted(a), sorted(b));
                let keys = a
                    .iter()
                    .zip(&b)
                    .all(|(a, b)| a.0 == b.0 && (!policy.json.escapes || a.1 == b.1));
                todo.extend(a.iter().zip(&b).map(|(a, b)| (a.2, b.2)));
                keys && a.len() == b.len()
            }
            _ => false,
        };
        if !is_equal {
            return false;
        }
    }
    true
}

/// `12 -> 13`; of long texts, what stands around the first place where they differ.
fn shown(before: &str, after: &str) -> String {
    let pairs = before.char_indices().zip(after.chars());
    let common = pairs.take_while(|((_, l), r)| l == r);
    let marks: Vec<usize> = common.map(|((at, _), _)| at).collect();
    let from = match marks.len().checked_sub(SHOWN / 4) {
        Some(skipped) if before.len().max(after.len()) > SHOWN => marks[skipped],
        _ => 0,
    };
    let side = |text: &str| match text.get(from..) {
        _ if text.is_empty() => "nothing".to_owned(),
        Some(rest) if from > 0 => format!("…{}", cut(rest, SHOWN)),
        _ => cut(text, SHOWN),
    };
    format!("{} -> {}", side(before), side(after))
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn changes_are_shown_where_they_are() {
        assert_eq!(shown("12", "13"), "12 -> 13");
        assert_eq!(shown("12", ""), "12 -> nothing");
        assert_eq!(shown("", "\"a\":1"), "nothing -> \"a\":1");
        let long = "é".repeat(100);
        assert_eq!(
            shown(&format!("{long}a"), &format!("{long}b")),
            "…ééééééééééa -> …ééééééééééb"
        );
    }
}
