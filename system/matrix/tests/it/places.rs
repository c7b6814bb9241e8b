//! The places that queries name, and who is elsewhere.

use std::sync::{Arc, LazyLock};

use lakehouse_matrix::role::{KnownTerms, LexiconWords, Reading};
use lakehouse_understand::Lexicon;
use lakehouse_vector::Metadata;

const ROLES: [&str; 4] = [
    "Forklift Operator",
    "Picker",
    "OR Nurse",
    "Mobile Crane Operator",
];
const CITIES: [&str; 11] = [
    "Chicago",
    "Detroit",
    "St. Louis",
    "Fort Wayne",
    "Aurora",
    "Lansing",
    "Kansas City",
    "Portland",
    "Mobile",
    "New York",
    "La Porte",
];

fn is_elsewhere(query: &str, recorded: &str, document: &str) -> bool {
    static LEXICON: LazyLock<Arc<LexiconWords>> =
        LazyLock::new(|| Arc::new(LexiconWords::new(&Lexicon::built_in())));
    let synonyms = ["hilo driver = forklift operator"];
    let known = KnownTerms::new(Arc::clone(&LEXICON), ROLES, CITIES, synonyms);
    let places = |text| Reading::of(text, &known).places;
    let document = Metadata::parse(document).unwrap();
    places(query).are_elsewhere(&document, &known, || places(recorded))
}

