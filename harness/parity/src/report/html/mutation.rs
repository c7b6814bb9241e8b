//! The result of `--mutate` on the page: survivors in full, counts as tables.

use std::collections::BTreeSet;

use lakehouse_rig::text::{Prose, prose, visible};

use crate::outcome::{Count, HiddenBy, Mutation, Survivor};
use crate::report::mutation::{headline, survivors, times};

/// Groups of survivors on the page.
const MAX_GROUPS: usize = 50;

/// Cases listed for each group.
const MAX_CASES: usize = 20;

pub(super) struct MutationView {
    pub(super) headline: String,
    pub(super) sampling: String,
    pub(super) survivors: Vec<SurvivorView>,
    pub(super) probes: Vec<CountView>,
    pub(super) damages: Vec<CountView>,
    pub(super) cases: Vec<CountView>,
    pub(super) hidden: Vec<HiddenView>,
}

pub(super) struct SurvivorView {
    pub(super) surface: String,
    pub(super) damage: String,
    pub(super) path: String,
    pub(super) times: String,
    pub(super) change: String,
    pub(super) reason: Prose,
    pub(super) rerun: String,
    pub(super) cases: String,
}

/// A row of counts. Rows of probes have `transport` and `answers`, those of cases `transport`.
pub(super) struct CountView {
    pub(super) name: String,
    pub(super) transport: String,
    pub(super) answers: usize,
    pub(super) count: Count,
    pub(super) class: &'static str,
}

pub(super) struct HiddenView {
    pub(super) surface: String,
    pub(super) normaliser: String,
    pub(super) reason: String,
    pub(super) count: usize,
    pub(super) example: Prose,
}

impl MutationView {
    pub(super) fn new(mutation: &Mutation) -> MutationView {
        let groups = survivors(mutation);
        MutationView {
            headline: headline(mutation),
            sampling: mutation.sampling.clone(),
            survivors: groups.iter().take(MAX_GROUPS).map(|g| group(g)).collect(),
            probes: mutation
                .probes
                .iter()
                .map(|probe| CountView {
                    transport: probe.transport.to_string(),
                    answers: probe.answers,
                    ..row(&probe.surface, probe.count)
                })
                .collect(),
            damages: mutation
                .damages
                .iter()
                .map(|kind| row(&kind.damage, kind.count))
                .collect(),
            cases: mutation
                .cases
                .iter()
                .map(|case| CountView {
                    transport: format!("{} ({})", case.surface, case.transport),
                    ..row(&case.case, case.count)
                })
                .collect(),
            hidden: mutation.hidden_by.iter().map(hidden).collect(),
        }
    }
}

fn group(group: &[&Survivor]) -> SurvivorView {
    let example = group[0];
    let cases: BTreeSet<&str> = group.iter().map(|s| s.case.as_str()).collect();
    let mut named: Vec<&str> = cases.iter().copied().take(MAX_CASES).collect();
    if cases.len() > MAX_CASES {
        named.push("…");
    }
    SurvivorView {
        surface: example.surface.clone(),
        damage: example.damage.clone(),
        path: visible(&example.path).into_owned(),
        times: times(group),
        change: visible(&example.change).into_owned(),
        reason: prose(&example.reason),
        rerun: example.rerun.clone(),
        cases: named.join(", "),
    }
}

fn row(name: &str, count: Count) -> CountView {
    CountView {
        name: name.to_owned(),
        transport: String::new(),
        answers: 0,
        count,
        class: if count.killed == count.total {
            ""
        } else {
            "fail"
        },
    }
}

fn hidden(by: &HiddenBy) -> HiddenView {
    HiddenView {
        surface: by.surface.clone(),
        normaliser: visible(&by.normaliser).into_owned(),
        reason: by.reason.clone(),
        count: by.count,
        example: prose(&by.example),
    }
}
