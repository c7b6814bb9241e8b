//! Which cases an entry concerns, and how its occurrences are counted.

use lakehouse_rig::implementation::Transport;

use super::outcome;
use crate::comparators::plain;
use crate::config::Pin;
use crate::config::pin::{Count, Pattern};
use crate::difference::{Difference, DifferenceKind};
use crate::ledger::divergence::{accept, check, concerns, outcome_of};
use crate::ledger::entry::{entries, places};
use crate::outcome::{CaseOutcome, CaseVerdict, PinOutcome};

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 3, 1);

fn pin(count: usize) -> Pin {
    Pin {
        surface: "s".to_owned(),
        cases: vec![glob::Pattern::new("c*").expect("it is a pattern")],
        pair: ["left".to_owned(), "right".to_owned()],
        transport: Some(Transport::Line),
        path: Pattern::read("body:$[*]").expect("it is a path"),
        kind: DifferenceKind::Value,
        shapes: ["number 1".to_owned(), "number 2".to_owned()],
        count: Count::Exactly(count),
        places: None,
        is_rule: false,
        reason: String::new(),
        decision: String::new(),
        expires: TODAY,
        lines: (3, 9),
    }
}

/// A case whose reference answers with ones, and the implementation with these numbers.
fn case(name: &str, numbers: &[u8]) -> CaseOutcome {
    let differing = numbers.iter().enumerate().filter(|(_, n)| **n != 1);
    let differences = differing.map(|(index, number)| Difference {
        path: format!("body:$[{index}]"),
        kind: DifferenceKind::Value,
        left: plain("number 1"),
        right: plain(&format!("number {number}")),
    });
    CaseOutcome {
        case: name.to_owned(),
        ..outcome(differences.collect())
    }
}

/// The outcome of the only entry, and what is wrong with it.
fn checked(pin: &Pin, mut cases: Vec<CaseOutcome>, planned: usize) -> (PinOutcome, Vec<String>) {
    let pins = std::slice::from_ref(pin);
    for case in &mut cases {
        accept(pins, case);
    }
    let (mut outcomes, failures) = check(pins, &cases, &|_| planned, TODAY);
    let messages = failures.into_iter().map(|failure| failure.message);
    (outcomes.remove(0), messages.collect())
}

#[test]
fn an_entry_concerns_the_cases_of_its_surface_pair_and_transport() {
    let one = case("c1", &[2]);
    assert!(concerns(&pin(1), &one));
    let any = Pin {
        transport: None,
        ..pin(1)
    };
    assert!(concerns(&any, &one));
    let other = "other".to_owned();
    for changed in [
        CaseOutcome {
            surface: other.clone(),
            ..one.clone()
        },
        CaseOutcome {
            reference: other.clone(),
            ..one.clone()
        },
        CaseOutcome {
            implementation: other.clone(),
            ..one.clone()
        },
        CaseOutcome {
            case: other,
            ..one.clone()
        },
        CaseOutcome {
            transport: Transport::Http,
            ..one
        },
    ] {
        assert!(!concerns(&pin(1), &changed), "{changed:?}");
    }
}

#[test]
fn cases_without_occurrences_are_not_counted() {
    let cases = vec![case("c1", &[2, 2]), case("c2", &[1])];
    let (outcome, failures) = checked(&pin(2), cases, 2);
    assert_eq!((outcome.matched, outcome.matched_cases), (2, 1));
    assert!(outcome.judged && failures.is_empty(), "{failures:?}");
}

#[test]
fn an_entry_is_judged_when_all_its_cases_were_compared() {
    for (verdict, planned, judged) in [
        (CaseVerdict::Known, 1, true),
        (CaseVerdict::Known, 2, false),
        (CaseVerdict::Skipped, 1, false),
        (CaseVerdict::Invalid, 1, false),
        (CaseVerdict::Skipped, 0, false),
    ] {
        let case = CaseOutcome {
            verdict,
            ..case("c1", &[2])
        };
        let (outcome, _) = checked(&pin(1), vec![case], planned);
        assert_eq!(outcome.judged, judged, "{verdict} of {planned}");
    }
}

