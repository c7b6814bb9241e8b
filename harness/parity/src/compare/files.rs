//! Observed files: byte by byte, or a tree of JSONL files line by line.

use std::collections::BTreeMap;

use super::{FileContent, Line, bytes, one_sided, shape, tree};
use crate::config::probe::Compare;
use crate::difference::{Difference, DifferenceKind};

type Files = BTreeMap<String, FileContent>;

/// Two sets of files.
pub(super) fn compare(out: &mut Vec<Difference>, left: &Files, right: &Files, policy: &Compare) {
    let names: std::collections::BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let path = format!("file:{name}");
        match (left.get(name), right.get(name)) {
            (Some(FileContent::Bytes(left)), Some(FileContent::Bytes(right))) => {
                bytes::compare(out, &path, left, right);
            }
            (Some(left), Some(right)) => lines(out, &path, left, right, policy),
            (one, other) => {
                let content = one.or(other).map(FileContent::describe).unwrap_or_default();
                out.push(one_sided(&path, one.is_some(), shape::plain(&content)));
            }
        }
    }
}

fn lines(
    out: &mut Vec<Difference>,
    path: &str,
    left: &FileContent,
    right: &FileContent,
    policy: &Compare,
) {
    let (left_lines, right_lines) = (left.lines(), right.lines());
    if left_lines.len() != right_lines.len() {
        out.push(Difference {
            path: path.to_owned(),
            kind: DifferenceKind::LineCount,
            left: shape::plain(&left.describe()),
            right: shape::plain(&right.describe()),
        });
    }
    if left.ends_with_newline() != right.ends_with_newline() {
        let side = |content: &FileContent| {
            shape::plain(if content.ends_with_newline() {
                "newline at the end"
            } else {
                "no newline at the end"
            })
        };
        out.push(Difference {
            path: path.to_owned(),
            kind: DifferenceKind::TrailingBytes,
            left: side(left),
            right: side(right),
        });
    }
    for (index, (left, right)) in left_lines.iter().zip(right_lines).enumerate() {
        match (left, right) {
            (Line::Json(left), Line::Json(right)) => {
                let mut found = Vec::new();
                tree::compare(&mut found, "", left, right, policy);
                out.extend(found.into_iter().map(|mut difference| {
                    let below = difference.path.strip_prefix('$').unwrap_or_default();
                    difference.path = format!("{path}:$[{index}]{below}");
                    difference
                }));
            }
            (left, right) => {
                let path = format!("{path}:$[{index}]");
                bytes::compare(out, &path, &left.bytes(), &right.bytes());
            }
        }
    }
}
