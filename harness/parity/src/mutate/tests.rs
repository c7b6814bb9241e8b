//! The mutator over answers written by hand.

use std::collections::BTreeMap;

use lakehouse_rig::source::Source;

use super::*;
use crate::config::Probe;
use crate::difference::DifferenceKind;
use crate::observation::{Observation, ScriptUse, Step, UpstreamRequest};
use trial::Detection;

/// A policy under which every difference counts.
const STRICT: &str = "key_order = true\nescapes = true\n";

const NO_LEDGER: Ledger<'_> = Ledger {
    pins: &[],
    outcomes: &[],
};

/// A probe with these lines in `[compare]`, and tables after them.
fn probe(compare: &str) -> Probe {
    let source = Source {
        name: "probe.toml".to_owned(),
        text: format!(
            "about = \"\"\ntransports = [\"http\"]\n[http]\npath = \"/\"\nobserve_headers = [\"allow\"]\nobserve_upstream = true\n[compare]\n{compare}\n"
        ),
    };
    match Probe::read("s", &source) {
        Ok(probe) => probe,
        Err(error) => panic!("{:?}", miette::Report::new(error)),
    }
}

fn step(body: &str) -> Step {
    Step {
        body: body.as_bytes().to_vec(),
        ..Step::default()
    }
}

/// An answer with one of everything.
fn rich() -> Step {
    Step {
        status: Some(200),
        headers: BTreeMap::from([("content-type".to_owned(), vec![b"text/plain".to_vec()])]),
        files: BTreeMap::from([(
            "a.jsonl".to_owned(),
            b"{\"x\":1,\"y\":\"z\"}\n{\"x\":2,\"y\":\"\"}\n".to_vec(),
        )]),
        upstream: Some(vec![
            UpstreamRequest {
                method: "POST".to_owned(),
                path: "/api/chat".to_owned(),
                body: b"{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}".to_vec(),
            },
            UpstreamRequest {
                method: "GET".to_owned(),
                path: "/api/tags".to_owned(),
                body: b"not json".to_vec(),
            },
        ]),
        script: Some(ScriptUse {
            unused: 0,
            beyond: 0,
        }),
        exit: Some(0),
        ..step(
            r#" {"a":[1,1.5,-2e3,"t\u00e9xt\n",true,null,{},[],""], "b" : {"c d":1,"e":{"f":[{"g":1},{"g":2}]}},"😀":0.0} "#,
        )
    }
}

/// Every damaged copy and the result of its comparison.
fn detections(observation: &Observation, probe: &Probe) -> Vec<(Mutant, Detection)> {
    let answer = Answer::read(observation, probe, observation.steps.len() > 1);
    let trial = Trial::new(&answer, &[], NO_LEDGER);
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let sites = answer.sites();
    choose(&answer, sites, usize::MAX, &Commonness::new(), &mut random)
        .map(|mutant| {
            assert_eq!(mutant.flaw, None, "{} {}", mutant.damage, mutant.summary);
            let detection = trial.detection(&mutant);
            (mutant, detection)
        })
        .collect()
}

/// The names of the damage that was done, all of which must be reported.
fn all_killed(observation: &Observation, probe: &Probe) -> BTreeSet<&'static str> {
    let detections = detections(observation, probe);
    for (mutant, detection) in &detections {
        assert_eq!(
            *detection,
            Detection::Killed,
            "{} {:?} {}",
            mutant.damage,
            mutant.expected,
            mutant.summary
        );
    }
    let names = detections.iter().map(|(mutant, _)| mutant.damage.name);
    names.collect()
}

#[test]
fn damage_to_every_part_is_reported() {
    let seen = all_killed(&Observation::single(rich()), &probe(STRICT));
    for damage in [
        "key dropped",
        "keys swapped",
        "key escaped differently",
        "number by 1 ulp",
        "number written differently",
        "text escaped differently",
        "boolean flipped",
        "null filled",
        "elements swapped",
        "body cut",
        "body emptied",
        "status changed",
        "header added",
        "exit code changed",
        "answer lost",
        "upstream script miscounted",
        "file dropped",
        "line cut",
        "lines swapped",
        "newline dropped",
        "upstream requests swapped",
    ] {
        assert!(seen.contains(damage), "{damage} was not done: {seen:?}");
    }
}

