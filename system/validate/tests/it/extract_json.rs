//! Finding an object in prose.

use std::time::{Duration, Instant};

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

proptest! {
    #[test]
    fn an_object_in_prose_is_found_and_carried_over(
        object in object(), before in "[^{}`]{0,40}", after in any::<String>(),
    ) {
        let after = after.replace('`', "'");
        prop_assert_eq!(extract_json(&format!("{before}{object}{after}")), Some(object.clone()));
        prop_assert_eq!(extract_json(&format!("{before}{}", spaced(&object))), Some(object));
    }

    #[test]
    fn stray_braces_before_it_are_ignored(object in object(), before in "([a-z ]|\\{[a-z]|\\}){0,20}") {
        let text = format!("{before}. {object}");
        prop_assert_eq!(extract_json(&text), Some(object));
    }

    #[test]
    fn a_fence_is_preferred(first in object(), second in object(), tag in "[jJ][sS][oO][nN]") {
        let text = format!("{first} ```{tag} {second}``` {first}");
        prop_assert_eq!(extract_json(&text), Some(second));
    }

    #[test]
    fn the_result_matches_a_naive_search(text in "[{}\\[\\]\",:`a1 '\\\\\n]{0,60}") {
        let naive = naive_extract(&text);
        prop_assert_eq!(extract_json(&text), naive);
    }

    #[test]
    fn reasoning_before_the_answer_never_counts(
        draft in object(), answer in object(), before in "[^{}`<\\[◁a]{0,20}",
        (open, close) in marks(),
    ) {
        let closed = format!("{before}{open}{draft}{close}{answer}");
        prop_assert_eq!(extract_json(&closed), Some(answer.clone()));
        let without_opening = format!("{before}{draft}{close}{answer}");
        if !close.contains("end|>") {
            prop_assert_eq!(extract_json(&without_opening), Some(answer));
        }
        prop_assert_eq!(extract_json(&format!("{before}{open}{draft}")), None);
    }

    #[test]
    fn a_part_of_a_broken_object_never_counts(inner in object(), at in any::<prop::sample::Index>()) {
        let whole = format!("{{\"fills\":[{inner}]}}");
        let cut: String = whole.chars().take(at.index(whole.chars().count())).collect();
        prop_assert_eq!(extract_json(&cut), None);
        prop_assert_eq!(extract_json(&format!("{{\"fills\":[{inner}],}}")), None);
        prop_assert_eq!(extract_json(&format!("{{'fills':[{inner}]}}")), None);
    }

    #[test]
    fn no_text_panics_the_search(text in any::<String>()) {
        if let Some(found) = extract_json(&text) {
            prop_assert!(json::parse(&found, MAX_DEPTH).is_ok());
        }
    }
}

fn marks() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("<think>", "</think>"),
        ("<THINKING a=\"b\">", "</Thinking>"),
        ("<reasoning>", "</reasoning>"),
        ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
        ("<|begin_of_thought|>", "<|end_of_thought|>"),
        ("<|channel|>analysis<|message|>", "<|end|>"),
        (
            "<|channel|>analysis<|message|>",
            "<|end|><|start|>assistant<|channel|>final<|message|>",
        ),
    ])
}

#[test]
fn fences_come_before_the_whole_text() {
    let cases = [
        ("Here:\n```json\n{\"a\": 1}\n```", Some("{\"a\":1}")),
        (
            "{\"first\":1} ```json {\"second\":2}```",
            Some("{\"second\":2}"),
        ),
        ("```\n{\"a\":1}\n``` ```JSON{\"b\":2}", Some("{\"b\":2}")),
        ("```python\n{\"a\":1}``` {\"b\":2}", Some("{\"a\":1}")),
        ("```python\n{'a':1}``` {\"b\":2}", Some("{\"b\":2}")),
        ("```jsonc {\"a\":1}``` ``` {\"b\":2}```", Some("{\"b\":2}")),
        ("````json{\"a\":1}", Some("{\"a\":1}")),
        ("``` ``` {\"a\":1} ``` {\"b\":2}```", Some("{\"b\":2}")),
        ("{\"s\":\"a } b { c\"}", Some("{\"s\":\"a } b { c\"}")),
        ("{\"x\": \"{\"} , {\"a\":1}", Some("{\"x\":\"{\"}")),
        (
            "<think>```json {\"a\":1}```</think> {\"b\":2}",
            Some("{\"b\":2}"),
        ),
        (
            "```json <think>{\"a\":1}</think> {\"b\":2}```",
            Some("{\"b\":2}"),
        ),
        (
            "{\"body\":\"Hi Ana,\nline\ttwo\"}",
            Some("{\"body\":\"Hi Ana,\\nline\\ttwo\"}"),
        ),
        (
            "{\"\u{0}\":\"é\u{1F}\u{7F}\"}",
            Some("{\"\\u0000\":\"é\\u001f\u{7F}\"}"),
        ),
        ("{\"a\":1,}", None),
        ("no braces", None),
        ("", None),
    ];
    for (text, want) in cases {
        assert_eq!(extract_json(text).as_deref(), want, "{text}");
    }
}

