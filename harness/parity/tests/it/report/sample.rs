//! Constructed runs.

pub(super) mod kinds;
pub(super) mod large;

use std::collections::BTreeMap;
use std::sync::Arc;

use lakehouse_parity::difference::{Difference, DifferenceKind, Side};
use lakehouse_parity::observation::{Failure, Observation, ScriptUse, Step, UpstreamRequest};
use lakehouse_parity::outcome::{
    CaseInput, CaseOutcome, CaseVerdict, Count, Decision, ImplementationKind, ImplementationRun,
    JudgedDifference, LedgerFailure, NormaliserHit, NormaliserOutcome, PinOutcome, Replacement,
    Run, RunVerdict, SurfaceResult,
};
use lakehouse_parity::outcome::{
    HiddenBy, MutatedCase, MutatedKind, MutatedProbe, Mutation, Survivor,
};
use lakehouse_rig::implementation::Transport;

/// A run that passed, with one surface, one implementation and one case.
pub(super) fn passing() -> Run {
    let case = case("extract_json", Transport::Line, "fenced", "go");
    Run {
        commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
        started_at: "2026-11-20T10:00:00Z".parse().unwrap(),
        duration_ms: 61_250,
        seed: 42,
        root: "/root-of-the-run".into(),
        command: "cargo xtask parity".to_owned(),
        reference: "rust".to_owned(),
        filtered: false,
        cut_short: false,
        implementations: vec![live("rust", "Rust", "rustc 1.95.0"), go()],
        results: vec![result(&[&case])],
        cases: vec![case],
        divergences: Vec::new(),
        normalisers: Vec::new(),
        coverage: Vec::new(),
        ledger_failures: Vec::new(),
        mutation: None,
        notices: Vec::new(),
        infrastructure: Vec::new(),
        inconclusive: Vec::new(),
        generated: None,
        replacements: vec![replacement("go")],
        verdict: RunVerdict::Pass,
    }
}

/// A run with every kind of failure.
pub(super) fn failing() -> Run {
    let cases = vec![
        known_case(),
        hostile_case(),
        stepped_case(),
        case("extract_json", Transport::Line, "fenced", "go"),
        invalid_case("nested", "js"),
        skipped_case(),
    ];
    Run {
        implementations: vec![
            live("rust", "Rust", "rustc 1.95.0"),
            go(),
            ImplementationRun {
                name: "js".to_owned(),
                kind: ImplementationKind::Recorded,
                version: "v20.20.2".to_owned(),
                language: "JavaScript".to_owned(),
                recorded_at: Some("2026-11-18T07:00:00Z".parse().unwrap()),
            },
            ImplementationRun {
                name: "python".to_owned(),
                kind: ImplementationKind::Missing,
                version: String::new(),
                language: "Python".to_owned(),
                recorded_at: None,
            },
        ],
        results: results(&cases),
        cases,
        divergences: vec![pin()],
        normalisers: vec![normaliser()],
        ledger_failures: vec![LedgerFailure {
            file: "fixtures/divergences.toml".to_owned(),
            line: 12,
            message: "the pin of `body:$.score` in embed no longer occurs".to_owned(),
            edit:
                "[[divergence]]\nsurface = \"embed\"\ncases = [\"one_text\"]   # delete these lines"
                    .to_owned(),
            implementation: Some("go".to_owned()),
        }],
        notices: vec!["js: `node` is not on PATH; using the recording of 2026-11-18".to_owned()],
        infrastructure: Vec::new(),
        inconclusive: vec![
            "python has neither its toolchain nor a recording".to_owned(),
            "1 case could not be compared (1 crashed)".to_owned(),
        ],
        generated: None,
        replacements: vec![
            Replacement {
                decision: Decision::No,
                accepted: 1,
                differing: 2,
                ..replacement("go")
            },
            Replacement {
                decision: Decision::No,
                not_compared: 2,
                lacks: vec!["embed".to_owned()],
                ..replacement("js")
            },
            Replacement {
                decision: Decision::Unknown,
                reasons: vec!["`python` could not run here".to_owned()],
                ..replacement("python")
            },
        ],
        verdict: RunVerdict::Fail,
        ..passing()
    }
}

