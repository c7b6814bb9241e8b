//! `body = "metrics"`: numbers within a relative tolerance, as JSON or in the Prometheus text
//! format.

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

fn number(text: &str) -> Option<f64> {
    match text {
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(left: &str, right: &str, tolerance: f64) -> Vec<String> {
        let read = |text: &str| series(text.as_bytes()).expect("they are metrics");
        let mut out = Vec::new();
        compare_series(&mut out, &read(left), &read(right), tolerance);
        out.iter()
            .map(|d| format!("{} {}", d.path, d.kind))
            .collect()
    }

    #[test]
    fn series_are_compared_within_the_tolerance() {
        let left = "# HELP x y\nx{a=\"b c\"} 100\ny 2\n";
        assert!(paths(left, "y 2.0\nx{a=\"b c\"} 101", 0.01).is_empty());
        assert_eq!(
            paths(left, "y 2\nx{a=\"b c\"} 102", 0.01),
            ["body:x{a=\"b c\"} metric"]
        );
        assert_eq!(paths(left, "y 2", 1.0), ["body:x{a=\"b c\"} missing"]);
        assert_eq!(paths("y 2", left, 1.0), ["body:x{a=\"b c\"} extra"]);
        assert_eq!(paths("y 1", "y +Inf", 0.5), ["body:y metric"]);
    }

    #[test]
    fn all_samples_of_a_series_count() {
        assert_eq!(paths("a 1\na 2\n", "a 9\na 2\n", 0.01), ["body:a metric"]);
        assert_eq!(paths("a 1\na 2\n", "a 2\n", 0.01), ["body:a metric"]);
        assert!(paths("a 1\na 2\n", "a 1.0\na 2\n", 0.01).is_empty());
    }

    #[test]
    fn numbers_beyond_floats_are_compared_exactly() {
        for (left, right, tolerance, expected) in [
            ("9007199254740993", "9007199254740992", 0.0, false),
            ("9007199254740993", "9007199254740992", 0.01, true),
            ("1e400", "2e400", 0.5, false),
            ("1e400", "10e399", 0.5, true),
            ("1e-400", "2e-400", 0.5, false),
            ("0", "-0.0", 0.5, true),
            ("+Inf", "1e400", 0.5, false),
            ("+Inf", "Inf", 0.5, true),
            ("+Inf", "-Inf", 0.5, false),
            ("NaN", "1", 0.5, false),
        ] {
            assert_eq!(close(left, right, tolerance), expected, "{left} {right}");
        }
    }

    #[test]
    fn lines_that_are_not_samples_are_rejected() {
        for text in ["x", "x y", "x{", "\"hello\""] {
            assert!(series(text.as_bytes()).is_none(), "{text}");
        }
    }

    #[test]
    fn only_series_that_occur_once_are_damaged() {
        let body = b"# HELP a\na 1\nb{x=\"1 2\"} 3\n\nc 1\nc 2\n";
        let found = lines_of_own(body);
        assert_eq!(found, [(1, "a".to_owned()), (2, "b{x=\"1 2\"}".to_owned())]);
        assert_eq!(moved("x", 0.1), None);
        assert_eq!(moved("5", 1.0), None);
    }
}
