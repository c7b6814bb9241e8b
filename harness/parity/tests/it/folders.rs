//! The file transport: one process per case, in its own folder.

use crate::support::TestRoot;

const PROBE: &str = "about = \"x\"\ntransports = [\"files\"]\n[files]\nobserve = [\"out\"]\n";
const CASES: &str = "[[case]]\nname = \"a\"\ninput = '{\"n\":1}'\nfiles = { \"in/x.jsonl\" = \"{\\\"v\\\":1}\\n{\\\"v\\\":2}\\n\" }\n";

fn root(left: &str, right: &str) -> TestRoot {
    let mut root = TestRoot::new().probe("s", PROBE).cases("s", CASES);
    for (name, script) in [("left", left), ("right", right)] {
        root = root.file(&format!("{name}.sh"), script).file(
            &format!("fixtures/implementations/{name}.toml"),
            &format!("language = \"sh\"\nversion = [\"echo\", \"sh 5\"]\n[files]\ncommand = [\"sh\", \"{{root}}/{name}.sh\", \"{{state}}\"]\n[surfaces]\ns = [\"files\"]\n"),
        );
    }
    root
}

const COPY: &str = "cd \"$1\"; read -r line; mkdir -p out/deep; cp in/x.jsonl out/deep/y.jsonl; printf '%s\\n' \"$line\"";

#[test]
fn folders_are_compared_line_by_line() {
    let ran = root(COPY, COPY).run(&[]).ends(0, "pass");
    assert_eq!(ran.report["implementations"][0]["version"], "sh 5");

    let cut = COPY
        .replace("cp in", "head -n 1 in")
        .replace("out/deep/y.jsonl;", "> out/deep/y.jsonl;");
    let ran = root(COPY, &cut).run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("a"), ["file:out/deep/y.jsonl line_count"]);

    let changed = format!("{COPY}; sed -i s/2/3/ out/deep/y.jsonl; echo '{{}}' > out/z.jsonl");
    let ran = root(COPY, &changed).run(&[]).ends(3, "fail");
    assert_eq!(
        ran.differences("a"),
        [
            "file:out/deep/y.jsonl:$[1].v value",
            "file:out/z.jsonl extra"
        ]
    );
}

#[test]
fn torn_lines_and_exit_codes_are_reported() {
    let torn = format!("{COPY}; printf '{{' >> out/deep/y.jsonl");
    let ran = root(COPY, &torn).run(&[]).ends(4, "inconclusive");
    let outcome = ran.outcome("a");
    assert!(
        outcome.starts_with("invalid: `right`: line 3 of `out/deep/y.jsonl` is not JSON"),
        "{outcome}"
    );

    let failing = format!("{COPY}; exit 4");
    let ran = root(COPY, &failing).run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("a"), ["exit exit"]);

    // Without output, the exit code is the answer.
    let silent = "cat > /dev/null";
    let ran = root(COPY, silent).run(&[]).ends(3, "fail");
    assert_eq!(
        ran.differences("a"),
        ["body missing", "file:out/deep/y.jsonl missing"]
    );
    root(silent, silent).run(&[]).ends(0, "pass");
    let failing = format!("{silent}; exit 4");
    let ran = root(silent, &failing).run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("a"), ["exit exit"]);

    let killed = "kill -9 $$";
    let ran = root(COPY, killed).run(&[]).ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("a"),
        "invalid: `right`: crashed on this case (signal 9 (SIGKILL))"
    );
}
