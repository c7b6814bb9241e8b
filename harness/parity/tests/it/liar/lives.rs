//! Lies about living and dying.

use super::{Lie, over_both};

#[test]
fn dies_half_way() {
    over_both(|transport| {
        let told = Lie::over(transport, "dies_half_way")
            .told()
            .ends(4, "inconclusive")
            .finds(&[(
                "plain",
                "invalid: `liar`: died on this case (exit code 3) | failure failure",
            )]);
        let tail = &told.0.case("plain", "liar")["right"][0]["stderr_tail"];
        assert_eq!(tail, "out of luck", "{transport}");
    });
}

#[test]
fn answers_and_dies() {
    // The one that is asked next finds it dead, and has done nothing.
    over_both(|transport| {
        Lie::over(transport, "answers_then_dies")
            .told_with(&["--seed", "2"])
            .ends(4, "inconclusive")
            .finds(&[(
                "plain",
                "invalid: `liar`: answered this case and then died (exit code 4) | failure failure",
            )]);
    });
    Lie::over("line", "answers_then_dies")
        .told_with(&["--case", "plain"])
        .ends(4, "inconclusive")
        .finds(&[(
            "plain",
            "invalid: `liar`: answered this case and then died (exit code 4) | failure failure",
        )]);
}

#[test]
fn never_answers() {
    over_both(|transport| {
        Lie::over(transport, "stuck")
            .with("timeout_ms = 5000", "timeout_ms = 4000")
            .told()
            .ends(4, "inconclusive")
            .finds(&[(
                "plain",
                "invalid: `liar`: gave no answer within 4000 ms | failure failure",
            )]);
    });
}

#[test]
fn a_grandchild_left_running() {
    let told = Lie::over("line", "grandchild")
        .told()
        .ends(1, "inconclusive");
    let told = told.finds(&[]).list("infrastructure");
    assert_eq!(told.len(), 2, "one per round: {told:?}");
    for trouble in told {
        assert!(
            trouble.starts_with("`liar` left `sleep 300` (process ")
                && trouble.ends_with(") running behind it; it was killed"),
            "{trouble}"
        );
    }
    // A server is stopped with its group, and its children are of that.
    Lie::over("http", "grandchild")
        .told()
        .ends(0, "pass")
        .finds(&[]);
}

#[test]
fn a_grandchild_that_hides() {
    over_both(|transport| {
        let told = Lie::over(transport, "daemon")
            .told()
            .ends(1, "inconclusive");
        let told = told.finds(&[]).list("infrastructure");
        assert_eq!(told.len(), 2, "one per round: {told:?}");
        for trouble in told {
            assert!(
                trouble.starts_with("`sleep 300` (process ")
                    && trouble.ends_with(") was started by this run, left its process group and was still running; it was killed"),
                "{trouble}"
            );
        }
    });
}