fn document(city: &str, state: &str) -> String {
    match state {
        "" => format!(r#"{{"city":"{city}"}}"#),
        _ => format!(r#"{{"city":"{city}","state":"{state}"}}"#),
    }
}

#[test]
fn answers_of_other_places_are_elsewhere() {
    let detroit = document("Detroit", "MI");
    let louis = document("Saint Louis", "MO");
    let portland = document("Portland", "OR");
    let chicago = document("Chicago", "IL");
    let plain = document("Detroit", "");
    for (query, document, want) in [
        // Known cities, in any spelling.
        ("pickers in Detroit", &detroit, false),
        ("pickers in Detroit", &louis, true),
        ("pickers detroit", &louis, true),
        ("DETROIT PICKERS", &louis, true),
        ("pickers in St Louis", &louis, false),
        ("pickers in SAINT LOUIS", &louis, false),
        ("pickers in St. Louis MO", &louis, false),
        ("pickers in St. Louis MO", &detroit, true),
        ("pickers in Ft. Wayne", &document("Fort Wayne", ""), false),
        ("pickers in Laporte", &document("La Porte", ""), false),
        ("pickers in Détroit", &detroit, false),
        // States by code and name.
        ("pickers in Detroit MI", &detroit, false),
        ("pickers in Detroit, Michigan", &detroit, false),
        ("pickers in Detroit OH", &detroit, true),
        ("pickers in Michigan", &detroit, false),
        ("pickers in Ohio", &detroit, true),
        ("pickers in OH", &detroit, true),
        ("welder oh", &detroit, false), // `oh` alone is no state
        ("welder in oh", &detroit, true),
        ("welder tx", &detroit, true),
        ("MI pickers", &detroit, false),
        ("TX pickers", &detroit, true),
        ("West Virginia pickers", &document("Aurora", "VA"), true),
        (
            "West Virginia pickers",
            &document("Aurora", "West Virginia"),
            false,
        ),
        ("in Detroit, Ohio pickers", &detroit, true),
        ("Ohio pickers in Detroit", &detroit, true),
        // A document without a state.
        ("pickers in Detroit MI", &plain, false),
        ("pickers in Michigan", &plain, true),
        // A city in two states.
        (
            "pickers in Kansas City",
            &document("Kansas City", "KS"),
            false,
        ),
        (
            "pickers in Kansas City",
            &document("Kansas City", "MO"),
            false,
        ),
        (
            "pickers in Kansas City KS",
            &document("Kansas City", "MO"),
            true,
        ),
        ("pickers in Kansas", &document("Kansas City", "KS"), false),
        ("pickers in Kansas", &document("Kansas City", "MO"), true),
        ("pickers in New York", &document("New York", "NY"), false),
        ("pickers in New York", &document("Aurora", "NY"), true),
        // Words that are codes, too.
        ("pickers in Portland OR", &portland, false),
        ("pickers in Portland or Detroit", &portland, false),
        ("pickers in Portland or Detroit", &detroit, false),
        ("pickers portland or", &document("Portland", "ME"), true),
        ("PICKERS PORTLAND OR DETROIT", &detroit, false),
        ("need pickers, call me, Detroit", &detroit, false),
        ("need 2 OR nurses in Detroit", &detroit, false),
        ("need MDs in Detroit", &detroit, false),
        ("need an MD, Detroit", &detroit, false),
        // Unknown cities.
        ("pickers in Ann Arbor MI", &detroit, true),
        ("pickers in Ann Arbor", &detroit, true),
        ("pickers near ann arbor", &detroit, true),
        ("Ann Arbor, MI: pickers", &detroit, true),
        ("Ann Arbor pickers, MI", &detroit, true),
        ("hilo drivers Ann Arbor MI", &detroit, true),
        ("stackers Ann Arbor MI", &detroit, true),
        ("hilo drivers MI", &detroit, false),
        ("stackers MI", &detroit, false),
        ("Forklift Operator Ypsilanti", &detroit, true),
        ("forklift operator ypsilanti", &detroit, true),
        ("Need 2 pickers ypsilanti", &detroit, true),
        ("NEED 2 PICKERS ANN ARBOR", &detroit, true),
        ("need 2 pickers and a welder", &detroit, false),
        ("need 2 pickers now, asap", &detroit, false),
        ("pickers x2", &detroit, false),
        ("Need 2 pickers with RF scanner for Beacon", &detroit, false),
        ("Ann Arbor pickers", &detroit, true),
        ("ann arbor 2 pickers", &detroit, true),
        ("3 pickers, ann arbor", &detroit, true),
        ("3 pickers wanted ann arbor", &detroit, true),
        ("3 pickers for Jackson", &detroit, false),
        ("Jackson Freight needs pickers", &detroit, false),
        ("Ottawa Hills Freight pickers", &detroit, false), // as a client
        // Nicknames.
        ("lift drivers in the Windy City", &chicago, false),
        ("lift drivers in the windy city", &detroit, true),
        ("Windy City pickers", &detroit, true),
        ("Windy City Freight needs pickers", &detroit, false),
        ("Motor City pickers", &detroit, false),
        ("pickers not in Motown", &detroit, true),
        ("pickers not in Motown", &chicago, false),
        ("pickers in KC, MO", &document("Kansas City", "MO"), false),
        ("pickers in KC, KS", &document("Kansas City", "MO"), true),
        ("pickers in DFW", &detroit, true),
        ("pickers in the Carolinas", &document("Aurora", "NC"), false),
        ("pickers in the Carolinas", &detroit, true),
        ("pickers LA", &detroit, true),
        ("pickers Aurora, LA", &document("Aurora", "LA"), false),
        ("pickers in Mich.", &detroit, false),
        ("pickers in Mich.", &chicago, true),
        ("ask Miss Jones for pickers", &detroit, false),
        ("pickers in LA", &detroit, true),
        ("pickers in the Bronx", &detroit, true),
        ("pickers in downtown Detroit", &detroit, false),
        ("pickers in greater Lansing", &detroit, true),
        ("recolectores en Toledo", &detroit, true),
        ("pickers en la noche", &detroit, false),
        ("pickers in East Lansing", &document("Lansing", "MI"), true),
        ("pickers in N. Aurora", &document("Aurora", "IL"), true),
        ("pickers in St. Louis Park", &louis, true),
        (
            "pickers in Virginia Beach VA",
            &document("Aurora", "VA"),
            true,
        ),
        ("pickers in Washington DC", &document("Aurora", "WA"), true),
        // No places.
        ("pickers in the morning", &detroit, false),
        ("pickers in 2 weeks", &detroit, false),
        ("pickers at Beacon Freight", &detroit, false),
        ("pickers for Beacon Freight", &detroit, false),
        ("pickers in May", &detroit, false),
        ("Forklift Operator Nights", &detroit, false),
        ("Forklift Operator CDL", &detroit, false),
        ("mobile crane operator", &detroit, false),
        // What is not wanted.
        ("pickers in Detroit, not Aurora", &detroit, false),
        (
            "pickers in Detroit, not Aurora",
            &document("Aurora", "IL"),
            true,
        ),
        ("pickers not in Ohio", &detroit, false),
        ("pickers not in Michigan", &detroit, true),
        ("pickers not in Michigan", &plain, true),
        (
            "pickers, no Detroit or Aurora",
            &document("Aurora", ""),
            true,
        ),
        ("pickers, no Detroit or Aurora", &louis, false),
        ("pickers anywhere except Detroit", &detroit, true),
        ("pickers not in Ann Arbor", &detroit, false),
        ("no pickers in Aurora", &document("Aurora", ""), false),
        (
            "we don't need pickers in Aurora, we need pickers in Detroit",
            &detroit,
            false,
        ),
        (
            "we don't need pickers in Aurora, we need pickers in Detroit",
            &document("Aurora", ""),
            true,
        ),
        ("picker no weekends detroit", &detroit, false),
        ("picker no weekends detroit", &louis, true),
    ] {
        assert_eq!(
            is_elsewhere(query, "", document),
            want,
            "{query:?} {document}"
        );
    }
}

#[test]
fn documents_without_a_place_are_where_they_were_asked_for() {
    for (query, recorded, want) in [
        ("need pickers", "need pickers in Detroit", false),
        ("need pickers in Detroit", "pickers, Detroit", false),
        ("need pickers in Detroit MI", "pickers, Detroit", false),
        ("need pickers in Detroit", "pickers, Detroit MI", false),
        ("need pickers in Michigan", "pickers, Detroit MI", false),
        ("need pickers in Ohio", "pickers, Detroit MI", true),
        ("need pickers in Michigan", "pickers, Detroit", true),
        ("need pickers in Ann Arbor", "pickers in Ann Arbor", false),
        ("need pickers in Ann Arbor MI", "pickers in Ann Arbor", true),
        (
            "need pickers in Detroit",
            "pickers in Detroit or Aurora",
            true,
        ),
        ("need pickers in Aurora", "pickers, Detroit", true),
        ("need pickers in Detroit", "pickers", true),
        (
            "Detroit or Aurora pickers",
            "pickers Aurora, Detroit",
            false,
        ),
        ("pickers, not Aurora", "pickers, Aurora", true),
    ] {
        for document in ["{}", r#"{"city":7,"state":["MI"]}"#, r#"{"city":"?"}"#] {
            assert_eq!(is_elsewhere(query, recorded, document), want, "{query:?}");
        }
    }
}
