//! Groups failing cases, so that one cause is shown as one failure.
//!
//! Differences are grouped by surface, implementation, path (array indices as `[*]`) and kind.
//! Groups of exactly the same cases are merged, because an answer that is wrong as a whole differs
//! at many paths. Cases that could not be compared are grouped by surface, implementation and
//! first reason. The largest group comes first.

use std::collections::BTreeMap;

use lakehouse_rig::text::{counted, visible};

use crate::difference::{Difference, DifferenceKind, Side};
use crate::outcome::{CaseOutcome, CaseVerdict, JudgedDifference, Run, UNSTABLE};

/// Other paths of a group that its line lists.
const MAX_ALSO: usize = 5;

/// Differences that probably have one cause.
pub(crate) struct DifferenceGroup<'a> {
    pub(crate) surface: &'a str,
    pub(crate) implementation: &'a str,
    /// The first path in document order.
    pub(crate) path: String,
    pub(crate) kind: DifferenceKind,
    /// The other paths that differ in exactly these cases.
    pub(crate) also: Vec<(String, DifferenceKind)>,
    pub(crate) examples: Vec<Example<'a>>,
}

impl DifferenceGroup<'_> {
    /// Number of differences in all examples.
    pub(crate) fn differences(&self) -> usize {
        self.examples
            .iter()
            .map(|example| example.differences.len())
            .sum()
    }

    /// ` and 3 more paths`, or nothing.
    pub(crate) fn and_more(&self) -> String {
        match self.also.len() {
            0 => String::new(),
            more => format!(" and {}", counted(more, "more path")),
        }
    }

    /// `body:$.n (different value), body:$.x (missing)`: the first few of the other paths.
    pub(crate) fn also_in_short(&self) -> String {
        let mut paths: Vec<String> = self
            .also
            .iter()
            .take(MAX_ALSO)
            .map(|(path, kind)| format!("{} ({})", visible(path), kind.label()))
            .collect();
        if self.also.len() > MAX_ALSO {
            paths.push(format!("{} more", self.also.len() - MAX_ALSO));
        }
        paths.join(", ")
    }

    /// Index of the group's first difference among those of its first case.
    fn position(&self) -> Option<usize> {
        let example = self.examples.first()?;
        let first = example.differences.first()?;
        let all = &example.case.differences;
        all.iter().position(|judged| std::ptr::eq(judged, *first))
    }
}

/// One case of a group, with its differences that belong to the group.
pub(crate) struct Example<'a> {
    pub(crate) case: &'a CaseOutcome,
    pub(crate) differences: Vec<&'a JudgedDifference>,
}

/// Cases that could not be compared for one reason. The reasons may quote different values.
pub(crate) struct InvalidGroup<'a> {
    pub(crate) surface: &'a str,
    pub(crate) implementation: &'a str,
    /// The first case's reason.
    pub(crate) reason: &'a str,
    pub(crate) cases: Vec<&'a CaseOutcome>,
}

/// The unexpected differences of all diverged cases.
pub(crate) fn differences(run: &Run) -> Vec<DifferenceGroup<'_>> {
    grouped(run, |_| [""; 2])
}

/// As [`differences`], but differences between values of other types are in other groups.
pub(crate) fn alike(run: &Run) -> Vec<DifferenceGroup<'_>> {
    grouped(run, |difference| {
        [&difference.left, &difference.right].map(Side::type_name)
    })
}

fn grouped<'a>(
    run: &'a Run,
    types: impl Fn(&'a Difference) -> [&'a str; 2],
) -> Vec<DifferenceGroup<'a>> {
    type Key<'a> = (&'a str, &'a str, String, DifferenceKind, [&'a str; 2]);
    let mut groups: BTreeMap<Key<'_>, Vec<Example<'_>>> = BTreeMap::new();
    for case in &run.cases {
        if case.verdict != CaseVerdict::Diverged {
            continue;
        }
        for judged in case.differences.iter().filter(|d| d.pin.is_none()) {
            let key = (
                case.surface.as_str(),
                case.implementation.as_str(),
                pattern(&judged.difference.path),
                judged.difference.kind,
                types(&judged.difference),
            );
            let examples = groups.entry(key).or_default();
            match examples.last_mut() {
                Some(last) if std::ptr::eq(last.case, case) => last.differences.push(judged),
                _ => examples.push(Example {
                    case,
                    differences: vec![judged],
                }),
            }
        }
    }
    let mut groups = merged(groups.into_iter().map(
        |((surface, implementation, path, kind, _), examples)| DifferenceGroup {
            surface,
            implementation,
            path,
            kind,
            also: Vec::new(),
            examples,
        },
    ));
    for group in &mut groups {
        // The case with the fewest differences shows the cause most clearly.
        group
            .examples
            .sort_by_key(|example| example.case.differences.len());
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.examples.len()));
    groups
}

