//! The mutator over answers made by hand.

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::config::Ranking;
use crate::config::probe::{Body, Compare, Http, JsonPolicy, Line};
use crate::config::ranking::Ties;
use crate::difference::DifferenceKind;
use crate::json::{Path, Query, Segment};
use crate::normalise::{Action, Check, Normaliser, Part};
use crate::observation::{ScriptUse, Step, UpstreamRequest};
use trial::Fate;

/// Everything counts.
pub(super) fn policy() -> Compare {
    Compare {
        body: Body::Json,
        files_as_jsonl: true,
        json: JsonPolicy {
            key_order: true,
            numbers_by_value: false,
            escapes: true,
        },
        cosine: 1e-6,
        norm: 1e-4,
        tolerance: 0.0,
        vectors_at: Vec::new(),
        rankings: Vec::new(),
    }
}

fn probe(compare: Compare) -> Probe {
    Probe {
        surface: "s".to_owned(),
        transports: Vec::new(),
        writes: false,
        restart: false,
        http: Http {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: BTreeMap::new(),
            observe_headers: vec!["allow".to_owned()],
            observe_files: Vec::new(),
            observe_upstream: true,
            timeout: Duration::from_secs(1),
        },
        line: Line {
            response: false,
            timeout: Duration::from_secs(1),
        },
        files: Vec::new(),
        compare,
        coverage: crate::config::probe::Coverage::default(),
        error_when: None,
        normalisers: Vec::new(),
        cases: Vec::new(),
        empty_files: Vec::new(),
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
        headers: BTreeMap::from([("content-type".to_owned(), "text/plain".to_owned())]),
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

/// Every kind of damage with what became of each of its copies.
fn fates(observation: &Observation, probe: &Probe) -> Vec<(Mutant, Fate)> {
    let answer = Answer::read(observation, probe, observation.steps.len() > 1);
    let trial = Trial::new(&answer);
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let sites = answer.sites();
    choose(&answer, sites, usize::MAX, &Commonness::new(), &mut random)
        .map(|mutant| {
            assert_eq!(mutant.flaw, None, "{} {}", mutant.damage, mutant.change);
            let fate = trial.fate(&mutant);
            (mutant, fate)
        })
        .collect()
}

fn all_killed(observation: &Observation, probe: &Probe) -> BTreeSet<Damage> {
    let fates = fates(observation, probe);
    for (mutant, fate) in &fates {
        assert_eq!(
            *fate,
            Fate::Killed,
            "{} {:?} {}",
            mutant.damage,
            mutant.expected,
            mutant.change
        );
    }
    fates.iter().map(|(mutant, _)| mutant.damage).collect()
}

#[test]
fn everything_in_an_answer_is_damaged_and_told() {
    let seen = all_killed(&Observation::single(rich()), &probe(policy()));
    for damage in [
        Damage::KeyDropped,
        Damage::KeysSwapped,
        Damage::KeyRespelled,
        Damage::NumberUlp,
        Damage::NumberRespelled,
        Damage::TextRespelled,
        Damage::BoolFlipped,
        Damage::NullFilled,
        Damage::ElementsSwapped,
        Damage::BodyCut,
        Damage::StatusChanged,
        Damage::HeaderAdded,
        Damage::ExitChanged,
        Damage::AnswerFailed,
        Damage::ScriptCounted,
        Damage::FileDropped,
        Damage::LineCut,
        Damage::LinesSwapped,
        Damage::NewlineDropped,
        Damage::RequestsSwapped,
    ] {
        assert!(seen.contains(&damage), "{damage} was not done: {seen:?}");
    }
}

#[test]
fn steps_of_a_sequence_are_told_apart() {
    let observation = Observation {
        steps: vec![step("{\"a\":1}"), step("{\"a\":1}")],
    };
    let probe = probe(policy());
    assert!(all_killed(&observation, &probe).contains(&Damage::StepDropped));
    let in_second = fates(&observation, &probe)
        .iter()
        .any(|(mutant, _)| mutant.expected == ["step[1]:body:$.a"]);
    assert!(in_second);
}

#[test]
fn bytes_metrics_and_vectors_are_damaged_in_their_own_way() {
    let bytes = Compare {
        body: Body::Bytes,
        files_as_jsonl: false,
        ..policy()
    };
    let seen = all_killed(&Observation::single(rich()), &probe(bytes));
    assert!(seen.contains(&Damage::SpaceAdded) && seen.contains(&Damage::ByteChanged));
    let metrics = Compare {
        body: Body::Metrics,
        tolerance: 0.1,
        ..policy()
    };
    let text = Observation::single(step("# TYPE a counter\na 10\nb{c=\"d\"} 0\n"));
    let seen = all_killed(&text, &probe(metrics.clone()));
    assert!(seen.contains(&Damage::MetricMoved) && seen.contains(&Damage::SeriesDropped));
    let json = Observation::single(step("{\"a\":10,\"b\":[0,-3.5]}"));
    assert!(all_killed(&json, &probe(metrics)).contains(&Damage::MetricMoved));
    let vectors = Compare {
        body: Body::Vectors,
        vectors_at: vec![Query::read("$.v[*]").expect("it is a path")],
        ..policy()
    };
    let body = step("{\"v\":[[0.6,0.8],[1,0],[1,0.00000001]],\"n\":2}");
    let seen = all_killed(&Observation::single(body), &probe(vectors));
    for damage in [
        Damage::VectorTurned,
        Damage::VectorScaled,
        Damage::VectorShortened,
        Damage::ElementsSwapped,
    ] {
        assert!(seen.contains(&damage), "{damage}");
    }
}

/// Three hits, of which the last two are within the tolerance of each other.
fn ranked(overlap: f64) -> (Observation, Probe) {
    let compare = Compare {
        body: Body::Ranking,
        vectors_at: vec![Query::read("$.v").expect("it is a path")],
        rankings: vec![Ranking {
            at: Query::read("$.hits").expect("it is a path"),
            id: vec!["id".to_owned(), "in".to_owned()],
            score: "d".to_owned(),
            tolerance: 0.01,
            overlap,
            ties: Ties::Ordered,
            near: vec![Query::read("$.hits[*].near").expect("it is a path")],
        }],
        ..policy()
    };
    let body = r#"{"hits":[{"id":"a","in":1,"d":-0.5,"m":{"x":[1,2]}},{"id":"b","in":1,"d":0.5,"near":7},{"id":"c","in":2,"d":0.505}],"v":[0.6,0.8],"n":1.5}"#;
    (Observation::single(step(body)), probe(compare))
}

#[test]
fn rankings_are_damaged_at_their_places() {
    let (observation, probe) = ranked(1.0);
    let mut seen = BTreeSet::new();
    let mut tied = Vec::new();
    for (mutant, fate) in fates(&observation, &probe) {
        match fate {
            Fate::Killed => {
                seen.insert(mutant.damage);
            }
            Fate::Tied(0) => tied.push((mutant.damage, mutant.expected)),
            fate => panic!("{} {}: {fate:?}", mutant.damage, mutant.change),
        }
    }
    for damage in [
        Damage::RankedSwapped,
        Damage::ScoreMoved,
        Damage::Sign,
        Damage::Character,
        Damage::ElementDropped,
        Damage::ElementDoubled,
        Damage::KeyDropped,
        Damage::VectorTurned,
        Damage::NumberUlp,
    ] {
        assert!(seen.contains(&damage), "{damage}");
    }
    let [(Damage::RankedSwapped, expected)] = tied.as_slice() else {
        panic!("{tied:?}");
    };
    assert!(expected.contains(&"body:$.hits[1]".to_owned()));
}

#[test]
fn an_id_that_need_not_be_there_is_counted_as_declared() {
    let (observation, probe) = ranked(0.6);
    let lost = fates(&observation, &probe)
        .into_iter()
        .filter(|(mutant, fate)| mutant.damage == Damage::Character && *fate == Fate::Tied(0));
    // Of `b` and `c`; that of `a` becomes another's, which makes the list no ranking.
    assert_eq!(lost.count(), 2);
}

#[test]
fn what_a_policy_lets_pass_on_purpose_is_not_done() {
    let lax = Compare {
        json: JsonPolicy {
            key_order: false,
            numbers_by_value: true,
            escapes: false,
        },
        ..policy()
    };
    let seen = all_killed(&Observation::single(rich()), &probe(lax));
    for damage in [
        Damage::KeysSwapped,
        Damage::KeyRespelled,
        Damage::NumberRespelled,
        Damage::TextRespelled,
        Damage::SpaceAdded,
    ] {
        assert!(!seen.contains(&damage), "{damage} was done");
    }
}

#[test]
fn odd_documents_stand_the_damage() {
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
        all_killed(&Observation::single(step(body)), &probe(policy()));
    }
}

#[test]
fn a_body_that_nobody_compares_survives() {
    let status = Compare {
        body: Body::Status,
        ..policy()
    };
    let answer = Step {
        status: Some(200),
        ..step("{\"a\":1}")
    };
    let fates = fates(&Observation::single(answer), &probe(status));
    let (bodies, others): (Vec<_>, Vec<_>) = fates
        .iter()
        .partition(|(mutant, _)| mutant.expected[0].starts_with("body"));
    assert!(!bodies.is_empty() && !others.is_empty());
    let reason = "the comparator `status` does not look at bodies".to_owned();
    assert!(
        bodies
            .iter()
            .all(|(_, fate)| *fate == Fate::Survived(reason.clone()))
    );
    assert!(others.iter().all(|(_, fate)| *fate == Fate::Killed));
}

#[test]
fn normalisers_hide_what_they_say_and_no_more() {
    let mut probe = probe(policy());
    probe.normalisers = vec![Normaliser {
        part: Part::Body,
        path: Query::read("$.ms").ok(),
        begins: None,
        check: Check::Number,
        action: Action::Replace,
        reason: String::new(),
        file: String::new(),
        line: 1,
        text: String::new(),
    }];
    let fates = fates(&Observation::single(step("{\"ms\":1,\"n\":1}")), &probe);
    let at = |path: &'static str| fates.iter().filter(move |(m, _)| m.expected == [path]);
    let hidden: Vec<Damage> = at("body:$.ms")
        .filter(|(_, fate)| *fate == Fate::Hidden(vec![0]))
        .map(|(mutant, _)| mutant.damage)
        .collect();
    assert!(hidden.contains(&Damage::NumberUp), "{hidden:?}");
    for (mutant, fate) in at("body:$.ms") {
        let is_number = hidden.contains(&mutant.damage);
        let checked = [
            Damage::Nulled,
            Damage::Sign,
            Damage::KeyDropped,
            Damage::NumberAsText,
        ];
        assert!(
            !is_number || !checked.contains(&mutant.damage),
            "{}",
            mutant.damage
        );
        assert!(is_number || *fate == Fate::Killed, "{}", mutant.damage);
    }
    assert!(at("body:$.n").all(|(_, fate)| *fate == Fate::Killed));
}

#[test]
fn a_difference_at_another_place_or_of_another_kind_is_no_kill() {
    let observation = Observation::single(step("{\"a\":1}"));
    let probe = probe(policy());
    let answer = Answer::read(&observation, &probe, false);
    let trial = Trial::new(&answer);
    let mutant = |damage, expected: &str| Mutant {
        damage,
        observation: Observation::single(step("{\"a\":2}")),
        expected: vec![expected.to_owned()],
        change: String::new(),
        flaw: None,
        tied: None,
    };
    assert_eq!(
        trial.fate(&mutant(Damage::NumberUp, "body:$.a")),
        Fate::Killed
    );
    for wrong in [
        mutant(Damage::NumberUp, "body:$.b"),
        mutant(Damage::Nulled, "body:$.a"),
    ] {
        let Fate::Survived(reason) = trial.fate(&wrong) else {
            panic!("{} was told", wrong.damage);
        };
        let told = format!("told only as `{}` at `body:$.a`", DifferenceKind::Value);
        assert!(reason.starts_with(&told), "{reason}");
    }
}

#[test]
fn the_sample_is_bounded_spread_and_repeatable() {
    let observation = Observation::single(rich());
    let probe = probe(policy());
    let answer = Answer::read(&observation, &probe, false);
    let sample = |seed: u64| -> Vec<(Damage, Vec<String>, String)> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        choose(&answer, answer.sites(), 20, &Commonness::new(), &mut random)
            .map(|m| (m.damage, m.expected, m.change))
            .collect()
    };
    assert_eq!(sample(1), sample(1));
    assert_ne!(sample(1), sample(2));
    let kinds: BTreeSet<Damage> = sample(1).iter().map(|one| one.0).collect();
    assert_eq!((sample(1).len(), kinds.len()), (20, 20));
}

