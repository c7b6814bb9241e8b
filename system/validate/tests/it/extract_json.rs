//! Finding an object in prose.

use lakehouse_json as json;
use lakehouse_json::MAX_DEPTH;
use lakehouse_validate::extract_json;
use proptest::prelude::*;

/// Compact JSON objects with strings that hold braces, quotes and fences.
fn object() -> impl Strategy<Value = String> {
    let text =
        prop_oneof![any::<String>(), "[{}\"`\\\\a-z ]{0,12}"].prop_map(|s| s.replace('`', "'"));
    let leaf = prop_oneof![
        text.clone().prop_map(|text| json::string(&text)),
        Just("null".to_owned()),
        Just("-0.50E+7".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
    ];
    let value = leaf.prop_recursive(4, 20, 4, move |inner| {
        let members = prop::collection::vec((text.clone(), inner.clone()), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|v| format!("[{}]", v.join(","))),
            members.prop_map(|members| print_object(&members)),
        ]
    });
    prop::collection::vec(("[a-z]{0,3}", value), 0..4).prop_map(|members| print_object(&members))
}

fn print_object(members: &[(String, String)]) -> String {
    let members = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", json::string(name)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// The same value with white space around every token outside strings.
fn spaced(compact: &str) -> String {
    let mut out = String::new();
    let mut in_string = false;
    let mut escaped = false;
    for c in compact.chars() {
        let is_token = !in_string && matches!(c, '{' | '}' | '[' | ']' | ':' | ',');
        let quotes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        in_string ^= quotes;
        if is_token {
            out.extend([' ', c, '\r', '\n', '\t']);
        } else {
            out.push(c);
        }
    }
    out
}

fn carried_over(text: &str) -> Option<String> {
    extract_json(text).map(json::carried_over)
}

proptest! {
    #[test]
    fn an_object_in_prose_is_found_and_carried_over(
        object in object(), before in "[^{}`]{0,40}", after in any::<String>(),
    ) {
        let after = after.replace('`', "'");
        prop_assert_eq!(carried_over(&format!("{before}{object}{after}")), Some(object.clone()));
        prop_assert_eq!(carried_over(&format!("{before}{}", spaced(&object))), Some(object));
    }

    #[test]
    fn stray_braces_before_it_are_ignored(object in object(), before in "([a-z ]|\\{[a-z]|\\}){0,20}") {
        let text = format!("{before}. {object}");
        prop_assert_eq!(carried_over(&text), Some(object));
    }

    #[test]
    fn a_fence_is_preferred(first in object(), second in object(), tag in "[jJ][sS][oO][nN]") {
        let text = format!("{first} ```{tag} {second}``` {first}");
        prop_assert_eq!(carried_over(&text), Some(second));
    }

    #[test]
    fn the_result_matches_a_naive_search(text in "[{}\\[\\]\",:`a1 \\\\\n]{0,60}") {
        let naive = naive_extract(&text);
        prop_assert_eq!(extract_json(&text), naive);
    }

    #[test]
    fn no_text_panics_the_search(text in any::<String>()) {
        if let Some(found) = extract_json(&text) {
            prop_assert!(json::parse(found, MAX_DEPTH).is_ok());
        }
    }
}

/// A slow, literal implementation of the contract, for texts with little nesting.
fn naive_extract(text: &str) -> Option<&str> {
    let parts: Vec<_> = text.split("```").collect();
    let inside = parts.iter().skip(1).step_by(2);
    let fences: Vec<_> = inside
        .map(|part| {
            let content =
                part.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_+-".contains(c));
            (&part[..part.len() - content.len()], content)
        })
        .collect();
    let tagged = fences
        .iter()
        .filter(|(tag, _)| tag.eq_ignore_ascii_case("json"));
    let bare = fences.iter().filter(|(tag, _)| tag.is_empty());
    tagged
        .chain(bare)
        .map(|(_, content)| *content)
        .chain([text])
        .find_map(|piece| {
            piece.match_indices('{').find_map(|(start, _)| {
                let ends = piece[start..]
                    .match_indices('}')
                    .map(|(end, _)| start + end + 1);
                ends.map(|end| &piece[start..end])
                    .find(|object| json::parse(object, MAX_DEPTH).is_ok())
            })
        })
}
