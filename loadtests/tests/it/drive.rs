//! What a generator counts.

use std::time::{Duration, Instant};

use lakehouse_loadtests::drive::{Message, Outcome, Recorder};
use lakehouse_loadtests::flows::{Fault, FaultKind};

const FLOWS: [&str; 2] = ["first", "second"];

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// One second of warming up, three that count.
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
fn warming_up_is_left_out() {
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
fn each_second_has_what_happened_in_it() {
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
fn failures_are_told_by_kind_with_the_first_example() {
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
fn what_ends_late_counts_only_when_it_was_due_or_is_wrong() {
    let (recorder, began) = recorder();
    recorder.begin(0, 0);
    recorder.begin(1, 0);
    recorder.begin(2, 0);
    recorder.end(began + seconds(4.0));
    assert_eq!(recorder.at_work(), 3);
    // Due in time and done late, as of a schedule.
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
fn what_never_ends_is_a_failure() {
    let (recorder, began) = recorder();
    recorder.begin(3, 1);
    recorder.end(began + seconds(4.0));
    recorder.give_up(began + seconds(14.0));
    assert_eq!(recorder.at_work(), 0);
    let outcome = recorder.outcome();
    let wrong = &outcome.flows[1].wrong[0];
    assert_eq!((&*wrong.kind, wrong.count), ("no_answer", 1));
    assert!(wrong.example.starts_with("not done 1"), "{}", wrong.example);
}

#[test]
fn dropped_arrivals_are_counted_apart() {
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
fn an_early_end_tells_how_long_it_was() {
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
fn messages_are_lines_that_read_back() {
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