#[test]
fn an_entry_holds_until_the_end_of_its_last_day() {
    for (expires, is_expired) in [
        (TODAY.yesterday(), true),
        (Ok(TODAY), false),
        (TODAY.tomorrow(), false),
    ] {
        let pin = Pin {
            expires: expires.expect("it is a day"),
            ..pin(1)
        };
        let (_, failures) = checked(&pin, vec![case("c1", &[2])], 1);
        assert_eq!(!failures.is_empty(), is_expired, "{failures:?}");
    }
}

#[test]
fn the_failure_of_an_entry_says_what_changed() {
    let rule = |count| Pin {
        is_rule: true,
        count,
        ..pin(1)
    };
    for (pin, numbers, expected) in [
        (pin(2), &[2, 2][..], ""),
        (pin(1), &[1, 1], "no longer occurs"),
        (
            pin(2),
            &[2, 3],
            "no longer describes the difference: `body:$[1]` is now `value` (number 1 | number 3)",
        ),
        // More than the entry accepts: another difference beside them does not explain that.
        (pin(1), &[2, 2, 3], "matches 2 differences instead of 1"),
        (pin(3), &[2, 2], "matches 2 differences instead of 3"),
        // A rule does not follow from one difference.
        (
            rule(Count::Between(2, 3)),
            &[2, 3],
            "matches 1 difference instead of 2 to 3",
        ),
        (rule(Count::Any), &[1, 3], "no longer occurs"),
    ] {
        let (_, failures) = checked(&pin, vec![case("c1", numbers)], 1);
        let failures = failures.concat();
        assert!(
            failures.ends_with(expected) && failures.is_empty() == expected.is_empty(),
            "`{failures}` for {numbers:?}, not `{expected}`"
        );
    }
}

#[test]
fn an_earlier_outcome_belongs_to_the_same_entry_only() {
    let pin = pin(2);
    let (known, _) = checked(&pin, vec![case("c1", &[2, 2])], 1);
    let found = outcome_of(&pin, std::slice::from_ref(&known));
    assert_eq!(
        (found.matched, found.matched_cases, found.judged),
        (2, 1, true)
    );
    let other = || "other".to_owned();
    for changed in [
        PinOutcome {
            surface: other(),
            ..known.clone()
        },
        PinOutcome {
            cases: vec![other()],
            ..known.clone()
        },
        PinOutcome {
            pair: ["left".to_owned(), other()],
            ..known.clone()
        },
        PinOutcome {
            transport: None,
            ..known.clone()
        },
        PinOutcome {
            path: other(),
            ..known.clone()
        },
        PinOutcome {
            kind: DifferenceKind::Type,
            ..known.clone()
        },
        PinOutcome {
            shapes: [other(), other()],
            ..known
        },
    ] {
        let found = outcome_of(&pin, std::slice::from_ref(&changed));
        assert_eq!(
            (found.matched, found.matched_cases, found.judged),
            (0, 0, false),
            "{changed:?}"
        );
    }
}

#[test]
fn an_entry_with_indices_holds_its_places() {
    let one = case("c1", &[2, 1]);
    let all = || one.differences.iter().map(|d| (&one, &d.difference));
    let pin = Pin {
        places: Some(places(all())),
        ..pin(1)
    };
    assert!(checked(&pin, vec![one.clone()], 1).1.is_empty());
    let failures = checked(&pin, vec![case("c1", &[1, 2])], 1).1.concat();
    assert!(
        failures.ends_with("has its differences at other places"),
        "{failures}"
    );
    let written = entries(all())[0].fields();
    assert!(written.contains("\nplaces = \""), "{written}");

    let difference = Difference {
        path: "body:$.a".to_owned(),
        kind: DifferenceKind::Value,
        left: plain("number 1"),
        right: plain("number 2"),
    };
    let written = entries([(&one, &difference)])[0].fields();
    assert!(!written.contains("places"), "{written}");
}