/// A run in which `count` damaged answers were not detected.
pub(super) fn with_survivors(count: usize) -> Run {
    let survivor = |number: usize| Survivor {
        surface: "extract_json".to_owned(),
        transport: Transport::Line,
        case: "fenced".to_owned(),
        implementation: "go".to_owned(),
        damage: "number plus 1".to_owned(),
        path: format!("body:$.rows[{number}]['<b>n</b>']"),
        change: format!("{number} -> \u{1b}{}", number + 1),
        reason: "the comparator `status` does not look at bodies".to_owned(),
        rerun: "cargo xtask parity --surface extract_json --case fenced --mutate".to_owned(),
    };
    let counted = Count {
        killed: 40,
        total: 40 + count,
        hidden: 3,
    };
    Run {
        mutation: Some(Mutation {
            killed: counted.killed,
            total: counted.total,
            hidden: counted.hidden,
            by_rules: 0,
            possible: 900,
            survivors: (0..count).map(survivor).collect(),
            sampling: "43 of 900 possible mutations".to_owned(),
            duration_ms: 1_200,
            probes: vec![MutatedProbe {
                surface: "extract_json".to_owned(),
                transport: Transport::Line,
                answers: 2,
                count: counted,
            }],
            damages: vec![MutatedKind {
                damage: "number plus 1".to_owned(),
                count: counted,
            }],
            hidden_by: vec![HiddenBy {
                surface: "extract_json".to_owned(),
                normaliser: "body $.elapsed_ms".to_owned(),
                reason: "wall time".to_owned(),
                count: 3,
                example: "number plus 1 at `body:$.elapsed_ms` in `fenced`".to_owned(),
            }],
            cases: vec![MutatedCase {
                surface: "extract_json".to_owned(),
                transport: Transport::Line,
                case: "fenced".to_owned(),
                count: counted,
            }],
        }),
        verdict: if count == 0 {
            RunVerdict::Pass
        } else {
            RunVerdict::Fail
        },
        ..passing()
    }
}

/// A run in which one implementation differs in many cases, for two reasons.
pub(super) fn with_many_failures(count: usize) -> Run {
    let mut cases: Vec<CaseOutcome> = (0..count)
        .map(|number| {
            let mut case = case(
                "session_log",
                Transport::Http,
                &format!("n{number:04}"),
                "go",
            );
            let text = format!("{{\"rows\":[{{\"elapsed\":{number}}}],\"daemon\":\"rust\"}}");
            let other = text.replace("\"daemon\":\"rust\"", "\"daemon\":\"go\"");
            case.verdict = CaseVerdict::Diverged;
            case.differences = vec![difference(
                &format!("body:$.rows[{}].elapsed", number % 7),
                DifferenceKind::NumberLexeme,
                ("number 1", "1"),
                ("number 1.0", "1.0"),
            )];
            if number % 5 == 0 {
                case.differences.push(difference(
                    "body:$.daemon",
                    DifferenceKind::Value,
                    ("\"rust\"", "\"rust\""),
                    ("\"go\"", "\"go\""),
                ));
            }
            case.left = answer(200, text.as_bytes());
            case.right = answer(200, other.as_bytes());
            case
        })
        .collect();
    cases.sort_by(|a, b| a.case.cmp(&b.case));
    Run {
        results: results(&cases),
        cases,
        generated: None,
        verdict: RunVerdict::Fail,
        ..passing()
    }
}

/// A run whose only case differs at `count` places, of which the first 1,000 are accepted.
pub(super) fn with_many_differences(count: usize) -> Run {
    let mut case = case("extract_json", Transport::Line, "long", "go");
    case.verdict = CaseVerdict::Diverged;
    case.differences = (0..count)
        .map(|number| JudgedDifference {
            pin: (number < 1_000).then_some(0),
            ..difference(
                &format!("body:$.rows[{number}]"),
                DifferenceKind::Value,
                (&format!("number {number}"), &number.to_string()),
                (&format!("number 0{number}"), &format!("0{number}")),
            )
        })
        .collect();
    case.suggested_pins = vec![hostile_case().suggested_pins.remove(0); count];
    Run {
        results: vec![result(&[&case])],
        cases: vec![case],
        divergences: vec![pin()],
        verdict: RunVerdict::Fail,
        ..passing()
    }
}

/// Characters that drive a terminal, change the direction of writing or are invisible.
pub(super) const HIDDEN: &str = "\u{1b}[2J \u{9b} \u{202e} \u{2066} \u{61c} \u{feff} \u{e0041}";

