//! Damage to a declared difference: what the ledger makes of the damaged copy.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Pin;
use crate::config::pin::{Count, FILE};
use crate::difference::{Difference, DifferenceKind, Side};
use crate::ledger::divergence::covering;
use crate::outcome::PinOutcome;

/// The accepted differences of a run.
#[derive(Clone, Copy)]
pub(super) struct Ledger<'a> {
    pub(super) pins: &'a [Pin],
    /// What each pin accepted in the run.
    pub(super) outcomes: &'a [PinOutcome],
}

/// What the ledger makes of the differences that changed between two answers.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// The run fails.
    Reported,
    /// The run passes, because these rules, by index, allow every change.
    Allowed(Vec<usize>),
    /// The run passes although the text of a rule does not cover a change, and why.
    Wrong(String),
}

/// What entries of `fixtures/divergences.toml` contain of a difference.
pub(super) type Pinned<'a> = (&'a str, DifferenceKind, [&'a str; 2]);

impl Ledger<'_> {
    /// The effect of damage after which a pair of answers differs in another way. `concerned` are the
    /// pins about the case, and `damaged` the paths of the damage.
    pub(super) fn effect(
        &self,
        concerned: &[usize],
        [before, after]: [&[Difference]; 2],
        damaged: &[String],
    ) -> Effect {
        let (added, removed) = (without(after, before), without(before, after));
        let mut deltas: BTreeMap<usize, isize> = BTreeMap::new();
        for (differences, delta) in [(&added, 1), (&removed, -1)] {
            for difference in differences {
                match covering(self.pins, concerned, difference) {
                    // An exact entry misses its difference, or has one too many.
                    Some(index) if self.pins[index].is_rule => {
                        *deltas.entry(index).or_default() += delta;
                    }
                    _ => return Effect::Reported,
                }
            }
        }
        let mut counts = deltas.iter();
        if deltas.is_empty() || !counts.all(|(index, delta)| self.may_count(*index, *delta)) {
            return Effect::Reported;
        }
        for difference in &added {
            let rule = covering(self.pins, concerned, difference).map(|index| &self.pins[index]);
            if let Some(rule) = rule.filter(|rule| !is_covered(rule, difference, damaged)) {
                return Effect::Wrong(format!(
                    "the rule in `{FILE}:{}` accepts `{}` {} ({} | {}), and is about `{}`, {} and {}",
                    rule.lines.0,
                    difference.path,
                    difference.kind.label(),
                    difference.left.text,
                    difference.right.text,
                    rule.path.as_str(),
                    rule.shapes[0],
                    rule.shapes[1],
                ));
            }
        }
        Effect::Allowed(deltas.into_keys().collect())
    }

    /// Whether the count of a rule allows that it accepts more or fewer differences than in the run.
    fn may_count(&self, index: usize, delta: isize) -> bool {
        let (count, outcome) = (self.pins[index].count, &self.outcomes[index]);
        if delta == 0 || matches!(count, Count::Exactly(_)) {
            return delta == 0;
        }
        let total = outcome.matched.saturating_add_signed(delta);
        // A partial run cannot have too few.
        total <= count.max() && (total >= count.min() || !outcome.judged)
    }
}

/// The differences that another list does not have, or has less often.
fn without<'a>(all: &'a [Difference], others: &'a [Difference]) -> Vec<&'a Difference> {
    let mut counts: BTreeMap<Pinned<'_>, usize> = BTreeMap::new();
    for other in others {
        *counts.entry(pinned(other)).or_default() += 1;
    }
    let mut left = Vec::new();
    for difference in all {
        match counts.get_mut(&pinned(difference)) {
            Some(count) if *count > 0 => *count -= 1,
            _ => left.push(difference),
        }
    }
    left
}

/// What entries contain of a difference.
pub(super) fn pinned(difference: &Difference) -> Pinned<'_> {
    let shapes = [&*difference.left.shape, &*difference.right.shape];
    (&difference.path, difference.kind, shapes)
}

/// Whether the text of a rule covers a difference by the texts of both values. Unlike the ledger, this
/// does not look at their shapes.
fn is_covered(rule: &Pin, difference: &Difference, damaged: &[String]) -> bool {
    let Difference {
        path, left, right, ..
    } = difference;
    let touches = |damaged: &String| is_at_or_below(damaged, path) || is_at_or_below(path, damaged);
    let has_type = |(shape, side): (&String, &Side)| match shape.strip_prefix("any ") {
        Some(name) => type_of(path, &side.text) == name,
        None => true,
    };
    let mut sides = rule.shapes.iter().zip([left, right]);
    let depth = |path: &str| path.matches(['.', '[', ':']).count();
    // A name that contains such a character is in quotes, which this does not read.
    let is_quoted = path.contains('\'') || rule.path.as_str().contains('\'');
    let has_place = is_quoted || depth(path) == depth(rule.path.as_str());
    rule.kind == difference.kind && sides.all(has_type) && has_place && damaged.iter().any(touches)
}

/// The type of a value by its text.
fn type_of(path: &str, text: &str) -> &'static str {
    if !path.contains('$') {
        let part = path.rsplit("]:").next().unwrap_or(path);
        let is_header = part.starts_with("header:") || part.starts_with("trailer:");
        return if is_header { "string" } else { "bytes" };
    }
    match text.as_bytes().first() {
        Some(b'"') => "string",
        Some(b'-' | b'0'..=b'9') => "number",
        Some(b't' | b'f') => "boolean",
        Some(b'[') => "array",
        Some(b'{') => "object",
        _ => "",
    }
}

/// The values of these paths, or those inside them, by the entry that accepts a difference there.
pub(super) struct Declared<'a>(BTreeMap<&'a str, BTreeSet<usize>>);

