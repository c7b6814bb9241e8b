//! `--generate`: findings are shrunk and saved.

mod requests;

use serde_json::Value;

use crate::support::{ECHO, LINE_PROBE, RunResult, TestRoot};

const SHAPES: &str = "transport = \"line\"\ntimeout_ms = 60000\nroot = { object = { a = { integer = [0, 9] }, b = \"$chaos\", \"c?\" = { array = \"$chaos\" } } }\n";

/// A script that echoes each line, except that it runs `otherwise` for lines that contain `mark`.
fn echo_except(mark: &str, otherwise: &str) -> String {
    format!(
        "while IFS= read -r line; do case \"$line\" in *'{mark}'*) {otherwise};; *) printf '%s\\n' \"$line\";; esac; done"
    )
}

fn root(right: &str, shapes: &str) -> TestRoot {
    with_helpers(TestRoot::new(), right, shapes)
}

fn with_helpers(root: TestRoot, right: &str, shapes: &str) -> TestRoot {
    root.helper("left", ECHO)
        .helper("right", right)
        .probe("s", LINE_PROBE)
        .file("fixtures/probes/s/generate.toml", shapes)
}

fn findings(ran: &RunResult) -> &Vec<Value> {
    ran.report["generated"]["findings"].as_array().unwrap()
}

fn only_finding(ran: &RunResult) -> &Value {
    let [finding] = findings(ran).as_slice() else {
        panic!("{ran:#?}");
    };
    finding
}

