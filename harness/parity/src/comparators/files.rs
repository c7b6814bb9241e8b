//! `files` in `[compare]`: observed files, byte by byte or line by line as JSON.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use rand_chacha::ChaCha8Rng;
use schemars::JsonSchema;
use serde::Deserialize;

use super::bytes::{self, LINE_DOUBLED, LINE_DROPPED, NEWLINE_ADDED, NEWLINE_DROPPED};
use super::damage::{Change, Damage, Site};
use super::json::{self, JsonBody, JsonText};
use super::policy::JsonPolicy;
use super::{one_sided, plain, shape};
use crate::difference::{Difference, DifferenceKind as Kind, Side};
use crate::json::parse;

const LINE_CUT: Damage = Damage::new("line cut", &[Kind::Bytes]);
const LINES_SWAPPED: Damage = Damage::new("lines swapped", json::SWAPPED);
const FILE_DROPPED: Damage = Damage::new("file dropped", &[Kind::Missing]);
const FILE_ADDED: Damage = Damage::new("file added", &[Kind::Extra]);

/// The name of an added file.
const NEW_FILE: &str = "mutant";

/// How observed files are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Files {
    /// Byte by byte.
    Bytes,
    /// Line by line, each as JSON.
    #[default]
    JsonlTree,
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Files::Bytes => "byte by byte",
            Files::JsonlTree => "line by line as JSON",
        })
    }
}

/// A file ready to be compared.
#[derive(Debug)]
pub enum FileContent {
    /// As bytes.
    Bytes(Vec<u8>),
    /// As lines.
    Lines {
        /// Without their newlines.
        lines: Vec<Line>,
        /// Whether the file ends with a newline.
        newline: bool,
    },
}

/// One line of a file.
#[derive(Debug)]
pub enum Line {
    /// A line of JSON.
    Json(JsonBody),
    /// A line that is not JSON, and why.
    Malformed(Vec<u8>, String),
    /// A line of JSON beyond the policy's depth, which is compared as bytes, and its depth.
    Deep(Vec<u8>, usize),
}

impl Line {
    fn whole(&self, policy: JsonPolicy) -> Vec<u8> {
        match self {
            Line::Json(body) => body.canonical(policy),
            Line::Malformed(bytes, _) | Line::Deep(bytes, _) => bytes.clone(),
        }
    }
}

impl FileContent {
    /// Its lines; none for a file that is compared as bytes.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        match self {
            FileContent::Bytes(_) => &[],
            FileContent::Lines { lines, .. } => lines,
        }
    }

    fn ends_with_newline(&self) -> bool {
        match self {
            FileContent::Bytes(_) => true,
            FileContent::Lines { newline, .. } => *newline,
        }
    }

    /// Whether its last line lacks the newline.
    fn is_cut(&self) -> bool {
        !self.lines().is_empty() && !self.ends_with_newline()
    }

    /// The file as a side of a difference: its size, and the content from line `from` on.
    fn side(&self, from: usize, policy: JsonPolicy) -> Side {
        let (count, noun, rest) = match self {
            FileContent::Bytes(bytes) => (bytes.len(), "byte", bytes.clone()),
            FileContent::Lines { lines, .. } => {
                let rest: Vec<Vec<u8>> = lines[from..]
                    .iter()
                    .map(|line| line.whole(policy))
                    .collect();
                (lines.len(), "line", rest.join(&b'\n'))
            }
        };
        let size = match (self, count) {
            (FileContent::Lines { newline: true, .. }, 0) => "1 empty line".to_owned(),
            (_, 1) => format!("1 {noun}"),
            _ => format!("{count} {noun}s"),
        };
        // Where both files have lines, the newline is a difference of its own.
        let size = match self.is_cut() && from == 0 {
            true => format!("{size} without a newline at the end"),
            false => size,
        };
        Side {
            shape: match rest.is_empty() {
                true => size.clone(),
                false => shape::pinned(&size, &rest),
            },
            text: size,
        }
    }
}

