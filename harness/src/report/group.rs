//! Failing cases by what they have in common, so that one cause reads as one failure.
//!
//! A difference belongs to the group of its surface, implementation, path (array indices as
//! `[*]`) and kind; a case that could not be judged to the group of its surface, implementation
//! and first reason. Groups come largest first.

use std::collections::BTreeMap;

use crate::outcome::{CaseOutcome, CaseVerdict, DifferenceKind, JudgedDifference, Run};

/// Differences with one cause, as far as their place and kind tell.
pub(super) struct DifferenceGroup<'a> {
    pub(super) surface: &'a str,
    pub(super) implementation: &'a str,
    pub(super) path: String,
    pub(super) kind: DifferenceKind,
    pub(super) examples: Vec<Example<'a>>,
}

impl DifferenceGroup<'_> {
    /// Differences in all examples.
    pub(super) fn differences(&self) -> usize {
        self.examples
            .iter()
            .map(|example| example.differences.len())
            .sum()
    }
}

/// One case with the differences that put it into a group.
pub(super) struct Example<'a> {
    pub(super) case: &'a CaseOutcome,
    pub(super) differences: Vec<&'a JudgedDifference>,
}

/// Cases that could not be judged for one reason, which differs in what it quotes at most.
pub(super) struct InvalidGroup<'a> {
    pub(super) surface: &'a str,
    pub(super) implementation: &'a str,
    /// In the words of the first case.
    pub(super) reason: &'a str,
    pub(super) cases: Vec<&'a CaseOutcome>,
}

/// The undeclared differences of all diverged cases.
pub(super) fn differences(run: &Run) -> Vec<DifferenceGroup<'_>> {
    let mut groups: BTreeMap<(&str, &str, String, DifferenceKind), Vec<Example<'_>>> =
        BTreeMap::new();
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
    let mut groups: Vec<DifferenceGroup<'_>> = groups
        .into_iter()
        .map(|((surface, implementation, path, kind), mut examples)| {
            // The case with the fewest differences shows the cause best.
            examples.sort_by_key(|example| example.case.differences.len());
            DifferenceGroup {
                surface,
                implementation,
                path,
                kind,
                examples,
            }
        })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.examples.len()));
    groups
}

/// The cases that could not be judged.
pub(super) fn invalid(run: &Run) -> Vec<InvalidGroup<'_>> {
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

/// `body:$.a[12].b` becomes `body:$.a[*].b`; the step's number goes as well.
fn pattern(path: &str) -> String {
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

/// A message without what stands in its backticks: `` `$.a` is not … `` becomes `` `…` is not … ``.
fn without_values(message: &str) -> String {
    message
        .split('`')
        .enumerate()
        .map(|(index, piece)| if index % 2 == 0 { piece } else { "`…`" })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_and_values_are_left_out() {
        assert_eq!(
            pattern("step[1]:body:$.a[12].b['x[1']"),
            "step[*]:body:$.a[*].b['x[1']"
        );
        assert_eq!(pattern("status"), "status");
        assert_eq!(
            without_values("`$.at` is not a timestamp: `soon`"),
            "`…` is not a timestamp: `…`"
        );
    }
}
