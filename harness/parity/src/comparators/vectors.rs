//! `body = "vectors"`: JSON in which arrays of numbers are compared by dimension, norm and direction.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use lakehouse_rig::error::Error;
use lakehouse_rig::source::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

use super::damage::Damage;
use super::json::{self, JsonBody};
use super::policy::JsonPolicy;
use super::{
    Body, Comparator, Compared, Damaged, Form, Found, Place, ReportsAt, Rule, Settings, plain,
    shape,
};
use crate::difference::{DifferenceKind as Kind, Side};
use crate::json::{NodeId, Query, Tree};

const TURNED: Damage = Damage::new("vector turned", &[Kind::Direction]);
const SCALED: Damage = Damage::new("vector scaled", &[Kind::Norm]);
const SHORTENED: Damage = Damage::new("vector shortened", &[Kind::Dimension, Kind::Type]);
const LENGTHENED: Damage = Damage::new("vector lengthened", &[Kind::Dimension, Kind::Type]);

/// The maximum number of components in a report.
const MAX_SHOWN: usize = 16;

/// The keys of `[compare]`.
pub(super) const KEYS: &[&str] = &["vectors_at", "cosine", "norm"];

/// The keys of `vectors`.
#[derive(Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Written {
    /// The JSON paths of vectors.
    vectors_at: Vec<Spanned<String>>,
    /// The tolerance of the cosine distance between two vectors.
    cosine: f64,
    /// The tolerance of the norm, as a share.
    norm: f64,
}

impl Default for Written {
    fn default() -> Written {
        Written {
            vectors_at: Vec::new(),
            cosine: 1e-6,
            norm: 1e-4,
        }
    }
}

/// Compares JSON with vectors in it.
#[derive(Debug)]
struct WithVectors {
    policy: JsonPolicy,
    rules: Vec<Box<dyn Rule>>,
}

/// Reads the comparator.
pub(super) fn read(settings: &Settings<'_>) -> Result<Arc<dyn Comparator>, Error> {
    let rules = rule(settings)?.into_iter().collect::<Vec<_>>();
    if rules.is_empty() {
        return Err(settings.error(
            "`body = \"vectors\"` needs `vectors_at`",
            "name the vectors, as in `vectors_at = [\"$.vectors[*]\"]`",
        ));
    }
    Ok(Arc::new(WithVectors {
        policy: settings.json,
        rules,
    }))
}

/// The rule for the vectors that `vectors_at` names, if it names any.
pub(super) fn rule(settings: &Settings<'_>) -> Result<Option<Box<dyn Rule>>, Error> {
    let written: Written = settings.read()?;
    let paths: Vec<&str> = written
        .vectors_at
        .iter()
        .map(|path| path.get_ref().as_str())
        .collect();
    if paths.is_empty() {
        return Ok(None);
    }
    Ok(Some(Box::new(Vectors {
        path: paths.join(", "),
        at: written
            .vectors_at
            .iter()
            .map(|path| settings.query(path))
            .collect::<Result<_, _>>()?,
        cosine: written.cosine,
        norm: written.norm,
    })))
}

impl Comparator for WithVectors {
    fn form(&self) -> Form {
        Form::Json
    }

    fn read(&self, body: &[u8]) -> Body {
        json::read_body(body)
    }

    fn rules(&self) -> &[Box<dyn Rule>] {
        &self.rules
    }

    fn missing(&self, body: &JsonBody) -> Option<&'static str> {
        (!body.has_claims()).then_some("a vector at any path of `vectors_at`")
    }
}

impl fmt::Display for WithVectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "as JSON with vectors; {}", self.policy)
    }
}

/// Compares arrays of numbers as vectors.
#[derive(Debug)]
struct Vectors {
    at: Vec<Query>,
    path: String,
    /// The largest `1 - cos` of two vectors.
    cosine: f64,
    /// The largest relative difference of two norms.
    norm: f64,
}

impl Rule for Vectors {
    fn claims(&self, tree: &dyn Tree) -> Vec<NodeId> {
        let selected = self.at.iter().flat_map(|query| query.select(tree));
        selected.filter(|id| tree.numbers(*id).is_some()).collect()
    }

    fn path(&self) -> &str {
        &self.path
    }

    fn compare(&self, left: Place<'_>, right: Place<'_>) -> Compared {
        let (Some(left), Some(right)) = (left.numbers(), right.numbers()) else {
            return Compared::AsJson;
        };
        Compared::Own {
            differences: self.differences(&left, &right),
            pairs: Vec::new(),
        }
    }

    fn shape(&self, value: Place<'_>) -> Option<String> {
        let numbers = value.numbers()?;
        Some(exact(&dimensions(&numbers), &numbers))
    }

    fn is_own_type(&self) -> bool {
        true
    }

    fn damages(&self, _: Place<'_>) -> Option<Vec<Damage>> {
        Some(vec![TURNED, SCALED, SHORTENED, LENGTHENED, json::EMPTIED])
    }

    fn damage(&self, damage: Damage, value: Place<'_>) -> Damaged {
        if damage == json::EMPTIED {
            return Damaged::Plain;
        }
        let changed = value
            .numbers()
            .and_then(|numbers| self.changed(damage, &numbers));
        match changed {
            Some(numbers) => {
                let lexemes: Vec<String> = numbers.iter().map(|x| format!("{x:?}")).collect();
                Damaged::To(format!("[{}]", lexemes.join(",")))
            }
            None => Damaged::Impossible,
        }
    }

