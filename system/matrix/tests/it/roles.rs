//! The roles in texts of four styles.

use std::sync::{Arc, LazyLock};

use lakehouse_matrix::role::{KnownTerms, LexiconWords, Reading, RoleKey, RoleMatch};
use lakehouse_understand::Lexicon;
use proptest::{prelude::*, sample::select};
use serde::Deserialize;

const ROLES: [&str; 10] = [
    "Picker",
    "Packer",
    "Forklift Operator",
    "CNC Operator",
    "Reach Truck Operator",
    "Warehouse Associate",
    "Security Guard",
    "Nurse",
    "Quality Assurance Inspector",
    "Café Worker",
];
const CITIES: [&str; 5] = [
    "Detroit",
    "Grand Rapids",
    "San Antonio",
    "Columbus",
    "Flint",
];

/// The lexicon's places, without its roles.
fn places() -> Arc<LexiconWords> {
    static PLACES: LazyLock<Arc<LexiconWords>> = LazyLock::new(|| {
        let mut lexicon = Lexicon::default();
        let file = include_str!("../../../../fixtures/lexicon/places.toml");
        lexicon.add(file).unwrap();
        Arc::new(LexiconWords::new(&lexicon))
    });
    Arc::clone(&PLACES)
}

fn read_role(text: &str, known: &KnownTerms) -> RoleMatch {
    Reading::of(text, known).role
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    known_roles: Vec<String>,
    known_cities: Vec<String>,
    need: Vec<Case>,
    client_first: Vec<Case>,
    looking: Vec<Case>,
    shorthand: Vec<Case>,
    elsewhere_in_the_text: Vec<Case>,
    not_wanted: Vec<Case>,
    plurals: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    role: Option<String>,
}

#[test]
fn roles_match_the_table() {
    let table: Table = toml::from_str(include_str!("../data/roles.toml")).unwrap();
    let known = KnownTerms::new(
        places(),
        table.known_roles.iter().map(String::as_str),
        table.known_cities.iter().map(String::as_str),
        [],
    );
    for cases in [
        table.need,
        table.client_first,
        table.looking,
        table.shorthand,
        table.elsewhere_in_the_text,
        table.not_wanted,
        table.plurals,
    ] {
        assert!(cases.len() > 3);
        for Case { text, role } in cases {
            let found = read_role(&text, &known).key().map(|key| key.to_string());
            assert_eq!(found, role, "{text:?}");
        }
    }
}

#[test]
fn ambiguous_texts_differ_from_texts_without_a_role() {
    let known = KnownTerms::new(places(), ["Picker", "Packer"], [], []);
    assert_eq!(
        read_role("pickers or packers", &known),
        RoleMatch::Ambiguous
    );
    assert_eq!(read_role("someone strong", &known), RoleMatch::None);
}

#[test]
fn synonyms_stand_for_roles_that_are_said() {
    let role = |text: &str, synonyms: &[&str]| {
        let known = KnownTerms::new(
            places(),
            ["Forklift Operator", "Picker"],
            ["Detroit"],
            synonyms.iter().copied(),
        );
        read_role(text, &known).key().map(|key| key.to_string())
    };
    let hilo = "hilo driver = forklift operator";
    for (text, synonyms, want) in [
        (
            "need 2 hilo drivers in Detroit",
            &[][..],
            Some("hilo driver"),
        ),
        (
            "need 2 hilo drivers in Detroit",
            &[hilo],
            Some("forklift operator"),
        ),
        ("Hi-Lo drivers, Detroit", &[hilo], Some("forklift operator")),
        (
            "need experienced night hilo drivers",
            &[hilo, hilo],
            Some("forklift operator"),
        ),
        ("hilo drivers or pickers", &[hilo], None),
        (
            "hilo drivers and forklift operators",
            &[hilo],
            Some("forklift operator"),
        ),
        // Coordinators who disagree.
        (
            "need 2 hilo drivers",
            &[hilo, "hilo driver = picker"],
            Some("hilo driver"),
        ),
        // Spellings of one role agree.
        (
            "need 2 hilo drivers",
            &[hilo, "hilo drivers = fork lift operators"],
            Some("forklift operator"),
        ),
        // Known roles are no synonyms of others.
        (
            "need pickers",
            &["picker = forklift operator"],
            Some("picker"),
        ),
        (
            "need hilo drivers",
            &["hilo driver", " = x", "hilo driver = -"],
            Some("hilo driver"),
        ),
    ] {
        assert_eq!(
            role(text, synonyms).as_deref(),
            want,
            "{text:?} {synonyms:?}"
        );
    }
}

