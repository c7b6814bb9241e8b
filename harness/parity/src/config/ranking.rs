//! `[[compare.ranking]]`: which lists of an answer are rankings, and how far two may be apart.

use std::fmt;

use lakehouse_rig::error::Error;
use lakehouse_rig::source::Source;
use serde::Deserialize;
use toml::Spanned;

use super::query::query;
use crate::json::{Document, NodeId, Query, Ranked, Value};

/// One rule.
#[derive(Debug, Clone)]
pub struct Ranking {
    /// The lists.
    pub at: Query,
    /// The members of an element that together are its id.
    pub id: Vec<String>,
    /// The member that is its score.
    pub score: String,
    /// How far two scores may be apart and still be the same; a share of them beyond ±1.
    pub tolerance: f64,
    /// The least share of the reference's ids that the other side must have.
    pub overlap: f64,
    /// What becomes of elements whose scores are the same.
    pub ties: Ties,
    /// Other numbers to which the tolerance applies.
    pub near: Vec<Query>,
}

/// What becomes of elements whose scores are within the tolerance of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// They may stand in any order.
    #[default]
    Free,
    /// They may, unless their scores are exactly equal on both sides: a contract that orders
    /// equals is then held to it.
    Ordered,
}

/// A rule as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    at: Spanned<String>,
    id: Vec<String>,
    score: String,
    #[serde(default)]
    tolerance: f64,
    #[serde(default = "all")]
    overlap: f64,
    #[serde(default)]
    ties: Ties,
    #[serde(default)]
    near: Vec<Spanned<String>>,
}

fn all() -> f64 {
    1.0
}

impl Ranking {
    /// Reads one rule.
    ///
    /// # Errors
    ///
    /// Anything wrong in it, with its place.
    pub(super) fn read(source: &Source, rule: &Spanned<Written>) -> Result<Ranking, Error> {
        let written = rule.get_ref();
        let wrong = |message: &str| {
            Err(source.error(source.entry(rule.span()), message, "this rule", None))
        };
        if written.id.is_empty() {
            return wrong("a ranking needs the members that are its elements' `id`");
        }
        if !(written.tolerance >= 0.0 && written.tolerance.is_finite()) {
            return wrong("the `tolerance` of scores must be a number of at least 0");
        }
        if !(0.0..=1.0).contains(&written.overlap) {
            return wrong("the `overlap` of two rankings must be a share from 0 to 1");
        }
        Ok(Ranking {
            at: query(source, &written.at)?,
            id: written.id.clone(),
            score: written.score.clone(),
            tolerance: written.tolerance,
            overlap: written.overlap,
            ties: written.ties,
            near: written
                .near
                .iter()
                .map(|path| query(source, path))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The lists of a document that are of this rule's form: objects with an id that no other has
    /// and a number for a score. Any other list is JSON like all the rest.
    #[must_use]
    pub fn lists(&self, rule: usize, document: &Document) -> Vec<(NodeId, Ranked)> {
        let lists = self.at.select(document).into_iter();
        lists
            .filter_map(|id| Some((id, self.list(rule, document, id)?)))
            .collect()
    }

    fn list(&self, rule: usize, document: &Document, id: NodeId) -> Option<Ranked> {
        let Value::Array(elements) = document.value(id) else {
            return None;
        };
        let mut ranked = Ranked {
            rule,
            elements: elements.clone(),
            ids: Vec::new(),
            scores: Vec::new(),
        };
        for element in elements {
            let names = self.id.iter();
            let parts: Option<Vec<String>> = names
                .map(|name| part(document.value(document.member(*element, name)?)))
                .collect();
            let score = document.value(document.member(*element, &self.score)?);
            let Value::Number(lexeme) = score else {
                return None;
            };
            ranked.ids.push(parts?.join(", "));
            ranked.scores.push(lexeme.parse().ok()?);
        }
        let distinct: std::collections::BTreeSet<&String> = ranked.ids.iter().collect();
        (distinct.len() == ranked.ids.len()).then_some(ranked)
    }

    /// The numbers that need not be exact: the scores of the lists, and those it names besides.
    #[must_use]
    pub fn near(&self, document: &Document) -> Vec<NodeId> {
        let lists = self.at.select(document).into_iter();
        let elements = lists.flat_map(|list| document.children(list));
        let scores = elements.filter_map(|element| document.member(element, &self.score));
        let others = self.near.iter().flat_map(|path| path.select(document));
        let mut found: Vec<NodeId> = scores.chain(others).collect();
        found.retain(|id| matches!(document.value(*id), Value::Number(_)));
        found
    }

    /// Whether two scores are the same.
    #[must_use]
    pub fn is_near(&self, left: f64, right: f64) -> bool {
        near(left, right, self.tolerance)
    }

    /// Whether two elements may change places: by the scores that each side gives both.
    #[must_use]
    pub fn may_swap(&self, left: [f64; 2], right: [f64; 2]) -> bool {
        let equal = |[one, other]: [f64; 2]| one == other;
        let held = self.ties == Ties::Ordered && equal(left) && equal(right);
        self.is_near(left[0], left[1]) && !held
    }
}

/// Whether two numbers are at most `tolerance` apart; beyond ±1 it is a share of the greater, as the
/// precision of floats is.
#[must_use]
pub fn near(left: f64, right: f64, tolerance: f64) -> bool {
    left == right || (left - right).abs() <= tolerance * left.abs().max(right.abs()).max(1.0)
}

/// A part of an id; numbers are equal by value.
fn part(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(format!("`{}`", text.lossy())),
        Value::Number(lexeme) => Some(lexeme.parse::<f64>().ok()?.to_string()),
        _ => None,
    }
}

impl fmt::Display for Ranking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ties = match self.ties {
            Ties::Free => "in any order",
            Ties::Ordered => "in any order unless exactly equal on both sides",
        };
        write!(
            f,
            "ranking: {} by {}, at least {} of the same {}, scores within {}, ties {ties}",
            self.at.as_str(),
            self.score,
            self.overlap,
            self.id.join(" and "),
            self.tolerance
        )
    }
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::source::Source;

