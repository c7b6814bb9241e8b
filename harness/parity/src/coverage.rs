//! The coverage of a run: the answers and paths that it compared, and those that it did not.
//!
//! A place is a route with a class of status, and a JSON path with `[*]` for indices. Every place
//! has a [`Depth`]; a full run fails when it reaches less than `fixtures/coverage.toml` lists.

mod places;
mod ratchet;

pub(crate) use ratchet::first_of;
pub use ratchet::{Changes, changes, check};

use crate::config::baseline::{Depth, Places};
use crate::config::{Probe, Root};
use crate::outcome::{CaseVerdict, ImplementationKind, Run, SurfaceCoverage};

/// The coverage of a run.
#[must_use]
pub fn of(root: &Root, run: &Run) -> Vec<SurfaceCoverage> {
    let is_full = !run.filtered
        && !run.cut_short
        && run.infrastructure.is_empty()
        && run
            .implementations
            .iter()
            .all(|implementation| implementation.kind != ImplementationKind::Missing);
    let mut all = Vec::new();
    for probe in root.probes.values() {
        let cases: Vec<_> = run
            .cases
            .iter()
            .filter(|case| case.surface == probe.surface)
            .collect();
        if cases.is_empty() {
            continue;
        }
        let is_judged = |verdict| {
            matches!(
                verdict,
                CaseVerdict::Match | CaseVerdict::Known | CaseVerdict::Diverged
            )
        };
        let mut compared = places::Gathered::default();
        let mut seen = places::Gathered::default();
        for case in &cases {
            let gathered = if is_judged(case.verdict) {
                &mut compared
            } else {
                &mut seen
            };
            gathered.add(probe, case);
        }
        let judged = is_full && cases.iter().all(|case| is_judged(case.verdict));
        all.push(surface(probe, compared.places(), &seen.places(), judged));
    }
    all
}

fn surface(probe: &Probe, places: Places, seen: &Places, judged: bool) -> SurfaceCoverage {
    let at = |depth: Depth| -> Vec<String> { listed(&places, |found| *found == depth) };
    let routes: std::collections::BTreeSet<&str> = places
        .keys()
        .filter_map(|answer| answer.rsplit_once(' '))
        .map(|(route, _)| route)
        .collect();
    let mut unreached: Vec<String> = probe
        .coverage
        .answers
        .iter()
        .filter(|answer| !places.contains_key(*answer))
        .cloned()
        .collect();
    for (answer, paths) in seen {
        let known = places.get(answer);
        let new = paths
            .keys()
            .filter(|path| !known.is_some_and(|known| known.contains_key(*path)));
        unreached.extend(new.map(|path| format!("{answer} {path}")));
    }
    SurfaceCoverage {
        surface: probe.surface.clone(),
        routes: routes.len(),
        answers: places.len(),
        compared: at(Depth::Compared).len(),
        hidden: at(Depth::Hidden),
        null: at(Depth::Null),
        unreached,
        judged,
        places,
    }
}

/// `ANSWER PATH` for every wanted place.
fn listed(places: &Places, wanted: impl Fn(&Depth) -> bool) -> Vec<String> {
    places
        .iter()
        .flat_map(|(answer, paths)| paths.iter().map(move |(path, depth)| (answer, path, depth)))
        .filter(|(_, _, depth)| wanted(depth))
        .map(|(answer, path, _)| format!("{answer} {path}"))
        .collect()
}