#[test]
fn an_object_that_nests_too_deep_ends_the_search_in_its_piece() {
    let nested = |levels: usize| {
        format!("{}{}", "{\"a\":".repeat(levels - 1), "{}") + &"}".repeat(levels - 1)
    };
    assert_eq!(extract_json(&nested(128)), Some(nested(128)));
    assert_eq!(extract_json(&format!("{} {{}}", nested(129))), None);
    let fenced = format!("```json {}``` ```json {{\"b\":1}}```", nested(129));
    assert_eq!(extract_json(&fenced).as_deref(), Some("{\"b\":1}"));
}

#[test]
fn hostile_texts_take_linear_time() {
    let both_ways = "{\"{\":\":1,\",\":\":1,\",".repeat(40_000);
    let texts = [
        "{".repeat(1_000_000),
        "{\"a\":".repeat(200_000),
        "{\"a\":[".repeat(200_000),
        "{\"{\":".repeat(200_000),
        "```json{\"a\":".repeat(80_000),
        "{\"".repeat(500_000),
        "{{\"".repeat(300_000),
        "{{\"\\\"".repeat(200_000),
        "{a".repeat(400_000),
        "<think ".repeat(150_000),
        "<a".repeat(400_000),
        "<|a".repeat(300_000),
        "</think>".repeat(100_000),
        "<|channel|>final".repeat(60_000),
        both_ways,
    ];
    let started = Instant::now();
    for text in &texts {
        // The sign in front makes the search for reasoning read all braces.
        assert_eq!(extract_json(&format!("<{text}")), None, "{}", &text[..20]);
    }
    // A linear search takes a second, a quadratic one hours.
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "{:?}",
        started.elapsed()
    );
}

/// A slow, literal implementation of the contract, for texts with little nesting and without
/// reasoning.
fn naive_extract(text: &str) -> Option<String> {
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
        .find_map(naive_object)
}

fn naive_object(piece: &str) -> Option<String> {
    let mut next = 0;
    while let Some(distance) = piece[next..].find('{') {
        let start = next + distance;
        let object = piece[start..].match_indices('}').find_map(|(end, _)| {
            let object = escape_line_feeds(&piece[start..=start + end]);
            let is_valid = json::parse(&object, MAX_DEPTH).is_ok();
            is_valid.then(|| json::carried_over(&object))
        });
        if object.is_some() {
            return object;
        }
        next = if naive_is_begun(piece, start) {
            start + naive_extent(&piece[start..])
        } else {
            start + 1
        };
    }
    None
}

fn naive_is_begun(piece: &str, start: usize) -> bool {
    let inside = piece[start + 1..].trim_start();
    match inside.chars().next() {
        Some('"') if piece[..start].ends_with('{') => {
            let string = inside[1..].replace("\\\\", "__").replace("\\\"", "__");
            match string.split_once('"') {
                Some((_, after)) => matches!(after.trim_start().chars().next(), None | Some(':')),
                None => true,
            }
        }
        Some('a' | '1') => {
            let after = inside.trim_start_matches(['a', '1']).trim_start();
            let value = after.strip_prefix(':').map(str::trim_start);
            value.is_some_and(|value| !value.starts_with('{'))
        }
        Some(c) => "\"'`\\,".contains(c),
        None => true,
    }
}

fn naive_extent(object: &str) -> usize {
    // Pairs that begin with a backslash keep their length.
    let mut plain = String::new();
    let mut characters = object.chars();
    while let Some(c) = characters.next() {
        plain.push(if c == '\\' { '_' } else { c });
        if c == '\\' && characters.next().is_some() {
            plain.push('_');
        }
    }
    let mut level = 0;
    for (index, part) in plain.split('"').enumerate() {
        for (at, brace) in part.match_indices(['{', '}']).filter(|_| index % 2 == 0) {
            level += if brace == "{" { 1 } else { -1 };
            if level == 0 {
                return part.as_ptr() as usize - plain.as_ptr() as usize + at + 1;
            }
        }
    }
    object.len()
}

/// The text with raw line feeds in its strings as escapes, except after a backslash.
fn escape_line_feeds(text: &str) -> String {
    let mut out = String::new();
    let mut in_string = false;
    let mut after_backslash = false;
    for c in text.chars() {
        in_string ^= c == '"' && !after_backslash;
        if c == '\n' && in_string && !after_backslash {
            out.push_str("\\n");
        } else {
            out.push(c);
        }
        after_backslash = c == '\\' && !after_backslash;
    }
    out
}
