//! `body = "bytes"`: every byte counts.

use std::fmt;
use std::sync::Arc;

use lakehouse_rig::error::Error;
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::damage::{Change, Damage, Site};
use super::{Body, Comparator, Form, Settings, shape};
use crate::difference::{Difference, DifferenceKind as Kind};

pub(super) const LINE_DROPPED: Damage = Damage::new(
    "line dropped",
    &[Kind::LineCount, Kind::Bytes, Kind::TrailingBytes],
);
pub(super) const LINE_DOUBLED: Damage = Damage::new(
    "line doubled",
    &[Kind::LineCount, Kind::Bytes, Kind::TrailingBytes],
);
pub(super) const NEWLINE_DROPPED: Damage =
    Damage::new("newline dropped", &[Kind::TrailingBytes, Kind::LineCount]);
pub(super) const NEWLINE_ADDED: Damage =
    Damage::new("newline added", &[Kind::TrailingBytes, Kind::LineCount]);
/// White space at the end.
pub const SPACE_ADDED: Damage = Damage::new("space added", &[Kind::TrailingBytes]);
/// One bit of one byte.
pub const BYTE_CHANGED: Damage =
    Damage::new("byte changed", &[Kind::Bytes, Kind::TrailingBytes]).keeping_size();
const LAST_BYTE_CUT: Damage = Damage::new("last byte cut", &[Kind::Bytes, Kind::TrailingBytes]);
const LINES_SWAPPED: Damage = Damage::new("lines swapped", &[Kind::Bytes, Kind::TrailingBytes]);

/// Compares byte by byte.
#[derive(Debug)]
struct Bytes;

/// Creates the comparator, which has no keys.
pub(super) fn read(_: &Settings<'_>) -> Result<Arc<dyn Comparator>, Error> {
    Ok(Arc::new(Bytes))
}

impl Comparator for Bytes {
    fn form(&self) -> Form {
        Form::Bytes
    }

    fn read(&self, body: &[u8]) -> Body {
        Body::Bytes(body.to_vec())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("byte by byte")
    }
}

/// Compares two byte strings. A difference in trailing white space alone has its own kind.
pub(crate) fn compare(out: &mut Vec<Difference>, path: &str, left: &[u8], right: &[u8]) {
    if left == right {
        return;
    }
    let first = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    let kind = if left.trim_ascii_end() == right.trim_ascii_end() {
        Kind::TrailingBytes
    } else {
        Kind::Bytes
    };
    out.push(Difference {
        path: path.to_owned(),
        kind,
        left: shape::bytes(left, first),
        right: shape::bytes(right, first),
    });
}

/// The lines of a text without their newlines.
pub(crate) fn lines(content: &[u8]) -> Vec<&[u8]> {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    if content.is_empty() {
        return Vec::new();
    }
    content.split(|byte| *byte == b'\n').collect()
}

/// Lines as a text; with `newline`, the last one has its newline.
pub(super) fn joined(lines: &[&[u8]], newline: bool) -> Vec<u8> {
    let mut content = lines.join(&b'\n');
    if newline && !lines.is_empty() {
        content.push(b'\n');
    }
    content
}

/// A text with one line replaced.
pub(crate) fn with_line(content: &[u8], line: usize, new: &[u8]) -> Vec<u8> {
    let mut all = lines(content);
    if let Some(old) = all.get_mut(line) {
        *old = new;
    }
    joined(&all, content.ends_with(b"\n"))
}

/// The damage that can be done to a byte string.
pub(super) fn sites(content: &[u8]) -> Vec<Site> {
    let mut damages = vec![SPACE_ADDED, NEWLINE_ADDED];
    if content.ends_with(b"\n") {
        damages.push(NEWLINE_DROPPED);
    }
    if !content.is_empty() {
        damages.extend([BYTE_CHANGED, LAST_BYTE_CUT]);
    }
    let site = |damage, line| Site { damage, line };
    let mut sites: Vec<Site> = damages.into_iter().map(|damage| site(damage, 0)).collect();
    let count = lines(content).len();
    for line in 0..count {
        if count > 1 {
            sites.push(site(LINE_DROPPED, line));
        }
        sites.push(site(LINE_DOUBLED, line));
        if line + 1 < count {
            sites.push(site(LINES_SWAPPED, line));
        }
    }
    sites
}

