//! Groups of failures: those that differ, then those that could not be compared.

use std::collections::{BTreeSet, HashMap, HashSet};

use lakehouse_rig::text::{Prose, counted, prose, visible};
use serde::Serialize;

use super::anchor;
use super::failure::{Detail, FailureView};
use crate::outcome::{CaseOutcome, CaseVerdict, Run};
use crate::report::group::{self, DifferenceGroup, InvalidGroup};

/// Paths that a group lists besides its first.
const MAX_ALSO: usize = 24;

/// Groups whose first case is shown in full detail without scripts.
const MAX_STATIC_FULL: usize = 3;

/// A group with its cases. The first case is the one that is shown unfolded.
pub(super) struct Group<'a> {
    pub(super) verdict: CaseVerdict,
    pub(super) head: Head,
    pub(super) cases: Vec<&'a CaseOutcome>,
}

/// What is shown of a group above its cases. The script's `group` reads the serialised names.
#[derive(Clone, Serialize)]
pub(super) struct Head {
    status: String,
    pub(super) surface: String,
    pub(super) implementation: String,
    /// Empty, like `kind`, for cases that could not be compared.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) path: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) kind: &'static str,
    /// ` and 3 more paths`, or nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) and_more: String,
    /// The other paths with their kinds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) also: Vec<(String, &'static str)>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) also_rest: String,
    /// The kinds of all paths.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kinds: Vec<&'static str>,
    /// Why the cases could not be compared.
    #[serde(skip_serializing_if = "String::is_empty")]
    reason: String,
    pub(super) count: String,
}

impl Head {
    /// The reason as text and code.
    pub(super) fn prose(&self) -> Prose {
        prose(&self.reason)
    }
}

/// All groups, in the order of the page.
pub(super) fn all(run: &Run) -> Vec<Group<'_>> {
    let mut shown = HashSet::new();
    let differences = group::differences(run);
    let differences = differences
        .into_iter()
        .map(|group| of_differences(group, &mut shown));
    let mut groups: Vec<Group<'_>> = differences.collect();
    groups.extend(group::invalid(run).into_iter().map(of_invalid));
    groups
}

/// The first failure of every surface, transport and implementation, for the links of the grid.
pub(super) fn first_failures(groups: &[Group<'_>]) -> HashMap<[String; 3], String> {
    let mut links = HashMap::new();
    for case in groups.iter().flat_map(|group| &group.cases) {
        let key = [
            case.surface.clone(),
            case.transport.to_string(),
            case.implementation.clone(),
        ];
        links.entry(key).or_insert_with(|| anchor::href(case));
    }
    links
}

fn of_differences<'a>(
    group: DifferenceGroup<'a>,
    shown: &mut HashSet<*const CaseOutcome>,
) -> Group<'a> {
    let count = format!(
        "{} in {}",
        counted(group.differences(), "difference"),
        counted(group.examples.len(), "case")
    );
    let mut cases: Vec<&CaseOutcome> = group.examples.iter().map(|e| e.case).collect();
    // A case of several groups is unfolded in the first one only.
    if let Some(new) = cases
        .iter()
        .position(|case| !shown.contains(&std::ptr::from_ref(*case)))
    {
        let case = cases.remove(new);
        cases.insert(0, case);
    }
    shown.extend(cases.iter().map(|case| std::ptr::from_ref(*case)));
    let kinds: BTreeSet<&str> = group
        .also
        .iter()
        .map(|(_, kind)| *kind)
        .chain([group.kind])
        .map(|kind| kind.label())
        .collect();
    Group {
        verdict: CaseVerdict::Diverged,
        head: Head {
            status: CaseVerdict::Diverged.to_string(),
            surface: visible(group.surface).into_owned(),
            implementation: visible(group.implementation).into_owned(),
            path: visible(&group.path).into_owned(),
            kind: group.kind.label(),
            and_more: group.and_more(),
            also: group
                .also
                .iter()
                .take(MAX_ALSO)
                .map(|(path, kind)| (visible(path).into_owned(), kind.label()))
                .collect(),
            also_rest: match group.also.len().saturating_sub(MAX_ALSO) {
                0 => String::new(),
                rest => format!("and {rest} more"),
            },
            kinds: kinds.into_iter().collect(),
            reason: String::new(),
            count,
        },
        cases,
    }
}

fn of_invalid(group: InvalidGroup<'_>) -> Group<'_> {
    Group {
        verdict: CaseVerdict::Invalid,
        head: Head {
            status: CaseVerdict::Invalid.to_string(),
            surface: visible(group.surface).into_owned(),
            implementation: visible(group.implementation).into_owned(),
            path: String::new(),
            kind: "",
            and_more: String::new(),
            also: Vec::new(),
            also_rest: String::new(),
            kinds: Vec::new(),
            reason: visible(group.reason).into_owned(),
            count: counted(group.cases.len(), "case"),
        },
        cases: group.cases,
    }
}

/// The first groups of a verdict, for browsers that run no scripts.
pub(super) struct StaticGroups {
    pub(super) groups: Vec<StaticGroup>,
    /// `and 34 more groups`, or nothing.
    pub(super) rest: String,
}

/// A group with its first case, unless an earlier group shows that.
pub(super) struct StaticGroup {
    pub(super) head: Head,
    pub(super) first: Option<FailureView>,
    /// `53 more cases`, or nothing.
    pub(super) rest: String,
}

impl StaticGroups {
    /// The first `max` of the groups that have this verdict.
    pub(super) fn new(groups: &[Group<'_>], verdict: CaseVerdict, max: usize) -> StaticGroups {
        let all: Vec<&Group<'_>> = groups.iter().filter(|g| g.verdict == verdict).collect();
        let mut shown = HashSet::new();
        let first = all.iter().take(max).enumerate().map(|(index, group)| {
            let new = group
                .cases
                .first()
                .filter(|first| shown.insert(anchor::id(first)));
            let detail = match index {
                0..MAX_STATIC_FULL => Detail::Full,
                _ => Detail::Brief,
            };
            StaticGroup {
                head: group.head.clone(),
                first: new.map(|first| FailureView::new(first, detail)),
                rest: more(group.cases.len().saturating_sub(1), "case"),
            }
        });
        StaticGroups {
            groups: first.collect(),
            rest: more(all.len().saturating_sub(max), "group"),
        }
    }

    /// Whether no case has the verdict.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

fn more(count: usize, noun: &str) -> String {
    match count {
        0 => String::new(),
        count => counted(count, &format!("more {noun}")),
    }
}