impl Files {
    /// Reads a file; `normalise` gets each line of JSON and its index.
    pub fn read(
        self,
        name: &str,
        content: &[u8],
        policy: JsonPolicy,
        mut normalise: impl FnMut(usize, &mut JsonBody),
    ) -> FileContent {
        if self == Files::Bytes {
            return FileContent::Bytes(content.to_vec());
        }
        let lines = bytes::lines(content)
            .into_iter()
            .enumerate()
            .map(|(index, line)| match parse(line) {
                Ok(document) => {
                    let mut body = JsonBody::new(document);
                    if let Some(depth) = body.excess_depth(policy) {
                        return Line::Deep(line.to_vec(), depth);
                    }
                    normalise(index, &mut body);
                    Line::Json(body)
                }
                Err(error) => Line::Malformed(
                    line.to_vec(),
                    format!("line {} of `{name}` is not JSON: {error}", index + 1),
                ),
            });
        FileContent::Lines {
            lines: lines.collect(),
            newline: content.ends_with(b"\n"),
        }
    }

    /// The damage that can be done to observed files, each with the name of its file.
    #[must_use]
    pub fn sites(self, files: &BTreeMap<String, Vec<u8>>) -> Vec<(String, Site)> {
        let mut sites = Vec::new();
        for (name, content) in files {
            let own = match self {
                Files::Bytes => bytes::sites(content),
                Files::JsonlTree => line_sites(content),
            };
            sites.extend(own.into_iter().map(|site| (name.clone(), site)));
            sites.push((name.clone(), whole(FILE_DROPPED)));
        }
        if !files.is_empty() && !files.contains_key(NEW_FILE) {
            sites.push((NEW_FILE.to_owned(), whole(FILE_ADDED)));
        }
        sites
    }

    /// Damages an observed file; none if that is impossible.
    pub fn damage(
        self,
        name: &str,
        site: &Site,
        files: &mut BTreeMap<String, Vec<u8>>,
        policy: JsonPolicy,
        random: &mut ChaCha8Rng,
    ) -> Option<Change> {
        let path = format!("file:{name}");
        match site.damage {
            FILE_DROPPED => {
                files.remove(name)?;
                return Some(Change::new(vec![path], "the file dropped"));
            }
            FILE_ADDED => {
                files.insert(name.to_owned(), b"{}\n".to_vec());
                return Some(Change::new(vec![path], "an empty object in a new file"));
            }
            _ => {}
        }
        let content = files.get_mut(name)?;
        match (self, site.damage) {
            (Files::JsonlTree, LINE_CUT) => cut_line(site, content, &path),
            (Files::JsonlTree, LINES_SWAPPED) => swap_lines(site, content, &path, policy),
            _ => bytes::damage(site, content, &path, random),
        }
    }
}

fn whole(damage: Damage) -> Site {
    Site { damage, line: 0 }
}

fn line_sites(content: &[u8]) -> Vec<Site> {
    let mut sites = Vec::new();
    let count = bytes::lines(content).len();
    for line in 0..count {
        for damage in [LINE_CUT, LINE_DROPPED, LINE_DOUBLED] {
            sites.push(Site { damage, line });
        }
        if line + 1 < count {
            let damage = LINES_SWAPPED;
            sites.push(Site { damage, line });
        }
    }
    if count > 0 {
        sites.push(whole(NEWLINE_ADDED));
        if content.ends_with(b"\n") {
            sites.push(whole(NEWLINE_DROPPED));
        }
    }
    sites
}

