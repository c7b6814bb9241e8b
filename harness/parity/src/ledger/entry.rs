//! The entries of `fixtures/divergences.toml` that would accept differences.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lakehouse_rig::implementation::Transport;
use sha2::{Digest as _, Sha256};

use crate::difference::{Difference, DifferenceKind, generalised};
use crate::outcome::CaseOutcome;

/// An entry without the grounds for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Everything that its differences have in common.
    same: Same,
    /// The cases, each once.
    cases: Vec<String>,
    /// Number of differences.
    count: usize,
    /// Where they are, if the path has `[*]`.
    places: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Same {
    surface: String,
    pair: [String; 2],
    transport: Transport,
    path: String,
    kind: DifferenceKind,
    shapes: [String; 2],
}

/// Why differences are accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Why the two differ.
    pub reason: String,
    /// What was decided about it.
    pub decision: String,
}

/// The entries that accept exactly these differences.
#[must_use]
pub fn entries<'a>(
    differences: impl IntoIterator<Item = (&'a CaseOutcome, &'a Difference)>,
) -> Vec<Entry> {
    let mut entries: BTreeMap<Same, Vec<(&CaseOutcome, &Difference)>> = BTreeMap::new();
    for (case, difference) in differences {
        let same = Same {
            surface: case.surface.clone(),
            pair: [case.reference.clone(), case.implementation.clone()],
            transport: case.transport,
            path: generalised(&difference.path),
            kind: difference.kind,
            shapes: [
                difference.left.shape.clone(),
                difference.right.shape.clone(),
            ],
        };
        entries.entry(same).or_default().push((case, difference));
    }
    let entry = |(same, differences): (Same, Vec<(&CaseOutcome, &Difference)>)| {
        let mut cases: Vec<String> = Vec::new();
        for (case, _) in &differences {
            if !cases.contains(&case.case) {
                cases.push(case.case.clone());
            }
        }
        let has_indices = differences.iter().any(|(_, d)| d.path != same.path);
        Entry {
            cases,
            count: differences.len(),
            places: has_indices.then(|| places(differences)),
            same,
        }
    };
    entries.into_iter().map(entry).collect()
}

/// The SHA-256 of the cases, transports and paths of differences. With it, an entry whose path has
/// `[*]` does not accept that two elements change places.
#[must_use]
pub fn places<'a>(
    differences: impl IntoIterator<Item = (&'a CaseOutcome, &'a Difference)>,
) -> String {
    let mut lines: Vec<String> = differences
        .into_iter()
        .map(|(case, difference)| format!("{} {} {}\n", case.case, case.transport, difference.path))
        .collect();
    lines.sort_unstable();
    let mut text = String::new();
    for byte in Sha256::digest(lines.concat()) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl Entry {
    /// The entry as TOML, which expires six months after `today`.
    #[must_use]
    pub fn toml(&self, grounds: &Grounds, today: jiff::civil::Date) -> String {
        let expires = today.saturating_add(jiff::Span::new().months(6));
        format!(
            "{}reason = {}\ndecision = {}\nexpires = {expires}\n",
            self.fields(),
            quoted(&grounds.reason),
            quoted(&grounds.decision)
        )
    }

    /// What the entry accepts, as TOML.
    #[must_use]
    pub fn fields(&self) -> String {
        let cases: Vec<String> = self.cases.iter().map(|case| quoted(case)).collect();
        let [left, right] = &self.same.pair;
        let mut text = "[[divergence]]\n".to_owned();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "surface = {}", quoted(&self.same.surface));
        let _ = writeln!(text, "cases = [{}]", cases.join(", "));
        let _ = writeln!(text, "pair = [{}, {}]", quoted(left), quoted(right));
        let _ = writeln!(text, "transport = \"{}\"", self.same.transport);
        let _ = writeln!(text, "path = {}", quoted(&self.same.path));
        let _ = writeln!(text, "kind = \"{}\"", self.same.kind);
        let _ = writeln!(text, "{}", shapes(&self.same.shapes));
        let _ = writeln!(text, "count = {}", self.count);
        if let Some(places) = &self.places {
            let _ = writeln!(text, "places = \"{places}\"");
        }
        text
    }
}

/// `shapes = ["number 1", "number 2"]`.
pub(super) fn shapes(shapes: &[String; 2]) -> String {
    let [left, right] = shapes;
    format!("shapes = [{}, {}]", quoted(left), quoted(right))
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