#[test]
fn damage_that_did_not_land_is_the_mutators_fault() {
    let read = Observation::single(step("{\"a\":1}"));
    let probe = probe(policy());
    let mut answer = Answer::read(&read, &probe, false);
    // What the damaged text will be is what the answer holds already.
    let already = Observation::single(step("{\"a\":2}"));
    answer.observation = &already;
    let sites = answer.sites();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mutants: Vec<Mutant> =
        choose(&answer, sites, usize::MAX, &Commonness::new(), &mut random).collect();
    let up = mutants.iter().find(|m| m.damage == Damage::NumberUp);
    assert_eq!(
        up.and_then(|mutant| mutant.flaw.as_deref()),
        Some("it was to change `body` and changed nothing")
    );
    let path = |keys: &[&str]| {
        let keys = keys.iter().map(|key| Segment::Key((*key).to_owned()));
        Path(keys.collect())
    };
    let within = [path(&["a"])];
    assert_eq!(
        answer::flaw(&[], &within).as_deref(),
        Some("it changed nothing")
    );
    assert_eq!(answer::flaw(&[path(&["a", "b"])], &within), None);
    assert_eq!(
        answer::flaw(&[path(&["a"]), path(&["c"])], &within).as_deref(),
        Some("it changed `$.c` as well")
    );
}
