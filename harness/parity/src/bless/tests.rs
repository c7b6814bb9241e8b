use std::io::Cursor;

use super::propose::{Edit, Proposal};
use super::{Consent, ask, edit_pins};

const LEDGER: &str = "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n\n# Of b.\n[[divergence]]\nsurface = \"b\"\ncount = 2\n";

#[test]
fn comments_and_order_stay() {
    let pin = "[[divergence]]\nsurface = \"c\"\ncases = [\"x\"]\ncount = 3\nreason = \"\"\ndecision = \"\"\n";
    let add = Edit::Add {
        pin: pin.to_owned(),
    };
    let change = Edit::Change {
        index: 1,
        fields: "count = 5".to_owned(),
    };
    let text =
        edit_pins(LEDGER, &[(&add, "new here"), (&change, "there are more")]).expect("it is TOML");
    let until = text.find("decision = ").expect("it is there");
    assert_eq!(
        &text[..until],
        "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n\n# Of b.\n[[divergence]]\nsurface = \"b\"\ncount = 5\nreason = \"there are more\"\n\n[[divergence]]\nsurface = \"c\"\ncases = [\"x\"]\ncount = 3\nreason = \"new here\"\n"
    );
    let gone = edit_pins(
        LEDGER,
        &[(&Edit::Delete { index: 1 }, ""), (&change, "twice")],
    )
    .expect("it is TOML");
    assert_eq!(
        gone,
        "# Head.\n\n[[divergence]]\nsurface = \"a\" # why\ncount = 1\n"
    );
}

#[test]
fn only_a_yes_with_a_reason_counts() {
    for (typed, needs_reason, expected) in [
        ("y\nit is so\n", true, Some("it is so")),
        ("YES\nit is so\n", true, Some("it is so")),
        ("y\n\n", true, None),
        ("y\n", true, None),
        ("n\nit is so\n", true, None),
        ("\n", true, None),
        ("", true, None),
        ("y\n", false, Some("")),
        ("yep\n", false, None),
    ] {
        let proposal = Proposal {
            shown: "what differs".to_owned(),
            question: "declare it? [y/N] ",
            needs_reason,
            edit: Edit::Delete { index: 0 },
        };
        let mut out = Vec::new();
        let mut consent = Consent::Asked {
            input: Cursor::new(typed),
        };
        let reason = ask(&proposal, &mut consent, &mut out).expect("nothing can fail");
        assert_eq!(reason.as_deref(), expected, "{typed:?}");
        let out = String::from_utf8(out).expect("it is text");
        assert!(
            out.starts_with("\nwhat differs\n\ndeclare it? [y/N] "),
            "{out}"
        );
    }
}