#[test]
fn steps_of_a_sequence_are_distinguished() {
    let observation = Observation {
        steps: vec![step("{\"a\":1}"), step("{\"a\":1}")],
    };
    let probe = probe(STRICT);
    assert!(all_killed(&observation, &probe).contains("step dropped"));
    let in_second = detections(&observation, &probe)
        .iter()
        .any(|(mutant, _)| mutant.expected == ["step[1]:body:$.a"]);
    assert!(in_second);
}

#[test]
fn every_comparator_has_damage_of_its_own() {
    let bytes = probe("body = \"bytes\"\nfiles = \"bytes\"");
    let seen = all_killed(&Observation::single(rich()), &bytes);
    assert!(seen.contains("space added") && seen.contains("byte changed"));

    let metrics = probe(&format!("{STRICT}body = \"metrics\"\ntolerance = 0.1"));
    let text = Observation::single(step("# TYPE a counter\na 10\nb{c=\"d\"} 0\n"));
    let seen = all_killed(&text, &metrics);
    assert!(seen.contains("metric beyond its tolerance") && seen.contains("series dropped"));
    let json = Observation::single(step("{\"a\":10,\"b\":[0,-3.5]}"));
    assert!(all_killed(&json, &metrics).contains("metric beyond its tolerance"));

    let vectors = format!("{STRICT}body = \"vectors\"\nvectors_at = [\"$.v[*]\"]");
    let body = step("{\"v\":[[0.6,0.8],[1,0],[1,0.00000001]],\"n\":2}");
    let seen = all_killed(&Observation::single(body), &probe(&vectors));
    for damage in [
        "vector turned",
        "vector scaled",
        "vector shortened",
        "elements swapped",
    ] {
        assert!(seen.contains(damage), "{damage}");
    }
}

/// Three hits, of which the last two are within the tolerance of each other.
fn ranked(overlap: f64) -> (Observation, Probe) {
    let compare = format!(
        "{STRICT}body = \"ranking\"\nvectors_at = [\"$.v\"]\n[[compare.ranking]]\nat = \"$.hits\"\nid = [\"id\", \"in\"]\nscore = \"d\"\ntolerance = 0.01\noverlap = {overlap:?}\nties = \"ordered\"\nnear = [\"$.hits[*].near\"]"
    );
    let body = r#"{"hits":[{"id":"a","in":1,"d":-0.5,"m":{"x":[1,2]}},{"id":"b","in":1,"d":0.5,"near":7},{"id":"c","in":2,"d":0.505}],"v":[0.6,0.8],"n":1.5}"#;
    (Observation::single(step(body)), probe(&compare))
}

/// Index of the rule for rankings: the one for vectors comes first.
const RANKING: usize = 1;

#[test]
fn damage_in_rankings_is_reported() {
    let (observation, probe) = ranked(1.0);
    let mut seen = BTreeSet::new();
    let mut accepted = Vec::new();
    for (mutant, detection) in detections(&observation, &probe) {
        match detection {
            Detection::Killed => {
                seen.insert(mutant.damage.name);
            }
            Detection::Accepted(RANKING) => accepted.push((mutant.damage.name, mutant.expected)),
            detection => panic!("{} {}: {detection:?}", mutant.damage, mutant.summary),
        }
    }
    for damage in [
        "ranked elements swapped",
        "score beyond its tolerance",
        "sign flipped",
        "character changed",
        "element dropped",
        "element doubled",
        "key dropped",
        "vector turned",
        "number by 1 ulp",
    ] {
        assert!(seen.contains(damage), "{damage}");
    }
    let [("ranked elements swapped", expected)] = accepted.as_slice() else {
        panic!("{accepted:?}");
    };
    assert!(expected.contains(&"body:$.hits[1]".to_owned()));
}

