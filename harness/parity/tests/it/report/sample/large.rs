//! Runs of thousands of failures, and runs whose every text is hostile.

use std::sync::Arc;

use lakehouse_parity::difference::DifferenceKind;
use lakehouse_parity::outcome::{CaseOutcome, CaseVerdict, Run, RunVerdict};
use lakehouse_rig::implementation::Transport;

use super::{answer, case, difference, failing, passing, request, results};

/// A run in which two implementations differ in large answers, each case in its own way.
pub(in crate::report) fn with_large_failures(count: usize) -> Run {
    let cases: Vec<CaseOutcome> = (0..count)
        .map(|number| {
            let name = format!("a_case_with_a_long_name_{number:05}");
            let mut case = case(
                "vector_search",
                Transport::Http,
                &name,
                ["go", "js"][number % 2],
            );
            case.verdict = CaseVerdict::Diverged;
            case.why = Some(format!("a search of {number} hits must keep its order"));
            case.inputs = vec![request(
                0,
                "POST",
                &format!("/v1/vectors/index_{number}/search"),
                &format!("{{\"k\":{number},\"text\":\"{}\"}}", "forklift ".repeat(60)),
            )];
            let hits = |score: usize| -> String {
                let hit =
                    |n: usize| format!("{{\"id\":\"w-{number}-{n}\",\"score\":0.{score}{n}}}");
                let hits: Vec<String> = (0..40).map(hit).collect();
                format!("{{\"hits\":[{}]}}", hits.join(","))
            };
            case.differences = (0..4)
                .map(|n| {
                    difference(
                        &format!("body:$.hits[{n}].part_{}", (number + n) % 40),
                        [DifferenceKind::Value, DifferenceKind::Missing][n % 2],
                        (
                            "string",
                            &format!("\"left {number} {n} {}\"", "x".repeat(80)),
                        ),
                        (
                            "string",
                            &format!("\"right {number} {n} {}\"", "y".repeat(80)),
                        ),
                    )
                })
                .collect();
            case.suggested_pins = vec![format!("[[divergence]]\ncases = [\"{name}\"]\n").repeat(8)];
            case.left = answer(200, hits(number).as_bytes());
            case.right = answer(200, hits(number + 1).as_bytes());
            case
        })
        .collect();
    Run {
        results: results(&cases),
        cases,
        verdict: RunVerdict::Fail,
        ..passing()
    }
}

/// A run in which every name and text is the same hostile text.
pub(in crate::report) fn hostile(text: &str) -> Run {
    let mut run = failing();
    for case in &mut run.cases {
        for name in [
            &mut case.surface,
            &mut case.case,
            &mut case.reference,
            &mut case.implementation,
            &mut case.rerun,
        ] {
            *name = text.to_owned();
        }
        case.why = Some(text.to_owned());
        case.attribution = Some(text.to_owned());
        case.reasons.push(text.to_owned());
        case.suggested_pins.push(text.to_owned());
        for input in &mut case.inputs {
            text.clone_into(&mut input.request);
            text.clone_into(&mut input.text);
            input.headers = vec![(text.to_owned(), text.to_owned())];
            input.curl = Some([text.to_owned(), format!("{text}2")]);
        }
        for judged in &mut case.differences {
            judged.difference.path = format!("body:$['{text}']");
            text.clone_into(&mut judged.difference.left.text);
            text.clone_into(&mut judged.difference.right.text);
        }
        for side in [&mut case.left, &mut case.right].into_iter().flatten() {
            let side = Arc::make_mut(side);
            for step in &mut side.steps {
                step.body = text.as_bytes().to_vec();
                let value = text.as_bytes().to_vec();
                step.headers.insert(text.to_owned(), vec![value]);
                text.clone_into(&mut step.stderr_tail);
            }
        }
    }
    run.results = results(&run.cases);
    for implementation in &mut run.implementations {
        text.clone_into(&mut implementation.name);
        text.clone_into(&mut implementation.version);
    }
    text.clone_into(&mut run.reference);
    text.clone_into(&mut run.normalisers[0].places[0].case);
    for pin in &mut run.divergences {
        pin.pair = [text.to_owned(), text.to_owned()];
        text.clone_into(&mut pin.surface);
        text.clone_into(&mut pin.path);
    }
    for replacement in &mut run.replacements {
        text.clone_into(&mut replacement.implementation);
        replacement.lacks.push(text.to_owned());
        replacement.reasons.push(text.to_owned());
    }
    run.notices.push(text.to_owned());
    run
}