/// A failing run in which every text that may be foreign has hidden characters.
pub(super) fn with_hidden_characters() -> Run {
    let mut run = with_survivors(1);
    let failing = failing();
    run.cases = failing.cases;
    run.results = failing.results;
    run.implementations = failing.implementations;
    run.divergences = failing.divergences;
    run.normalisers = failing.normalisers;
    run.ledger_failures = failing.ledger_failures;
    run.replacements = failing.replacements;
    let hidden = || HIDDEN.to_owned();
    run.notices = vec![hidden()];
    run.infrastructure = vec![hidden()];
    run.inconclusive = vec![hidden()];
    run.commit = Some(hidden());
    for implementation in &mut run.implementations {
        implementation.version = hidden();
        implementation.language = hidden();
    }
    for failure in &mut run.ledger_failures {
        failure.message = hidden();
        failure.edit = hidden();
    }
    for pin in &mut run.divergences {
        (pin.path, pin.reason, pin.decision) = (hidden(), hidden(), hidden());
        pin.shapes = [hidden(), hidden()];
    }
    for normaliser in &mut run.normalisers {
        (normaliser.path, normaliser.reason) = (hidden(), hidden());
        normaliser.places[0].path = hidden();
    }
    for replacement in &mut run.replacements {
        replacement.reasons = vec![hidden()];
    }
    for survivor in run.mutation.iter_mut().flat_map(|m| &mut m.survivors) {
        (survivor.path, survivor.change, survivor.reason) = (hidden(), hidden(), hidden());
    }
    for case in &mut run.cases {
        case.why = Some(hidden());
        case.reasons = vec![hidden()];
        case.attribution = Some(hidden());
        case.suggested_pins = vec![hidden()];
        case.rerun = hidden();
        for input in &mut case.inputs {
            (input.request, input.text) = (hidden(), hidden());
            input.headers = vec![(hidden(), hidden())];
            input.curl = Some([hidden(), hidden()]);
        }
        for judged in &mut case.differences {
            let difference = &mut judged.difference;
            difference.path = hidden();
            difference.left = Side {
                shape: hidden(),
                text: hidden(),
            };
            difference.right = difference.left.clone();
        }
        for side in [&mut case.left, &mut case.right].into_iter().flatten() {
            for step in &mut Arc::make_mut(side).steps {
                step.body = HIDDEN.as_bytes().to_vec();
                step.stderr_tail = hidden();
                step.files = BTreeMap::from([(hidden(), HIDDEN.as_bytes().to_vec())]);
            }
        }
    }
    run
}

