//! Groups changes that probably have one cause.
//!
//! Changes are grouped by surface, implementation, path (array indices as `[*]`), kind and the types
//! of both values. Groups of exactly the same cases are merged, because an answer that is wrong as a
//! whole differs at many paths. The largest group comes first.

use std::collections::BTreeMap;

use lakehouse_rig::text::counted;

use super::cause::Cause;
use super::changes::Change;

/// Changes that probably have one cause.
#[derive(Debug)]
pub struct Group<'a> {
    /// The changes, sorted by case.
    pub changes: Vec<&'a Change>,
    /// The number of other causes with exactly the same cases.
    also: usize,
}

impl Group<'_> {
    /// `validate · js: ` and what changed, without values.
    #[must_use]
    pub fn title(&self) -> String {
        let Some(first) = self.changes.first() else {
            return String::new();
        };
        let cause = &first.cause;
        let also = match self.also {
            0 => String::new(),
            also => format!(" and {}", counted(also, "more path")),
        };
        let cases = counted(self.cases().len(), "case");
        if cause.surface.is_empty() {
            return format!("{}: {}", first.place, cause.what);
        }
        format!(
            "{} · {}: {}{also} ({} in {cases})",
            cause.surface,
            cause.implementation,
            cause.what,
            counted(self.changes.len(), "change")
        )
    }

    /// The names of the cases with their transports, each once.
    #[must_use]
    pub fn cases(&self) -> Vec<String> {
        let mut cases: Vec<String> = self
            .changes
            .iter()
            .map(|change| change.cause.case.clone())
            .collect();
        cases.sort();
        cases.dedup();
        cases
    }
}

/// Groups changes.
pub(super) fn by_cause(changes: &[Change]) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let Cause {
            surface,
            implementation,
            what,
            ..
        } = &change.cause;
        let key = (surface.as_str(), implementation.as_str(), what.as_str());
        groups.entry(key).or_default().push(change);
    }
    let mut merged: BTreeMap<(&str, &str, Vec<String>), Group<'_>> = BTreeMap::new();
    for ((surface, implementation, _), changes) in groups {
        let group = Group { changes, also: 0 };
        // Entries of ledgers have nothing but their place in common.
        let cases = match surface {
            "" => vec![group.changes[0].line()],
            _ => group.cases(),
        };
        match merged.entry((surface, implementation, cases)) {
            std::collections::btree_map::Entry::Vacant(entry) => {
                entry.insert(group);
            }
            std::collections::btree_map::Entry::Occupied(mut entry) => {
                let first = entry.get_mut();
                first.also += 1;
                first.changes.extend(group.changes);
            }
        }
    }
    let mut groups: Vec<Group<'_>> = merged.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.changes.len()));
    groups
}