/// Merges groups of exactly the same cases.
fn merged<'a>(groups: impl Iterator<Item = DifferenceGroup<'a>>) -> Vec<DifferenceGroup<'a>> {
    let mut alike: BTreeMap<(&str, &str, Vec<*const CaseOutcome>), Vec<DifferenceGroup<'a>>> =
        BTreeMap::new();
    for group in groups {
        let cases = group.examples.iter();
        let cases = cases.map(|example| std::ptr::from_ref(example.case));
        let key = (group.surface, group.implementation, cases.collect());
        alike.entry(key).or_default().push(group);
    }
    let merge = |mut groups: Vec<DifferenceGroup<'a>>| {
        groups.sort_by_key(DifferenceGroup::position);
        groups.into_iter().reduce(|mut first, other| {
            first.also.push((other.path, other.kind));
            for (example, more) in first.examples.iter_mut().zip(other.examples) {
                example.differences.extend(more.differences);
            }
            first
        })
    };
    alike.into_values().filter_map(merge).collect()
}

/// The cases that could not be compared.
pub(crate) fn invalid(run: &Run) -> Vec<InvalidGroup<'_>> {
    let mut groups: BTreeMap<(&str, &str, String), Vec<&CaseOutcome>> = BTreeMap::new();
    for case in &run.cases {
        if case.verdict == CaseVerdict::Invalid {
            let key = (
                case.surface.as_str(),
                case.implementation.as_str(),
                without_values(first_reason(case)),
            );
            groups.entry(key).or_default().push(case);
        }
    }
    let mut groups: Vec<InvalidGroup<'_>> = groups
        .into_iter()
        .map(|((surface, implementation, _), cases)| InvalidGroup {
            surface,
            implementation,
            reason: cases.first().map_or("", |case| first_reason(case)),
            cases,
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.cases.len()));
    groups
}

fn first_reason(case: &CaseOutcome) -> &str {
    case.reasons
        .first()
        .map_or("no reason given", String::as_str)
}

/// `step[1]:body:$.a[12].b` becomes `step[*]:body:$.a[*].b`.
pub(crate) fn pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        pattern.push_str(before);
        let digits = from[1..].bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && from[1 + digits..].starts_with(']') {
            pattern.push_str("[*]");
            rest = &from[digits + 2..];
        } else {
            pattern.push('[');
            rest = &from[1..];
        }
    }
    pattern.push_str(rest);
    pattern
}

/// A message without the values in backticks: `` `$.a` is not … `` becomes `` `…` is not … ``.
/// The paths of unstable answers and byte offsets are removed as well, because they vary.
pub(crate) fn without_values(message: &str) -> String {
    if let Some(at) = message.find(UNSTABLE) {
        let (before, when) = message.split_at(at + UNSTABLE.len());
        let when = when.split(':').next().unwrap_or_default();
        return format!("{before}{when}");
    }
    let mut without_bytes = String::with_capacity(message.len());
    for (index, piece) in message.split(" at byte ").enumerate() {
        if index > 0 {
            without_bytes.push_str(" at byte …");
        }
        let digits = |c: char| index > 0 && c.is_ascii_digit();
        without_bytes.push_str(piece.trim_start_matches(digits));
    }
    without_bytes
        .split('`')
        .enumerate()
        .map(|(index, piece)| if index % 2 == 0 { piece } else { "`…`" })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_and_values_are_removed() {
        assert_eq!(
            pattern("step[1]:body:$.a[12].b['x[1']"),
            "step[*]:body:$.a[*].b['x[1']"
        );
        assert_eq!(pattern("status"), "status");
        assert_eq!(
            without_values("`$.at` is not a timestamp: `soon`"),
            "`…` is not a timestamp: `…`"
        );
        assert_eq!(
            without_values("`go` differs from itself: `body:$.n` (number 1 | number 2), 3 more"),
            "`go` differs from itself"
        );
        assert_eq!(
            without_values("`go` differs from itself when asked twice: `status` (200 | 422)"),
            "`go` differs from itself when asked twice"
        );
        assert_eq!(
            without_values("`go`: the body is not JSON: expected a key at byte 17"),
            "`…`: the body is not JSON: expected a key at byte …"
        );
    }
}
