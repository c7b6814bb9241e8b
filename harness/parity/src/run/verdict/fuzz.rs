//! Pairs of generated answers: those that differ in one place must not pass, and equal ones must.

mod answer;
mod value;

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::source::Source;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use self::answer::{Answer, Form, Rules};
use self::value::Policy;
use super::pair;
use crate::compare::guard::is_error;
use crate::config::pin::{Count, Pattern};
use crate::config::{Case, CaseStep, Pin, Probe};
use crate::difference::{Difference, generalised};
use crate::ledger::normaliser::Tally;
use crate::ledger::{divergence, entry};
use crate::observation::Observation;
use crate::outcome::{CaseOutcome, CaseVerdict};
use crate::run::side::Side;

const PAIRS: u64 = 100_000;
/// Changes that a pin does not distinguish: it holds neither the spelling of a key that only one
/// side has, nor its place among the others.
const NOT_PINNED: &[&str] = &["key spelling", "keys swapped"];

struct Surface {
    rules: Rules,
    probe: Probe,
}

fn surfaces() -> Vec<Surface> {
    let ranking = "[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"score\"\ntolerance = 0.001\n";
    let comparators = [
        ("json", Form::Json, ""),
        ("bytes", Form::Bytes, ""),
        ("status", Form::Ignored, ""),
        (
            "vectors",
            Form::Vectors,
            "vectors_at = [\"$.vectors[*]\"]\n",
        ),
        ("ranking", Form::Ranking, ranking),
        ("metrics", Form::Json, "tolerance = 0.01\n"),
        ("metrics", Form::Series, "tolerance = 0.01\n"),
    ];
    let mut surfaces = Vec::new();
    for (body, form, keys) in comparators {
        for variant in 0..4 {
            let is_strict = variant % 2 == 0;
            let tolerant = body == "metrics";
            let policy = Policy {
                key_order: is_strict,
                numbers_by_value: !is_strict || tolerant,
                escapes: is_strict,
                max_depth: if variant < 2 { 1_000 } else { 3 },
                tolerant,
            };
            let files_are_bytes = variant == 3;
            let compare = format!(
                "body = \"{body}\"\nfiles = \"{}\"\nkey_order = {}\nnumbers = \"{}\"\nescapes = {}\nmax_depth = {}\n{keys}",
                if files_are_bytes {
                    "bytes"
                } else {
                    "jsonl-tree"
                },
                policy.key_order,
                if policy.numbers_by_value {
                    "value"
                } else {
                    "lexeme"
                },
                policy.escapes,
                policy.max_depth,
            );
            let source = Source {
                name: "probe.toml".to_owned(),
                text: format!(
                    "about = \"\"\ntransports = [\"http\"]\n[http]\npath = \"/\"\n[compare]\n{compare}"
                ),
            };
            surfaces.push(Surface {
                rules: Rules {
                    form,
                    policy,
                    files_are_bytes,
                },
                probe: Probe::read("s", &source).expect("it is valid"),
            });
        }
    }
    surfaces
}

/// Judges two lists of answers, one for each step, as a run does.
fn judge(surface: &Surface, pins: &[Pin], left: &[Answer], right: &[Answer]) -> CaseOutcome {
    let probe = &surface.probe;
    let step = |answer: &Answer| CaseStep {
        expect_error: is_error(&answer.step(), probe),
        ..CaseStep::default()
    };
    let case = Case {
        name: "c".to_owned(),
        why: None,
        transports: None,
        files: BTreeMap::new(),
        steps: left.iter().map(step).collect(),
        sequence: left.len() > 1,
        fresh: false,
        repeats: 1,
    };
    let side = |name: &str, answers: &[Answer]| {
        let steps = answers.iter().map(Answer::step).collect();
        Side::answered(name, Arc::new(Observation { steps }), probe, &case)
    };
    let (left, right) = (side("left", left), side("right", right));
    let mut tally = Tally::default();
    pair(
        pins,
        probe,
        Transport::Http,
        &case,
        [&left, &right],
        &mut tally,
    )
}

fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 1, 1)
}

/// Pins that accept all differences of an outcome.
fn pins(outcome: &CaseOutcome) -> Vec<Pin> {
    let mut groups: BTreeMap<_, Vec<(&CaseOutcome, &Difference)>> = BTreeMap::new();
    for judged in &outcome.differences {
        let found = &judged.difference;
        let shapes = [found.left.shape.clone(), found.right.shape.clone()];
        let key = (generalised(&found.path), found.kind, shapes);
        groups.entry(key).or_default().push((outcome, found));
    }
    groups
        .into_iter()
        .map(|((path, kind, shapes), found)| {
            let has_indices = found.iter().any(|(_, found)| found.path != path);
            Pin {
                surface: "s".to_owned(),
                cases: vec![glob::Pattern::new("c").expect("it is a pattern")],
                pair: ["left".to_owned(), "right".to_owned()],
                transport: None,
                path: Pattern::read(&path).expect("it is a pattern"),
                kind,
                shapes,
                count: Count::Exactly(found.len()),
                places: has_indices.then(|| entry::places(found)),
                is_rule: false,
                reason: String::new(),
                decision: String::new(),
                expires: today(),
                lines: (1, 1),
            }
        })
        .collect()
}

