//! Replaces pins from before shapes had digests: such a pin described a long value by its size only.

use std::collections::BTreeMap;

use toml_edit::{ArrayOfTables, DocumentMut, TomlError, value};

use super::pins::PinEdit;
use crate::comparators::without_digest;
use crate::config::Pin;
use crate::config::pin::Count;
use crate::difference::Difference;
use crate::ledger::divergence::{concerns, places_field, places_of};
use crate::outcome::Run;

/// The pins that replace an old one.
#[derive(Debug)]
pub(super) struct Migration {
    /// Index of the old pin.
    index: usize,
    exact: Vec<Exact>,
}

/// The cases and the number of differences with the same shapes.
#[derive(Debug)]
struct Exact {
    shapes: [String; 2],
    cases: Vec<String>,
    count: i64,
}

impl Migration {
    /// The values that the new pins accept, for a reader to check: the old pin may have accepted
    /// other ones of the same length.
    pub(super) fn accepted(&self) -> Vec<String> {
        let line = |exact: &Exact| {
            let [left, right] = &exact.shapes;
            format!("{}\n  {left}\n  {right}", exact.cases.join(", "))
        };
        self.exact.iter().map(line).collect()
    }

    /// The number of differences that the new pins accept.
    pub(super) fn count(&self) -> usize {
        let count = |exact: &Exact| usize::try_from(exact.count).unwrap_or_default();
        self.exact.iter().map(count).sum()
    }
}

/// The old pins whose differences occur as often as before, with shapes that only add digests.
pub(super) fn migrations(run: &Run, pins: &[Pin]) -> Vec<Migration> {
    let migration = |(index, pin): (usize, &Pin)| {
        let migration = Migration {
            index,
            exact: exact(run, pin),
        };
        (pin.count == Count::Exactly(migration.count())).then_some(migration)
    };
    pins.iter().enumerate().filter_map(migration).collect()
}

/// Adds the places to old pins whose path has `[*]`, and which accept exactly what they did.
pub(super) fn places(run: &Run, pins: &[Pin]) -> Vec<PinEdit> {
    let edit = |(index, pin): (usize, &Pin)| {
        let outcome = run.divergences.get(index)?;
        let is_old = !pin.is_rule && pin.places.is_none() && pin.path.as_str().contains("[*]");
        let is_complete = outcome.judged && pin.count == Count::Exactly(outcome.matched);
        (is_old && is_complete).then(|| PinEdit::Change {
            index,
            fields: places_field(&places_of(index, run.cases.iter())),
            reason: pin.reason.clone(),
        })
    };
    pins.iter().enumerate().filter_map(edit).collect()
}

fn exact(run: &Run, pin: &Pin) -> Vec<Exact> {
    let mut by_shapes: BTreeMap<[&str; 2], Exact> = BTreeMap::new();
    for case in run.cases.iter().filter(|case| concerns(pin, case)) {
        let unexpected = case
            .differences
            .iter()
            .filter(|judged| judged.pin.is_none());
        for difference in unexpected.map(|judged| &judged.difference) {
            let shapes = shapes(difference);
            let is_old = shapes.map(without_digest) == [&pin.shapes[0], &pin.shapes[1]];
            if !is_old || pin.kind != difference.kind || !pin.path.matches(&difference.path) {
                continue;
            }
            let exact = by_shapes.entry(shapes).or_insert_with(|| Exact {
                shapes: shapes.map(str::to_owned),
                cases: Vec::new(),
                count: 0,
            });
            exact.count += 1;
            if !exact.cases.contains(&case.case) {
                exact.cases.push(case.case.clone());
            }
        }
    }
    by_shapes.into_values().collect()
}

fn shapes(difference: &Difference) -> [&str; 2] {
    [&difference.left.shape, &difference.right.shape]
}

/// The text of `fixtures/divergences.toml` with the new pins, which keep the old one's reason,
/// decision and expiry.
pub(super) fn edit(before: &str, migrations: &[Migration]) -> Result<String, TomlError> {
    let mut document: DocumentMut = before.parse()?;
    let Some(pins) = document["divergence"].as_array_of_tables_mut() else {
        return Ok(before.to_owned());
    };
    let mut new = ArrayOfTables::new();
    for (index, pin) in pins.iter().enumerate() {
        let migration = migrations.iter().find(|migration| migration.index == index);
        let Some(migration) = migration else {
            new.push(pin.clone());
            continue;
        };
        for (number, exact) in migration.exact.iter().enumerate() {
            let mut pin = pin.clone();
            let strings = |all: &[String]| all.iter().collect::<toml_edit::Array>();
            pin["shapes"] = value(strings(&exact.shapes));
            pin["cases"] = value(strings(&exact.cases));
            pin["count"] = value(exact.count);
            // The comment above the old pin stays above the first of the new ones.
            if number > 0 {
                pin.decor_mut().set_prefix("\n");
            }
            new.push(pin);
        }
    }
    *pins = new;
    Ok(document.to_string())
}