impl<'a> Declared<'a> {
    /// The accepted ones of these differences, with their pins.
    pub(super) fn new(differences: impl Iterator<Item = (&'a Difference, usize)>) -> Self {
        let mut declared = Declared(BTreeMap::new());
        for (difference, pin) in differences {
            let pins: &mut BTreeSet<usize> = declared.0.entry(&difference.path).or_default();
            pins.insert(pin);
        }
        declared
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The pins that accept a difference at a path or above it.
    pub(super) fn pins<'b>(&'b self, path: &'b str) -> impl Iterator<Item = usize> + 'b {
        let ends = path.match_indices(['.', '[', ':']).map(|(at, _)| at);
        let above = ends.chain([path.len()]).map(|end| &path[..end]);
        above.filter_map(|path| self.0.get(path)).flatten().copied()
    }
}

/// Whether a path is another one or leads into its value.
pub(super) fn is_at_or_below(path: &str, other: &str) -> bool {
    let rest = path.strip_prefix(other);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::pin::Pattern;

    fn rule(count: Count) -> Pin {
        Pin {
            surface: "s".to_owned(),
            cases: vec![glob::Pattern::default()],
            pair: ["left".to_owned(), "right".to_owned()],
            transport: None,
            path: Pattern::read("body:$.a").expect("it is a path"),
            kind: DifferenceKind::Type,
            shapes: ["any number".to_owned(), "any string".to_owned()],
            count,
            places: None,
            is_rule: true,
            reason: String::new(),
            decision: String::new(),
            expires: jiff::civil::Date::MAX,
            lines: (7, 16),
        }
    }

    fn outcome(pin: &Pin, matched: usize) -> PinOutcome {
        PinOutcome {
            matched,
            judged: true,
            ..crate::ledger::divergence::outcome_of(pin, &[])
        }
    }

    fn difference(path: &str, kind: DifferenceKind, right: (&str, &str)) -> Difference {
        let side = |(shape, text): (&str, &str)| Side {
            shape: shape.to_owned(),
            text: text.to_owned(),
        };
        Difference {
            path: path.to_owned(),
            kind,
            left: side(("number 1", "1")),
            right: side(right),
        }
    }

    /// The effect of damage to `$.a`, where the run had one difference, on a rule that accepted two.
    fn effect(count: Count, after: &[Difference]) -> Effect {
        let pins = [rule(count)];
        let outcomes = [outcome(&pins[0], 2)];
        let ledger = Ledger {
            pins: &pins,
            outcomes: &outcomes,
        };
        let before = [text("\"1\"", "\"1\"")];
        ledger.effect(&[0], [&before, after], &["body:$.a".to_owned()])
    }

    fn text(shape: &str, text: &str) -> Difference {
        difference("body:$.a", DifferenceKind::Type, (shape, text))
    }

    #[test]
    fn a_rule_allows_other_values_of_its_types() {
        let allowed = Effect::Allowed(vec![0]);
        assert_eq!(effect(Count::Any, &[text("\"2\"", "\"2\"")]), allowed);
        for other in [
            text("null", "null"),
            text("true", "true"),
            difference("body:$.b", DifferenceKind::Type, ("\"1\"", "\"1\"")),
            difference("body:$.a", DifferenceKind::Value, ("number 2", "2")),
        ] {
            assert_eq!(effect(Count::Any, &[other]), Effect::Reported);
        }
    }

    #[test]
    fn the_count_of_a_rule_limits_what_it_allows() {
        let allowed = Effect::Allowed(vec![0]);
        for (count, fewer, more) in [
            (Count::Any, true, true),
            (Count::Between(1, 2), true, false),
            (Count::Between(2, 3), false, true),
            (Count::Exactly(2), false, false),
        ] {
            assert_eq!(effect(count, &[]) == allowed, fewer, "{count}");
            let two = ["\"1\"", "\"2\""].map(|value| text(value, value));
            assert_eq!(effect(count, &two) == allowed, more, "{count}");
        }
    }

    #[test]
    fn a_shape_that_does_not_belong_to_its_value_is_detected() {
        // The ledger looks at the shape alone.
        let wrong = effect(Count::Any, &[text("\"2\"", "[2]")]);
        let Effect::Wrong(reason) = wrong else {
            panic!("{wrong:?}");
        };
        assert_eq!(
            reason,
            "the rule in `fixtures/divergences.toml:7` accepts `body:$.a` different type (1 | [2]), and is about `body:$.a`, any number and any string"
        );
    }

    #[test]
    fn an_exact_pin_allows_nothing() {
        let mut pin = rule(Count::Exactly(2));
        pin.is_rule = false;
        pin.shapes = ["number 1", "\"1\""].map(str::to_owned);
        let outcomes = [outcome(&pin, 2)];
        let ledger = Ledger {
            pins: &[pin],
            outcomes: &outcomes,
        };
        let before = [text("\"1\"", "\"1\"")];
        let damaged = ["body:$.a".to_owned()];
        for after in [vec![], vec![text("\"2\"", "\"2\"")]] {
            let both: [&[Difference]; 2] = [&before, &after];
            assert_eq!(ledger.effect(&[0], both, &damaged), Effect::Reported);
        }
    }

    #[test]
    fn values_inside_a_declared_one_are_declared() {
        let at = difference("body:$.a", DifferenceKind::Type, ("\"1\"", "\"1\""));
        let declared = Declared::new([(&at, 3)].into_iter());
        for (path, expected) in [
            ("body:$.a", vec![3]),
            ("body:$.a.b[0]", vec![3]),
            ("body:$.ab", vec![]),
            ("body:$", vec![]),
        ] {
            assert_eq!(declared.pins(path).collect::<Vec<_>>(), expected, "{path}");
        }
    }
}
