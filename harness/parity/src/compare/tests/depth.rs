//! Time and depth.

use std::time::{Duration, Instant};

use super::{nested, probe, with_body};
use crate::compare::guard::{Usability, check};
use crate::compare::{compare, prepare};
use crate::config::{CaseStep, Probe};
use crate::difference::{DifferenceKind, generalised};
use crate::json::{Path, Query};
use crate::observation::Observation;

/// Judges two answers that differ in their innermost value.
fn judge(probe: &Probe, depth: usize, kind: DifferenceKind) {
    let steps = ["1", "2"].map(|inside| with_body(&nested(depth, inside)));
    let prepared = steps
        .clone()
        .map(|step| prepare(&Observation::single(step), probe, None));
    for (step, prepared) in steps.iter().zip(&prepared) {
        let usability = check(step, &prepared.steps[0], &CaseStep::default(), probe);
        assert_eq!(usability, Usability::Usable);
    }
    let [left, right] = &prepared;
    assert!(compare(left, left, &probe.compare, false).is_empty());
    let found = compare(left, right, &probe.compare, false);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, kind);
    assert!(generalised(&found[0].path).starts_with("body"));
    let path = found[0].path.strip_prefix("body:").and_then(Path::read);
    let query = Query::read("$..a..b").expect("it is a path");
    assert!(!path.is_some_and(|path| query.matches(&path)));
}

/// The shortest of several times, which other load affects least.
fn time(work: impl Fn()) -> Duration {
    let times = (0..5).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed()
    });
    times.min().unwrap_or_default()
}

#[test]
fn time_grows_with_the_size_of_nested_answers_only() {
    let tables = "[guard]\nerror_when = { path = \"$..a..b\" }\n[[normalise]]\non = \"body\"\npath = \"$..*..t\"\nmust_be = \"text\"\naction = \"remove\"\nreason = \"x\"\n";
    for (limit, kind) in [
        ("max_depth = 100000\n", DifferenceKind::Value),
        ("", DifferenceKind::Bytes),
    ] {
        let probe = probe(&format!("{limit}{tables}"));
        let per_level = [2_000, 4_000, 8_000, 50_000].map(|depth| {
            let depth = u32::try_from(depth).unwrap_or(u32::MAX);
            time(|| judge(&probe, depth as usize, kind)) / depth
        });
        // In quadratic time a level would cost 25 times as much at the end as at the beginning.
        let [small, .., large] = per_level;
        assert!(large < 6 * small, "{limit:?}: {per_level:?}");
    }
}
