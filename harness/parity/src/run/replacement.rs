//! Whether each implementation may replace the reference, as far as a run shows.

use std::collections::BTreeMap;

use lakehouse_rig::implementation::Transport;

use crate::config::Root;
use crate::outcome::{
    Counts, Decision, Grounds, ImplementationKind, Replacement, Run, SurfaceResult, lacking, wanted,
};

/// The decision on every implementation of the run except the reference.
pub(super) fn all(root: &Root, run: &Run) -> Vec<Replacement> {
    run.implementations
        .iter()
        .filter(|implementation| implementation.name != run.reference)
        .map(|implementation| one(root, run, &implementation.name))
        .collect()
}

fn one(root: &Root, run: &Run, by: &str) -> Replacement {
    let wanted = wanted(root, &run.reference, &[]);
    let rows: Vec<&SurfaceResult> = run
        .results
        .iter()
        .filter(|row| row.implementation == by)
        .collect();
    let mut grounds = Grounds {
        stale: stale(run, by),
        ..Grounds::default()
    };
    let missing = lacking(root, &wanted, by);
    for (surface, transport) in &missing {
        grounds.lacking.push(format!("`{surface}` ({transport})"));
    }
    for (surface, transport) in wanted.iter().filter(|one| !missing.contains(one)) {
        let is_wanted =
            |row: &&&SurfaceResult| row.surface == *surface && row.transport == *transport;
        let row = rows.iter().find(is_wanted);
        grounds.add(surface, *transport, row.map(|row| Counts::from(*row)));
    }
    for failing in run.failings() {
        if failing.implementation.is_none_or(|only| only == by) {
            grounds.doubts.push(failing.message);
        }
    }
    let decision = grounds.decide();
    let mut reasons = grounds.stale;
    reasons.append(&mut grounds.doubts);
    // The counts describe the other rows.
    let has_counts = rows.iter().any(|row| row.invalid + row.skipped > 0);
    if decision == Decision::Unknown && reasons.is_empty() && !has_counts {
        reasons.append(&mut grounds.undecided);
        if reasons.is_empty() {
            reasons.push("nothing was compared".to_owned());
        }
    }
    let sum =
        |count: fn(&SurfaceResult) -> usize| -> usize { rows.iter().map(|row| count(row)).sum() };
    Replacement {
        implementation: by.to_owned(),
        decision,
        accepted: run.accepted(by),
        differing: sum(|row| row.diverged),
        not_compared: sum(|row| row.invalid + row.skipped),
        lacks: names(&wanted, &missing),
        reasons,
    }
}

/// Why the run does not show the present state of everything.
fn stale(run: &Run, by: &str) -> Vec<String> {
    let mut stale = Vec::new();
    if run.cut_short {
        stale.push("the run was cut short".to_owned());
    } else if run.filtered {
        stale.push("the run was limited to a part".to_owned());
    }
    for name in [run.reference.as_str(), by] {
        let Some(implementation) = run.implementations.iter().find(|i| i.name == name) else {
            continue;
        };
        let why = match implementation.kind {
            ImplementationKind::Live => continue,
            ImplementationKind::Url => "is a server at a URL, of unknown version",
            ImplementationKind::Recorded => "did not run; its recording was compared",
            ImplementationKind::Missing => "could not run here",
        };
        stale.push(format!("`{name}` {why}"));
    }
    stale
}

/// The missing surfaces: by their name if they are missing on every transport.
fn names(wanted: &[(String, Transport)], missing: &[&(String, Transport)]) -> Vec<String> {
    let mut surfaces: BTreeMap<&str, Vec<Transport>> = BTreeMap::new();
    for (surface, transport) in missing {
        surfaces.entry(surface).or_default().push(*transport);
    }
    let mut names = Vec::new();
    for (surface, transports) in surfaces {
        if wanted.iter().filter(|(name, _)| name == surface).count() == transports.len() {
            names.push(surface.to_owned());
        } else {
            names.extend(transports.iter().map(|t| format!("{surface} ({t})")));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surfaces_are_named_without_transport_if_they_lack_all() {
        let wanted = [
            ("a", Transport::Line),
            ("a", Transport::Http),
            ("b", Transport::Line),
            ("c", Transport::Line),
            ("c", Transport::Http),
        ];
        let wanted = wanted.map(|(surface, transport)| (surface.to_owned(), transport));
        let missing = [&wanted[0], &wanted[2], &wanted[3], &wanted[4]];
        assert_eq!(names(&wanted, &missing), ["a (line)", "b", "c"]);
    }
}
