//! Inputs that are sequences of requests.
//!
//! Such an input is a JSON array of `{"send":"PUT /v1/things/{case}","query":{…},"headers":{…},"body":{…}}`.
//! The content of a `body` that is a string is sent, such as NDJSON or malformed JSON; any other
//! `body` is sent as JSON, including its white space. A request without `body`, or with `null`, has
//! no body.

mod request;
mod shrink;

use lakehouse_rig::template::{self, Values, mentions};
use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use serde_json::value::RawValue;

use super::damage;
use super::draft::{Draft, LONE_HIGH};
use crate::config::CaseStep;
pub(super) use request::{encoded, without_body};
pub(super) use shrink::{Kinship, kinship, smaller};

/// The share of damaged inputs in which a whole request is dropped, doubled or moved.
const WHOLE_REQUEST: (u32, u32) = (1, 6);
/// The share of the others in which the text of a body is damaged.
const BODY_TEXT: (u32, u32) = (1, 8);

/// The methods of RFC 9110 and RFC 5789.
const STANDARD: &[&str] = &[
    "CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE",
];

/// Whether a method has a name that servers know.
pub(super) fn is_standard(method: &str) -> bool {
    STANDARD.contains(&method)
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
    let written: Vec<request::Written<'_>> = serde_json::from_slice(input).ok()?;
    written.iter().map(request::read).collect()
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

/// Changes the order of the requests, or the body or query of one of them.
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
    } else if let Some(value) = body_or_query(&mut steps[at], rng) {
        if rng.random_ratio(BODY_TEXT.0, BODY_TEXT.1) {
            damage_text(value, rng);
        } else {
            for _ in 0..rng.random_range(1..3) {
                damage::value(value, rng);
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
    for body in steps.iter_mut().filter_map(|step| member(step, "body")) {
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

fn body_or_query<'a>(step: &'a mut Draft, rng: &mut ChaCha8Rng) -> Option<&'a mut Draft> {
    let has = |step: &mut Draft, name| member(step, name).is_some();
    let name = match (has(step, "body"), has(step, "query")) {
        (true, true) if rng.random_bool(0.5) => "query",
        (false, _) => "query",
        (true, _) => "body",
    };
    member(step, name)
}

fn member<'a>(step: &'a mut Draft, name: &str) -> Option<&'a mut Draft> {
    let Draft::Object(members) = step else {
        return None;
    };
    let mut members = members.iter_mut();
    members.find_map(|(own, value)| (own == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::{fill, read};

    #[test]
    fn bodies_are_sent_unchanged() {
        let input = r#"[{"send":"PUT /x/{case}","body":{ "a" : 1e2 }},
            {"send":"POST /x","body":"{\"{case}\":\n"},{"body":"\ud800","send":"POST /x"},{"send":"POST /x","body":null}]"#;
        let mut steps = read(input.as_bytes()).expect("it is a sequence");
        fill(&mut steps, "c1");
        let sent: Vec<_> = steps
            .iter()
            .map(|step| (step.path.as_deref(), step.input.as_deref()))
            .collect();
        assert_eq!(sent[0], (Some("/x/{case}"), Some(&b"{ \"a\" : 1e2 }"[..])));
        assert_eq!(sent[1], (Some("/x"), Some(&b"{\"c1\":\n"[..])));
        assert_eq!(sent[2], (Some("/x"), Some(&b"\xed\xa0\x80"[..])));
        assert_eq!(sent[3], (Some("/x"), None));
    }
}