/// Whether a run with this case alone passes.
fn passes(pins: &[Pin], outcome: &CaseOutcome) -> bool {
    let cases = std::slice::from_ref(outcome);
    let (_, failures) = divergence::check(pins, cases, &|_| 1, today());
    matches!(outcome.verdict, CaseVerdict::Match | CaseVerdict::Known) && failures.is_empty()
}

/// Changes one place of one answer; none if no change was possible.
fn changed(
    surface: &Surface,
    answers: &[Answer],
    random: &mut ChaCha8Rng,
) -> Option<(Vec<Answer>, (&'static str, &'static str))> {
    (0..20).find_map(|_| {
        let mut answers = answers.to_vec();
        let at = random.random_range(0..answers.len());
        if answers.len() > 1 && random.random_ratio(1, 20) {
            answers.truncate(1);
            return Some((answers, ("step", "removed")));
        }
        let change = answers[at].change(surface.rules, random)?;
        Some((answers, change))
    })
}

/// What is wrong with the verdict on one pair; none if nothing is. Adds the changes that were made.
fn fault(
    surfaces: &[Surface],
    number: u64,
    seen: &mut BTreeMap<(&'static str, &'static str), u64>,
) -> Option<String> {
    let mut random = ChaCha8Rng::seed_from_u64(number);
    let surface = &surfaces[random.random_range(0..surfaces.len())];
    let steps = if random.random_ratio(1, 5) { 2 } else { 1 };
    let left: Vec<Answer> = (0..steps)
        .map(|_| Answer::random(surface.rules, &mut random))
        .collect();
    let report = |what: &str, right: &[Answer], pins: &[Pin], outcome: &CaseOutcome| {
        let shown = |answers: &[Answer]| -> String {
            let steps: Vec<_> = answers.iter().map(Answer::step).collect();
            let bodies: Vec<_> = steps
                .iter()
                .map(|step| String::from_utf8_lossy(&step.body).into_owned())
                .collect();
            format!("{bodies:?} {steps:?}")
        };
        Some(format!(
            "pair {number} ({}): {what}: {} {:?}\nleft: {}\nright: {}\ndifferences: {:?}\npins: {pins:?}",
            surface.probe.compare.body,
            outcome.verdict,
            outcome.reasons,
            shown(&left),
            shown(right),
            outcome.differences,
        ))
    };
    if random.random_ratio(1, 4) {
        let mut right = left.clone();
        right
            .iter_mut()
            .for_each(|answer| answer.respell(surface.rules, &mut random));
        let outcome = judge(surface, &[], &left, &right);
        let is_match = outcome.verdict == CaseVerdict::Match && passes(&[], &outcome);
        return match is_match {
            true => None,
            false => report("equal answers do not match", &right, &[], &outcome),
        };
    }
    let (right, change) = changed(surface, &left, &mut random)?;
    *seen.entry(change).or_default() += 1;
    let outcome = judge(surface, &[], &left, &right);
    if passes(&[], &outcome) {
        return report(&format!("{change:?} passes"), &right, &[], &outcome);
    }
    if outcome.verdict != CaseVerdict::Diverged || random.random() {
        return None;
    }
    let pins = pins(&outcome);
    let accepted = judge(surface, &pins, &left, &right);
    let is_known = accepted.verdict == CaseVerdict::Known || !outcome.reasons.is_empty();
    if !is_known {
        return report(
            "the accepted difference does not pass",
            &right,
            &pins,
            &accepted,
        );
    }
    let (other, change) = changed(surface, &right, &mut random)?;
    if NOT_PINNED.contains(&change.1) {
        return None;
    }
    let outcome = judge(surface, &pins, &left, &other);
    if passes(&pins, &outcome) {
        let what = format!("{change:?} passes beside an accepted difference");
        return report(&what, &other, &pins, &outcome);
    }
    None
}

#[test]
fn no_difference_passes_and_equal_answers_match() {
    let surfaces = surfaces();
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    let surfaces = &surfaces;
    let parts: Vec<_> = std::thread::scope(|scope| {
        let work = |thread: u64| {
            let mut seen = BTreeMap::new();
            let mut faults = (thread..PAIRS)
                .step_by(threads as usize)
                .filter_map(|number| fault(surfaces, number, &mut seen));
            let faults: Vec<String> = faults.by_ref().take(3).collect();
            (faults, seen)
        };
        let workers: Vec<_> = (0..threads)
            .map(|thread| scope.spawn(move || work(thread)))
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("no judging panics"))
            .collect()
    });
    let faults: Vec<&str> = parts
        .iter()
        .flat_map(|(faults, _)| faults.iter().map(String::as_str))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    let mut seen = BTreeMap::new();
    for (change, count) in parts.into_iter().flat_map(|(_, seen)| seen) {
        *seen.entry(change).or_insert(0) += count;
    }
    // Every kind of change is made.
    assert!(seen.len() >= 70, "{seen:#?}");
    // Changes inside files are those of bodies, and rarer.
    let mut counts = seen.iter().filter(|((part, _), _)| *part != "file");
    assert!(counts.all(|(_, count)| *count > 20), "{seen:#?}");
}