#[test]
fn lost_ids_are_accepted_where_overlap_permits() {
    let (observation, probe) = ranked(0.6);
    let all = detections(&observation, &probe);
    let lost = all.iter().filter(|(mutant, detection)| {
        mutant.damage.name == "character changed" && *detection == Detection::Accepted(RANKING)
    });
    // The ids of `b` and `c`. The id of `a` becomes `b`, after which the list is not a ranking.
    assert_eq!(lost.count(), 2);
}

#[test]
fn damage_that_the_policy_accepts_is_skipped() {
    let lax = probe("numbers = \"value\"");
    let seen = all_killed(&Observation::single(rich()), &lax);
    for damage in [
        "keys swapped",
        "key escaped differently",
        "number written differently",
        "text escaped differently",
        "space added",
    ] {
        assert!(!seen.contains(damage), "{damage} was done");
    }
}

#[test]
fn unusual_documents_are_damaged() {
    let deep = format!("{}1{}", "{\"a\":[".repeat(80), "]}".repeat(80));
    for body in [
        "1",
        "\"\"",
        "[]",
        "{}",
        "[[]]",
        "{\"a\":1,\"a\":2,\"b\":3,\"a\":4}",
        "{\"a\\u0000b\":{\"it's\":[\"\\ud800\"]}}",
        "[1,1,1.0,1]",
        "[0e99,-0,1e400,123456789012345678901234567890]",
        "{\"mutant\":1,\"k\":2,\"k_\":3}",
        "\t[ 1 , {\"a\" : [ ] } ]\r\n",
        &deep,
    ] {
        all_killed(&Observation::single(step(body)), &probe(STRICT));
    }
}

#[test]
fn damage_to_ignored_bodies_survives() {
    let answer = Step {
        status: Some(200),
        ..step("{\"a\":1}")
    };
    let detections = detections(&Observation::single(answer), &probe("body = \"status\""));
    let (bodies, others): (Vec<_>, Vec<_>) = detections
        .iter()
        .partition(|(mutant, _)| mutant.expected[0].starts_with("body"));
    assert!(!bodies.is_empty() && !others.is_empty());
    let survived = Detection::Survived("the body is not compared".to_owned());
    assert!(bodies.iter().all(|(_, detection)| *detection == survived));
    let mut others = others.iter();
    assert!(others.all(|(_, detection)| *detection == Detection::Killed));
}

#[test]
fn normalisers_hide_valid_values_only() {
    let probe = probe(&format!(
        "{STRICT}\n[[normalise]]\non = \"body\"\npath = \"$.ms\"\nmust_be = \"number>=0\"\naction = \"replace\"\nreason = \"\""
    ));
    let body = step("{\"ms\":1,\"n\":1}");
    let detections = detections(&Observation::single(body), &probe);
    let at = |path: &'static str| detections.iter().filter(move |(m, _)| m.expected == [path]);
    let hidden: Vec<&str> = at("body:$.ms")
        .filter(|(_, detection)| *detection == Detection::Hidden(vec![0]))
        .map(|(mutant, _)| mutant.damage.name)
        .collect();
    assert!(hidden.contains(&"number plus 1"), "{hidden:?}");
    for damage in [
        "value nulled",
        "sign flipped",
        "key dropped",
        "number as text",
    ] {
        assert!(!hidden.contains(&damage), "{damage}");
    }
    for (mutant, detection) in at("body:$.ms") {
        let is_hidden = hidden.contains(&mutant.damage.name);
        assert!(
            is_hidden || *detection == Detection::Killed,
            "{}",
            mutant.damage
        );
    }
    assert!(at("body:$.n").all(|(_, detection)| *detection == Detection::Killed));
}

