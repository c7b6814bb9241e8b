//! `junit.xml`: a suite of flows for each load and implementation, and a suite of gates.
//!
//! Failed flows and failed gates are failures. Inconclusive gates and the reasons for an
//! inconclusive run are errors, so that this file alone shows that a run did not pass.

use std::time::Duration;

use lakehouse_rig::text::thousands;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::summary::gates;
use super::text::number;
use crate::results::{Flow, Gate, GateOutcome, Measurement, Results, Verdict};

/// Renders the document.
pub(super) fn render(results: &Results) -> anyhow::Result<String> {
    let mut report = Report::new("loadtest");
    report.set_time(Duration::from_millis(results.duration_ms));
    for measurement in &results.measurements {
        report.add_test_suite(suite(measurement));
    }
    let mut judged = TestSuite::new("gates");
    judged.add_test_cases(gates(results).into_iter().map(gate_case));
    report.add_test_suite(judged);
    if results.verdict == Verdict::Inconclusive && !results.inconclusive.is_empty() {
        let mut suite = TestSuite::new("inconclusive");
        for (index, reason) in results.inconclusive.iter().enumerate() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(reason.as_str());
            let mut case = TestCase::new((index + 1).to_string(), status);
            case.set_classname("inconclusive");
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    Ok(report.to_string()?)
}

fn suite(measurement: &Measurement) -> TestSuite {
    let name = format!("{}/{}", measurement.load.label, measurement.implementation);
    let mut suite = TestSuite::new(name.clone());
    suite.set_time(Duration::try_from_secs_f64(measurement.seconds).unwrap_or_default());
    for flow in &measurement.flows {
        let mut case = TestCase::new(flow.name.clone(), flow_status(flow));
        case.set_classname(name.clone());
        case.set_system_out(format!(
            "{} completed, {} per second, p50 {} ms, p99 {} ms, {} dropped",
            thousands(flow.count),
            number(flow.rate),
            number(flow.quantiles.p50_ms),
            number(flow.quantiles.p99_ms),
            thousands(flow.dropped)
        ));
        suite.add_test_case(case);
    }
    suite
}

fn flow_status(flow: &Flow) -> TestCaseStatus {
    if flow.failures == 0 {
        return TestCaseStatus::success();
    }
    let examples: Vec<String> = flow
        .wrong
        .iter()
        .map(|wrong| {
            format!(
                "{} ({}): {}",
                wrong.kind,
                thousands(wrong.count),
                wrong.example
            )
        })
        .collect();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_type(
            flow.wrong
                .first()
                .map_or("wrong", |wrong| wrong.kind.as_str()),
        )
        .set_message(format!(
            "{} of {} failed",
            thousands(flow.failures),
            thousands(flow.count + flow.failures)
        ))
        .set_description(examples.join("\n"));
    status
}

fn gate_case(gate: &Gate) -> TestCase {
    let message = format!("expected: {}; actual: {}", gate.limit, gate.found);
    let status = match gate.outcome {
        GateOutcome::Held => TestCaseStatus::success(),
        GateOutcome::Failed => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type("failed").set_message(message.as_str());
            status
        }
        GateOutcome::Inconclusive => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status
                .set_type("inconclusive")
                .set_message(message.as_str());
            status
        }
    };
    let mut case = TestCase::new(format!("{}: {}", gate.name, gate.subject), status);
    case.set_classname("gates");
    case.set_system_out(message);
    case
}
