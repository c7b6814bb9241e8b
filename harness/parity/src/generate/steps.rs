//! Inputs that are sequences of requests.
//!
//! Such an input is a JSON array of `{"send":"PUT /v1/things/{case}","body":{…}}`. The content of a
//! `body` that is a string is sent, such as NDJSON or malformed JSON; any other `body` is sent as
//! JSON, including its white space. A request without `body`, or with `null`, has no body.

use std::fmt;
use std::fmt::Write as _;

use lakehouse_rig::template::{self, Values, mentions};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use serde_json::value::RawValue;

use super::damage;
use super::draft::{Draft, LONE_HIGH};
use crate::config::CaseStep;

/// The share of damaged inputs in which a whole request is dropped, doubled or moved.
const WHOLE_REQUEST: (u32, u32) = (1, 6);
/// The share of the others in which the text of a body is damaged.
const BODY_TEXT: (u32, u32) = (1, 8);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    send: Units,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

/// The requests of an input: its sequence, or one request with the input as its body.
pub(super) fn of_input(input: &[u8], is_sequence: bool) -> Option<Vec<CaseStep>> {
    if is_sequence {
        return read(input);
    }
    Some(vec![CaseStep {
        input: Some(input.to_vec()),
        ..CaseStep::default()
    }])
}

/// Reads a sequence of requests; none when it has another form, as most inputs do while they are
/// shrunk.
pub(super) fn read(input: &[u8]) -> Option<Vec<CaseStep>> {
    let written: Vec<Written<'_>> = serde_json::from_slice(input).ok()?;
    written.iter().map(step).collect()
}

fn step(written: &Written<'_>) -> Option<CaseStep> {
    // Lone surrogates in a path are replaced; other bytes can be percent-encoded.
    let send = String::from_utf8_lossy(&written.send.0);
    let (method, path) = send.split_once(' ')?;
    // The answers to `HEAD` and `CONNECT` have no body to compare.
    let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_method || matches!(method, "HEAD" | "CONNECT") || !path.starts_with('/') {
        return None;
    }
    let body = written.body.map(RawValue::get);
    let input = match body {
        Some(text) if text.starts_with('"') => Some(serde_json::from_str::<Units>(text).ok()?.0),
        other => other.map(|json| json.as_bytes().to_vec()),
    };
    Some(CaseStep {
        input,
        method: Some(method.to_owned()),
        path: Some(encoded(path)),
        ..CaseStep::default()
    })
}

/// Reads `METHOD /path` as a request without a body.
pub(super) fn without_body(send: &str) -> Option<CaseStep> {
    step(&Written {
        send: Units(send.as_bytes().to_vec()),
        body: None,
    })
}

/// Replaces `{case}` in the bodies by the case's name.
pub(super) fn fill(steps: &mut [CaseStep], case: &str) {
    let values = Values::from([("case", case.to_owned())]);
    for step in steps {
        let text = step.input.as_deref();
        let text = text.and_then(|input| std::str::from_utf8(input).ok());
        if let Some(text) = text.filter(|text| mentions(text, "case")) {
            step.input = Some(template::fill(text, &values).into_bytes());
        }
    }
}

/// Whether the method and path of each request occur in `whole`. A request with another path could
/// refer to what other inputs of the batch created.
pub(super) fn is_part_of(input: &[u8], whole: &[CaseStep]) -> bool {
    let same =
        |one: &CaseStep, other: &CaseStep| one.method == other.method && one.path == other.path;
    read(input).is_some_and(|steps| {
        let mut steps = steps.iter();
        steps.all(|step| whole.iter().any(|other| same(step, other)))
    })
}

