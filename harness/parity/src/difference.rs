//! The result of a comparison: paths, kinds of difference, and both values.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json::Path;

/// One difference between two observations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// A normalised JSON path under a part prefix: `status`, `header:content-type`,
    /// `trailer:digest`, `body:$.a[0]`, `file:sessions.jsonl:$[2].x`, `upstream:$[0].body.model`, `script:$.unused`,
    /// `exit`, `failure`; prefixed with `step[1]:` in a case of several steps.
    pub path: String,
    /// The kind of difference.
    pub kind: DifferenceKind,
    /// The reference's side.
    pub left: Side,
    /// The implementation's side.
    pub right: Side,
}

impl Difference {
    /// The step in which it occurs, in a case of several steps.
    #[must_use]
    pub fn step(&self) -> Option<usize> {
        let (number, _) = self.path.strip_prefix("step[")?.split_once("]:")?;
        number.parse().ok()
    }
}

/// One side of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// A short, stable description, which pins refer to: `"Schema"`, `number 1.0`, `object of 3 keys`,
    /// `vector of norm 1`, `nothing`.
    pub shape: String,
    /// The value itself as text, cut to 2,000 characters.
    pub text: String,
}

impl Side {
    /// The type of the value, by its shape; empty for a shape that is a text of the harness's own,
    /// such as a status.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        type_name(&self.shape)
    }
}

/// The type of the value that has this shape.
#[must_use]
pub fn type_name(shape: &str) -> &'static str {
    let first = shape.split(' ').next().unwrap_or_default();
    match first {
        "true" | "false" => "boolean",
        "number" => "number",
        "object" => "object",
        "array" => "array",
        "vector" => "vector",
        "null" => "null",
        "nothing" => "nothing",
        // A short string is its own shape, in quotes.
        "string" | "text" => "string",
        _ if shape.starts_with('"') => "string",
        _ if first.bytes().all(|byte| byte.is_ascii_digit()) && shape.contains(" byte") => "bytes",
        _ => "",
    }
}

/// The kind of a difference. `Display` writes the identifier that pins use.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// Two values of one type that differ.
    Value,
    /// Two values of different types.
    Type,
    /// Only the reference has it.
    Missing,
    /// Only the implementation has it.
    Extra,
    /// The same keys in another order.
    KeyOrder,
    /// A key that occurs twice on one side only.
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
    /// Vectors of different directions.
    Direction,
    /// Vectors of different norms.
    Norm,
    /// Vectors of different dimensions.
    Dimension,
    /// A metric outside its tolerance.
    Metric,
    /// A ranked element at another position.
    RankingOrder,
    /// Too many ranked elements on one side only.
    RankingOverlap,
    /// A score outside its tolerance.
    RankingScore,
    /// Rankings of different lengths.
    RankingLength,
    /// A different number of lines.
    LineCount,
    /// Different white space at the end, or a final newline on one side only.
    TrailingBytes,
    /// Exit code.
    Exit,
    /// Different failures, or a failure on one side only.
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

impl DifferenceKind {
    /// Every kind.
    pub const ALL: [DifferenceKind; 24] = [
        DifferenceKind::Value,
        DifferenceKind::Type,
        DifferenceKind::Missing,
        DifferenceKind::Extra,
        DifferenceKind::KeyOrder,
        DifferenceKind::DuplicateKey,
        DifferenceKind::NumberLexeme,
        DifferenceKind::Escape,
        DifferenceKind::Length,
        DifferenceKind::Status,
        DifferenceKind::Header,
        DifferenceKind::Bytes,
        DifferenceKind::Direction,
        DifferenceKind::Norm,
        DifferenceKind::Dimension,
        DifferenceKind::Metric,
        DifferenceKind::RankingOrder,
        DifferenceKind::RankingOverlap,
        DifferenceKind::RankingScore,
        DifferenceKind::RankingLength,
        DifferenceKind::LineCount,
        DifferenceKind::TrailingBytes,
        DifferenceKind::Exit,
        DifferenceKind::Failure,
    ];

    /// The kind as reports show it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            DifferenceKind::Value => "different value",
            DifferenceKind::Type => "different type",
            DifferenceKind::Missing => "missing",
            DifferenceKind::Extra => "extra",
            DifferenceKind::KeyOrder => "different key order",
            DifferenceKind::DuplicateKey => "duplicate key",
            DifferenceKind::NumberLexeme => "number spelled differently",
            DifferenceKind::Escape => "text escaped differently",
            DifferenceKind::Length => "different length",
            DifferenceKind::Status => "different status",
            DifferenceKind::Header => "different header",
            DifferenceKind::Bytes => "different bytes",
            DifferenceKind::Direction => "different direction",
            DifferenceKind::Norm => "different norm",
            DifferenceKind::Dimension => "different dimension",
            DifferenceKind::Metric => "metric outside its tolerance",
            DifferenceKind::RankingOrder => "different order",
            DifferenceKind::RankingOverlap => "too little overlap",
            DifferenceKind::RankingScore => "score outside its tolerance",
            DifferenceKind::RankingLength => "different number of hits",
            DifferenceKind::LineCount => "different number of lines",
            DifferenceKind::TrailingBytes => "different trailing bytes",
            DifferenceKind::Exit => "different exit code",
            DifferenceKind::Failure => "different failure",
        }
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
    use super::{generalised, type_name};

    #[test]
    fn shapes_have_the_types_of_their_values() {
        for (shape, expected) in [
            ("true", "boolean"),
            ("number 1.0", "number"),
            ("\"number 1\"", "string"),
            (
                "string of 59 characters starting \"a\", sha256 00",
                "string",
            ),
            ("text of 59 characters starting \"a\", sha256 00", "string"),
            ("object of 0 keys", "object"),
            ("array of 3 starting \"[\", sha256 00", "array"),
            ("1 byte starting \"a\", sha256 00", "bytes"),
            ("0 bytes", "bytes"),
            ("null", "null"),
            ("nothing", "nothing"),
            ("200", ""),
            ("died", ""),
        ] {
            assert_eq!(type_name(shape), expected, "{shape}");
        }
    }

    #[test]
    fn indices_become_stars() {
        assert_eq!(generalised("body:$.a[0].b[17]"), "body:$.a[*].b[*]");
        assert_eq!(generalised("header:x"), "header:x");
    }
}
