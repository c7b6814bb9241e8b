//! Metrics: series of numbers in the Prometheus text format, within a relative tolerance. Metrics
//! written as JSON are walked like any JSON, with the same tolerance for their numbers.

use std::collections::BTreeMap;

use super::{one_sided, shape};
use crate::difference::{Difference, DifferenceKind};

/// Series by name and labels, with their values as they are written.
pub(super) type Series = BTreeMap<String, String>;

/// Reads the text format; none when a line is no sample.
pub(super) fn read(body: &[u8]) -> Option<Series> {
    let text = std::str::from_utf8(body).ok()?;
    let mut series = Series::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, rest) = match line.rfind('}') {
            Some(end) => line.split_at(end + 1),
            None => line.split_at(line.find(' ')?),
        };
        let value = rest.split_ascii_whitespace().next()?;
        number(value)?;
        series.insert(name.to_owned(), value.to_owned());
    }
    Some(series)
}

/// Two sets of series; `tolerance` is relative to the larger value.
pub(super) fn compare(out: &mut Vec<Difference>, left: &Series, right: &Series, tolerance: f64) {
    let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let path = format!("body:{name}");
        match (left.get(name), right.get(name)) {
            (Some(left), Some(right)) => {
                if !close(left, right, tolerance) {
                    out.push(Difference {
                        path,
                        kind: DifferenceKind::Metric,
                        left: shape::plain(&format!("number {left}")),
                        right: shape::plain(&format!("number {right}")),
                    });
                }
            }
            (one, other) => {
                let value = one.or(other).map_or("", String::as_str);
                let side = shape::plain(&format!("number {value}"));
                out.push(one_sided(&path, one.is_some(), side));
            }
        }
    }
}

/// Whether two numbers are within a relative tolerance of the larger one.
pub(super) fn close(left: &str, right: &str, tolerance: f64) -> bool {
    if left == right {
        return true;
    }
    match (number(left), number(right)) {
        // The tolerance of an infinite value would take in every other.
        (Some(left), Some(right)) => {
            let largest = left.abs().max(right.abs());
            left == right || (largest.is_finite() && (left - right).abs() <= tolerance * largest)
        }
        _ => false,
    }
}

fn number(text: &str) -> Option<f64> {
    match text {
        "+Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{compare, read};

    fn paths(left: &str, right: &str, tolerance: f64) -> Vec<String> {
        let read = |text: &str| read(text.as_bytes()).expect("they are metrics");
        let mut out = Vec::new();
        compare(&mut out, &read(left), &read(right), tolerance);
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
    fn what_is_no_sample_is_refused() {
        for text in ["x", "x y", "x{", "\"hello\""] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