fn known_case() -> CaseOutcome {
    let mut case = case("embed", Transport::Http, "one_text", "go");
    case.verdict = CaseVerdict::Known;
    case.differences = vec![JudgedDifference {
        pin: Some(0),
        ..difference(
            "body:$.vectors[0]",
            DifferenceKind::Norm,
            ("vector of norm 1", "[0.6,0.8]"),
            ("vector of norm 2.1e1", "[12.6,16.8]"),
        )
    }];
    case.left = answer(200, br#"{"vectors":[[0.6,0.8]],"dimension":2}"#);
    case.right = answer(200, br#"{"vectors":[[12.6,16.8]],"dimension":2}"#);
    case
}

/// An answer with markup and terminal escapes.
fn hostile_case() -> CaseOutcome {
    let body =
        "{\"text\":\"<script>alert(1)</script>\",\"at\":\"\u{1b}[2J\u{202e}live\",\"n\":1.0}";
    let mut case = case("embed", Transport::Http, "hostile", "go");
    case.verdict = CaseVerdict::Diverged;
    case.why = Some("markup in a text must stay text: <b>bold</b>".to_owned());
    case.inputs = vec![request(
        0,
        "POST",
        "/v1/embed?all=",
        "{\"texts\":[\"</pre><script>alert(2)</script>\"]}",
    )];
    case.differences = vec![
        difference(
            "body:$.text",
            DifferenceKind::Value,
            ("string", "\"<script>alert(1)</script>\""),
            ("string", "\"<script>alert(3)</script>\""),
        ),
        difference(
            "body:$.n",
            DifferenceKind::NumberLexeme,
            ("number 1.0", "1.0"),
            ("number 1", "1"),
        ),
    ];
    case.left = answer(200, body.as_bytes());
    case.right = answer(
        200,
        body.replace("alert(1)", "alert(3)")
            .replace("1.0", "1")
            .as_bytes(),
    );
    case.attribution = Some("go differs; rust and js agree".to_owned());
    case.suggested_pins = vec![
        "[[divergence]]\nsurface = \"embed\"\ncases = [\"hostile\"]\npair = [\"rust\", \"go\"]\npath = \"body:$.text\"\nkind = \"value\"\nshapes = [\"string\", \"string\"]\ncount = 1\nreason = \"\"\ndecision = \"\"\nexpires = 2027-02-20".to_owned(),
    ];
    case
}

/// A sequence with files, upstream requests and bytes that are not text.
fn stepped_case() -> CaseOutcome {
    let mut case = case("embed", Transport::Http, "retried", "go");
    case.verdict = CaseVerdict::Diverged;
    case.inputs = vec![
        request(0, "POST", "/v1/embed", "{\"texts\":[\"a\"]}"),
        request(1, "GET", "/v1/embed/log", ""),
    ];
    case.differences = vec![difference(
        "step[1]:status",
        DifferenceKind::Status,
        ("status 200", "200"),
        ("status 502", "502"),
    )];
    let first = Step {
        status: Some(200),
        headers: BTreeMap::from([(
            "content-type".to_owned(),
            vec![b"application/json".to_vec()],
        )]),
        body: br#"{"ok":true}"#.to_vec(),
        upstream: Some(vec![UpstreamRequest {
            method: "POST".to_owned(),
            path: "/api/embed".to_owned(),
            body: br#"{"model":"nomic-embed-text","input":["a"]}"#.to_vec(),
        }]),
        ..Step::default()
    };
    let second = |status| Step {
        status: Some(status),
        body: vec![0xff, 0x00, 0x01],
        files: BTreeMap::from([(
            "sessions.jsonl".to_owned(),
            b"{\"a\":1}\n{\"a\":2}\n".to_vec(),
        )]),
        script: Some(ScriptUse {
            unused: 1,
            beyond: 0,
        }),
        stderr_tail: "listening\nretrying".to_owned(),
        ..Step::default()
    };
    let steps = |status| {
        Some(Arc::new(Observation {
            steps: vec![first.clone(), second(status)],
        }))
    };
    case.left = steps(200);
    case.right = steps(502);
    case
}

fn invalid_case(name: &str, implementation: &str) -> CaseOutcome {
    let mut case = case("extract_json", Transport::Line, name, implementation);
    case.verdict = CaseVerdict::Invalid;
    case.reasons = vec![format!("{implementation} crashed on this case (signal 9)")];
    case.right = Some(Arc::new(Observation::single(Step {
        failure: Some(Failure::Died {
            how: "signal 9 (SIGKILL)".to_owned(),
        }),
        stderr_tail: "TypeError: x is <not> a function\n    at f (a.mjs:3)\n\n    at g (a.mjs:9)\nNode.js v20.20.2\n".to_owned(),
        log: Some("target/parity/logs/js.extract_json.line.log".into()),
        ..Step::default()
    })));
    case
}

fn skipped_case() -> CaseOutcome {
    let mut case = case("extract_json", Transport::Line, "raw_newline", "js");
    case.verdict = CaseVerdict::Skipped;
    case.reasons = vec!["the input has a newline, which no line can carry".to_owned()];
    case.left = None;
    case.right = None;
    case
}

fn case(surface: &str, transport: Transport, name: &str, implementation: &str) -> CaseOutcome {
    CaseOutcome {
        surface: surface.to_owned(),
        transport,
        case: name.to_owned(),
        why: None,
        reference: "rust".to_owned(),
        implementation: implementation.to_owned(),
        verdict: CaseVerdict::Match,
        reasons: Vec::new(),
        noise: Vec::new(),
        inputs: vec![CaseInput {
            text: "\"```json\\n{\\\"a\\\": 1}\\n```\"".to_owned(),
            ..CaseInput::default()
        }],
        differences: Vec::new(),
        left: answer(200, br#"{"matched":true,"value":{"a":1}}"#),
        right: answer(200, br#"{"matched":true,"value":{"a":1}}"#),
        attribution: None,
        suggested_pins: Vec::new(),
        rerun: format!(
            "cargo xtask parity --surface {surface} --case {name} --implementation {implementation} --seed 42"
        ),
        duration_ms: 7,
    }
}

fn request(step: usize, method: &str, path: &str, body: &str) -> CaseInput {
    let curl = format!("curl -X {method} \"http://127.0.0.1:$PORT\"{path} --data-binary '{body}'");
    CaseInput {
        step,
        request: format!("{method} {path}"),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("authorization".to_owned(), "<redacted>".to_owned()),
        ],
        text: body.to_owned(),
        curl: Some([curl.clone(), curl]),
    }
}

fn replacement(implementation: &str) -> Replacement {
    Replacement {
        implementation: implementation.to_owned(),
        decision: Decision::Yes,
        accepted: 0,
        differing: 0,
        not_compared: 0,
        lacks: Vec::new(),
        reasons: Vec::new(),
    }
}

fn answer(status: u16, body: &[u8]) -> Option<Arc<Observation>> {
    Some(Arc::new(Observation::single(Step {
        status: Some(status),
        body: body.to_vec(),
        ..Step::default()
    })))
}

fn difference(
    path: &str,
    kind: DifferenceKind,
    left: (&str, &str),
    right: (&str, &str),
) -> JudgedDifference {
    let side = |(shape, text): (&str, &str)| Side {
        shape: shape.to_owned(),
        text: text.to_owned(),
    };
    JudgedDifference {
        difference: Difference {
            path: path.to_owned(),
            kind,
            left: side(left),
            right: side(right),
        },
        pin: None,
    }
}

fn live(name: &str, language: &str, version: &str) -> ImplementationRun {
    ImplementationRun {
        name: name.to_owned(),
        kind: ImplementationKind::Live,
        version: version.to_owned(),
        language: language.to_owned(),
        recorded_at: None,
    }
}

fn go() -> ImplementationRun {
    live("go", "Go", "go version go1.26.0 linux/amd64")
}

fn results(cases: &[CaseOutcome]) -> Vec<SurfaceResult> {
    let mut groups: BTreeMap<(String, Transport, String), Vec<&CaseOutcome>> = BTreeMap::new();
    for case in cases {
        groups
            .entry((
                case.surface.clone(),
                case.transport,
                case.implementation.clone(),
            ))
            .or_default()
            .push(case);
    }
    groups.values().map(|cases| result(cases)).collect()
}

fn result(cases: &[&CaseOutcome]) -> SurfaceResult {
    let count = |verdict| cases.iter().filter(|case| case.verdict == verdict).count();
    SurfaceResult {
        surface: cases[0].surface.clone(),
        transport: cases[0].transport,
        reference: cases[0].reference.clone(),
        implementation: cases[0].implementation.clone(),
        kind: match cases[0].implementation.as_str() {
            "js" => ImplementationKind::Recorded,
            _ => ImplementationKind::Live,
        },
        cases: cases.len(),
        matched: count(CaseVerdict::Match),
        diverged: count(CaseVerdict::Diverged),
        known: count(CaseVerdict::Known),
        invalid: count(CaseVerdict::Invalid),
        skipped: count(CaseVerdict::Skipped),
        duration_ms: 120,
    }
}

pub(super) fn pin() -> PinOutcome {
    PinOutcome {
        surface: "embed".to_owned(),
        cases: vec!["one_text".to_owned()],
        pair: ["rust".to_owned(), "go".to_owned()],
        transport: Some(Transport::Http),
        path: "body:$.vectors[*]".to_owned(),
        kind: DifferenceKind::Norm,
        shapes: [
            "vector of norm 1".to_owned(),
            "vector of norm 2.1e1".to_owned(),
        ],
        count: lakehouse_parity::config::pin::Count::Exactly(1),
        rule: false,
        line: 1,
        reason: "the Go peer returns the vectors of the model unchanged".to_owned(),
        decision: "kept: callers compare by cosine".to_owned(),
        expires: "2027-06-30".to_owned(),
        matched: 1,
        matched_cases: 1,
        judged: true,
    }
}

fn normaliser() -> NormaliserOutcome {
    NormaliserOutcome {
        surface: "embed".to_owned(),
        on: "body".to_owned(),
        path: "$.at".to_owned(),
        reason: "the time of the answer".to_owned(),
        hits: 4,
        needed: true,
        judged: true,
        places: vec![NormaliserHit {
            case: "hostile".to_owned(),
            transport: Transport::Http,
            path: "body:$.at".to_owned(),
            implementation: "go".to_owned(),
            hits: 4,
        }],
    }
}
