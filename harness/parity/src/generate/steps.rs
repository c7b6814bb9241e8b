//! Inputs that are requests one after the other: how they are written, read and sent.
//!
//! Such an input is a JSON array of `{"send":"PUT /v1/things/{case}","body":{…}}`. A body that is
//! a text is sent as it stands, NDJSON and broken JSON for instance; of any other its own JSON is
//! sent, white space included. Without a body, or with `null`, none is sent.

use std::fmt;
use std::fmt::Write as _;

use lakehouse_rig::template::{Values, fill, mentions};
use proptest::test_runner::TestRunner;
use rand::RngExt as _;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};
use serde_json::value::RawValue;

use super::damage;
use super::made::{LONE_HIGH, Made};
use crate::config::CaseStep;

/// In how many damaged inputs a whole request is dropped, doubled or moved.
const WHOLE: (u32, u32) = (1, 6);
/// In how many it is the text of a body that is damaged.
const IN_TEXT: (u32, u32) = (1, 8);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<'a> {
    send: Units,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

/// The requests of an input; none when it is not of the form, as most of what is left of one while
/// it is shrunk.
pub(super) fn read(input: &[u8]) -> Option<Vec<CaseStep>> {
    let written: Vec<Written<'_>> = serde_json::from_slice(input).ok()?;
    written.iter().map(step).collect()
}

fn step(written: &Written<'_>) -> Option<CaseStep> {
    // An id that is not UTF-8 is written percent-encoded.
    let send = String::from_utf8_lossy(&written.send.0);
    let (method, path) = send.split_once(' ')?;
    // Another method has no answer, or one without a body.
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

/// A request whose body is empty, read from `METHOD /path`.
pub(super) fn plain(send: &str) -> Option<CaseStep> {
    step(&Written {
        send: Units(send.as_bytes().to_vec()),
        body: None,
    })
}

/// The steps as a case of this name sends them.
pub(super) fn filled(steps: &[CaseStep], case: &str) -> Vec<CaseStep> {
    let values = Values::from([("case", case.to_owned())]);
    let mut steps = steps.to_vec();
    for step in &mut steps {
        let text = step.input.as_deref();
        let text = text.and_then(|input| std::str::from_utf8(input).ok());
        if let Some(text) = text.filter(|text| mentions(text, "case")) {
            step.input = Some(fill(text, &values).into_bytes());
        }
    }
    steps
}

/// Whether an input has no request but those of another to the same method and path. One without
/// `{case}` in its path could be about what other inputs of the group left behind.
pub(super) fn is_part_of(input: &[u8], whole: &[CaseStep]) -> bool {
    let same =
        |one: &CaseStep, other: &CaseStep| one.method == other.method && one.path == other.path;
    read(input).is_some_and(|steps| {
        let mut steps = steps.iter();
        steps.all(|step| whole.iter().any(|other| same(step, other)))
    })
}

/// The bytes of a JSON string; half of a surrogate pair becomes three bytes that are not UTF-8.
struct Units(Vec<u8>);

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Units, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Units;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Units, E> {
                Ok(Units(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(Bytes)
    }
}

/// A path as it goes over the wire: what cannot stand in one is percent-encoded, a stray `%`
/// included; `{case}` and what is encoded already are left alone.
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

/// Does one or two small things to one of the requests, or to their order.
pub(super) fn damage(made: &mut Made, runner: &mut TestRunner) {
    let Made::Array(steps) = made else { return };
    if steps.is_empty() {
        return;
    }
    let at = runner.rng().random_range(0..steps.len());
    if runner.rng().random_ratio(WHOLE.0, WHOLE.1) {
        match runner.rng().random_range(0..3) {
            0 => drop(steps.remove(at)),
            1 => steps.insert(at, steps[at].clone()),
            _ => {
                let other = runner.rng().random_range(0..steps.len());
                steps.swap(at, other);
            }
        }
        return;
    }
    let Some(body) = body(&mut steps[at]) else {
        return;
    };
    if runner.rng().random_ratio(IN_TEXT.0, IN_TEXT.1) {
        let text = std::mem::replace(body, Made::Raw("null".to_owned())).into_text(runner.rng());
        let mut bytes = text.into_bytes();
        damage::bytes(&mut bytes, runner);
        let text = String::from_utf8_lossy(&bytes);
        // What is not UTF-8 has no other way through JSON.
        *body = Made::Text(text.replace('\u{fffd}', &LONE_HIGH.to_string()));
        return;
    }
    for _ in 0..runner.rng().random_range(1..3) {
        damage::value(body, runner);
    }
}

/// Writes every body as it will be sent, so that white space and escapes vary in each, and what is
/// no JSON stands as a text.
pub(super) fn spell(made: &mut Made, runner: &mut TestRunner) {
    let Made::Array(steps) = made else { return };
    for body in steps.iter_mut().filter_map(body) {
        if matches!(body, Made::Text(_)) {
            continue;
        }
        let text = body.render(runner.rng(), true);
        let is_json = serde_json::from_str::<&RawValue>(&text).is_ok();
        *body = if is_json {
            Made::Raw(text)
        } else {
            Made::Text(text)
        };
    }
}

fn body(step: &mut Made) -> Option<&mut Made> {
    let Made::Object(members) = step else {
        return None;
    };
    let mut members = members.iter_mut();
    members.find_map(|(name, value)| (name == "body").then_some(value))
}

#[cfg(test)]
mod tests {
    use super::{filled, is_part_of, read};

    #[test]
    fn requests_are_read_and_sent_as_they_are_written() {
        let input = r#"[{"send":"PUT /x/{case}","body":{ "a" : 1e2 }},{"send":"GET /x/é %41{x}?%4"},
            {"send":"POST /x","body":"{\"{case}\":\n"},{"body":"\ud800","send":"POST /x"},{"send":"POST /x","body":null}]"#;
        let steps = filled(
            &read(input.as_bytes()).expect("it is of the form"),
            "made-1",
        );
        let sent: Vec<_> = steps
            .iter()
            .map(|step| (step.path.as_deref(), step.input.as_deref()))
            .collect();
        assert_eq!(sent[0], (Some("/x/{case}"), Some(&b"{ \"a\" : 1e2 }"[..])));
        assert_eq!(sent[1], (Some("/x/%C3%A9%20%41%7Bx%7D%3F%254"), None));
        assert_eq!(sent[2], (Some("/x"), Some(&b"{\"made-1\":\n"[..])));
        assert_eq!(sent[3], (Some("/x"), Some(&b"\xed\xa0\x80"[..])));
        assert_eq!(sent[4], (Some("/x"), None));
    }

    #[test]
    fn a_part_has_requests_of_the_whole() {
        let whole = read(br#"[{"send":"PUT /{case}","body":1},{"send":"GET /{case}"}]"#);
        let whole = whole.expect("it is of the form");
        assert!(is_part_of(br#"[{"send":"PUT /{case}","body":0}]"#, &whole));
        assert!(!is_part_of(br#"[{"send":"PUT /c","body":1}]"#, &whole));
        assert!(!is_part_of(b"[", &whole));
    }

    #[test]
    fn what_cannot_be_sent_is_no_input() {
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
