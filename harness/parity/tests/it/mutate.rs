//! `--mutate`: which damage is detected, is hidden by a normaliser, or survives.

use serde_json::Value;

use crate::support::{ECHO, LINE_PROBE, RunResult, TestRoot};

const CASES: &str = "[[case]]\nname = \"one\"\ninput = '{\"status\":200,\"body\":{\"ms\":7,\"b\":[1,\"x\",true],\"a\":{\"k\":null}}}'\n";

const PLAIN: &str = "about = \"x\"\ntransports = [\"line\"]\n[line]\nenvelope = \"response\"\n";

fn mutated(probe: &str) -> RunResult {
    TestRoot::pair(ECHO, ECHO, CASES)
        .probe("s", probe)
        .run(&["--mutate", "--seed", "7"])
}

#[track_caller]
fn count(ran: &RunResult, name: &str) -> u64 {
    ran.report["mutation"][name].as_u64().unwrap()
}

#[track_caller]
fn survivors(ran: &RunResult) -> &Vec<Value> {
    ran.report["mutation"]["survivors"].as_array().unwrap()
}

/// The distinct values of a member of the survivors.
#[track_caller]
fn distinct(ran: &RunResult, member: &str) -> Vec<String> {
    let mut all: Vec<String> = survivors(ran)
        .iter()
        .map(|survivor| survivor[member].as_str().unwrap().to_owned())
        .collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn comparing_everything_kills_all_damage() {
    let ran = mutated(PLAIN).ends(0, "pass");
    assert!(count(&ran, "total") > 50, "{}", ran.report["mutation"]);
    assert_eq!(count(&ran, "killed"), count(&ran, "total"));
    assert_eq!(count(&ran, "hidden"), 0);
    assert!(survivors(&ran).is_empty());
    let mutation = &ran.report["mutation"];
    assert_eq!(mutation["cases"][0]["case"], "one");
    assert_eq!(mutation["cases"][0]["killed"], mutation["killed"]);
    assert_eq!(mutation["probes"][0]["answers"], 2, "one of each side");
    assert!(ran.text.contains("all detected"), "{}", ran.text);
}

#[test]
fn without_the_option_nothing_is_damaged() {
    let ran = TestRoot::pair(ECHO, ECHO, CASES)
        .probe("s", PLAIN)
        .run(&[])
        .ends(0, "pass");
    assert_eq!(ran.report["mutation"], Value::Null);
}

#[test]
fn a_body_that_is_not_compared_leaves_survivors() {
    let root = TestRoot::pair(ECHO, ECHO, CASES)
        .probe("s", &format!("{PLAIN}[compare]\nbody = \"status\"\n"));
    let ran = root.run(&["--mutate", "--seed", "7"]).ends(3, "fail");
    let survived = survivors(&ran).len();
    assert!(survived > 30, "{survived}");
    assert_eq!(distinct(&ran, "reason"), ["the body is not compared"]);
    assert_eq!(distinct(&ran, "case"), ["one"]);
    assert!(distinct(&ran, "path").contains(&"body:$.a.k".to_owned()));
    // The status is still compared.
    assert!(count(&ran, "killed") > 0);
    assert!(
        ran.text.contains(&format!("{survived} of")) && ran.text.contains("not detected"),
        "{}",
        ran.text
    );
    for (file, texts) in [
        ("summary.md", ["### Mutation", "- not detected: **s**"]),
        (
            "report.html",
            ["<section id=\"mutation\">", "the body is not compared"],
        ),
        (
            "junit.xml",
            ["<testsuite name=\"mutation\"", "type=\"survived\""],
        ),
    ] {
        let report = root.read(&format!("target/parity/latest/{file}"));
        for text in texts {
            assert!(report.contains(text), "no `{text}` in {file}");
        }
    }
}

#[test]
fn damage_hidden_by_a_normaliser_is_not_a_survivor() {
    let normaliser = "[[normalise]]\non = \"body\"\npath = \"$.ms\"\nmust_be = \"number>=0\"\naction = \"replace\"\nreason = \"wall time\"\n";
    // The two sides differ in `ms`, so the normaliser is needed.
    let right =
        "while IFS= read -r line; do printf '%s\\n' \"$line\" | sed 's/\"ms\":7/\"ms\":8/'; done";
    let ran = TestRoot::pair(ECHO, right, CASES)
        .probe("s", &format!("{PLAIN}{normaliser}"))
        .run(&["--mutate", "--seed", "7"])
        .ends(0, "pass");
    assert!(survivors(&ran).is_empty());
    let hidden = &ran.report["mutation"]["hidden_by"];
    assert_eq!(hidden.as_array().unwrap().len(), 1);
    assert_eq!(hidden[0]["normaliser"], "body $.ms");
    assert_eq!(hidden[0]["reason"], "wall time");
    assert_eq!(hidden[0]["count"], ran.report["mutation"]["hidden"]);
    assert!(count(&ran, "hidden") >= 4, "{hidden}");
    let example = hidden[0]["example"].as_str().unwrap();
    assert!(example.contains("at `body:$.ms` in `one`"), "{example}");
}

/// Two cases in which `right` answers with a string instead of a number, and an entry for that.
fn declared(entry: &str) -> TestRoot {
    let quotes = "sed -u 's/\"a\":\\([0-9][0-9]*\\)/\"a\":\"\\1\"/'";
    let cases =
        ["1", "22"].map(|n| format!("[[case]]\nname = \"n{n}\"\ninput = '{{\"a\":{n}}}'\n"));
    let grounds = "pair = [\"left\", \"right\"]\npath = \"body:$.a\"\nkind = \"type\"\nreason = \"it sends text\"\ndecision = \"kept\"\nexpires = 2999-01-01\n";
    let entry = format!("[[divergence]]\nsurface = \"s\"\n{grounds}{entry}");
    TestRoot::pair(ECHO, quotes, &cases.concat()).file("fixtures/divergences.toml", &entry)
}

const RULE: &str = "cases = [\"*\"]\nshapes = [\"any number\", \"any string\"]\n";

#[test]
fn damage_that_a_rule_of_the_ledger_allows_is_counted_apart() {
    let root = declared(RULE);
    let ran = root.run(&["--mutate", "--seed", "7"]).ends(0, "pass");
    assert!(survivors(&ran).is_empty());
    let by_rules = count(&ran, "by_rules");
    // A digit and the sign of a number, and a character of a string, in two cases.
    assert!(by_rules >= 6, "{by_rules}");
    assert_eq!(count(&ran, "hidden"), by_rules);
    let [hidden] = ran.report["mutation"]["hidden_by"]
        .as_array()
        .unwrap()
        .as_slice()
    else {
        panic!("{ran:#?}");
    };
    assert_eq!(
        hidden["normaliser"],
        "fixtures/divergences.toml:1 body:$.a type"
    );
    assert_eq!(hidden["reason"], "it sends text");
    assert_eq!(hidden["count"], by_rules);
    // Another type or another place is no part of the rule.
    assert!(
        count(&ran, "killed") > by_rules,
        "{}",
        ran.report["mutation"]
    );
    let sentence = format!("{by_rules} more accepted by rules of the ledger");
    let page = root.read("target/parity/latest/report.html");
    for text in [&ran.text, &page] {
        assert!(text.contains(&sentence), "{text}");
    }
    assert!(page.contains("<code>fixtures/divergences.toml:1 body:$.a type</code>"));
}

#[test]
fn a_rule_with_an_exact_value_allows_no_other() {
    let shapes = "shapes = [\"number 1\", '\"1\"']\ncount = 1\n";
    let root = declared(&format!("cases = [\"n1*\"]\n{shapes}"));
    let ran = root.run(&["--mutate", "--seed", "7", "--case", "n1"]);
    let ran = ran.ends(0, "pass");
    assert!(survivors(&ran).is_empty());
    assert_eq!(count(&ran, "by_rules"), 0);
}

#[test]
fn every_accepted_difference_is_changed_in_every_answer() {
    // Few copies are made of a long answer, and there are many other places to damage.
    let numbers: Vec<String> = (0..20_000).map(|n| n.to_string()).collect();
    let long = format!("{{\"a\":1,\"b\":[{}]}}", numbers.join(","));
    let case = format!("[[case]]\nname = \"long\"\ninput = '{long}'\n");
    let root = declared(RULE).cases("s", &case);
    let ran = root.run(&["--mutate", "--seed", "7"]).ends(0, "pass");
    // One for each side.
    assert!(count(&ran, "by_rules") >= 2, "{}", ran.report["mutation"]);
}

#[test]
fn an_unlimited_tolerance_leaves_survivors() {
    let cases = "[[case]]\nname = \"one\"\ninput = '{\"v\":[0.6,0.8]}'\n";
    let probe = |cosine: &str| {
        format!(
            "{LINE_PROBE}[compare]\nbody = \"vectors\"\nvectors_at = [\"$.v\"]\ncosine = {cosine}\n"
        )
    };
    let run = |cosine: &str| {
        TestRoot::pair(ECHO, ECHO, cases)
            .probe("s", &probe(cosine))
            .run(&["--mutate", "--seed", "7"])
    };
    run("1e-6").ends(0, "pass");
    let ran = run("3.0").ends(3, "fail");
    assert_eq!(distinct(&ran, "damage"), ["vector turned"]);
    assert_eq!(distinct(&ran, "path"), ["body:$.v"]);
    let reason = &distinct(&ran, "reason")[0];
    assert!(
        reason.starts_with("not reported, and should be as `direction`")
            && reason.ends_with("vectors: $.v, 1 - cos at most 3, norms within 0.0001"),
        "{reason}"
    );
}

#[test]
fn the_seed_determines_the_sample() {
    let probe = format!("{PLAIN}[compare]\nbody = \"status\"\n");
    let one = mutated(&probe).ends(3, "fail");
    let other = mutated(&probe).ends(3, "fail");
    assert_eq!(
        one.report["mutation"]["survivors"].as_array().map(Vec::len),
        Some(survivors(&other).len())
    );
    let places = |ran: &RunResult| -> Vec<(Value, Value)> {
        let pair = |s: &Value| (s["path"].clone(), s["change"].clone());
        survivors(ran).iter().map(pair).collect()
    };
    assert_eq!(places(&one), places(&other));
}

#[test]
fn invalid_answers_are_not_damaged() {
    let broken = "while IFS= read -r line; do echo nonsense; done";
    let ran = TestRoot::pair(ECHO, broken, CASES)
        .probe("s", PLAIN)
        .run(&["--mutate"])
        .ends(4, "inconclusive");
    assert_eq!(count(&ran, "total"), 0);
}
