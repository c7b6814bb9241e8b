//! A generator's counts and messages.

use std::time::{Duration, Instant};

use lakehouse_loadtests::drive::{Message, Outcome, Recorder};
use lakehouse_loadtests::flows::{Fault, FaultKind};

const FLOWS: [&str; 2] = ["first", "second"];

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// A recorder with a warm-up of one second and a load of three.
fn recorder() -> (Recorder, Instant) {
    let recorder = Recorder::new(FLOWS, 4, seconds(1.0), seconds(3.0));
    let began = recorder.start();
    (recorder, began)
}

fn fault(kind: FaultKind, example: &str) -> Result<(), Fault> {
    Err(Fault::new(kind, example))
}

fn done(recorder: &Recorder, flow: usize, at: Instant, latency: f64, result: Result<(), Fault>) {
    recorder.begin(0, flow);
    recorder.finish(0, at, seconds(latency), &result);
}

fn ended(recorder: &Recorder) -> Outcome {
    recorder.end(recorder.ends_at().unwrap());
    recorder.outcome()
}

#[test]
fn the_warm_up_is_not_counted() {
    let (recorder, began) = recorder();
    done(&recorder, 0, began + seconds(0.5), 0.1, Ok(()));
    done(
        &recorder,
        0,
        began + seconds(0.9),
        0.1,
        fault(FaultKind::Status, "early"),
    );
    done(&recorder, 0, began + seconds(1.5), 0.2, Ok(()));
    let progress = recorder.progress(began + seconds(2.0));
    assert_eq!(
        (progress.count, progress.failures, progress.seconds),
        (2, 1, 2.0)
    );
    let outcome = ended(&recorder);
    assert_eq!(outcome.flows[0].latencies.count(), 1);
    assert_eq!(outcome.flows[0].failures, 0);
    let longest = outcome.flows[0].latencies.quantiles().max_ms;
    assert!((199.0..202.0).contains(&longest), "{longest}");
}

#[test]
fn the_timeline_has_an_entry_for_each_second() {
    let (recorder, began) = recorder();
    for at in [1.0, 1.9, 3.2, 3.9] {
        done(&recorder, 0, began + seconds(at), 0.1, Ok(()));
    }
    done(
        &recorder,
        1,
        began + seconds(3.5),
        0.1,
        fault(FaultKind::Status, "late"),
    );
    let outcome = ended(&recorder);
    let timeline: Vec<_> = outcome
        .timeline
        .iter()
        .map(|it| (it.count, it.failures))
        .collect();
    assert_eq!(timeline, [(2, 0), (0, 0), (2, 1)]);
    assert_eq!((outcome.seconds, outcome.interrupted), (3.0, false));
    let names: Vec<_> = outcome.flows.iter().map(|flow| &*flow.name).collect();
    assert_eq!(names, FLOWS);
}

#[test]
fn failures_are_grouped_by_kind_with_their_first_example() {
    let (recorder, began) = recorder();
    let at = began + seconds(2.0);
    done(&recorder, 1, at, 0.1, fault(FaultKind::Status, "one"));
    done(&recorder, 1, at, 0.1, fault(FaultKind::ExcludedHit, "two"));
    done(
        &recorder,
        1,
        at,
        0.1,
        fault(FaultKind::ExcludedHit, "three"),
    );
    let outcome = ended(&recorder);
    let wrong = outcome.flows[1].wrong.iter();
    let wrong: Vec<_> = wrong
        .map(|it| (&*it.kind, it.count, &*it.example))
        .collect();
    assert_eq!(wrong, [("excluded_hit", 2, "two"), ("status", 1, "one")]);
    assert_eq!(outcome.flows[1].failures, 3);
    assert_eq!(outcome.flows[1].latencies.count(), 0);
}

#[test]
fn late_flows_count_only_if_they_were_due_or_failed() {
    let (recorder, began) = recorder();
    recorder.begin(0, 0);
    recorder.begin(1, 0);
    recorder.begin(2, 0);
    recorder.end(began + seconds(4.0));
    assert_eq!(recorder.in_progress(), 3);
    // A scheduled flow that was due in time and finished late.
    recorder.finish(0, began + seconds(3.9), seconds(2.0), &Ok(()));
    recorder.finish(1, began + seconds(4.1), seconds(0.5), &Ok(()));
    recorder.finish(
        2,
        began + seconds(4.1),
        seconds(0.5),
        &fault(FaultKind::Status, "late"),
    );
    let outcome = recorder.outcome();
    assert_eq!(outcome.flows[0].latencies.count(), 1);
    assert_eq!(outcome.flows[0].failures, 1);
    assert_eq!(outcome.timeline[2].failures, 1);
    assert_eq!(outcome.timeline.len(), 3);
}

#[test]
fn unfinished_flows_fail() {
    let (recorder, began) = recorder();
    recorder.begin(3, 1);
    recorder.end(began + seconds(4.0));
    recorder.fail_unfinished(began + seconds(14.0));
    assert_eq!(recorder.in_progress(), 0);
    let outcome = recorder.outcome();
    let wrong = &outcome.flows[1].wrong[0];
    assert_eq!((&*wrong.kind, wrong.count), ("no_answer", 1));
    assert!(
        wrong.example.starts_with("not finished after 1"),
        "{}",
        wrong.example
    );
}

#[test]
fn dropped_arrivals_are_not_failures() {
    let (recorder, began) = recorder();
    recorder.drop_arrival(0, began + seconds(0.5));
    recorder.drop_arrival(0, began + seconds(1.5));
    recorder.drop_arrival(1, began + seconds(2.5));
    let outcome = ended(&recorder);
    assert_eq!(
        outcome
            .flows
            .iter()
            .map(|flow| flow.dropped)
            .collect::<Vec<_>>(),
        [1, 1]
    );
    assert_eq!(outcome.flows[0].failures, 0);
}

#[test]
fn early_ends_report_the_measured_time() {
    let (recorder, began) = recorder();
    done(&recorder, 0, began + seconds(1.5), 0.1, Ok(()));
    recorder.end(began + seconds(2.5));
    let outcome = recorder.outcome();
    assert_eq!((outcome.seconds, outcome.interrupted), (1.5, true));
    assert_eq!(outcome.timeline.len(), 2);

    let (recorder, began) = self::recorder();
    recorder.end(began + seconds(0.5));
    let outcome = recorder.outcome();
    assert_eq!((outcome.seconds, outcome.interrupted), (0.0, true));
}

#[test]
fn messages_are_lines_that_can_be_read_back() {
    let (recorder, began) = recorder();
    done(&recorder, 0, began + seconds(1.5), 0.1, Ok(()));
    let line = serde_json::to_string(&Message::Outcome(ended(&recorder))).unwrap();
    assert!(!line.contains('\n'));
    let Message::Outcome(outcome) = serde_json::from_str(&line).unwrap() else {
        panic!("{line}");
    };
    assert_eq!(outcome.flows[0].latencies.count(), 1);
    assert_eq!(
        serde_json::to_string(&Message::Counting).unwrap(),
        r#""counting""#
    );
}