    use super::super::{Probe, Ranking};
    use super::near;
    use crate::json::parse;

    fn read(rule: &str) -> Result<Vec<Ranking>, String> {
        let source = Source {
            name: "probe.toml".to_owned(),
            text: format!(
                "about = \"\"\ntransports = [\"line\"]\n\n[compare]\nbody = \"ranking\"\n{rule}"
            ),
        };
        let probe = Probe::read("s", &source);
        probe
            .map(|probe| probe.compare.rankings)
            .map_err(|error| format!("{:?}", miette::Report::new(error)))
    }

    #[test]
    fn rules_are_read_and_mistakes_are_told() {
        let rule = "[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"s\"\n";
        let rules = read(rule).expect("it is right");
        assert_eq!(rules.len(), 1);
        assert_eq!(
            rules[0].to_string(),
            "ranking: $.hits by s, at least 1 of the same id, scores within 0, ties in any order"
        );
        for (rule, expected) in [
            (String::new(), "go together"),
            (rule.replace("[\"id\"]", "[]"), "needs the members"),
            (format!("{rule}tolerance = -1.0"), "at least 0"),
            (format!("{rule}overlap = 1.5"), "a share from 0 to 1"),
            (format!("{rule}near = [\"x\"]"), "not a path"),
            (format!("{rule}ties = \"none\""), "unknown variant"),
        ] {
            let message = read(&rule).expect_err("it is wrong");
            assert!(message.contains(expected), "{rule}:\n{message}");
        }
    }

    #[test]
    fn scores_are_near_by_a_share_beyond_one() {
        for (left, right, expected) in [
            (0.5, 0.500_009, true),
            (0.5, 0.500_011, false),
            (-0.5, 0.5, false),
            (1e15, 1.000_009e15, true),
            (1e15, 1.000_011e15, false),
            (-1e15, 1e15, false),
            (f64::INFINITY, f64::INFINITY, true),
            (f64::NAN, f64::NAN, false),
        ] {
            assert_eq!(near(left, right, 1e-5), expected, "{left} {right}");
            assert_eq!(near(right, left, 1e-5), expected, "{right} {left}");
        }
    }

    #[test]
    fn a_list_of_another_form_is_no_ranking() {
        let rules = read(
            "[[compare.ranking]]\nat = \"$\"\nid = [\"id\", \"in\"]\nscore = \"s\"\nnear = [\"$[*].t\"]\n",
        )
        .expect("it is right");
        let count = |text: &str| {
            let document = parse(text.as_bytes()).expect("it is JSON");
            let lists = rules[0].lists(0, &document).len();
            (lists, rules[0].near(&document).len())
        };
        let good = r#"[{"id":"a","in":1,"s":1,"t":2},{"id":"a","in":2,"s":1}]"#;
        assert_eq!(count(good), (1, 3));
        assert_eq!(count("[]"), (1, 0));
        for (from, to) in [
            ("\"in\":2", "\"in\":1.0"),
            ("\"in\":2", "\"in\":null"),
            ("\"in\":2", "\"on\":2"),
            ("\"s\":1,", "\"s\":\"1\","),
        ] {
            assert_eq!(count(&good.replace(from, to)).0, 0, "{to}");
        }
        assert_eq!(count("{}"), (0, 0));
    }
}
