//! Signals while answers are compared.

use std::time::Duration;

use crate::support::{TestRoot, wait_until};

const PROBE: &str = "about = \"x\"\ntransports = [\"line\"]\n[line]\ntimeout_ms = 60000\n[compare]\nbody = \"ranking\"\n[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"score\"\n";
const ONE: &str = "[[case]]\nname = \"one\"\ninput = '1'\n";
/// Rankings of this many hits take minutes to compare, though their answers are small.
const HITS: usize = 60_000;

#[test]
fn signals_end_a_run_while_it_compares() {
    let hits = format!(
        "awk 'BEGIN {{ printf \"{{\\\"hits\\\":[\"; for (i = 0; i < {HITS}; i++) printf \"%s{{\\\"id\\\":%d,\\\"score\\\":%d}}\", (i ? \",\" : \"\"), i, {HITS} - i; print \"]}}\" }}'"
    );
    for signal in ["-TERM", "-INT"] {
        let root = TestRoot::pair("", "", ONE).probe("s", PROBE);
        let answered = root.path("answered");
        for name in ["left", "right"] {
            let script = format!(
                "while read -r line; do {hits}; echo >> {}; done",
                answered.display()
            );
            root.write(&format!("{name}.sh"), &script);
        }
        let child = root.start(&[]);
        // Both implementations, in two rounds.
        wait_until("the answers are incomplete", || {
            let lines = std::fs::read_to_string(&answered).ok()?.lines().count();
            (lines == 4).then_some(())
        });
        let (ran, took) = root.interrupt(child, signal, 2);
        assert_eq!(
            ran.outcome("one"),
            "invalid: the run was cut short before this case was compared"
        );
        // The limit is two seconds; a loaded machine may give the process a third of them.
        assert!(took < Duration::from_secs(6), "it took {took:?}");
        assert!(root.leftover_folders().is_empty());
    }
}