/// The bytes of a JSON string; a lone surrogate becomes three bytes that are not UTF-8.
struct Units(Vec<u8>);

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Units, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Units;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Units, E> {
                Ok(Units(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// The path with characters that a path cannot contain percent-encoded, including a stray `%`.
/// `{case}` and existing codes are unchanged.
fn encoded(path: &str) -> String {
    let mut out = String::new();
    for (index, piece) in path.split("{case}").enumerate() {
        if index > 0 {
            out.push_str("{case}");
        }
        for (at, byte) in piece.bytes().enumerate() {
            let is_code = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
            let is_stray =
                byte == b'%' && !piece.as_bytes().get(at + 1..at + 3).is_some_and(is_code);
            if !is_stray && byte.is_ascii_graphic() && !b"\"#<>?\\^`{|}".contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// Changes the order of the requests, or one of their bodies.
pub(super) fn damage(input: &mut Draft, rng: &mut ChaCha8Rng) {
    let Draft::Array(steps) = input else { return };
    if steps.is_empty() {
        return;
    }
    let at = rng.random_range(0..steps.len());
    if rng.random_ratio(WHOLE_REQUEST.0, WHOLE_REQUEST.1) {
        match rng.random_range(0..3) {
            0 => drop(steps.remove(at)),
            1 => steps.insert(at, steps[at].clone()),
            _ => {
                let other = rng.random_range(0..steps.len());
                steps.swap(at, other);
            }
        }
    } else if let Some(body) = body(&mut steps[at]) {
        if rng.random_ratio(BODY_TEXT.0, BODY_TEXT.1) {
            damage_text(body, rng);
        } else {
            for _ in 0..rng.random_range(1..3) {
                damage::value(body, rng);
            }
        }
    }
}

fn damage_text(body: &mut Draft, rng: &mut ChaCha8Rng) {
    let whole = std::mem::replace(body, Draft::Raw("null".to_owned()));
    let mut bytes = whole.into_text(rng).into_bytes();
    damage::bytes(&mut bytes, rng);
    let text = String::from_utf8_lossy(&bytes);
    // JSON can carry bytes that are not UTF-8 only as lone surrogates.
    *body = Draft::Text(text.replace('\u{fffd}', &LONE_HIGH.to_string()));
}

/// Renders each body separately, so that their white space and escapes differ. A body that is not
/// JSON becomes a string.
pub(super) fn render_bodies(input: &mut Draft, rng: &mut ChaCha8Rng) {
    let Draft::Array(steps) = input else { return };
    for body in steps.iter_mut().filter_map(body) {
        if matches!(body, Draft::Text(_)) {
            continue;
        }
        let text = body.render(rng, true);
        let is_json = serde_json::from_str::<&RawValue>(&text).is_ok();
        *body = if is_json {
            Draft::Raw(text)
        } else {
            Draft::Text(text)
        };
    }
}

fn body(step: &mut Draft) -> Option<&mut Draft> {
    let Draft::Object(members) = step else {
        return None;
    };
    let mut members = members.iter_mut();
    members.find_map(|(name, value)| (name == "body").then_some(value))
}

#[cfg(test)]
mod tests {
    use super::{fill, is_part_of, read};

    #[test]
    fn bodies_are_sent_unchanged_and_paths_are_encoded() {
        let input = r#"[{"send":"PUT /x/{case}","body":{ "a" : 1e2 }},{"send":"GET /x/é %41{x}?%4"},
            {"send":"POST /x","body":"{\"{case}\":\n"},{"body":"\ud800","send":"POST /x"},{"send":"POST /x","body":null}]"#;
        let mut steps = read(input.as_bytes()).expect("it is a sequence");
        fill(&mut steps, "c1");
        let sent: Vec<_> = steps
            .iter()
            .map(|step| (step.path.as_deref(), step.input.as_deref()))
            .collect();
        assert_eq!(sent[0], (Some("/x/{case}"), Some(&b"{ \"a\" : 1e2 }"[..])));
        assert_eq!(sent[1], (Some("/x/%C3%A9%20%41%7Bx%7D%3F%254"), None));
        assert_eq!(sent[2], (Some("/x"), Some(&b"{\"c1\":\n"[..])));
        assert_eq!(sent[3], (Some("/x"), Some(&b"\xed\xa0\x80"[..])));
        assert_eq!(sent[4], (Some("/x"), None));
    }

    #[test]
    fn parts_contain_only_requests_of_the_whole() {
        let whole = read(br#"[{"send":"PUT /{case}","body":1},{"send":"GET /{case}"}]"#);
        let whole = whole.expect("it is a sequence");
        assert!(is_part_of(br#"[{"send":"PUT /{case}","body":0}]"#, &whole));
        assert!(!is_part_of(br#"[{"send":"PUT /c","body":1}]"#, &whole));
        assert!(!is_part_of(b"[", &whole));
    }

    #[test]
    fn malformed_requests_are_rejected() {
        for input in [
            "{}",
            "[{}]",
            r#"[{"send":"PUT"}]"#,
            r#"[{"send":"put /x"}]"#,
            r#"[{"send":"HEAD /x"}]"#,
            r#"[{"send":"PUT x"}]"#,
            r#"[{"send":"PUT /x","to":1}]"#,
            r#"[{"send":"PUT /x"}"#,
        ] {
            assert!(read(input.as_bytes()).is_none(), "{input}");
        }
    }
}
