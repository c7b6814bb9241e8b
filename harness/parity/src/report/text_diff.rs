//! A line diff of two texts, with the changes inside each line.

use std::time::{Duration, Instant};

use lakehouse_rig::text::counted;
use similar::{ChangeTag, TextDiff};

/// Bytes of each text that are compared.
const MAX_TEXT: usize = 200_000;

/// Time limit, after which the diff becomes coarser.
const TIMEOUT: Duration = Duration::from_millis(300);

/// Unchanged lines shown around a change.
const CONTEXT: usize = 2;

/// One line of a text diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The side that has it.
    pub side: LineSide,
    /// Its text, without the newline.
    pub pieces: Vec<Piece>,
}

/// The side that has a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineSide {
    /// On both sides.
    Both,
    /// On the left side only.
    Left,
    /// On the right side only.
    Right,
    /// Omitted lines; the piece says how many.
    Gap,
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Whether it differs from the other side.
    pub changed: bool,
    /// Text.
    pub text: String,
}

/// The changed lines with some context, at most `max_lines`; empty when the texts are equal.
#[must_use]
pub fn diff(left: &str, right: &str, max_lines: usize) -> Vec<Line> {
    let (left, right) = (head(left), head(right));
    let deadline = Instant::now() + TIMEOUT;
    let diff = TextDiff::configure()
        .timeout(TIMEOUT)
        .diff_lines(left, right);
    let mut lines = Vec::new();
    let mut shown_to = 0;
    for operations in diff.grouped_ops(CONTEXT) {
        let Some(first) = operations.first() else {
            continue;
        };
        let from = first.old_range().start;
        if from > shown_to {
            lines.push(gap(from - shown_to, "equal"));
        }
        for operation in &operations {
            for change in diff.iter_inline_changes_deadline(operation, Some(deadline)) {
                lines.push(Line {
                    side: match change.tag() {
                        ChangeTag::Equal => LineSide::Both,
                        ChangeTag::Delete => LineSide::Left,
                        ChangeTag::Insert => LineSide::Right,
                    },
                    pieces: pieces(change.iter_strings_lossy()),
                });
            }
            shown_to = operation.old_range().end;
        }
    }
    if !lines.is_empty() && diff.old_len() > shown_to {
        lines.push(gap(diff.old_len() - shown_to, "equal"));
    }
    if lines.len() > max_lines {
        let dropped = lines.len() - max_lines;
        lines.truncate(max_lines);
        lines.push(gap(dropped, "more"));
    }
    lines
}

fn pieces<'a>(strings: impl Iterator<Item = (bool, std::borrow::Cow<'a, str>)>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = strings
        .map(|(changed, text)| Piece {
            changed,
            text: text.into_owned(),
        })
        .collect();
    if let Some(last) = pieces.last_mut()
        && last.text.ends_with('\n')
    {
        last.text.pop();
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

fn gap(lines: usize, what: &str) -> Line {
    Line {
        side: LineSide::Gap,
        pieces: vec![Piece {
            changed: false,
            text: counted(lines, &format!("{what} line")),
        }],
    }
}

fn head(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_TEXT)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(lines: &[Line]) -> Vec<String> {
        lines
            .iter()
            .map(|line| {
                let sign = match line.side {
                    LineSide::Both => ' ',
                    LineSide::Left => '-',
                    LineSide::Right => '+',
                    LineSide::Gap => '~',
                };
                let text: String = line
                    .pieces
                    .iter()
                    .map(|piece| match piece.changed {
                        true => format!("<{}>", piece.text),
                        false => piece.text.clone(),
                    })
                    .collect();
                format!("{sign}{text}")
            })
            .collect()
    }

    #[test]
    fn equal_texts_have_no_lines() {
        assert!(diff("a\nb\n", "a\nb\n", 10).is_empty());
    }

    #[test]
    fn changed_words_are_marked() {
        let left = "1\n2\n3\n4\n  \"score\": 0.5,\n6\n7\n8\n9\n";
        let right = left.replace("0.5", "0.7");
        assert_eq!(
            shown(&diff(left, &right, 20)),
            [
                "~2 equal lines",
                " 3",
                " 4",
                "-  \"score\": <0.5,>",
                "+  \"score\": <0.7,>",
                " 6",
                " 7",
                "~2 equal lines"
            ]
        );
    }

    #[test]
    fn long_diffs_are_cut() {
        let left = "a\n".repeat(500);
        let lines = diff(&left, "", 10);
        assert_eq!(lines.len(), 11);
        assert_eq!(shown(&lines)[10], "~490 more lines");
    }
}
