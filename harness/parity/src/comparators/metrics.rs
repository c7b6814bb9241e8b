//! `body = "metrics"`: numbers within a relative tolerance, as JSON or in the Prometheus text
//! format.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use lakehouse_rig::error::Error;
use rand_chacha::ChaCha8Rng;
use schemars::JsonSchema;
use serde::Deserialize;

use super::damage::{Change, Damage, Site};
use super::json;
use super::policy::JsonPolicy;
use super::{
    Body, Comparator, Compared, Damaged, Form, Found, Place, Rule, Settings, bytes, one_sided,
    plain, shape,
};
use crate::difference::{Difference, DifferenceKind as Kind};
use crate::json::{Decimal, Document, NodeId, Tree};

const MOVED: Damage = Damage::new("metric beyond its tolerance", &[Kind::Metric]);
const SERIES_DROPPED: Damage = Damage::new("series dropped", &[Kind::Missing]);

/// The keys of `[compare]`.
pub(super) const KEYS: &[&str] = &["tolerance"];

/// The keys of `metrics`.
#[derive(Deserialize, Default, JsonSchema)]
#[serde(default)]
pub(super) struct Written {
    /// The tolerance of a metric, as a share of the larger value.
    tolerance: f64,
}

/// Compares metrics.
#[derive(Debug)]
struct Metrics {
    policy: JsonPolicy,
    tolerance: f64,
    /// The rule for numbers of metrics in JSON.
    rules: Vec<Box<dyn Rule>>,
}

/// Reads the comparator.
pub(super) fn read(settings: &Settings<'_>) -> Result<Arc<dyn Comparator>, Error> {
    let Written { tolerance } = settings.read()?;
    if !(tolerance >= 0.0 && tolerance.is_finite()) {
        return Err(settings.error(
            "the `tolerance` of metrics must be a number of at least 0",
            "write it as a share of the larger value, as in `tolerance = 0.01`",
        ));
    }
    Ok(Arc::new(Metrics {
        policy: settings.json,
        tolerance,
        rules: vec![Box::new(Numbers { tolerance })],
    }))
}

impl Comparator for Metrics {
    fn form(&self) -> Form {
        Form::Json
    }

    fn read(&self, body: &[u8]) -> Body {
        match json::read_body(body) {
            Body::Malformed(body, _) if series(&body).is_some() => Body::Bytes(body),
            Body::Malformed(body, _) => Body::Malformed(body, "the body is not metrics".to_owned()),
            json => json,
        }
    }

    fn rules(&self) -> &[Box<dyn Rule>] {
        &self.rules
    }

    fn compare(&self, out: &mut Vec<Difference>, left: &[u8], right: &[u8]) {
        match (series(left), series(right)) {
            (Some(left), Some(right)) => compare_series(out, &left, &right, self.tolerance),
            _ => bytes::compare(out, "body", left, right),
        }
    }

    fn sites(&self, body: &[u8]) -> Vec<Site> {
        let lines = lines_of_own(body).into_iter();
        let both = lines.flat_map(|(line, _)| [(MOVED, line), (SERIES_DROPPED, line)]);
        both.map(|(damage, line)| Site { damage, line }).collect()
    }

    fn damage(&self, site: &Site, body: &mut Vec<u8>, _: &mut ChaCha8Rng) -> Option<Change> {
        let text = std::str::from_utf8(body).ok()?.to_owned();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (name, value) = split(lines.get(site.line)?)?;
        let (name, value) = (name.to_owned(), value.to_owned());
        let summary = if site.damage == SERIES_DROPPED {
            lines.remove(site.line);
            format!("{name} dropped")
        } else {
            let moved = moved(&value, self.tolerance)?;
            lines[site.line] = format!("{name} {moved}");
            format!("{value} -> {moved}")
        };
        *body = (lines.join("\n") + "\n").into_bytes();
        Some(Change::new(vec![format!("body:{name}")], summary))
    }
}

impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "as metrics; {}", self.policy)
    }
}

/// Compares all numbers of a JSON body.
#[derive(Debug)]
struct Numbers {
    tolerance: f64,
}

impl Rule for Numbers {
    fn claims(&self, tree: &dyn Tree) -> Vec<NodeId> {
        let mut numbers = Vec::new();
        let mut todo = vec![Document::ROOT];
        while let Some(id) = todo.pop() {
            if tree.number(id).is_some() {
                numbers.push(id);
            }
            todo.extend(tree.children(id));
        }
        numbers
    }

