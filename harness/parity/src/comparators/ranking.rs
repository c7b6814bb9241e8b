//! `body = "ranking"`: JSON in which some lists are rankings.
//!
//! Each `[[compare.ranking]]` is a [`Rule`]. Two rankings are compared by the ids that they share,
//! the order of these, and their scores; elements are paired by their ids wherever they are.
//! `vectors_at` works as for [`vectors`].

mod list;
#[cfg(test)]
mod tests;
mod tolerance;
mod written;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use lakehouse_rig::error::Error;

use super::damage::Damage;
use super::json;
use super::policy::JsonPolicy;
use super::{
    Body, Comparator, Compared, Damaged, Form, Found, Place, ReportsAt, Rule, Settings, plain,
    shape, vectors,
};
use crate::difference::{DifferenceKind as Kind, Side};
use crate::json::{NodeId, Query, Tree};
use list::{List, common, overlap, part, share, side};
use tolerance::{greater, near};
use written::Ties;
pub(super) use written::{KEYS, Written};

const SCORE_MOVED: Damage = Damage::new("score beyond its tolerance", &[Kind::RankingScore]);
const SWAPPED: Damage = Damage::new("ranked elements swapped", &[Kind::RankingOrder]);

/// Compares JSON with rankings in it.
#[derive(Debug)]
struct WithRankings {
    policy: JsonPolicy,
    rules: Vec<Box<dyn Rule>>,
}

/// Reads the comparator.
pub(super) fn read(settings: &Settings<'_>) -> Result<Arc<dyn Comparator>, Error> {
    let written: Written = settings.read()?;
    if written.ranking.is_empty() {
        return Err(settings.error(
            "`body = \"ranking\"` needs `[[compare.ranking]]`",
            "name the rankings, as in `at = \"$.hits\"`, `id = [\"id\"]`, `score = \"distance\"`",
        ));
    }
    let mut rules = vectors::rule(settings)?.into_iter().collect::<Vec<_>>();
    for written in &written.ranking {
        rules.push(Box::new(Ranking::read(settings, written)?));
    }
    Ok(Arc::new(WithRankings {
        policy: settings.json,
        rules,
    }))
}

impl Comparator for WithRankings {
    fn form(&self) -> Form {
        Form::Json
    }

    fn read(&self, body: &[u8]) -> Body {
        json::read_body(body)
    }

    fn rules(&self) -> &[Box<dyn Rule>] {
        &self.rules
    }
}

impl fmt::Display for WithRankings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "as JSON with rankings; {}", self.policy)
    }
}

/// Compares lists as rankings, and numbers within a tolerance.
#[derive(Debug)]
struct Ranking {
    /// The lists.
    at: Query,
    /// The members of an element that make up its id.
    id: Vec<String>,
    /// The member that is its score.
    score: String,
    /// The largest distance of two equal scores, as a share of the [`Ranking::scale`].
    tolerance: f64,
    /// The share of the reference's ids that the other side must have.
    overlap: f64,
    ties: Ties,
    /// Other numbers to which the tolerance applies.
    near: Vec<Query>,
    /// The members of an element whose numbers are the terms that its score is the sum of.
    terms: Vec<String>,
}

impl Ranking {
    /// The value as a list of this rule; none if it has another form.
    fn list(&self, tree: &dyn Tree, id: NodeId) -> Option<List> {
        let mut list = List {
            elements: tree.elements(id)?,
            ids: Vec::new(),
            scores: Vec::new(),
            scales: Vec::new(),
        };
        for element in &list.elements {
            let parts = self.id.iter().map(|name| {
                let id = tree.member(*element, name)?;
                part(tree.json(id)?)
            });
            let parts: Vec<String> = parts.collect::<Option<_>>()?;
            let score = tree.number(tree.member(*element, &self.score)?)?;
            list.ids.push(parts.join(", "));
            list.scores.push(score.parse().ok()?);
            list.scales.push(self.magnitude(tree, *element));
        }
        let distinct: BTreeSet<&String> = list.ids.iter().collect();
        (distinct.len() == list.ids.len()).then_some(list)
    }

    /// The numbers within the tolerance: scores, and those at `near`.
    fn near(&self, tree: &dyn Tree) -> Vec<NodeId> {
        let lists = self.at.select(tree).into_iter();
        let elements = lists.flat_map(|list| tree.children(list));
        let scores = elements.filter_map(|element| tree.member(element, &self.score));
        let others = self.near.iter().flat_map(|path| path.select(tree));
        let mut found: Vec<NodeId> = scores.chain(others).collect();
        found.retain(|id| tree.number(*id).is_some());
        found
    }