#[test]
fn reports_at_another_path_or_of_another_kind_do_not_kill() {
    let observation = Observation::single(step("{\"a\":1}"));
    let probe = probe(STRICT);
    let answer = Answer::read(&observation, &probe, false);
    let trial = Trial::new(&answer, &[], NO_LEDGER);
    let mutant = |reported_as, expected: &str| Mutant {
        damage: Damage::new("damage", reported_as),
        observation: Observation::single(step("{\"a\":2}")),
        expected: vec![expected.to_owned()],
        summary: String::new(),
        flaw: None,
        accepted_by: None,
    };
    let (value, of_type) = (&[DifferenceKind::Value], &[DifferenceKind::Type]);
    assert_eq!(
        trial.detection(&mutant(value, "body:$.a")),
        Detection::Killed
    );
    for wrong in [mutant(value, "body:$.b"), mutant(of_type, "body:$.a")] {
        let Detection::Survived(reason) = trial.detection(&wrong) else {
            panic!("{:?} was reported", wrong.expected);
        };
        assert!(
            reason.starts_with("only reported as `value` at `body:$.a`"),
            "{reason}"
        );
    }
}

#[test]
fn samples_are_limited_spread_and_repeatable() {
    let observation = Observation::single(rich());
    let probe = probe(STRICT);
    let answer = Answer::read(&observation, &probe, false);
    let sample = |seed: u64| -> Vec<(&str, Vec<String>, String)> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        choose(&answer, answer.sites(), 20, &Commonness::new(), &mut random)
            .map(|m| (m.damage.name, m.expected, m.summary))
            .collect()
    };
    assert_eq!(sample(1), sample(1));
    assert_ne!(sample(1), sample(2));
    let kinds: BTreeSet<&str> = sample(1).iter().map(|one| one.0).collect();
    assert_eq!((sample(1).len(), kinds.len()), (20, 20));
}

#[test]
fn rare_damage_comes_first() {
    let [rare, common, other] = ["rare", "common", "other"].map(|name| Damage::new(name, &[]));
    let commonness = Commonness::from([(rare, 2), (common, 900), (other, 800)]);
    for seed in 0..20 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let order = order(vec![common, rare, other], &commonness, &mut random);
        assert_eq!(order[0], rare);
        assert_eq!(order.len(), 3);
    }
}

#[test]
fn damage_without_effect_is_a_flaw() {
    let read = Observation::single(step("{\"a\":1}"));
    let probe = probe(STRICT);
    let mut answer = Answer::read(&read, &probe, false);
    // The answer already is what the damaged text will be.
    let already = Observation::single(step("{\"a\":2}"));
    answer.observation = &already;
    let sites = answer.sites();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mutants: Vec<Mutant> =
        choose(&answer, sites, usize::MAX, &Commonness::new(), &mut random).collect();
    let up = mutants.iter().find(|m| m.damage.name == "number plus 1");
    assert_eq!(
        up.and_then(|mutant| mutant.flaw.as_deref()),
        Some("it changed nothing instead of `0:body`")
    );
}

#[test]
fn accepted_differences_hide_no_other_value() {
    let long = |end: &str| format!("{{\"a\":\"{}{end}\",\"b\":{{\"c\":[1]}}}}", "x".repeat(50));
    let own = Observation::single(step(&long("own")));
    let other = Observation::single(step(&long("other").replace("[1]", "[2,3]")));
    let probe = probe(STRICT);
    for is_left in [true, false] {
        let answer = Answer::read(&own, &probe, false);
        let others = [OtherAnswer {
            implementation: "other",
            observation: &other,
            is_left,
            concerned: Vec::new(),
        }];
        let trial = Trial::new(&answer, &others, NO_LEDGER);
        let mut random = ChaCha8Rng::seed_from_u64(7);
        let sites = answer.sites();
        for mutant in choose(&answer, sites, usize::MAX, &Commonness::new(), &mut random) {
            assert_eq!(trial.detection(&mutant), Detection::Killed);
            // What equals the original at an accepted difference would be accepted.
            let is_concerned = mutant.expected.iter().any(|path| path == "body:$.a");
            let hidden = trial.accepted(&trial.original, &mutant);
            assert!(hidden.is_some() || !is_concerned, "{}", mutant.damage);
        }
    }
}