    fn path(&self) -> &'static str {
        "$..*"
    }

    fn compare(&self, left: Place<'_>, right: Place<'_>) -> Compared {
        let is_close = match (left.tree.number(left.id), right.tree.number(right.id)) {
            (Some(left), Some(right)) => close(left, right, self.tolerance),
            _ => false,
        };
        let side = |place: Place<'_>| shape::value(place.tree, place.id, JsonPolicy::default());
        let differs = (!is_close).then(|| Found {
            element: None,
            kind: Kind::Metric,
            left: side(left),
            right: side(right),
        });
        Compared::Own {
            differences: differs.into_iter().collect(),
            pairs: Vec::new(),
        }
    }

    fn damages(&self, _: Place<'_>) -> Option<Vec<Damage>> {
        Some(vec![json::NUMBER_AS_TEXT, MOVED])
    }

    fn damage(&self, damage: Damage, value: Place<'_>) -> Damaged {
        if damage != MOVED {
            return Damaged::Plain;
        }
        let lexeme = value.tree.number(value.id);
        match lexeme.and_then(|lexeme| moved(lexeme, self.tolerance)) {
            Some(moved) => Damaged::To(moved),
            None => Damaged::Impossible,
        }
    }

    /// Two metrics may always be within the tolerance.
    fn certainly_differ(&self, _: Place<'_>, _: Place<'_>) -> Option<bool> {
        Some(false)
    }

    fn reports_as(&self) -> &'static [Kind] {
        &[Kind::Metric]
    }
}

impl fmt::Display for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "numbers: within {} of the larger one", self.tolerance)
    }
}

/// Series by name and labels, with the values of their samples as they are written.
type Series = BTreeMap<String, Vec<String>>;

/// Reads the text format; none when a line is not a sample.
fn series(body: &[u8]) -> Option<Series> {
    let text = std::str::from_utf8(body).ok()?;
    let mut series = Series::new();
    for line in text.lines().map(str::trim).filter(|line| is_sample(line)) {
        let (name, value) = split(line)?;
        number(value)?;
        series
            .entry(name.to_owned())
            .or_default()
            .push(value.to_owned());
    }
    Some(series)
}

fn is_sample(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// The series and the value of a sample.
fn split(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let at = match line.rfind('}') {
        Some(end) => end + 1,
        None => line.find(' ')?,
    };
    Some((&line[..at], line[at..].split_ascii_whitespace().next()?))
}

fn compare_series(out: &mut Vec<Difference>, left: &Series, right: &Series, tolerance: f64) {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let side = |values: &[String]| match values {
        [value] => plain(&format!("number {value}")),
        values => plain(&format!("numbers {}", values.join(", "))),
    };
    for name in names {
        let path = format!("body:{name}");
        match (left.get(name), right.get(name)) {
            (Some(left), Some(right)) => {
                let is_close = left.len() == right.len()
                    && left.iter().zip(right).all(|(l, r)| close(l, r, tolerance));
                if !is_close {
                    out.push(Difference {
                        path,
                        kind: Kind::Metric,
                        left: side(left),
                        right: side(right),
                    });
                }
            }
            (one, other) => {
                let values = one.or(other).map_or(&[][..], Vec::as_slice);
                out.push(one_sided(&path, one.is_some(), side(values)));
            }
        }
    }
}

/// Whether two numbers are within a relative tolerance of the larger one.
fn close(left: &str, right: &str, tolerance: f64) -> bool {
    if left == right {
        return true;
    }
    let (Some(l), Some(r)) = (number(left), number(right)) else {
        return false;
    };
    let largest = l.abs().max(r.abs());
    // Beyond the range of floats, and without a tolerance, only equal numbers are close.
    if tolerance == 0.0 || largest == 0.0 || !largest.is_finite() {
        let is_decimal = |text: &str| text.contains(|c: char| c.is_ascii_digit());
        return match is_decimal(left) && is_decimal(right) {
            true => Decimal::read(left) == Decimal::read(right),
            false => l == r && is_decimal(left) == is_decimal(right),
        };
    }
    (l - r).abs() <= tolerance * largest
}

/// Reads a value, which may be `+Inf`, `-Inf` or `NaN`.
fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

/// The lines whose series occurs once, and their series.
fn lines_of_own(body: &[u8]) -> Vec<(usize, String)> {
    let text = String::from_utf8_lossy(body);
    let named: Vec<(usize, String)> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| is_sample(line.trim()))
        .filter_map(|(index, line)| Some((index, split(line)?.0.to_owned())))
        .collect();
    let is_alone = |name: &str| named.iter().filter(|(_, other)| other == name).count() == 1;
    let alone = named.iter().filter(|(_, name)| is_alone(name));
    alone.cloned().collect()
}

/// A metric just beyond its tolerance.
fn moved(lexeme: &str, tolerance: f64) -> Option<String> {
    let value: f64 = lexeme.parse().ok()?;
    if tolerance >= 1.0 || !value.is_finite() {
        return None;
    }
    let moved = value.signum() * (value.abs() / (1.0 - tolerance) * 1.01 + 1e-9);
    (moved.is_finite() && moved != value).then(|| format!("{moved:?}"))
}