fn cut_line(site: &Site, content: &mut Vec<u8>, path: &str) -> Option<Change> {
    let old = content.clone();
    let mut all = bytes::lines(&old);
    let line = *all.get(site.line)?;
    let half = line.len() / 2;
    // A cut that leaves JSON is another kind of damage.
    if half == 0 || parse(&line[..half]).is_ok() {
        return None;
    }
    all[site.line] = &line[..half];
    *content = bytes::joined(&all, old.ends_with(b"\n"));
    let expected = vec![format!("{path}:$[{}]", site.line)];
    let summary = format!("line {} cut to {half} of {} bytes", site.line, line.len());
    let has_landed = bytes::changed_lines(&old, content) == Some(vec![site.line]);
    Some(Change {
        flaw: (!has_landed).then(|| "other lines changed".to_owned()),
        ..Change::new(expected, summary)
    })
}

fn swap_lines(
    site: &Site,
    content: &mut Vec<u8>,
    path: &str,
    policy: JsonPolicy,
) -> Option<Change> {
    let line = site.line;
    let old = content.clone();
    *content = bytes::swapped_lines(&old, line)?;
    let read = |at: usize| JsonText::read(bytes::lines(&old).get(at)?, policy, &[]);
    let (one, other) = (read(line)?, read(line + 1)?);
    let changed = one.differences(&other)?;
    let at = |index: usize| {
        let paths = changed.iter();
        paths.map(move |below| format!("{path}:$[{index}]{}", &below.to_string()[1..]))
    };
    let expected = at(line).chain(at(line + 1)).collect();
    let has_landed = bytes::changed_lines(&old, content) == Some(vec![line, line + 1]);
    Some(Change {
        flaw: (!has_landed).then(|| "other lines changed".to_owned()),
        ..Change::new(expected, format!("lines {line} and {}", line + 1))
    })
}

/// Compares two sets of files.
pub(crate) fn compare(
    out: &mut Vec<Difference>,
    left: &BTreeMap<String, FileContent>,
    right: &BTreeMap<String, FileContent>,
    policy: JsonPolicy,
) {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for name in names {
        let path = format!("file:{name}");
        match (left.get(name), right.get(name)) {
            (Some(FileContent::Bytes(left)), Some(FileContent::Bytes(right))) => {
                bytes::compare(out, &path, left, right);
            }
            (Some(left), Some(right)) => compare_lines(out, &path, left, right, policy),
            (Some(one), None) => out.push(one_sided(&path, true, one.side(0, policy))),
            (None, Some(other)) => out.push(one_sided(&path, false, other.side(0, policy))),
            (None, None) => {}
        }
    }
}

fn compare_lines(
    out: &mut Vec<Difference>,
    path: &str,
    left: &FileContent,
    right: &FileContent,
    policy: JsonPolicy,
) {
    if left.lines().len() != right.lines().len() {
        let common = left.lines().len().min(right.lines().len());
        out.push(Difference {
            path: path.to_owned(),
            kind: Kind::LineCount,
            left: left.side(common, policy),
            right: right.side(common, policy),
        });
    }
    let are_empty = left.lines().is_empty() && right.lines().is_empty();
    let newlines_differ = match are_empty {
        true => left.ends_with_newline() != right.ends_with_newline(),
        false => left.is_cut() != right.is_cut(),
    };
    if newlines_differ {
        let side = |content: &FileContent| match content.ends_with_newline() {
            true => "newline at the end",
            false => "no newline at the end",
        };
        out.push(Difference {
            path: path.to_owned(),
            kind: Kind::TrailingBytes,
            left: plain(side(left)),
            right: plain(side(right)),
        });
    }
    for (index, (left, right)) in left.lines().iter().zip(right.lines()).enumerate() {
        let path = format!("{path}:$[{index}]");
        match (left, right) {
            (Line::Json(left), Line::Json(right)) => {
                let mut found = Vec::new();
                json::compare(&mut found, "", left, right, policy, &[]);
                for difference in &mut found {
                    let below = difference.path.strip_prefix('$').unwrap_or_default();
                    difference.path = format!("{path}{below}");
                }
                out.append(&mut found);
            }
            (left, right) => bytes::compare(out, &path, &left.whole(policy), &right.whole(policy)),
        }
    }
}