/// Damages a byte string that is compared at `path`.
pub(super) fn damage(
    site: &Site,
    content: &mut Vec<u8>,
    path: &str,
    random: &mut ChaCha8Rng,
) -> Option<Change> {
    let old = content.clone();
    let line = site.line;
    let mut summary = format!("line {line}");
    match site.damage {
        SPACE_ADDED => content.push(b' '),
        NEWLINE_ADDED => content.push(b'\n'),
        NEWLINE_DROPPED | LAST_BYTE_CUT => {
            content.pop();
        }
        BYTE_CHANGED => {
            let at = random.random_range(0..content.len());
            content[at] ^= 1;
            summary = format!("byte {at}");
        }
        LINE_DROPPED => *content = without_line(&old, line)?,
        LINE_DOUBLED => *content = with_line_twice(&old, line)?,
        LINES_SWAPPED => {
            *content = swapped_lines(&old, line)?;
            summary = format!("lines {line} and {}", line + 1);
        }
        _ => return None,
    }
    Some(Change {
        flaw: flaw(site, &old, content),
        ..Change::new(vec![path.to_owned()], summary)
    })
}

fn without_line(content: &[u8], line: usize) -> Option<Vec<u8>> {
    let mut all = lines(content);
    all.remove(line);
    text_of(content, &all)
}

fn with_line_twice(content: &[u8], line: usize) -> Option<Vec<u8>> {
    let mut all = lines(content);
    all.insert(line, all[line]);
    text_of(content, &all)
}

/// The text with a line and the next one swapped; none if they are equal.
pub(super) fn swapped_lines(content: &[u8], line: usize) -> Option<Vec<u8>> {
    let mut all = lines(content);
    if all.get(line)? == all.get(line + 1)? {
        return None;
    }
    all.swap(line, line + 1);
    text_of(content, &all)
}

/// Lines as a text that ends as `content` does. None if such a text does not have these lines: a last
/// line that is empty needs a newline.
fn text_of(content: &[u8], all: &[&[u8]]) -> Option<Vec<u8>> {
    let text = joined(all, content.ends_with(b"\n"));
    (lines(&text) == all).then_some(text)
}

/// Why damage did not have its effect, judged by the lines alone.
pub(super) fn flaw(site: &Site, old: &[u8], new: &[u8]) -> Option<String> {
    let (old_count, new_count) = (lines(old).len(), lines(new).len());
    let has_landed = match site.damage {
        LINE_DROPPED => old_count == new_count + 1,
        LINE_DOUBLED => old_count + 1 == new_count,
        LINES_SWAPPED => changed_lines(old, new) == Some(vec![site.line, site.line + 1]),
        NEWLINE_ADDED | SPACE_ADDED => new.len() == old.len() + 1 && new.starts_with(old),
        NEWLINE_DROPPED | LAST_BYTE_CUT => new.len() + 1 == old.len() && old.starts_with(new),
        _ => old.len() == new.len() && old != new,
    };
    (!has_landed).then(|| format!("the lines are not those after `{}`", site.damage))
}

