//! `junit.xml`: a suite per surface, transport and implementation, a test case per case.
//!
//! `diverged` is a failure, `invalid` an error, `known` a success that lists the accepted
//! differences. The ledgers and the infrastructure have suites of their own, so that this file
//! alone is green only for a run that passed.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use lakehouse_rig::implementation::Transport;
use lakehouse_rig::text::{counted, side_by_side};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::plain;
use crate::outcome::{CaseOutcome, CaseVerdict, Mutation, Run, RunVerdict, Survivor};

/// Differences listed in one test case.
const MAX_DIFFERENCES: usize = 50;

/// Characters of a value.
const MAX_VALUE: usize = 300;

/// The document as text.
pub(super) fn render(run: &Run) -> io::Result<String> {
    let mut report = Report::new("parity");
    report.set_time(Duration::from_millis(run.duration_ms));
    // Cases are sorted by surface, transport and implementation.
    for cases in run.cases.chunk_by(|a, b| suite_name(a) == suite_name(b)) {
        report.add_test_suite(suite(cases));
    }
    add_messages(&mut report, "ledgers", NonSuccessKind::Failure, {
        run.ledger_failures.iter().map(|failure| {
            let place = format!("{}:{}", failure.file, failure.line);
            (place, failure.message.clone(), failure.edit.clone())
        })
    });
    if let Some(mutation) = &run.mutation {
        report.add_test_suite(mutation_suite(mutation));
    }
    let sentences = |messages: &[String]| -> Vec<(String, String, String)> {
        messages
            .iter()
            .enumerate()
            .map(|(index, message)| (format!("{}", index + 1), message.clone(), String::new()))
            .collect()
    };
    add_messages(
        &mut report,
        "infrastructure",
        NonSuccessKind::Error,
        sentences(&run.infrastructure).into_iter(),
    );
    if run.verdict == RunVerdict::Inconclusive {
        add_messages(
            &mut report,
            "inconclusive",
            NonSuccessKind::Error,
            sentences(&run.inconclusive).into_iter(),
        );
    }
    report.to_string().map_err(io::Error::other)
}

fn suite_name(case: &CaseOutcome) -> String {
    format!(
        "{}/{}/{}",
        case.surface, case.transport, case.implementation
    )
}

fn suite(cases: &[CaseOutcome]) -> TestSuite {
    let name = cases.first().map(suite_name).unwrap_or_default();
    let mut suite = TestSuite::new(name.clone());
    let mut time = Duration::ZERO;
    for case in cases {
        let duration = Duration::from_millis(case.duration_ms);
        time += duration;
        let mut test = TestCase::new(case.case.clone(), status(case));
        test.set_classname(name.replace('/', "."));
        test.set_time(duration);
        if case.verdict == CaseVerdict::Known {
            test.set_system_out(format!("accepted differences:\n{}", differences(case)));
        }
        suite.add_test_case(test);
    }
    suite.set_time(time);
    suite
}

fn status(case: &CaseOutcome) -> TestCaseStatus {
    let reasons = case.reasons.join("; ");
    match case.verdict {
        CaseVerdict::Match | CaseVerdict::Known => TestCaseStatus::success(),
        CaseVerdict::Skipped => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reasons);
            status
        }
        CaseVerdict::Diverged => {
            let unexpected = case.differences.iter().filter(|d| d.pin.is_none()).count();
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type("diverged")
                .set_message(format!(
                    "{} between {} and {}",
                    counted(unexpected, "unexpected difference"),
                    case.reference,
                    case.implementation
                ))
                .set_description(format!(
                    "{}{}run: {}",
                    differences(case),
                    plain::inputs(case),
                    case.rerun
                ));
            status
        }
        CaseVerdict::Invalid => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status
                .set_type("invalid")
                .set_message(message(case, reasons))
                .set_description(format!(
                    "{}{}{}run: {}",
                    plain::crashes(case),
                    differences(case),
                    plain::inputs(case),
                    case.rerun
                ));
            status
        }
    }
}

/// One test case per case, which fails when damage to its answers was not detected.
fn mutation_suite(mutation: &Mutation) -> TestSuite {
    let mut suite = TestSuite::new("mutation");
    let mut survivors: BTreeMap<(&str, Transport, &str), Vec<&Survivor>> = BTreeMap::new();
    for survivor in &mutation.survivors {
        let key = (
            survivor.surface.as_str(),
            survivor.transport,
            survivor.case.as_str(),
        );
        survivors.entry(key).or_default().push(survivor);
    }
    for case in &mutation.cases {
        let key = (case.surface.as_str(), case.transport, case.case.as_str());
        let counts = super::mutation::counts(case.count);
        let mut status = TestCaseStatus::success();
        if let Some(own) = survivors.get(&key) {
            let shown = own.iter().take(MAX_DIFFERENCES);
            let mut lines: String = shown.map(|one| super::mutation::line(one)).collect();
            if own.len() > MAX_DIFFERENCES {
                let rest = counted(own.len() - MAX_DIFFERENCES, "more survivor");
                lines.push_str(&format!("and {rest}, in report.json\n"));
            }
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status
                .set_type("survived")
                .set_message(counts.clone())
                .set_description(lines);
        }
        let mut test = TestCase::new(case.case.clone(), status);
        test.set_classname(format!("mutation.{}.{}", case.surface, case.transport));
        test.set_system_out(counts);
        suite.add_test_case(test);
    }
    suite.set_time(Duration::from_millis(mutation.duration_ms));
    suite
}

/// The crashes in place of the reasons, which do not have the cause.
fn message(case: &CaseOutcome, reasons: String) -> String {
    let crashes: Vec<String> = case.crashes().iter().map(ToString::to_string).collect();
    if crashes.is_empty() {
        reasons
    } else {
        crashes.join("; ")
    }
}

fn differences(case: &CaseOutcome) -> String {
    let (listed, left_out) = case.listed_differences(MAX_DIFFERENCES);
    let mut lines: String = listed
        .into_iter()
        .map(|judged| {
            let difference = &judged.difference;
            let (left, right) =
                side_by_side(&difference.left.text, &difference.right.text, MAX_VALUE);
            format!(
                "{} ({}): {left} | {right}\n",
                difference.path,
                difference.kind.label()
            )
        })
        .collect();
    if left_out > 0 {
        let rest = counted(left_out, "more difference");
        lines.push_str(&format!("and {rest}, in report.json\n"));
    }
    lines
}

fn add_messages(
    report: &mut Report,
    suite_name: &str,
    kind: NonSuccessKind,
    messages: impl Iterator<Item = (String, String, String)>,
) {
    let mut suite = TestSuite::new(suite_name);
    for (name, message, description) in messages {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(message);
        if !description.is_empty() {
            status.set_description(description);
        }
        let mut test = TestCase::new(name, status);
        test.set_classname(suite_name);
        suite.add_test_case(test);
    }
    if !suite.test_cases.is_empty() {
        report.add_test_suite(suite);
    }
}
