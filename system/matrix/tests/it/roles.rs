//! The roles in texts of four styles.

use lakehouse_matrix::role::{KnownTerms, RoleKey, RoleMatch, read_role};
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    known_roles: Vec<String>,
    known_cities: Vec<String>,
    need: Vec<Case>,
    client_first: Vec<Case>,
    looking: Vec<Case>,
    shorthand: Vec<Case>,
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
    let mut known = KnownTerms::default();
    known.add(
        table.known_roles.iter().map(String::as_str),
        table.known_cities.iter().map(String::as_str),
    );
    for cases in [
        table.need,
        table.client_first,
        table.looking,
        table.shorthand,
    ] {
        assert!(cases.len() > 3);
        for Case { text, role } in cases {
            let found = match read_role(&text, &known) {
                RoleMatch::One(key) => Some(key.to_string()),
                RoleMatch::Ambiguous | RoleMatch::None => None,
            };
            assert_eq!(found, role, "{text:?}");
        }
    }
}

#[test]
fn ambiguous_texts_differ_from_texts_without_a_role() {
    let mut known = KnownTerms::default();
    known.add(["Picker", "Packer"], []);
    assert_eq!(
        read_role("pickers or packers", &known),
        RoleMatch::Ambiguous
    );
    assert_eq!(read_role("someone strong", &known), RoleMatch::None);
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
        let mut known = KnownTerms::default();
        known.add(
            ROLES.into_iter().filter(|one| *one != role || role_is_known),
            CITIES,
        );
        let spelled = spelled(role, plural, upper);
        let text = match style {
            0 => format!("Need {count}{spelled} in {city} at 06:00 for Beacon Freight"),
            1 => format!("Beacon Freight needs {count}{spelled} at {city}"),
            2 => format!("Looking for {count}{spelled} near {city}, asap"),
            3 => format!("{spelled} {city}"),
            _ => format!("{spelled}, {city}, Beacon Freight"),
        };
        prop_assert_eq!(read_role(&text, &known), RoleMatch::One(RoleKey::from_text(role).unwrap()), "{}", text);
    }

    #[test]
    fn any_text_is_read(
        text in "(need|needs|looking|for|3x|a|picker|packers|in|detroit|é|[ -~]| ){0,30}",
        roles in prop::collection::vec("[a-z ]{0,12}", 0..5),
        cities in prop::collection::vec("[a-z ]{0,12}", 0..3),
    ) {
        let mut known = KnownTerms::default();
        known.add(roles.iter().map(String::as_str), cities.iter().map(String::as_str));
        if let RoleMatch::One(key) = read_role(&text, &known) {
            prop_assert_eq!(RoleKey::from_text(key.as_str()), Some(key));
        }
    }
}