#[test]
fn a_difference_is_found_shrunk_and_saved_once() {
    let root = root(&echo_except("<", "echo '\"less\"'"), SHAPES);
    let ran = root
        .run(&["--generate", "600", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    let input = finding["input"].as_str().unwrap();
    assert!(input.contains('<') && input.len() < 12, "{finding:#?}");
    assert_eq!(finding["path"], "body:$");
    assert_eq!(ran.report["generated"]["divergences"], 1);
    assert_eq!(ran.report["generated"]["seed"], 1);
    assert_eq!(ran.report["generated"]["inputs"], 600);
    assert!(ran.report["results"][0]["diverged"].as_u64().unwrap() > 1);
    assert!(ran.text.contains("1 finding"), "{}", ran.text);

    let saved = finding["saved"].as_str().unwrap();
    let text = root.read(saved);
    assert!(text.contains("--generate 600 --seed 1"), "{text}");
    assert!(text.contains("transports = [\"line\"]"), "{text}");
    let name = saved.rsplit('/').next().unwrap().trim_end_matches(".toml");
    for report in ["report.html", "junit.xml", "summary.md"] {
        let text = root.read(&format!("target/parity/latest/{report}"));
        assert!(text.contains(name), "{text}");
    }
    let again = root.run(&["--case", name]).ends(3, "fail");
    assert_eq!(again.differences(name), ["body:$ type"]);

    root.write("right.sh", ECHO);
    root.run(&["--case", name]).ends(0, "pass");
    root.run(&["--generate", "600", "--seed", "1"])
        .ends(0, "pass");
}

#[test]
fn run_lines_can_be_pasted_for_any_root() {
    let shapes = "transport = \"line\"\nroot = \"a\"\n";
    let root = TestRoot::named("it's a \"root\" of $HOME ");
    let root = with_helpers(root, "while read -r line; do echo '\"b\"'; done", shapes);
    let ran = root
        .run(&["--generate", "1", "--seed", "1"])
        .ends(3, "fail");
    let case = &ran.report["cases"][0];
    let again = root.finish(root.pasted(case["rerun"].as_str().unwrap()));
    let again = again.ends(3, "fail");
    let again = again.case(case["case"].as_str().unwrap(), "right");
    assert_eq!(again["rerun"], case["rerun"]);
}

#[test]
fn equal_answers_write_nothing() {
    let root = root(ECHO, SHAPES);
    let ran = root
        .run(&["--generate", "300", "--seed", "5"])
        .ends(0, "pass");
    assert_eq!(ran.report["generated"]["inputs"], 300);
    assert_eq!(ran.report["results"][0]["matched"], 300);
    assert!(findings(&ran).is_empty());
    assert!(!root.path("fixtures/probes/s/found").exists());
}

#[test]
fn a_crash_is_a_finding() {
    let ran = root(&echo_except("~", "exit 7"), SHAPES)
        .run(&["--generate", "200", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["kind"], "failure");
    assert!(finding["input"].as_str().unwrap().len() < 12, "{finding}");
    let case = &ran.report["cases"][0];
    let reason = case["reasons"][0].as_str().unwrap();
    assert!(
        reason.contains("`right`") && reason.contains("exit code 7"),
        "{reason}"
    );
}

#[test]
fn a_hang_is_a_finding_and_the_rest_goes_on() {
    let shapes = "transport = \"line\"\ntimeout_ms = 2000\nroot = { one = [{ weight = 40, text = \"plain\" }, { weight = 1, text = \"before~after\" }] }\n";
    let ran = root(&echo_except("~", "sleep 60"), shapes)
        .run(&["--generate", "120", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["input"], "\"~\"");
    let reason = ran.report["cases"][0]["reasons"][0].as_str().unwrap();
    assert!(reason.contains("no answer within 2 s"), "{reason}");
    assert_eq!(ran.report["generated"]["inputs"], 120);
}

#[test]
fn an_answer_that_is_not_json_is_a_finding() {
    let ran = root(&echo_except("<", "echo oops"), SHAPES)
        .run(&["--generate", "200", "--seed", "1"])
        .ends(3, "fail");
    let reason = ran.report["cases"][0]["reasons"][0].as_str().unwrap();
    assert!(reason.contains("`oops`"), "{reason}");
}

#[test]
fn the_seed_determines_the_inputs() {
    let keep = "while IFS= read -r line; do printf '%s\\n' \"$line\" >> \"$(dirname \"$0\")/seen\"; printf '%s\\n' \"$line\"; done";
    let root = root(keep, SHAPES);
    let seen = |seed: &str| {
        root.write("seen", "");
        root.run(&["--generate", "50", "--seed", seed])
            .ends(0, "pass");
        root.read("seen")
    };
    let (one, again, other) = (seen("1"), seen("1"), seen("2"));
    assert_eq!(one.lines().count(), 50);
    assert_eq!(one, again);
    assert_ne!(one, other);
}

#[test]
fn a_declared_difference_is_not_a_finding() {
    let right = "while read -r line; do echo '{\"a\":2}'; done";
    let pin = |right: &str| {
        format!(
            "[[divergence]]\nsurface = \"s\"\ncases = [\"one\"]\npair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"value\"\nshapes = [\"number 1\", \"{right}\"]\ncount = 1\nreason = \"r\"\ndecision = \"d\"\nexpires = 2099-01-01\n"
        )
    };
    let shapes = "transport = \"line\"\nroot = { json = '{\"a\":1}' }\n";
    let root = root(right, shapes)
        .cases("s", "[[case]]\nname = \"one\"\ninput = '{\"a\":1}'\n")
        .file("fixtures/divergences.toml", &pin("number 2"));
    root.run(&["--generate", "5", "--seed", "1"])
        .ends(0, "pass");
    root.write("fixtures/divergences.toml", &pin("number 3"));
    let ran = root
        .run(&["--generate", "5", "--seed", "1"])
        .ends(3, "fail");
    assert_eq!(findings(&ran).len(), 1);
}

#[test]
fn generation_stops_at_max_findings() {
    let right =
        "n=0; while IFS= read -r line; do n=$((n+1)); printf '{\"k%s\":1}\\n' \"$line\"; done";
    let shapes = "transport = \"line\"\nroot = { integer = [1, 200] }\n";
    let ran = root(right, shapes)
        .run(&["--generate", "5000", "--seed", "1", "--max-findings", "1"])
        .ends(3, "fail");
    assert_eq!(findings(&ran).len(), 1);
    assert!(ran.report["generated"]["inputs"].as_u64().unwrap() < 5000);
}

#[test]
fn a_difference_in_each_class_is_a_finding() {
    let shapes = "transport = \"line\"\nCLASSroot = { object = { args = { one = [\"-a\", \"-b\", \"-c\"] }, text = \"$chaos\" } }\n";
    let right = "while IFS= read -r line; do case \"$line\" in *'\"-a\"'* | *'\"-b\"'*) printf '%s' \"$line\" | sed 's/-[ab]/A/'; echo;; *) printf '%s\\n' \"$line\";; esac; done";
    let without = root(right, &shapes.replace("CLASS", ""));
    let ran = without
        .run(&["--generate", "60", "--seed", "1"])
        .ends(3, "fail");
    assert_eq!(only_finding(&ran)["class"], Value::Null);

    let with = root(right, &shapes.replace("CLASS", "class = \"$.args\"\n"));
    let ran = with
        .run(&["--generate", "60", "--seed", "1"])
        .ends(3, "fail");
    let mut classes: Vec<&str> = findings(&ran)
        .iter()
        .map(|finding| finding["class"].as_str().unwrap())
        .collect();
    classes.sort_unstable();
    assert_eq!(classes, ["$.args = \"-a\"", "$.args = \"-b\""]);
}

#[test]
fn inputs_that_both_sides_fail_on_are_no_findings() {
    for (fails, how) in [
        ("exit 7", "crashed"),
        ("echo oops", "sent a line that is not JSON"),
    ] {
        let both = echo_except("<", fails);
        let root = root(&both, SHAPES).file("left.sh", &both);
        let ran = root
            .run(&["--generate", "100", "--seed", "1"])
            .ends(4, "inconclusive");
        assert!(findings(&ran).is_empty(), "{ran:#?}");
        assert!(!root.path("fixtures/probes/s/found").exists());
        let failed = &ran.report["generated"]["both_failed"];
        assert_eq!(failed.as_array().unwrap().len(), 1, "{failed}");
        assert_eq!(failed[0]["how"], how);
        assert_eq!(failed[0]["inputs"], ran.report["results"][0]["invalid"]);
        assert!(failed[0]["example"].as_str().unwrap().contains('<'));
        let reasons = ran.list("inconclusive").join("\n");
        let expected = format!("`left` and `right` both {how} on ");
        assert!(reasons.contains(&expected), "{reasons}");
    }
}

#[test]
fn a_finding_of_several_implementations_is_one_case() {
    let shapes =
        "transport = \"line\"\nroot = { object = { a = \"$chaos\", b = { integer = [0, 9] } } }\n";
    let alike = echo_except("<", "echo '\"less\"'");
    let root = root(&alike, shapes).helper("third", &alike);
    let ran = root
        .run(&["--generate", "100", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["implementation"], "right");
    assert_eq!(finding["also"], serde_json::json!(["third"]));
    let saved = finding["saved"].as_str().unwrap();
    assert!(saved.contains("/left_body_"), "{saved}");
    let files = std::fs::read_dir(root.path("fixtures/probes/s/found")).unwrap();
    assert_eq!(files.count(), 1);
    let name = ran.report["cases"][0]["case"].as_str().unwrap();
    for (implementation, other) in [("right", "third"), ("third", "right")] {
        let case = ran.case(name, implementation);
        let expected = format!("{implementation} differs from left, and so does {other}");
        assert_eq!(case["attribution"], expected);
    }

    // One that agrees with the reference is not part of the case.
    root.write("third.sh", ECHO);
    let ran = root
        .run(&["--generate", "100", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["also"], serde_json::json!([]));
    assert!(finding["saved"].as_str().unwrap().contains("/right_body_"));
}

#[test]
fn differences_that_do_not_come_again_are_flaky() {
    // It differs once, or in every second process.
    let once = "[ -e \"$0.seen\" ] || { touch \"$0.seen\"; line='\"other\"'; }";
    let every_second =
        "if [ -e \"$0.seen\" ]; then rm \"$0.seen\"; else touch \"$0.seen\"; line='\"other\"'; fi";
    let shapes = "transport = \"line\"\nroot = \"a\"\n";
    for differs in [once, every_second] {
        let script = format!("read -r line; {differs}; printf '%s\\n' \"$line\"; {ECHO}");
        let root = root(&script, shapes);
        let ran = root
            .run(&["--generate", "1", "--seed", "1"])
            .ends(4, "inconclusive");
        assert!(findings(&ran).is_empty(), "{ran:#?}");
        assert!(!root.path("fixtures/probes/s/found").exists());
        let flaky = &ran.report["generated"]["flaky"][0];
        assert_eq!(flaky["path"], "body:$");
        assert_eq!(flaky["input"], "\"a\"");
        let reasons = ran.list("inconclusive").join("\n");
        assert!(
            reasons.contains("flaky: `right` differed on `s`"),
            "{reasons}"
        );
    }
}

#[test]
fn mistakes_in_shapes_are_reported_with_their_place() {
    for (shapes, texts) in [
        (
            "root = \"$txt\"\n[shapes]\ntext = \"a\"\n",
            ["unknown shape `txt`", "did you mean `text`?"],
        ),
        (
            "root = \"$a\"\n[shapes]\na = { join = [\"x\", \"$b\"] }\nb = \"$a\"\n",
            ["the shape `a` contains itself", "$any"],
        ),
        (
            "root = { text = \"a\", json = \"1\" }\n",
            ["a shape must have exactly one kind", "`matching`"],
        ),
        (
            "root = \"a\"\n[shapes]\nb = \"c\"\n",
            ["the shape `b` is not used", "generate.toml:4:5"],
        ),
        (
            "root = { repeat = \"a\", times = [3, 1] }\n",
            ["the end of a range is below its start", "this shape"],
        ),
        (
            "root = { repeat = \"a\", length = [1, 3] }\n",
            ["`length` applies to `array` and `some` only", "this shape"],
        ),
        (
            "damage = 3.0\nroot = \"a\"\n",
            ["`damage` must be a share", "not between 0 and 1"],
        ),
        (
            "steps = true\nroot = \"a\"\n",
            [
                "`steps` does not apply to the `line` transport",
                "only for `http`",
            ],
        ),
        (
            "class = \"pth\"\nroot = \"a\"\n",
            ["`pth` is not a JSON path", "`status`"],
        ),
        (
            "class = [\"$.a\", \"method\"]\nroot = \"a\"\n",
            [
                "`method` and `path` are classes of inputs that are sequences",
                "set `steps = true`",
            ],
        ),
        (
            "clean = [\"DELETE /a\"]\nroot = \"a\"\n",
            [
                "`clean` lists requests for inputs that are sequences",
                "set `steps = true`",
            ],
        ),
    ] {
        root(ECHO, &format!("transport = \"line\"\n{shapes}"))
            .run(&["--generate", "1"])
            .refuses(&texts);
    }
    root(ECHO, "transport = \"http\"\nroot = \"a\"\n")
        .run(&["--generate", "1"])
        .refuses(&["the probe of `s` does not run over `http`"]);
    TestRoot::pair(ECHO, ECHO, "")
        .run(&["--generate", "1", "--surface", "s"])
        .refuses(&["no inputs can be generated for `s`"]);
}