    /// The scale of the tolerance of a number: the magnitude of the terms of its element, if the
    /// rule has terms.
    fn scale(&self, place: Place<'_>) -> Option<f64> {
        let document = place.tree.document();
        let mut element = place.id;
        while let Some((parent, _)) = document.parent(element) {
            if self.at.matches(&document.path(parent)) {
                return self.magnitude(place.tree, element);
            }
            element = parent;
        }
        None
    }

    /// The sum of the magnitudes of an element's terms.
    fn magnitude(&self, tree: &dyn Tree, element: NodeId) -> Option<f64> {
        let mut todo: Vec<NodeId> = self
            .terms
            .iter()
            .filter_map(|name| tree.member(element, name))
            .collect();
        let mut sum = 0.0;
        while let Some(id) = todo.pop() {
            let term: Option<f64> = tree.number(id).and_then(|number| number.parse().ok());
            sum += term.map_or(0.0, f64::abs);
            todo.extend(tree.children(id));
        }
        (!self.terms.is_empty()).then_some(sum)
    }

    fn is_near(&self, left: f64, right: f64, scale: Option<f64>) -> bool {
        near(left, right, self.tolerance, scale)
    }

    /// Whether two elements of the left list may change places, by both elements' scores on each
    /// side.
    fn may_swap(&self, left: [f64; 2], right: [f64; 2], scale: Option<f64>) -> bool {
        let equal = |[one, other]: [f64; 2]| one == other;
        let is_ordered = self.ties == Ties::Ordered && equal(left) && equal(right);
        self.is_near(left[0], left[1], scale) && !is_ordered
    }

    fn compare_lists(
        &self,
        (left_tree, left): (&dyn Tree, &List),
        (right_tree, right): (&dyn Tree, &List),
    ) -> Compared {
        let mut differences = Vec::new();
        let common = common(left, right);
        // An element that the other side lacks has no difference of its own.
        let lone = [
            left.lone_elements(left_tree, common.iter().map(|pair| pair.0)),
            right.lone_elements(right_tree, common.iter().map(|pair| pair.1)),
        ];
        if left.ids.len() != right.ids.len() {
            let shape = |list: &List| format!("ranking of {}", list.ids.len());
            differences.push(Found {
                element: None,
                kind: Kind::RankingLength,
                left: side(&shape(left), &left.ids, &lone[0]),
                right: side(&shape(right), &right.ids, &lone[1]),
            });
        }
        if share(common.len(), left.ids.len()) < self.overlap {
            differences.push(overlap(left, right, &common, &lone));
        }
        differences.extend(self.order(left, right, &common));
        let pairs = common.iter();
        Compared::Own {
            differences,
            pairs: pairs
                .map(|(l, r)| (*l, left.elements[*l], right.elements[*r]))
                .collect(),
        }
    }

    /// The first element of the left list that comes after a later one on the right.
    fn order(&self, left: &List, right: &List, common: &[(usize, usize)]) -> Option<Found> {
        for (index, (l, r)) in common.iter().enumerate() {
            let overtaken = common[index + 1..].iter().find(|(other_l, other_r)| {
                let scores = |list: &List, a: usize, b: usize| [list.scores[a], list.scores[b]];
                let (on_left, on_right) = (scores(left, *l, *other_l), scores(right, *r, *other_r));
                let scale = greater(left.scales[*l], left.scales[*other_l]);
                other_r < r && !self.may_swap(on_left, on_right, scale)
            });
            if let Some((behind, _)) = overtaken {
                // The shape holds the whole order, because only its first fault is reported.
                let side = |list: &List, before: usize, after: usize| {
                    let text = format!("{} before {}", left.ids[before], left.ids[after]);
                    Side {
                        shape: shape::pinned(&text, list.ids.join(", ").as_bytes()),
                        ..plain(&text)
                    }
                };
                return Some(Found {
                    element: Some(*l),
                    kind: Kind::RankingOrder,
                    left: side(left, *l, *behind),
                    right: side(right, *behind, *l),
                });
            }
        }
        None
    }

    /// A number beyond the tolerance; none if the damage does not exceed it.
    fn moved(&self, damage: Damage, lexeme: &str, scale: Option<f64>) -> Option<String> {
        let value: f64 = lexeme.parse().ok()?;
        let moved = if damage == SCORE_MOVED {
            let scale = scale.unwrap_or_else(|| value.abs().max(1.0));
            let away = self.tolerance * 2.0 * scale + 1e-9;
            format!("{:?}", value + away)
        } else {
            json::number(damage, lexeme)?
        };
        let there: f64 = moved.parse().ok()?;
        let is_beyond = !self.is_near(value, there, scale) && (there - value).is_finite();
        is_beyond.then_some(moved)
    }
}

impl Rule for Ranking {
    fn claims(&self, tree: &dyn Tree) -> Vec<NodeId> {
        let lists = self.at.select(tree).into_iter();
        let mut claims: Vec<NodeId> = lists.filter(|id| self.list(tree, *id).is_some()).collect();
        claims.extend(self.near(tree));
        claims
    }

