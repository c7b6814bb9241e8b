//! An accepted difference of every kind hides no other one.

mod checks;

use std::collections::BTreeMap;
use std::path::Path;

use lakehouse_rig::implementation::Transport;

use super::divergence;
use super::entry::{Grounds, entries};
use crate::compare::guard::{self, Usability};
use crate::compare::{compare, prepare};
use crate::config::Root;
use crate::difference::{Difference, DifferenceKind, type_name};
use crate::observation::{Failure, Observation, Step};
use crate::outcome::{CaseOutcome, CaseVerdict, JudgedDifference};

/// Both answers to a case.
type Pair = (Step, Step);

/// A difference that is accepted, and what must not pass for it.
struct Planted {
    /// Lines of `[compare]`.
    compare: &'static str,
    accepted: Pair,
    /// Another value of the same type at the same place.
    other: Pair,
    /// A value of another type at the same place, for kinds that rules may accept by type.
    outside: Option<Pair>,
}

fn json(left: &str, right: &str) -> Pair {
    let step = |body: &str| Step {
        body: body.as_bytes().to_vec(),
        ..Step::default()
    };
    (step(left), step(right))
}

/// Answers with a status, a header and an exit code.
fn answers(change: fn(&mut Step)) -> Pair {
    let (mut left, _) = json("{}", "");
    left.status = Some(200);
    left.exit = Some(0);
    left.headers.insert("x".to_owned(), vec![b"one".to_vec()]);
    let mut right = left.clone();
    change(&mut right);
    (left, right)
}

fn file(left: &str, right: &str) -> Pair {
    let step = |text: &str| Step {
        files: BTreeMap::from([("a.jsonl".to_owned(), text.as_bytes().to_vec())]),
        ..json("{}", "").0
    };
    (step(left), step(right))
}

