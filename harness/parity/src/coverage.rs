//! What was compared: which answers, at which places, and what of it was never looked at.
//!
//! A place is a route with a class of status, and a JSON path in the answer with its indices
//! folded. Every place has a [`Depth`]; `fixtures/coverage.toml` holds the depth that was reached
//! once, and a full run that reaches less fails.

mod places;
mod ratchet;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use places::route;
pub(crate) use ratchet::named;
pub use ratchet::{FILE, Ratchet, bless, hold};

use crate::config::Root;
use crate::outcome::{CaseVerdict, ImplementationKind, Run};

/// How much a comparison sees of a place, from less to more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Depth {
    /// A normaliser hides it in every answer, or the comparator does not look.
    Hidden,
    /// It is null in every answer.
    Null,
    /// It has a value that is compared.
    Compared,
}

/// Places by answer (`POST /v1/embed 2xx`), then by path.
pub type Places = BTreeMap<String, BTreeMap<String, Depth>>;

/// What was compared on one surface.
#[derive(Debug, Clone, Serialize)]
pub struct SurfaceCoverage {
    /// Surface.
    pub surface: String,
    /// Routes that were answered.
    pub routes: usize,
    /// Routes with a class of status.
    pub answers: usize,
    /// Places whose value is compared.
    pub compared: usize,
    /// Places that are hidden in every answer.
    pub hidden: Vec<String>,
    /// Places that are null in every answer.
    pub null: Vec<String>,
    /// Answers that the probe declares and no case gets, and places that were only seen in answers
    /// that could not be judged.
    pub unreached: Vec<String>,
    /// Whether everything of the surface ran and could be judged, so that it is held against
    /// `fixtures/coverage.toml`.
    pub judged: bool,
    /// All of it.
    pub places: Places,
}

/// Looks at everything that a run compared.
#[must_use]
pub fn of(root: &Root, run: &Run) -> Vec<SurfaceCoverage> {
    let whole = !run.filtered
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
        let judged = whole && cases.iter().all(|case| is_judged(case.verdict));
        all.push(SurfaceCoverage::of(
            probe,
            compared.places(),
            &seen.places(),
            judged,
        ));
    }
    all
}

impl SurfaceCoverage {
    fn of(
        probe: &crate::config::Probe,
        places: Places,
        seen: &Places,
        judged: bool,
    ) -> SurfaceCoverage {
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
}

/// `ANSWER PATH` for every place that is wanted.
fn listed(places: &Places, wanted: impl Fn(&Depth) -> bool) -> Vec<String> {
    places
        .iter()
        .flat_map(|(answer, paths)| paths.iter().map(move |(path, depth)| (answer, path, depth)))
        .filter(|(_, _, depth)| wanted(depth))
        .map(|(answer, path, _)| format!("{answer} {path}"))
        .collect()
}
