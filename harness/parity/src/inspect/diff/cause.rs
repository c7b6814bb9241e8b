//! What a change belongs to, without its values.

use super::read::Finding;
use crate::report::{pattern, without_values};

/// What a change belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cause {
    /// Empty for a ledger.
    pub(super) surface: String,
    pub(super) implementation: String,
    /// The case and its transport.
    pub(super) case: String,
    /// The change without its values.
    pub(super) what: String,
}

/// A finding without its values.
pub(super) fn of(finding: &Finding, why: &str) -> String {
    match finding {
        Finding::Difference { path, kind, shapes } => format!(
            "`{}` {kind} ({} | {})",
            pattern(path),
            kind_of(&shapes.0),
            kind_of(&shapes.1)
        ),
        Finding::Invalid if why.is_empty() => "not compared".to_owned(),
        Finding::Invalid => format!("not compared: {}", without_values(why)),
    }
}

/// The type of a value with this shape.
fn kind_of(shape: &str) -> &str {
    let begins = |prefix: &str| shape.starts_with(prefix);
    let is_bytes = shape.trim_start_matches(|c: char| c.is_ascii_digit());
    match shape {
        _ if begins("\"") => "string",
        _ if is_bytes != shape && is_bytes.starts_with(" byte") => "bytes",
        _ => ["string", "number", "array", "object", "text", "vector"]
            .into_iter()
            .find(|kind| begins(&format!("{kind} of ")) || begins(&format!("{kind} ")))
            .unwrap_or(shape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_not_part_of_a_cause() {
        let cause = |path: &str, left: &str, right: &str| {
            of(
                &Finding::Difference {
                    path: path.to_owned(),
                    kind: "different value",
                    shapes: (left.to_owned(), right.to_owned()),
                },
                "",
            )
        };
        for (left, right, expected) in [
            ("number 1", "number 2.5", "(number | number)"),
            (
                "\"a\"",
                "string of 42 characters, \"a…\"",
                "(string | string)",
            ),
            ("object of 3 keys", "nothing", "(object | nothing)"),
            ("1 byte", "255 bytes, sha256 ab", "(bytes | bytes)"),
            ("200", "422", "(200 | 422)"),
            ("null", "true", "(null | true)"),
        ] {
            assert_eq!(
                cause("body:$.a[3]", left, right),
                format!("`body:$.a[*]` different value {expected}")
            );
        }
    }
}
