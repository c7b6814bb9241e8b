//! The result of `--mutate` as text.

use lakehouse_rig::text::{counted, one_line, thousands};

use crate::outcome::{Count, Mutation, Survivor};

/// `24,000 damaged answers, all detected`, or how many survived.
pub(super) fn headline(mutation: &Mutation) -> String {
    let hidden = [
        (mutation.hidden - mutation.by_rules, "hidden by normalisers"),
        (mutation.by_rules, "accepted by rules of the ledger"),
    ];
    let hidden: String = hidden
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, how)| format!(", {} more {how}", thousands(count as u64)))
        .collect();
    let answers = counted(mutation.total, "damaged answer");
    if mutation.survivors.is_empty() {
        format!("{answers}, all detected{hidden}")
    } else {
        format!(
            "{} of {answers} not detected{hidden}",
            thousands(mutation.survivors.len() as u64)
        )
    }
}

/// `detected 12 of 13, 1 hidden`
pub(super) fn counts(count: Count) -> String {
    let hidden = match count.hidden {
        0 => String::new(),
        hidden => format!(", {hidden} hidden"),
    };
    format!("detected {} of {}{hidden}", count.killed, count.total)
}

/// Survivors by surface, kind of damage and path without indices; the largest group first.
pub(super) fn survivors(mutation: &Mutation) -> Vec<Vec<&Survivor>> {
    let mut groups: Vec<Vec<&Survivor>> = Vec::new();
    let mut known = std::collections::BTreeMap::new();
    for survivor in &mutation.survivors {
        let key = (
            survivor.surface.as_str(),
            survivor.damage.as_str(),
            without_indices(&survivor.path),
        );
        let index = *known.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[index].push(survivor);
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

fn without_indices(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => {
                out.push_str("[*");
                inside = true;
            }
            c if inside && c.is_ascii_digit() => {}
            c => {
                inside = false;
                out.push(c);
            }
        }
    }
    out
}

/// `3 times in 2 cases`
pub(super) fn times(group: &[&Survivor]) -> String {
    let cases: std::collections::BTreeSet<&str> = group
        .iter()
        .map(|survivor| survivor.case.as_str())
        .collect();
    format!(
        "{} in {}",
        counted(group.len(), "time"),
        counted(cases.len(), "case")
    )
}

/// One survivor on one line.
pub(super) fn line(survivor: &Survivor) -> String {
    format!(
        "{} at {} in the answer of {} to {} ({}): {}\n",
        survivor.damage,
        one_line(&survivor.path, 300),
        survivor.implementation,
        survivor.case,
        one_line(&survivor.change, 300),
        one_line(&survivor.reason, 600)
    )
}
