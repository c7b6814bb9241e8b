//! `fixtures/divergences.toml`: the accepted differences, pinned exactly.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lakehouse_rig::error::{Error, Mistakes, suggestion};
use lakehouse_rig::implementation::{Implementation, Transport};
use lakehouse_rig::source::{self, Source, Spanned};
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::{Probe, case};
use crate::difference::{Difference, DifferenceKind};
use crate::json::{self, Query};

/// The file, relative to the root.
pub const FILE: &str = "fixtures/divergences.toml";

/// One accepted difference.
#[derive(Debug, Clone)]
pub struct Pin {
    /// Surface.
    pub surface: String,
    /// The cases in which it occurs.
    pub cases: Vec<String>,
    /// The reference and the implementation.
    pub pair: [String; 2],
    /// The only transport on which it occurs; `None` when it occurs on all.
    pub transport: Option<Transport>,
    /// The paths at which it occurs.
    pub path: Pattern,
    /// Kind of difference.
    pub kind: DifferenceKind,
    /// Shapes of the two values.
    pub shapes: [String; 2],
    /// Number of occurrences in all cases together.
    pub count: usize,
    /// Why the two differ.
    pub reason: String,
    /// The decision about it.
    pub decision: String,
    /// The last day on which the decision holds.
    pub expires: jiff::civil::Date,
    /// First and last line in the file, from 1.
    pub lines: (usize, usize),
}

/// The path of a pin: a prefix, then a JSON path that may select many values.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    /// Length of the prefix.
    prefix: usize,
    query: Option<Query>,
}

/// Accepted differences, each pinned exactly.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    /// The accepted differences.
    #[serde(default)]
    divergence: Vec<Spanned<Written>>,
}

/// One accepted difference.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The surface.
    surface: Spanned<String>,
    /// The cases in which it occurs.
    cases: Vec<Spanned<String>>,
    /// The reference, then the other implementation.
    pair: Spanned<[String; 2]>,
    /// The only transport on which it occurs; without one it occurs on all.
    transport: Option<Transport>,
    /// Where it occurs: a part of the answer and a JSON path, such as `body:$.items[*].id`.
    path: Spanned<String>,
    /// The kind of difference.
    kind: DifferenceKind,
    /// The shapes of the two values, the reference's first.
    shapes: [String; 2],
    /// The number of occurrences in all cases together.
    count: Spanned<usize>,
    /// Why the two differ.
    reason: String,
    /// What was decided about it.
    decision: String,
    /// The last day on which the decision holds.
    #[schemars(with = "String", extend("format" = "date"))]
    expires: Spanned<toml::value::Datetime>,
}

/// The JSON Schema of `divergences.toml`.
#[must_use]
pub fn schema() -> Schema {
    source::schema::<WrittenFile>()
}

/// The names that a pin may use.
pub(super) struct Known<'a> {
    pub(super) reference: &'a str,
    pub(super) implementations: &'a BTreeMap<String, Arc<Implementation>>,
    pub(super) probes: &'a BTreeMap<String, Arc<Probe>>,
}

/// Reads the pins of the root at `directory`; a missing file has none.
///
/// # Errors
///
/// Mistakes in the file, unknown names included.
pub(super) fn read(directory: &Path, known: &Known<'_>) -> Result<Vec<Pin>, Error> {
    if !directory.join(FILE).is_file() {
        return Ok(Vec::new());
    }
    let source = Source::read(directory, FILE)?;
    let written: WrittenFile = source.parse()?;
    let mut mistakes = Mistakes::default();
    let mut pins = Vec::new();
    for entry in written.divergence {
        pins.extend(mistakes.take(pin(known, &source, entry)));
    }
    mistakes.or(Ok(pins))
}

fn pin(known: &Known<'_>, source: &Source, entry: Spanned<Written>) -> Result<Pin, Error> {
    let whole = source.entry(entry.span());
    let lines = (source.line(whole.start), source.line(whole.end));
    let written = entry.into_inner();
    check_names(known, source, &written)?;
    if *written.count.get_ref() == 0 || written.cases.is_empty() {
        return Err(source.error(
            written.count.span(),
            "a pin needs a count of at least 1 and at least one case",
            "this count",
            None,
        ));
    }
    let path = Pattern::read(written.path.get_ref()).map_err(|error| {
        let label = "this path";
        source.error(written.path.span(), error, label, None)
    })?;
    Ok(Pin {
        surface: written.surface.into_inner(),
        cases: written.cases.into_iter().map(Spanned::into_inner).collect(),
        pair: written.pair.into_inner(),
        transport: written.transport,
        path,
        kind: written.kind,
        shapes: written.shapes,
        count: written.count.into_inner(),
        reason: written.reason,
        decision: written.decision,
        expires: date(source, &written.expires)?,
        lines,
    })
}

