//! What an entry accepts beyond the cases of a run.

use super::*;
use crate::comparators::plain;

fn pin(kind: DifferenceKind, shapes: [&str; 2]) -> Pin {
    Pin {
        surface: "s".to_owned(),
        cases: vec![glob::Pattern::new("c").expect("it is a pattern")],
        pair: ["left", "right"].map(str::to_owned),
        transport: Some(Transport::Line),
        path: Pattern::read("body:$.v").expect("it is a path"),
        kind,
        shapes: shapes.map(str::to_owned),
        count: Count::Exactly(1),
        places: None,
        is_rule: false,
        reason: "r".to_owned(),
        decision: String::new(),
        expires: jiff::civil::date(2026, 1, 1),
        lines: (1, 1),
    }
}

fn difference(path: &str, kind: DifferenceKind, shapes: [&str; 2]) -> Difference {
    let [left, right] = shapes.map(plain);
    Difference {
        path: path.to_owned(),
        kind,
        left,
        right,
    }
}

#[test]
fn differences_of_generated_inputs_are_accepted_on_the_surface_pair_and_transport() {
    let shapes = ["number 1", "number 2"];
    let pin = pin(DifferenceKind::Value, shapes);
    let difference = difference("body:$.v", DifferenceKind::Value, shapes);
    for (surface, pair, transport, expected) in [
        ("s", ["left", "right"], Transport::Line, true),
        ("t", ["left", "right"], Transport::Line, false),
        ("s", ["left", "third"], Transport::Line, false),
        ("s", ["right", "left"], Transport::Line, false),
        ("s", ["left", "right"], Transport::Http, false),
    ] {
        let accepts = pin.accepts(surface, pair, transport, &difference);
        assert_eq!(accepts, expected, "{surface} {pair:?} {transport}");
    }
    let anywhere = Pin {
        transport: None,
        ..pin
    };
    assert!(anywhere.accepts("s", ["left", "right"], Transport::Http, &difference));
}

#[test]
fn norms_of_generated_inputs_are_accepted_whatever_they_are() {
    use DifferenceKind::{Norm, Value};
    const ONE: &str = "vector of norm 1";
    const TWO: &str = "vector of norm 2.1e1";
    const THREE: &str = "vector of norm 3.2e1";
    let norms = pin(Norm, [ONE, TWO]);
    let accepts = |pin: &Pin, path: &str, kind, shapes| {
        let difference = difference(path, kind, shapes);
        pin.accepts("s", ["left", "right"], Transport::Line, &difference)
    };
    assert!(accepts(&norms, "body:$.v", Norm, [ONE, TWO]));
    assert!(accepts(&norms, "body:$.v", Norm, [ONE, THREE]));
    for (path, kind, shapes) in [
        ("body:$.w", Norm, [ONE, THREE]),
        ("body:$.v", Value, [ONE, THREE]),
        ("body:$.v", Norm, [TWO, THREE]),
        ("body:$.v", Norm, [ONE, "number 3"]),
    ] {
        assert!(
            !accepts(&norms, path, kind, shapes),
            "{path} {kind} {shapes:?}"
        );
    }
    // Only a pin of a norm does.
    for other in [pin(Value, [ONE, TWO]), pin(Norm, [ONE, "number 2"])] {
        assert!(!accepts(&other, "body:$.v", other.kind, [ONE, THREE]));
    }
}

#[test]
fn entries_are_described_for_their_own_cases() {
    let pin = pin(DifferenceKind::Value, ["number 1", "number 2"]);
    assert_eq!(
        pin.about("s", "c").as_deref(),
        Some("left and right, `body:$.v` different value (number 1 | number 2): r")
    );
    assert_eq!(pin.about("t", "c"), None);
    assert_eq!(pin.about("s", "d"), None);
}