fn hits(ids: &[(&str, f64)]) -> String {
    let hit = |(id, score): &(&str, f64)| format!(r#"{{"id":"{id}","d":{score:?}}}"#);
    let all: Vec<String> = ids.iter().map(hit).collect();
    format!(r#"{{"hits":[{}]}}"#, all.join(","))
}

const VECTORS: &str = "body = \"vectors\"\nvectors_at = [\"$.v\"]";
const RANKED: &str = "body = \"ranking\"\n[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"d\"\ntolerance = 0.01\n";
const LAX: &str = "body = \"ranking\"\n[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\"]\nscore = \"d\"\ntolerance = 0.01\noverlap = 0.1\n";

/// One row for each kind; `None` for a failure, which is never comparable and never accepted.
fn planted(kind: DifferenceKind) -> Option<Planted> {
    use DifferenceKind as Kind;
    let row = |compare, accepted, other, outside| Planted {
        compare,
        accepted,
        other,
        outside,
    };
    let one = r#"{"a":1}"#;
    let ranked =
        |scores: &[(&str, f64)]| json(&hits(&[("a", 0.1), ("b", 0.2), ("c", 0.3)]), &hits(scores));
    Some(match kind {
        Kind::Value => row(
            "",
            json(one, r#"{"a":2}"#),
            json(one, r#"{"a":3}"#),
            Some(json(r#"{"a":"x"}"#, r#"{"a":"y"}"#)),
        ),
        Kind::Type => row(
            "",
            json(one, r#"{"a":"2"}"#),
            json(one, r#"{"a":"3"}"#),
            Some(json(one, r#"{"a":true}"#)),
        ),
        Kind::Missing => row(
            "",
            json(one, "{}"),
            json(r#"{"a":2}"#, "{}"),
            Some(json(r#"{"a":"1"}"#, "{}")),
        ),
        Kind::Extra => row(
            "",
            json("{}", r#"{"a":[1]}"#),
            json("{}", r#"{"a":[2]}"#),
            Some(json("{}", r#"{"a":{}}"#)),
        ),
        Kind::KeyOrder => row(
            "key_order = true",
            json(r#"{"a":1,"b":2,"c":3}"#, r#"{"b":2,"a":1,"c":3}"#),
            json(r#"{"a":1,"b":2,"c":3}"#, r#"{"a":1,"c":3,"b":2}"#),
            None,
        ),
        Kind::DuplicateKey => row(
            "",
            json(one, r#"{"a":1,"a":2}"#),
            json(one, r#"{"a":1,"a":3}"#),
            None,
        ),
        Kind::NumberLexeme => row(
            "numbers = \"lexeme\"",
            json(r#"{"a":1.0}"#, r#"{"a":1.00}"#),
            json(r#"{"a":1.0}"#, r#"{"a":1e0}"#),
            None,
        ),
        Kind::Escape => row(
            "escapes = true",
            json(r#"{"a":"/"}"#, r#"{"a":"\/"}"#),
            json(r#"{"a":"/"}"#, r#"{"a":"\u002f"}"#),
            None,
        ),
        Kind::Length => row(
            "",
            json(r#"{"a":[1]}"#, r#"{"a":[1,2]}"#),
            json(r#"{"a":[1]}"#, r#"{"a":[1,3]}"#),
            None,
        ),
        Kind::Status => row(
            "",
            answers(|step| step.status = Some(400)),
            answers(|step| step.status = Some(404)),
            None,
        ),
        Kind::Header => row(
            "",
            answers(|step| {
                step.headers
                    .extend([("x".to_owned(), vec![b"two".to_vec()])]);
            }),
            answers(|step| {
                step.headers
                    .extend([("x".to_owned(), vec![b"six".to_vec()])]);
            }),
            Some(answers(|step| step.headers.clear())),
        ),
        Kind::Bytes => row(
            "body = \"bytes\"",
            json("abc", "abd"),
            json("abc", "abe"),
            None,
        ),
        Kind::Direction => row(
            VECTORS,
            json(r#"{"v":[1,0]}"#, r#"{"v":[0,1]}"#),
            json(r#"{"v":[1,0]}"#, r#"{"v":[0.6,0.8]}"#),
            None,
        ),
        Kind::Norm => row(
            VECTORS,
            json(r#"{"v":[1,0]}"#, r#"{"v":[2,0]}"#),
            json(r#"{"v":[1,0]}"#, r#"{"v":[3,0]}"#),
            None,
        ),
        Kind::Dimension => row(
            VECTORS,
            json(r#"{"v":[1,0]}"#, r#"{"v":[1,0,0]}"#),
            json(r#"{"v":[1,0]}"#, r#"{"v":[1,0,1]}"#),
            None,
        ),
        Kind::Metric => row(
            "body = \"metrics\"\ntolerance = 0.1",
            json("a 10", "a 20"),
            json("a 10", "a 30"),
            None,
        ),
        Kind::RankingOrder => row(
            RANKED,
            ranked(&[("b", 0.2), ("a", 0.1), ("c", 0.3)]),
            ranked(&[("a", 0.1), ("c", 0.3), ("b", 0.2)]),
            None,
        ),
        Kind::RankingOverlap => row(
            RANKED,
            ranked(&[("a", 0.1), ("b", 0.2), ("d", 0.3)]),
            ranked(&[("a", 0.1), ("b", 0.2), ("e", 0.3)]),
            None,
        ),
        Kind::RankingScore => row(
            RANKED,
            ranked(&[("a", 0.1), ("b", 0.2), ("c", 0.4)]),
            ranked(&[("a", 0.1), ("b", 0.2), ("c", 0.5)]),
            None,
        ),
        Kind::RankingLength => row(
            LAX,
            ranked(&[("a", 0.1), ("b", 0.2)]),
            ranked(&[("a", 0.1), ("c", 0.3)]),
            None,
        ),
        Kind::LineCount => row(
            "",
            file("{\"x\":1}\n", "{\"x\":1}\n{\"x\":2}\n"),
            file("{\"x\":1}\n", "{\"x\":1}\n{\"x\":3}\n"),
            None,
        ),
        Kind::TrailingBytes => row(
            "body = \"bytes\"",
            json("abc", "abc\n\n"),
            json("abc", "abc\n "),
            None,
        ),
        Kind::Exit => row(
            "",
            answers(|step| step.exit = Some(3)),
            answers(|step| step.exit = Some(4)),
            None,
        ),
        Kind::Failure => return None,
    })
}

/// A root with one case, its probe and its accepted differences.
fn root(compare: &str, accepted: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("it can be created");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        let parent = path.parent().unwrap_or(Path::new(""));
        std::fs::create_dir_all(parent).expect("it can be created");
        std::fs::write(path, text).expect("it can be written");
    };
    write("fixtures/harness.toml", "reference = \"left\"\n");
    for name in ["left", "right"] {
        let text = "language = \"sh\"\nversion_text = \"1\"\n[helper]\ncommand = [\"sh\"]\n[surfaces]\ns = [\"line\"]\n";
        write(&format!("fixtures/implementations/{name}.toml"), text);
    }
    let probe = format!("about = \"\"\ntransports = [\"line\"]\n[compare]\n{compare}\n");
    write("fixtures/probes/s/probe.toml", &probe);
    let case = "[[case]]\nname = \"c\"\ninput = \"x\"\n";
    write("fixtures/probes/s/cases/all.toml", case);
    write("fixtures/divergences.toml", accepted);
    folder
}

fn read(folder: &tempfile::TempDir) -> Root {
    match Root::read(folder.path()) {
        Ok(root) => root,
        Err(error) => panic!("{:?}", miette::Report::new(error)),
    }
}

fn differences(root: &Root, pair: &Pair) -> Vec<Difference> {
    let probe = &root.probes["s"];
    let prepared = |step: &Step| prepare(&Observation::single(step.clone()), probe, None);
    compare(
        &prepared(&pair.0),
        &prepared(&pair.1),
        &probe.compare,
        false,
    )
}

fn outcome(differences: Vec<Difference>) -> CaseOutcome {
    let judged = |difference| JudgedDifference {
        difference,
        pin: None,
    };
    CaseOutcome {
        surface: "s".to_owned(),
        transport: Transport::Line,
        case: "c".to_owned(),
        why: None,
        reference: "left".to_owned(),
        implementation: "right".to_owned(),
        verdict: CaseVerdict::Diverged,
        reasons: Vec::new(),
        noise: Vec::new(),
        inputs: Vec::new(),
        differences: differences.into_iter().map(judged).collect(),
        left: None,
        right: None,
        attribution: None,
        suggested_pins: Vec::new(),
        rerun: String::new(),
        duration_ms: 0,
    }
}

/// The differences that entries do not accept, and the failures of the entries.
fn unaccepted(compare: &str, accepted: &str, pair: &Pair) -> (Vec<String>, Vec<String>) {
    let folder = root(compare, accepted);
    let root = read(&folder);
    let mut case = outcome(differences(&root, pair));
    divergence::accept(&root.pins, &mut case);
    let left = case
        .differences
        .iter()
        .filter(|judged| judged.pin.is_none());
    let left = left
        .map(|judged| format!("{} {}", judged.difference.path, judged.difference.kind))
        .collect();
    let today = jiff::civil::date(2026, 1, 1);
    let (_, failures) = divergence::check(&root.pins, &[case], &|_| 1, today);
    (left, failures.into_iter().map(|f| f.message).collect())
}

#[test]
fn an_accepted_difference_of_any_kind_accepts_no_other_value() {
    for kind in DifferenceKind::ALL {
        let Some(planted) = planted(kind) else {
            continue;
        };
        let compare = planted.compare;
        let root = read(&root(compare, ""));
        let found = differences(&root, &planted.accepted);
        assert!(found.iter().any(|d| d.kind == kind), "{kind}: {found:?}");
        let case = outcome(found);
        let all = case.differences.iter().map(|d| (&case, &d.difference));
        let today = jiff::civil::date(2026, 1, 1);
        let entries: String = entries(all)
            .iter()
            .map(|entry| entry.toml(&Grounds::default(), today))
            .collect();
        let (left, failures) = unaccepted(compare, &entries, &planted.accepted);
        assert!(left.is_empty(), "{kind}: {left:?}");
        assert!(failures.is_empty(), "{kind}: {failures:?}");

        let is_planted = |d: &Difference| d.kind == kind;
        let others = differences(&root, &planted.other);
        assert!(others.iter().any(is_planted), "{kind}: {others:?}");
        let (left, failures) = unaccepted(compare, &entries, &planted.other);
        assert!(!left.is_empty(), "{kind} was accepted with {entries}");
        assert!(!failures.is_empty(), "{kind}: no entry failed");
    }
}

#[test]
fn a_failed_answer_is_never_compared() {
    let root = read(&root("", ""));
    let probe = &root.probes["s"];
    let mut step = json("{}", "").0;
    step.failure = Some(Failure::Died {
        how: "exit code 3".to_owned(),
    });
    let observation = Observation::single(step.clone());
    let prepared = prepare(&observation, probe, None);
    let expected = &probe.cases[0].steps[0];
    let usability = guard::check(&step, &prepared.steps[0], expected, probe);
    assert!(matches!(usability, Usability::Broken(_)), "{usability:?}");
}

#[test]
fn a_rule_for_any_kind_accepts_no_value_of_another_type() {
    let mut checked = Vec::new();
    for kind in DifferenceKind::ALL {
        let Some(planted) = planted(kind) else {
            continue;
        };
        let Some(outside) = planted.outside else {
            continue;
        };
        let root = read(&root(planted.compare, ""));
        let found = differences(&root, &planted.accepted);
        let [difference] = found.as_slice() else {
            panic!("{kind}: {found:?}");
        };
        let shape = |shape: &str| match type_name(shape) {
            "nothing" => "nothing".to_owned(),
            name => format!("any {name}"),
        };
        let rule = format!(
            "[[divergence]]\nsurface = \"s\"\ncases = [\"*\"]\npair = [\"left\", \"right\"]\npath = \"{}\"\nkind = \"{kind}\"\nshapes = [\"{}\", \"{}\"]\nreason = \"\"\ndecision = \"\"\nexpires = 2999-01-01\n",
            difference.path,
            shape(&difference.left.shape),
            shape(&difference.right.shape),
        );
        for (pair, is_accepted) in [
            (&planted.accepted, true),
            (&planted.other, true),
            (&outside, false),
        ] {
            let (left, failures) = unaccepted(planted.compare, &rule, pair);
            assert_eq!(left.is_empty(), is_accepted, "{kind}: {left:?}");
            assert_eq!(failures.is_empty(), is_accepted, "{kind}: {failures:?}");
        }
        checked.push(kind);
    }
    assert_eq!(checked.len(), 5, "{checked:?}");
}