/// The indices of the lines that differ; none if their number differs.
pub(super) fn changed_lines(old: &[u8], new: &[u8]) -> Option<Vec<usize>> {
    let (old, new) = (lines(old), lines(new));
    let pairs = old.iter().zip(&new).enumerate();
    let changed = pairs.filter(|(_, (old, new))| old != new);
    (old.len() == new.len()).then(|| changed.map(|(index, _)| index).collect())
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;
    use crate::comparators::without_digest;

    #[test]
    fn every_byte_counts() {
        for (left, right, expected) in [
            (&b"abc"[..], &b"abc"[..], None),
            (b"abc", b"abd", Some((Kind::Bytes, "3 bytes", "3 bytes"))),
            (b"abc", b"ab", Some((Kind::Bytes, "3 bytes", "2 bytes"))),
            (
                b"a",
                b"a \n",
                Some((Kind::TrailingBytes, "1 byte", "3 bytes")),
            ),
            (b"\xff", b"\xfe", Some((Kind::Bytes, "1 byte", "1 byte"))),
        ] {
            let mut out = Vec::new();
            compare(&mut out, "body", left, right);
            let found = out.first().map(|d| {
                (
                    d.kind,
                    without_digest(&d.left.shape),
                    without_digest(&d.right.shape),
                )
            });
            assert_eq!(found, expected, "{left:?} {right:?}");
        }
    }

    #[test]
    fn damage_to_empty_lines_has_its_effect_or_is_impossible() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for text in ["a\n\n", "a\n\nb", "\n", "\n\n", "\na", "a\n\n\n", ""] {
            let mut done = 0;
            for site in sites(text.as_bytes()) {
                let mut content = text.as_bytes().to_vec();
                if let Some(change) = damage(&site, &mut content, "body", &mut random) {
                    assert_eq!(change.flaw, None, "{text:?}, {site:?}");
                    assert_ne!(content, text.as_bytes(), "{site:?}");
                    done += 1;
                }
            }
            assert!(done >= 2, "{text:?}");
        }
    }

    #[test]
    fn differences_are_shown_where_they_begin() {
        let long = |end: &str| format!("{}{end}", "a".repeat(100));
        let mut out = Vec::new();
        compare(&mut out, "body", long("b").as_bytes(), long("c").as_bytes());
        let expected = |end: &str| format!("…{}{end}", "a".repeat(40));
        assert_eq!(out[0].left.text, expected("b"));
        assert_eq!(out[0].right.text, expected("c"));
    }

    #[test]
    fn damage_that_had_another_effect_is_a_flaw() {
        let lines = "a\nb\nc\n";
        for (damage, line, new, has_landed) in [
            (LINE_DROPPED, 1, "a\nc\n", true),
            (LINE_DROPPED, 1, lines, false),
            (LINE_DOUBLED, 1, "a\nb\nb\nc\n", true),
            (LINE_DOUBLED, 1, lines, false),
            (LINES_SWAPPED, 0, "b\na\nc\n", true),
            (LINES_SWAPPED, 1, "b\na\nc\n", false),
            (LINES_SWAPPED, 0, lines, false),
            (SPACE_ADDED, 0, "a\nb\nc\n ", true),
            (SPACE_ADDED, 0, " a\nb\nc\n", false),
            (NEWLINE_ADDED, 0, "a\nb\nc\n\n\n", false),
            (LAST_BYTE_CUT, 0, "a\nb\nc", true),
            (LAST_BYTE_CUT, 0, "\nb\nc\n", false),
            (NEWLINE_DROPPED, 0, "a\nb\n", false),
            (BYTE_CHANGED, 0, "a\nb\nd\n", true),
            (BYTE_CHANGED, 0, lines, false),
            (BYTE_CHANGED, 0, "a\nb\ncd\n", false),
        ] {
            let flaw = flaw(&Site { damage, line }, lines.as_bytes(), new.as_bytes());
            assert_eq!(flaw.is_none(), has_landed, "{damage} to {new:?}");
        }
    }

    #[test]
    fn every_line_and_every_byte_string_can_be_damaged() {
        let found = |text: &str| -> Vec<(Damage, usize)> {
            let sites = Bytes.sites(text.as_bytes()).into_iter();
            sites.map(|site| (site.damage, site.line)).collect()
        };
        let both = [(SPACE_ADDED, 0), (NEWLINE_ADDED, 0)];
        assert_eq!(found(""), both);
        assert_eq!(
            found("a"),
            [
                &both[..],
                &[(BYTE_CHANGED, 0), (LAST_BYTE_CUT, 0), (LINE_DOUBLED, 0)]
            ]
            .concat()
        );
        assert_eq!(
            found("a\nb\n"),
            [
                &both[..],
                &[
                    (NEWLINE_DROPPED, 0),
                    (BYTE_CHANGED, 0),
                    (LAST_BYTE_CUT, 0),
                    (LINE_DROPPED, 0),
                    (LINE_DOUBLED, 0),
                    (LINES_SWAPPED, 0),
                    (LINE_DROPPED, 1),
                    (LINE_DOUBLED, 1),
                ]
            ]
            .concat()
        );
    }

    #[test]
    fn damage_has_its_effect_on_the_bytes() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        let mut damaged = |damage, line, text: &str| {
            let mut content = text.as_bytes().to_vec();
            let change = Bytes.damage(&Site { damage, line }, &mut content, &mut random)?;
            assert_eq!(change.flaw, None, "{damage} of {text:?}");
            Some(content)
        };
        for (damage, line, text, expected) in [
            (SPACE_ADDED, 0, "a", Some("a ")),
            (NEWLINE_ADDED, 0, "a", Some("a\n")),
            (NEWLINE_DROPPED, 0, "a\n", Some("a")),
            (LAST_BYTE_CUT, 0, "ab", Some("a")),
            (LINE_DROPPED, 0, "a\nb\n", Some("b\n")),
            (LINE_DROPPED, 1, "a\nb", Some("a")),
            (LINE_DROPPED, 1, "a\n\nb\n", Some("a\nb\n")),
            (LINE_DOUBLED, 0, "a", Some("a\na")),
            (LINE_DOUBLED, 1, "a\n\n", Some("a\n\n\n")),
            (LINES_SWAPPED, 0, "a\nb\nc", Some("b\na\nc")),
            (LINES_SWAPPED, 0, "a\na", None),
        ] {
            let expected = expected.map(|text| text.as_bytes().to_vec());
            assert_eq!(
                damaged(damage, line, text),
                expected,
                "{damage} of {text:?}"
            );
        }
        for _ in 0..20 {
            let changed = damaged(BYTE_CHANGED, 0, "ab").expect("it is possible");
            let bits: Vec<u8> = changed.iter().zip(b"ab").map(|(l, r)| l ^ r).collect();
            assert!(bits == [0, 1] || bits == [1, 0], "{changed:?}");
        }
    }
}