#[test]
fn the_words_of_the_lexicon_stand_for_roles() {
    let lexicon = Arc::new(LexiconWords::new(&Lexicon::built_in()));
    let role = |text: &str, roles: &[&'static str], synonyms: &[&str]| {
        let roles = roles.iter().copied();
        let synonyms = synonyms.iter().copied();
        let known = KnownTerms::new(Arc::clone(&lexicon), roles, ["Detroit"], synonyms);
        read_role(text, &known).key().map(|key| key.to_string())
    };
    let lift = &["Forklift Operator", "Driver"][..];
    for (text, roles, synonyms, want) in [
        (
            "lift drivers in Detroit",
            lift,
            &[][..],
            Some("forklift operator"),
        ),
        (
            "need 2 experienced hilo drivers",
            lift,
            &[],
            Some("forklift operator"),
        ),
        (
            "necesito 2 montacarguistas",
            lift,
            &[],
            Some("forklift operator"),
        ),
        (
            "need someone, a lift driver",
            lift,
            &[],
            Some("forklift operator"),
        ),
        ("no lift drivers, need drivers", lift, &[], Some("driver")),
        ("lift drivers or drivers", lift, &[], None),
        // The documents' word is another one.
        (
            "need a forklift operator",
            &["Lift Drivers"],
            &[],
            Some("forklift operator"),
        ),
        (
            "need a hilo driver",
            &["Fork-Lift Operator"],
            &[],
            Some("fork lift operator"),
        ),
        // No document has the role.
        ("need 2 lift drivers", &["Picker"], &[], Some("lift driver")),
        (
            "need forklift in Detroit",
            &["Picker"],
            &[],
            Some("forklift"),
        ),
        (
            "need forklift in Detroit",
            lift,
            &[],
            Some("forklift operator"),
        ),
        (
            "need a reach truck operator",
            &["Truck Operator"],
            &[],
            Some("reach truck operator"),
        ),
        // A term of several roles.
        ("need a nurse", &["Picker"], &[], Some("nurse")),
        // Coordinators know better, unless they disagree.
        (
            "need a hilo driver",
            lift,
            &["hilo driver = picker"],
            Some("picker"),
        ),
        (
            "need a hilo driver",
            lift,
            &["hilo driver = picker", "hilo driver = driver"],
            Some("forklift operator"),
        ),
        (
            "need a box wrangler",
            lift,
            &["box wrangler = lift driver"],
            Some("forklift operator"),
        ),
    ] {
        let found = role(text, roles, synonyms);
        assert_eq!(found.as_deref(), want, "{text:?} {roles:?} {synonyms:?}");
    }
}

#[test]
fn words_of_one_role_have_one_meaning() {
    let lexicon = Arc::new(LexiconWords::new(&Lexicon::built_in()));
    let known = KnownTerms::new(
        lexicon,
        ["Lift Drivers", "Picker"],
        [],
        [
            "box wrangler = hilo operator",
            "reach truck driver = picker",
        ],
    );
    let meaning = |role: &str| {
        known
            .meaning(&RoleKey::from_text(role).unwrap())
            .to_string()
    };
    for (role, want) in [
        ("Lift Driver", "forklift operator"),
        ("Forklift Operators", "forklift operator"),
        ("box wrangler", "forklift operator"),
        ("Order Selector", "picker"),
        ("reach truck drivers", "picker"),
        ("picker packer", "picker packer"),
        ("glove maker", "glove maker"),
    ] {
        assert_eq!(meaning(role), want, "{role}");
    }
}

/// How a coordinator spells a role.
fn spelled(role: &str, plural: bool, upper: bool) -> String {
    let role = match role.strip_suffix('y') {
        Some(stem) if plural => format!("{stem}ies"),
        _ if plural => format!("{role}s"),
        _ => role.to_owned(),
    };
    if upper {
        role.to_ascii_uppercase()
    } else {
        role
    }
}

proptest! {
    #[test]
    fn roles_are_found_in_every_style(
        role in select(&ROLES[..]),
        city in select(&CITIES[..]),
        count in select(&["", "a ", "3 ", "12x ", "two "][..]),
        plural: bool,
        upper: bool,
        role_is_known: bool,
        style in 0..5,
    ) {
        let known = KnownTerms::new(
            places(),
            ROLES.into_iter().filter(|one| *one != role || role_is_known),
            CITIES,
            [],
        );
        let spelled = spelled(role, plural, upper);
        let text = match style {
            0 => format!("Need {count}{spelled} in {city} at 06:00 for Beacon Freight"),
            1 => format!("Beacon Freight needs {count}{spelled} at {city}"),
            2 => format!("Looking for {count}{spelled} near {city}, asap"),
            3 => format!("{spelled} {city}"),
            _ => format!("{spelled}, {city}, Beacon Freight"),
        };
        let found = read_role(&text, &known).key();
        prop_assert_eq!(found, RoleKey::from_text(role), "{}", text);
    }

    #[test]
    fn any_text_is_read(
        text in "(need|needs|looking|for|not|no|or|3x|a|Picker|packers|in|Detroit|MI|mi|kansas|city|someone|é|'s|[ -~]| |, ){0,30}",
        roles in prop::collection::vec("[a-z ]{0,12}", 0..5),
        cities in prop::collection::vec("(detroit|kansas|city|[a-z ]){0,4}", 0..3),
        synonyms in prop::collection::vec("[a-z ]{0,6} = [a-z ]{0,6}", 0..3),
    ) {
        let known = KnownTerms::new(
            places(),
            roles.iter().map(String::as_str),
            cities.iter().map(String::as_str),
            synonyms.iter().map(String::as_str),
        );
        if let Some(key) = read_role(&text, &known).key() {
            prop_assert_eq!(RoleKey::from_text(key.as_str()), Some(key));
        }
    }
}
