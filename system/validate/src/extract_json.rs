//! The first JSON object in a text that a language model wrote (`extract_json.md`).

use std::collections::HashSet;

use lakehouse_json::{MAX_DEPTH, scan_value};

const FENCE: &str = "```";

/// Finds the first JSON object: in the fences tagged `json`, then in those without a tag, then in
/// the whole text. Returns the object's source text.
pub fn extract_json(text: &str) -> Option<&str> {
    let fences: Vec<_> = fences(text).collect();
    let tagged = fences.iter().filter(|f| f.tag.eq_ignore_ascii_case("json"));
    let untagged = fences.iter().filter(|f| f.tag.is_empty());
    tagged
        .chain(untagged)
        .map(|fence| fence.content)
        .chain([text])
        .find_map(first_object)
}

struct Fence<'a> {
    tag: &'a str,
    content: &'a str,
}

fn fences(text: &str) -> impl Iterator<Item = Fence<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once(FENCE)?;
        let tag_byte = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-');
        let tag_length = after.bytes().take_while(tag_byte).count();
        let (tag, after_tag) = after.split_at(tag_length);
        let (content, next) = after_tag.split_once(FENCE).unwrap_or((after_tag, ""));
        rest = next;
        Some(Fence { tag, content })
    })
}

/// The first complete object in a piece of text; none when it nests too deep.
fn first_object(piece: &str) -> Option<&str> {
    // When a scan fails, scans from the objects that are open at that point fail there, too.
    // Remembering them keeps the search linear on texts like `{"a":{"a":{"a":…`.
    let mut hopeless = HashSet::new();
    for (start, _) in piece.match_indices('{') {
        if hopeless.contains(&start) {
            continue;
        }
        match scan_value(piece, start) {
            Ok(found) if found.depth > MAX_DEPTH => return None,
            Ok(found) => return Some(&piece[start..found.end]),
            Err(broken) => hopeless.extend(broken.open_objects.into_iter().skip(1)),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn fences_come_before_the_whole_text() {
        let cases = [
            ("Here:\n```json\n{\"a\": 1}\n```", Some("{\"a\": 1}")),
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
            ("use {this} form: {\"a\":1}", Some("{\"a\":1}")),
            ("{ note: {\"a\":1} }", Some("{\"a\":1}")),
            ("{\"x\": \"{\"} , {\"a\":1}", Some("{\"x\": \"{\"}")),
            ("{\"x\": {\"in\":1}, oops", Some("{\"in\":1}")),
            ("{\"x: {} ", Some("{}")),
            ("{\"a\":1,}", None),
            ("no braces", None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(extract_json(text), want, "{text}");
        }
    }

    #[test]
    fn an_object_that_nests_too_deep_ends_the_search_in_its_piece() {
        let nested = |levels: usize| {
            format!("{}{}", "{\"a\":".repeat(levels - 1), "{}") + &"}".repeat(levels - 1)
        };
        assert_eq!(extract_json(&nested(128)), Some(nested(128).as_str()));
        assert_eq!(extract_json(&format!("{} {{}}", nested(129))), None);
        let fenced = format!("```json {}``` ```json {{\"b\":1}}```", nested(129));
        assert_eq!(extract_json(&fenced), Some("{\"b\":1}"));
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
            both_ways,
        ];
        let started = Instant::now();
        for text in &texts {
            assert_eq!(extract_json(text), None, "{}", &text[..20]);
        }
        // A linear search takes a second, a quadratic one hours.
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "{:?}",
            started.elapsed()
        );
    }
}
