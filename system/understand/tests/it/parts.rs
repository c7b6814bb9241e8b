//! Texts that are understood without a part.

use std::sync::Arc;

use lakehouse_understand::{
    Dictionary, KnownPlace, Lexicon, Parts, Understander, Understanding, Vocabulary,
};

use crate::found;

fn vocabulary() -> Vocabulary {
    let place = |city: &str, state: &str| KnownPlace {
        city: city.to_owned(),
        state: state.to_owned(),
        people: 3,
    };
    Vocabulary {
        roles: ["Forklift Operator", "Loader", "Welder"]
            .map(str::to_owned)
            .into(),
        places: vec![place("Detroit", "MI"), place("Philadelphia", "PA")],
    }
}

fn understand(text: &str, parts: Parts) -> Understanding {
    let dictionary = Dictionary::new(&Lexicon::built_in()).with_parts(parts);
    Understander::new(Arc::new(dictionary), &vocabulary()).understand(text)
}

/// A part, a text, a member, and its value with all parts and without that one.
type Case = (
    fn(&mut Parts) -> &mut bool,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[test]
fn a_part_that_is_switched_off_is_not_understood() {
    let cases: [Case; 20] = [
        (
            |parts| &mut parts.roles,
            "welders in Detroit",
            "roles",
            "[\"Welder\"]",
            "[]",
        ),
        (
            |parts| &mut parts.roles,
            "zorblers in Detroit",
            "nobody",
            "[\"role\"]",
            "[]",
        ),
        (
            |parts| &mut parts.synonyms,
            "montacarguista",
            "roles",
            "[\"Forklift Operator\"]",
            "[]",
        ),
        (
            |parts| &mut parts.synonyms,
            "montacarguista",
            "nobody",
            "[]",
            "[]",
        ),
        (
            |parts| &mut parts.synonyms,
            "welders",
            "roles",
            "[\"Welder\"]",
            "[\"Welder\"]",
        ),
        (
            |parts| &mut parts.hints,
            "someone with hilo experience",
            "roles",
            "[\"Forklift Operator\"]",
            "[]",
        ),
        (
            |parts| &mut parts.related,
            "forklift operator",
            "related",
            "[\"Loader\"]",
            "[]",
        ),
        (
            |parts| &mut parts.places,
            "welders in Detroit",
            "places",
            "[\"Detroit, MI\"]",
            "[]",
        ),
        (
            |parts| &mut parts.places,
            "welders near Smallville",
            "nobody",
            "[\"place\"]",
            "[]",
        ),
        (
            |parts| &mut parts.nicknames,
            "welders in Philly",
            "places",
            "[\"Philadelphia, PA\"]",
            "[]",
        ),
        (
            |parts| &mut parts.shifts,
            "welders, night shift",
            "shifts",
            "[\"nights\"]",
            "[]",
        ),
        (
            |parts| &mut parts.certificates,
            "welders with OSHA 10",
            "certificates",
            "[\"OSHA 10\"]",
            "[]",
        ),
        (
            |parts| &mut parts.negation,
            "welders, not in Detroit",
            "not_places",
            "[\"Detroit, MI\"]",
            "[]",
        ),
        (
            |parts| &mut parts.negation,
            "welders, not in Detroit",
            "places",
            "[]",
            "[\"Detroit, MI\"]",
        ),
        (
            |parts| &mut parts.numbers,
            "2 welders under $20",
            "pay",
            "\"below 20\"",
            "\"none\"",
        ),
        (
            |parts| &mut parts.client,
            "welders for Beacon Freight",
            "client",
            "\"beacon freight\"",
            "\"none\"",
        ),
        (
            |parts| &mut parts.availability,
            "unavailable welders",
            "availability",
            "\"unavailable\"",
            "\"any\"",
        ),
        (
            |parts| &mut parts.availability,
            "welders",
            "availability",
            "\"available\"",
            "\"any\"",
        ),
        (
            |parts| &mut parts.correction,
            "forklft operator",
            "roles",
            "[\"Forklift Operator\"]",
            "[]",
        ),
        (
            |parts| &mut parts.nobody,
            "welders in Boise",
            "nobody",
            "[\"place\"]",
            "[]",
        ),
    ];
    for (part, text, member, with, without) in cases {
        let mut parts = Parts::ALL;
        *part(&mut parts) = false;
        for (parts, want) in [(Parts::ALL, with), (parts, without)] {
            let found = found(&understand(text, parts), member).to_string();
            assert_eq!(found, want, "`{text}`, {member}: {parts:?}");
        }
    }
}
