//! `fixtures/divergences.toml`: the accepted differences, each pinned exactly or by a rule.

mod count;
mod pattern;
mod rule;
#[cfg(test)]
mod tests;

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

pub use count::Count;
pub use pattern::Pattern;

/// The file, relative to the root.
pub const FILE: &str = "fixtures/divergences.toml";

/// One accepted difference.
#[derive(Debug, Clone)]
pub struct Pin {
    /// Surface.
    pub surface: String,
    /// The cases in which it occurs: names, or patterns such as `*` in a rule.
    pub cases: Vec<glob::Pattern>,
    /// The reference and the implementation.
    pub pair: [String; 2],
    /// The only transport on which it occurs; `None` when it occurs on all.
    pub transport: Option<Transport>,
    /// The paths at which it occurs.
    pub path: Pattern,
    /// Kind of difference.
    pub kind: DifferenceKind,
    /// Shapes of the two values; a rule may name a type, such as `any string`.
    pub shapes: [String; 2],
    /// Number of occurrences in all cases together.
    pub count: Count,
    /// The SHA-256 of where the occurrences are, for a path with `[*]`.
    pub places: Option<String>,
    /// Whether it is a rule, which has a pattern in `cases` or a type in `shapes`.
    pub is_rule: bool,
    /// Why the two differ.
    pub reason: String,
    /// The decision about it.
    pub decision: String,
    /// The last day on which the decision holds.
    pub expires: jiff::civil::Date,
    /// First and last line in the file, from 1.
    pub lines: (usize, usize),
}

/// Accepted differences, each pinned exactly or by a rule.
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
    /// The cases in which it occurs. In a rule, names may be patterns such as `*`.
    cases: Vec<Spanned<String>>,
    /// The reference, then the other implementation.
    pair: Spanned<[String; 2]>,
    /// The only transport on which it occurs; without one it occurs on all.
    transport: Option<Transport>,
    /// Where it occurs: a part of the answer and a JSON path, such as `body:$.items[*].id`.
    path: Spanned<String>,
    /// The kind of difference.
    kind: DifferenceKind,
    /// The shapes of the two values, the reference's first. A rule may name a type, such as `any string`.
    shapes: Spanned<[String; 2]>,
    /// The number of occurrences in all cases together. A rule may have a range or none.
    count: Option<Spanned<Count>>,
    /// The SHA-256 of the places of the occurrences, for a path with `[*]`; `parity --bless` writes it.
    places: Option<String>,
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
    let cases = check_names(known, source, &written)?;
    let is_rule = rule::is_rule(&written);
    let count = rule::count(source, &written, is_rule)?;
    let path = Pattern::read(written.path.get_ref()).map_err(|error| {
        let label = "this path";
        source.error(written.path.span(), error, label, None)
    })?;
    if is_rule {
        rule::check(source, &written, &path)?;
    }
    Ok(Pin {
        surface: written.surface.into_inner(),
        cases,
        pair: written.pair.into_inner(),
        transport: written.transport,
        path,
        kind: written.kind,
        shapes: written.shapes.into_inner(),
        count,
        places: written.places,
        is_rule,
        reason: written.reason,
        decision: written.decision,
        expires: date(source, &written.expires)?,
        lines,
    })
}

/// Checks the names, and returns the patterns of the cases.
fn check_names(
    known: &Known<'_>,
    source: &Source,
    written: &Written,
) -> Result<Vec<glob::Pattern>, Error> {
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
    let mut patterns = Vec::new();
    for case in &written.cases {
        let name = case.get_ref();
        let pattern = glob::Pattern::new(name).map_err(|error| {
            let message = format!("`{name}` is not a pattern of names: {error}");
            source.error(case.span(), message, "this pattern", None)
        })?;
        if !probe.cases.iter().any(|one| pattern.matches(&one.name)) {
            if rule::is_pattern(name) {
                let message = format!("no case of `{}` matches `{name}`", probe.surface);
                return Err(source.error(case.span(), message, "this pattern", None));
            }
            let names: Vec<&str> = probe.cases.iter().map(|one| one.name.as_str()).collect();
            let help = case::similar(name, &names, std::slice::from_ref(&probe.surface));
            return Err(unknown(case.span(), "case", name, help));
        }
        patterns.push(pattern);
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
    Ok(patterns)
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

impl Pin {
    /// Whether it accepts a difference.
    #[must_use]
    pub fn covers(&self, difference: &Difference) -> bool {
        self.kind == difference.kind
            && rule::accepts(&self.shapes[0], &difference.left.shape)
            && rule::accepts(&self.shapes[1], &difference.right.shape)
            && self.path.matches(&difference.path)
    }

    /// Whether it is about a case of its surface.
    #[must_use]
    pub fn has_case(&self, name: &str) -> bool {
        self.cases.iter().any(|case| case.matches(name))
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
        if self.surface != surface || !self.has_case(case) {
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
