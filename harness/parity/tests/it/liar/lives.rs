//! Implementations that die, hang, or leave processes behind.

use super::{Lie, over_both};

#[test]
fn dies_on_a_case() {
    over_both(|transport| {
        let result = Lie::over(transport, "dies_half_way")
            .run()
            .ends(4, "inconclusive")
            .finds(&[(
                "plain",
                "invalid: `liar`: crashed on this case (exit code 3) | failure failure",
            )]);
        let tail = &result.0.case("plain", "liar")["right"][0]["stderr_tail"];
        assert_eq!(tail, "out of luck", "{transport}");
    });
}

#[test]
fn dies_after_answering() {
    // The death is noticed at the next case, which is not to blame.
    over_both(|transport| {
        Lie::over(transport, "answers_then_dies")
            .run_with(&["--seed", "2"])
            .ends(4, "inconclusive")
            .finds(&[(
                "plain",
                "invalid: `liar`: answered this case and then crashed (exit code 4) | failure failure",
            )]);
    });
    Lie::over("line", "answers_then_dies")
        .run_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: answered this case and then crashed (exit code 4) | failure failure",
        )]);
}

#[test]
fn never_answers() {
    over_both(|transport| {
        Lie::over(transport, "stuck")
            .with("\ntimeout_ms = 60000", "\ntimeout_ms = 5000")
            .run()
            .ends(4, "inconclusive")
            .finds(&[(
                "plain",
                "invalid: `liar`: no answer within 5 s | failure failure",
            )]);
    });
}

#[test]
fn child_left_running() {
    let result = Lie::over("line", "grandchild")
        .run()
        .ends(1, "inconclusive");
    let failures = result.finds(&[]).list("infrastructure");
    assert_eq!(failures.len(), 2, "one per round: {failures:?}");
    for failure in failures {
        assert!(
            failure.starts_with("`liar` left `sleep 300` (process ")
                && failure.ends_with(") running behind it; it was killed"),
            "{failure}"
        );
    }
    // Stopping a server stops its process group, and so its children.
    Lie::over("http", "grandchild")
        .run()
        .ends(0, "pass")
        .finds(&[]);
}

#[test]
fn child_in_another_session() {
    over_both(|transport| {
        let result = Lie::over(transport, "daemon").run().ends(1, "inconclusive");
        let failures = result.finds(&[]).list("infrastructure");
        assert_eq!(failures.len(), 2, "one per round: {failures:?}");
        for failure in failures {
            assert!(
                failure.starts_with("`sleep 300` (process ")
                    && failure.ends_with(") was started by this run, left its process group and was still running; it was killed"),
                "{failure}"
            );
        }
    });
}