    fn path(&self) -> &str {
        self.at.as_str()
    }

    fn compare(&self, left: Place<'_>, right: Place<'_>) -> Compared {
        let numbers = (left.tree.number(left.id), right.tree.number(right.id));
        if let (Some(l), Some(r)) = numbers {
            let scale = greater(self.scale(left), self.scale(right));
            let is_near = match (l.parse(), r.parse()) {
                (Ok(l), Ok(r)) => self.is_near(l, r, scale),
                _ => false,
            };
            let side = |place: Place<'_>| shape::value(place.tree, place.id, JsonPolicy::default());
            let differs = (!is_near).then(|| Found {
                element: None,
                kind: Kind::RankingScore,
                left: side(left),
                right: side(right),
            });
            return Compared::Own {
                differences: differs.into_iter().collect(),
                pairs: Vec::new(),
            };
        }
        let list = |place: Place<'_>| self.list(place.tree, place.id);
        match (list(left), list(right)) {
            (Some(one), Some(other)) => self.compare_lists((left.tree, &one), (right.tree, &other)),
            _ => Compared::AsJson,
        }
    }

    fn damages(&self, value: Place<'_>) -> Option<Vec<Damage>> {
        value.tree.number(value.id)?;
        Some(vec![
            json::NUMBER_AS_TEXT,
            json::NUMBER_UP,
            json::NUMBER_DOWN,
            json::SIGN,
            SCORE_MOVED,
        ])
    }

    fn swap(&self) -> Option<Damage> {
        Some(SWAPPED)
    }

    fn damage(&self, damage: Damage, value: Place<'_>) -> Damaged {
        match value.tree.number(value.id) {
            Some(lexeme) if damage != json::NUMBER_AS_TEXT => {
                match self.moved(damage, lexeme, self.scale(value)) {
                    Some(moved) => Damaged::To(moved),
                    None => Damaged::Impossible,
                }
            }
            _ => Damaged::Plain,
        }
    }

    fn certainly_differ(&self, left: Place<'_>, right: Place<'_>) -> Option<bool> {
        let scale = greater(self.scale(left), self.scale(right));
        let left: f64 = left.tree.number(left.id)?.parse().ok()?;
        let right: f64 = right.tree.number(right.id)?.parse().ok()?;
        Some(!near(left, right, self.tolerance * 3.0, scale))
    }

    fn reports_at(&self, value: Place<'_>) -> ReportsAt {
        match value.tree.number(value.id) {
            Some(_) => ReportsAt::Inside,
            None => ReportsAt::Anywhere,
        }
    }

    fn reports_as(&self) -> &'static [Kind] {
        &[
            Kind::RankingScore,
            Kind::RankingOverlap,
            Kind::RankingLength,
        ]
    }

    /// Accepts a swap within a tie, and a lost id if `overlap` allows it.
    fn accepts(&self, damage: Damage, value: Place<'_>, index: usize) -> bool {
        let Place { tree, id } = value;
        if damage == SWAPPED {
            let Some(list) = self.list(tree, id) else {
                return false;
            };
            let scores = [index, index + 1].map(|at| list.scores.get(at).copied());
            return match scores {
                [Some(one), Some(other)] => {
                    let scale = greater(list.scales[index], list.scales[index + 1]);
                    self.may_swap([one, other], [one, other], scale)
                }
                _ => false,
            };
        }
        match self.list_with_id(tree, id) {
            Some(list) => {
                let count = list.ids.len();
                share(count.saturating_sub(1), count) >= self.overlap
            }
            None => false,
        }
    }
}

impl Ranking {
    /// The list of which the value is a part of an element's id.
    fn list_with_id(&self, tree: &dyn Tree, part: NodeId) -> Option<List> {
        let document = tree.document();
        let (element, _) = document.parent(part)?;
        let (list, _) = document.parent(element)?;
        let is_part = self
            .id
            .iter()
            .any(|name| tree.member(element, name) == Some(part));
        if !is_part || !self.at.matches(&document.path(list)) {
            return None;
        }
        self.list(tree, list)
    }
}

impl fmt::Display for Ranking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ties = match self.ties {
            Ties::Free => "in any order",
            Ties::Ordered => "in any order unless exactly equal on both sides",
        };
        let terms = match self.terms.as_slice() {
            [] => String::new(),
            terms => format!(" of the sum of the magnitudes of {}", terms.join(" and ")),
        };
        write!(
            f,
            "ranking: {} by {}, at least {} of the same {}, scores within {}{terms}, ties {ties}",
            self.at.as_str(),
            self.score,
            self.overlap,
            self.id.join(" and "),
            self.tolerance
        )
    }
}