    fn certainly_differ(&self, left: Place<'_>, right: Place<'_>) -> Option<bool> {
        let (left, right) = (left.numbers()?, right.numbers()?);
        if left.len() != right.len() {
            return Some(true);
        }
        let (left_norm, right_norm) = (norm(&left), norm(&right));
        let longest = left_norm.max(right_norm);
        // Rounding errors are far below three times the tolerance.
        let norms_differ = (left_norm - right_norm).abs() > (self.norm * 3.0 + 1e-9) * longest;
        let distance = 1.0 - dot(&left, &right, left_norm, right_norm);
        Some(norms_differ || distance > self.cosine * 3.0 + 1e-9)
    }

    fn reports_at(&self, _: Place<'_>) -> ReportsAt {
        ReportsAt::Claimed
    }

    fn reports_as(&self) -> &'static [Kind] {
        &[Kind::Direction, Kind::Norm, Kind::Dimension]
    }
}

impl fmt::Display for Vectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "vectors: {}, 1 - cos at most {}, norms within {}",
            self.path, self.cosine, self.norm
        )
    }
}

impl Place<'_> {
    fn numbers(&self) -> Option<Vec<f64>> {
        self.tree.numbers(self.id)
    }
}

impl Vectors {
    fn differences(&self, left: &[f64], right: &[f64]) -> Vec<Found> {
        let found = |kind, left_shape: Side, right_shape: Side| Found {
            element: None,
            kind,
            left: left_shape,
            right: right_shape,
        };
        if left.len() != right.len() {
            let shape = |vector: &[f64]| exact(&dimensions(vector), vector);
            let (l, r) = (shape(left), shape(right));
            return vec![found(Kind::Dimension, side(l, left), side(r, right))];
        }
        let (left_norm, right_norm) = (norm(left), norm(right));
        let largest = left_norm.max(right_norm);
        let mut all = Vec::new();
        // Not `>`, so that NaN is a difference.
        let norms_agree = largest == 0.0 || (left_norm - right_norm).abs() / largest <= self.norm;
        if !norms_agree {
            let (l, r) = (norm_shape(left_norm), norm_shape(right_norm));
            all.push(found(Kind::Norm, side(l, left), side(r, right)));
        }
        if left_norm == 0.0 && right_norm == 0.0 {
            return all;
        }
        let directions_agree = 1.0 - dot(left, right, left_norm, right_norm) <= self.cosine;
        if !directions_agree {
            let l = side(exact("vector", left), left);
            let r = side(exact("vector that points elsewhere", right), right);
            all.push(found(Kind::Direction, l, r));
        }
        all
    }

    /// A vector just beyond the tolerances; none where the damage is impossible.
    fn changed(&self, damage: Damage, numbers: &[f64]) -> Option<Vec<f64>> {
        let squares: f64 = numbers.iter().map(|x| x * x).sum();
        let is_usable = squares > 0.0 && squares.is_finite();
        let mut changed = numbers.to_vec();
        match damage {
            TURNED if is_usable => turn(&mut changed, squares, self.cosine)?,
            SCALED if is_usable => {
                let factor = 1.0 + self.norm * 2.0 + 1e-9;
                changed.iter_mut().for_each(|x| *x *= factor);
            }
            SHORTENED => {
                changed.pop()?;
            }
            LENGTHENED => changed.push(0.0),
            _ => return None,
        }
        changed.iter().all(|x| x.is_finite()).then_some(changed)
    }
}

fn dimensions(vector: &[f64]) -> String {
    format!("vector of {} dimensions", vector.len())
}

/// The shape of a vector that belongs to this vector only.
fn exact(what: &str, vector: &[f64]) -> String {
    let numbers: Vec<String> = vector.iter().map(f64::to_string).collect();
    shape::pinned(what, numbers.join(",").as_bytes())
}

fn side(shape: String, vector: &[f64]) -> Side {
    let shown = &vector[..vector.len().min(MAX_SHOWN)];
    let more = if shown.len() < vector.len() {
        ", …"
    } else {
        ""
    };
    let numbers: Vec<String> = shown.iter().map(f64::to_string).collect();
    let text = format!("[{}{more}] (norm {})", numbers.join(", "), norm(vector));
    Side {
        shape,
        ..plain(&text)
    }
}

/// `vector of norm 1`, `vector of norm 2.1e1`: two significant digits.
fn norm_shape(norm: f64) -> String {
    let rounded = format!("{norm:.1e}");
    let short = match rounded.split_once('e') {
        Some((digits, "0")) => digits.trim_end_matches(".0").to_owned(),
        _ => rounded,
    };
    format!("vector of norm {short}")
}

/// The norm, scaled by the largest component so that 1e300 does not overflow.
fn norm(vector: &[f64]) -> f64 {
    let largest = vector.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let sum: f64 = vector.iter().map(|x| (x / largest).powi(2)).sum();
    largest * sum.sqrt()
}

fn dot(left: &[f64], right: &[f64], left_norm: f64, right_norm: f64) -> f64 {
    left.iter()
        .zip(right)
        .map(|(l, r)| (l / left_norm) * (r / right_norm))
        .sum()
}

/// Turns a vector in the plane of its two largest components, which keeps its norm.
fn turn(vector: &mut [f64], squares: f64, tolerance: f64) -> Option<()> {
    let mut order: Vec<usize> = (0..vector.len()).collect();
    order.sort_by(|a, b| vector[*b].abs().total_cmp(&vector[*a].abs()));
    let (&first, rest) = order.split_first()?;
    let Some(&second) = rest.first() else {
        vector[first] = -vector[first];
        return Some(());
    };
    let (x, y) = (vector[first], vector[second]);
    let away = (tolerance * 2.0 + 1e-9) * squares / (x * x + y * y);
    let cosine = (1.0 - away).max(-1.0);
    let sine = (1.0 - cosine * cosine).sqrt();
    vector[first] = x * cosine - y * sine;
    vector[second] = x * sine + y * cosine;
    Some(())
}