fn check_names(known: &Known<'_>, source: &Source, written: &Written) -> Result<(), Error> {
    let unknown = |span, what: &str, name: &str, help: String| {
        let message = format!("unknown {what} `{name}` in a pin");
        let label = format!("no {what} has this name");
        source.error(span, message, label, Some(help))
    };
    let surface = &written.surface;
    let Some(probe) = known.probes.get(surface.get_ref()) else {
        let name = surface.get_ref();
        let names: Vec<&str> = known.probes.keys().map(String::as_str).collect();
        return Err(unknown(
            surface.span(),
            "surface",
            name,
            suggestion(name, &names),
        ));
    };
    for case in &written.cases {
        let name = case.get_ref();
        if !probe.cases.iter().any(|one| one.name == *name) {
            let names: Vec<&str> = probe.cases.iter().map(|one| one.name.as_str()).collect();
            let help = case::similar(name, &names, std::slice::from_ref(&probe.surface));
            return Err(unknown(case.span(), "case", name, help));
        }
    }
    let pair = &written.pair;
    let [left, right] = pair.get_ref();
    for name in [left, right] {
        if !known.implementations.contains_key(name) {
            let names: Vec<&str> = known.implementations.keys().map(String::as_str).collect();
            let help = suggestion(name, &names);
            return Err(unknown(pair.span(), "implementation", name, help));
        }
    }
    if left != known.reference || left == right {
        let reference = known.reference;
        return Err(source.error(
            pair.span(),
            format!(
                "a pair needs the reference `{reference}` first and another implementation second"
            ),
            "this pair",
            None,
        ));
    }
    Ok(())
}

fn date(
    source: &Source,
    written: &Spanned<toml::value::Datetime>,
) -> Result<jiff::civil::Date, Error> {
    let wrong = |message: &str| {
        let label = "expected a date such as 2027-06-30";
        source.error(written.span(), message, label, None)
    };
    let Some(date) = written.get_ref().date else {
        return Err(wrong("`expires` is not a date"));
    };
    date.to_string()
        .parse()
        .map_err(|error: jiff::Error| wrong(&error.to_string()))
}

impl Pattern {
    fn read(text: &str) -> Result<Pattern, String> {
        let prefix = text.find('$').unwrap_or(text.len());
        let query = match &text[prefix..] {
            "" => None,
            path => Some(Query::read(path).map_err(|error| error.to_string())?),
        };
        Ok(Pattern {
            text: text.to_owned(),
            prefix,
            query,
        })
    }

    /// Whether the pattern matches a difference's path.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(&self.text[..self.prefix]) else {
            return false;
        };
        match &self.query {
            None => rest.is_empty(),
            Some(query) => json::Path::read(rest).is_some_and(|path| query.matches(&path)),
        }
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Pin {
    /// Whether it accepts a difference.
    #[must_use]
    pub fn covers(&self, difference: &Difference) -> bool {
        self.kind == difference.kind
            && self.shapes[0] == difference.left.shape
            && self.shapes[1] == difference.right.shape
            && self.path.matches(&difference.path)
    }

    /// Whether a difference between the answers to a generated input is accepted.
    #[must_use]
    pub fn accepts(
        &self,
        surface: &str,
        pair: [&str; 2],
        transport: Transport,
        difference: &Difference,
    ) -> bool {
        self.surface == surface
            && self.pair.iter().eq(pair)
            && self.transport.is_none_or(|only| only == transport)
            && (self.covers(difference) || self.covers_any_norm(difference))
    }

    /// Whether this is a difference of norm at the pin's path. The norm of a raw vector depends on
    /// its text, so a pin cannot list the norms for generated texts.
    fn covers_any_norm(&self, difference: &Difference) -> bool {
        let is_norm = |shape: &str| shape.starts_with("vector of norm ");
        self.kind == DifferenceKind::Norm
            && self.kind == difference.kind
            && self.shapes[0] == difference.left.shape
            && is_norm(&self.shapes[1])
            && is_norm(&difference.right.shape)
            && self.path.matches(&difference.path)
    }

    /// The accepted difference in one line, if it concerns this case.
    #[must_use]
    pub fn about(&self, surface: &str, case: &str) -> Option<String> {
        if self.surface != surface || !self.cases.iter().any(|name| name == case) {
            return None;
        }
        let [left, right] = &self.pair;
        Some(format!(
            "{left} and {right}, `{}` {} ({} | {}): {}",
            self.path.as_str(),
            self.kind.label(),
            self.shapes[0],
            self.shapes[1],
            self.reason
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, path, expected) in [
            ("body:$.vectors[*]", "body:$.vectors[12]", true),
            ("body:$.vectors[*]", "body:$.vectors[12].x", false),
            ("body:$.vectors[*]", "upstream:$.vectors[12]", false),
            ("body:$.vectors[*]", "step[1]:body:$.vectors[12]", false),
            ("status", "status", true),
            ("status", "status2", false),
            ("header:x", "header:x", true),
            ("file:a.jsonl:$[*].x", "file:a.jsonl:$[0].x", true),
            ("file:a.jsonl", "file:a.jsonl:$[0].x", false),
            ("body:$['it\\'s'].a", "body:$['it\\'s'].a", true),
        ] {
            let read = Pattern::read(pattern).expect("it is a pattern");
            assert_eq!(read.matches(path), expected, "{pattern} {path}");
        }
        assert!(Pattern::read("body:$.a[?@.b]").is_err());
    }
}
