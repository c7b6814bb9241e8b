//! Groups of differences that are accepted together, and how they are shown.

use std::fmt::Write as _;

use lakehouse_rig::text::{counted, side_by_side, visible};

use crate::difference::{Difference, generalised};
use crate::ledger::entry::entries;
use crate::outcome::CaseOutcome;
use crate::report::group::DifferenceGroup;

/// Characters of a value.
const MAX_VALUE: usize = 200;
/// Other cases whose names are shown.
const MAX_CASES: usize = 8;
/// Entries shown for a group.
const MAX_ENTRIES: usize = 2;

/// The differences of one case at one path pattern.
#[derive(Debug, Clone)]
pub(super) struct Item<'a> {
    pub(super) case: &'a CaseOutcome,
    pub(super) differences: Vec<&'a Difference>,
}

impl<'a> Item<'a> {
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'a CaseOutcome, &'a Difference)> {
        let case = self.case;
        let differences: Vec<&'a Difference> = self.differences.clone();
        differences
            .into_iter()
            .map(move |difference| (case, difference))
    }

    /// The case and its values.
    pub(super) fn shown(&self, max_value: usize) -> String {
        let case = self.case;
        let mut text = format!("  case {} ({})\n", case.case, case.transport);
        let width = case.reference.len().max(case.implementation.len());
        for difference in &self.differences {
            let (left, right) =
                side_by_side(&difference.left.text, &difference.right.text, max_value);
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "    {}: {}\n      {:width$}  {left}\n      {:width$}  {right}",
                visible(&difference.path),
                difference.kind.label(),
                case.reference,
                case.implementation,
            );
        }
        text
    }
}

/// The differences of a group, by case and path pattern.
pub(super) fn items<'a>(group: &DifferenceGroup<'a>) -> Vec<Item<'a>> {
    let mut items: Vec<Item<'a>> = Vec::new();
    for example in &group.examples {
        let start = items.len();
        for judged in &example.differences {
            let difference = &judged.difference;
            let is_alike = |item: &&mut Item<'_>| {
                let first = item.differences[0];
                first.kind == difference.kind
                    && generalised(&first.path) == generalised(&difference.path)
            };
            match items[start..].iter_mut().find(is_alike) {
                Some(item) => item.differences.push(difference),
                None => items.push(Item {
                    case: example.case,
                    differences: vec![difference],
                }),
            }
        }
    }
    items
}

/// What differs, with one case as an example, and the first entries that would be written.
pub(super) fn shown(group: &DifferenceGroup<'_>, items: &[Item<'_>]) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_group(&mut text, group, items);
    text
}

fn write_group(
    text: &mut String,
    group: &DifferenceGroup<'_>,
    items: &[Item<'_>],
) -> std::fmt::Result {
    writeln!(
        text,
        "\n{} · {}  {}: {}{} ({} in {})",
        group.surface,
        group.implementation,
        visible(&group.path),
        group.kind.label(),
        group.and_more(),
        counted(group.differences(), "difference"),
        counted(group.examples.len(), "case"),
    )?;
    let Some(first) = group.examples.first() else {
        return Ok(());
    };
    for item in items {
        if std::ptr::eq(item.case, first.case) {
            let one = Item {
                case: item.case,
                differences: item.differences[..1].to_vec(),
            };
            text.push_str(&one.shown(MAX_VALUE));
        }
    }
    let others = group.examples.iter().skip(1);
    let mut names: Vec<String> = others
        .map(|example| format!("{} ({})", example.case.case, example.case.transport))
        .collect();
    if names.len() > MAX_CASES {
        let rest = names.len() - MAX_CASES;
        names.truncate(MAX_CASES);
        names.push(format!("{rest} more"));
    }
    if !names.is_empty() {
        writeln!(text, "  also in {}", names.join(", "))?;
    }
    let entries = entries(items.iter().flat_map(Item::pairs));
    writeln!(
        text,
        "\n  adds {} to {}:",
        counted_entries(entries.len()),
        crate::config::pin::FILE
    )?;
    for line in entries.iter().take(MAX_ENTRIES).flat_map(|entry| {
        entry
            .fields()
            .lines()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    }) {
        writeln!(text, "    {}", visible(&line))?;
    }
    if entries.len() > MAX_ENTRIES {
        writeln!(text, "    … and {} more", entries.len() - MAX_ENTRIES)?;
    }
    text.push('\n');
    Ok(())
}

/// `1 entry`, `2 entries`.
pub(super) fn counted_entries(count: usize) -> String {
    match count {
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    }
}
