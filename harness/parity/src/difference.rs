//! What a comparison finds: a path, the kind of difference, and both sides.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json::Path;

/// One difference between two observations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// A normalised JSON path under a part prefix: `status`, `header:content-type`,
    /// `body:$.a[0]`, `file:sessions.jsonl:$[2].x`, `upstream:$[0].body.model`, `script:$.unused`,
    /// `exit`, `failure`; with `step[1]:` in front in a case of several steps.
    pub path: String,
    /// What kind of difference.
    pub kind: DifferenceKind,
    /// The reference's side.
    pub left: Side,
    /// The implementation's side.
    pub right: Side,
}

/// One side of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// A short, stable description, which pins name: `"Schema"`, `number 1.0`, `object of 3 keys`,
    /// `vector of norm 1`, `nothing`.
    pub shape: String,
    /// The value itself as text, cut to 2,000 characters.
    pub text: String,
}

/// The kinds of differences.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Two values of one type that differ.
    Value,
    /// Two values of different types.
    Type,
    /// The implementation lacks what the reference has.
    Missing,
    /// The implementation has what the reference lacks.
    Extra,
    /// The same keys in another order.
    KeyOrder,
    /// A key that stands twice on one side only.
    DuplicateKey,
    /// The same number, written differently.
    NumberLexeme,
    /// The same text, escaped differently.
    Escape,
    /// Arrays of different lengths.
    Length,
    /// Status.
    Status,
    /// Header.
    Header,
    /// Bytes.
    Bytes,
    /// Vectors that point elsewhere.
    Direction,
    /// Vectors of different norms.
    Norm,
    /// Vectors of different dimensions.
    Dimension,
    /// A metric outside its tolerance.
    Metric,
    /// A ranked element that stands elsewhere among the others.
    RankingOrder,
    /// Too many ranked elements that only one side has.
    RankingOverlap,
    /// A score outside its tolerance.
    RankingScore,
    /// Rankings of different lengths.
    RankingLength,
    /// A different number of lines.
    LineCount,
    /// White space or a final newline.
    TrailingBytes,
    /// Exit code.
    Exit,
    /// A different failure, or one side failing.
    Failure,
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DifferenceKind::Value => "value",
            DifferenceKind::Type => "type",
            DifferenceKind::Missing => "missing",
            DifferenceKind::Extra => "extra",
            DifferenceKind::KeyOrder => "key_order",
            DifferenceKind::DuplicateKey => "duplicate_key",
            DifferenceKind::NumberLexeme => "number_lexeme",
            DifferenceKind::Escape => "escape",
            DifferenceKind::Length => "length",
            DifferenceKind::Status => "status",
            DifferenceKind::Header => "header",
            DifferenceKind::Bytes => "bytes",
            DifferenceKind::Direction => "direction",
            DifferenceKind::Norm => "norm",
            DifferenceKind::Dimension => "dimension",
            DifferenceKind::Metric => "metric",
            DifferenceKind::RankingOrder => "ranking_order",
            DifferenceKind::RankingOverlap => "ranking_overlap",
            DifferenceKind::RankingScore => "ranking_score",
            DifferenceKind::RankingLength => "ranking_length",
            DifferenceKind::LineCount => "line_count",
            DifferenceKind::TrailingBytes => "trailing_bytes",
            DifferenceKind::Exit => "exit",
            DifferenceKind::Failure => "failure",
        })
    }
}

/// A difference's path with `[*]` for every index.
#[must_use]
pub fn generalised(path: &str) -> String {
    let Some(at) = path.find('$') else {
        return path.to_owned();
    };
    match Path::read(&path[at..]) {
        Some(read) => format!("{}{}", &path[..at], read.generalised()),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::generalised;

    #[test]
    fn indices_become_stars() {
        assert_eq!(generalised("body:$.a[0].b[17]"), "body:$.a[*].b[*]");
        assert_eq!(generalised("header:x"), "header:x");
    }
}
