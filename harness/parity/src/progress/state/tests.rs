//! Events and the lines that follow from them.

use super::*;

fn planned() -> Planned {
    let job = |implementation: &str, rounds| PlannedJob {
        surface: "s".to_owned(),
        transport: Transport::Http,
        implementation: implementation.to_owned(),
        rounds,
        cases: vec!["a".to_owned(), "b".to_owned()],
    };
    Planned {
        reference: "rust".to_owned(),
        seed: 7,
        jobs: vec![job("rust", 2), job("go", 2), job("js", 0)],
    }
}

fn at<'a>(implementation: &'a str, case: &'a str) -> Place<'a> {
    Place {
        surface: "s",
        transport: Transport::Http,
        implementation,
        case,
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_comparison_counts_once_both_sides_have_answered_every_round() {
    let now = Instant::now();
    let mut state = State::new("reading", now);
    let line = state.count(Event::Planned(&planned()), now);
    assert_eq!(
        line,
        Some(Line::Passing(
            "4 comparisons of go, js with rust, seed 7".to_owned()
        ))
    );
    let mut answer = |implementation, case| {
        state.count(Event::Sent(at(implementation, case)), now);
        state.count(Event::Answered(at(implementation, case), None), now);
        state.line(now)
    };
    assert_eq!(answer("go", "a"), "[0/4] s/http go ✓ js ✓");
    assert_eq!(answer("go", "a"), "[0/4] s/http go ✓ js ✓");
    assert_eq!(answer("rust", "a"), "[0/4] s/http go ✓ js ✓");
    // The recording of `js` needs no round.
    assert_eq!(answer("rust", "a"), "[2/4] s/http go ✓ js ✓");
    // A third round is not part of the plan.
    assert_eq!(answer("rust", "a"), "[2/4] s/http go ✓ js ✓");
    state.count(Event::Finished(at("rust", "")), now);
    assert_eq!(state.line(now), "[3/4] s/http go ✓ js ✓");
    state.count(Event::Finished(at("go", "")), now);
    assert_eq!(state.plan.as_ref().map(|plan| plan.done), Some(4));
    // Everything has been sent, so the next step is shown.
    assert_eq!(state.line(now), "reading");
}

#[test]
fn the_remaining_time_follows_from_what_was_sent() {
    let now = Instant::now();
    let mut state = State::new("reading", now);
    state.count(Event::Planned(&planned()), now);
    state.count(Event::Answered(at("go", "a"), None), now);
    assert!(!state.line(now + seconds(1)).contains("left"));
    // One of eight took ten seconds.
    let line = state.line(now + seconds(10));
    assert!(line.ends_with(" · 1 min 10 s left"), "{line}");
}

#[test]
fn failures_are_named_once_and_then_counted() {
    let now = Instant::now();
    let mut state = State::new("reading", now);
    let mut planned = planned();
    planned.jobs[1].cases = (0..9).map(|case| case.to_string()).collect();
    state.count(Event::Planned(&planned), now);
    let mut fail = |case: &str| {
        let line = state.count(Event::Answered(at("go", case), Some("no\nanswer")), now);
        line.map(|line| match line {
            Line::Lasting(line) | Line::Passing(line) => line,
        })
    };
    assert_eq!(fail("0").as_deref(), Some("✗ s/http go `0`: no\\nanswer"));
    assert_eq!(fail("0"), None, "in the second round");
    for case in ["1", "2", "3", "4"] {
        assert!(fail(case).is_some(), "{case}");
    }
    assert_eq!(
        fail("5").as_deref(),
        Some("✗ s/http go: the report has the other failures")
    );
    assert_eq!(fail("6"), None);
    assert!(state.line(now).contains(" go ✗7 js ✓"), "{state:?}");
}

#[test]
fn a_slow_case_is_named_once() {
    let now = Instant::now();
    let mut state = State::new("reading", now);
    state.count(Event::Planned(&planned()), now);
    state.count(Event::Sent(at("go", "a")), now);
    assert_eq!(state.slow(now + seconds(4)), [""; 0]);
    assert_eq!(
        state.slow(now + seconds(5)),
        ["s/http go `a` has been running for 5 s"]
    );
    assert_eq!(state.slow(now + seconds(9)), [""; 0]);
    state.count(Event::Answered(at("go", "a"), None), now + seconds(9));
    state.count(Event::Sent(at("go", "b")), now + seconds(9));
    assert_eq!(state.slow(now + seconds(10)), [""; 0]);
}

#[test]
fn a_long_step_shows_its_time() {
    let now = Instant::now();
    let mut state = State::new("reading", now);
    let building = Event::Building {
        implementation: "go",
        command: "go build",
    };
    assert_eq!(
        state.count(building, now),
        Some(Line::Passing("building `go` with `go build`".to_owned()))
    );
    assert_eq!(state.line(now + seconds(2)), "building `go`");
    assert_eq!(state.line(now + seconds(75)), "building `go` · 1 min 15 s");
    state.count(Event::Detail("   Compiling x\n"), now);
    assert_eq!(
        state.line(now + seconds(6)),
        "building `go` · 6 s · Compiling x"
    );
    state.count(Event::Step("comparing"), now);
    assert_eq!(state.line(now + seconds(6)), "comparing · 6 s");
}
