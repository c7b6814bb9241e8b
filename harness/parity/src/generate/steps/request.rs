//! One request of a sequence: its method, target, headers and body.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::config::CaseStep;

/// The characters of a token beside letters and digits (RFC 9110, section 5.6.2).
const IN_TOKENS: &[u8] = b"!#$%&'*+-.^_`|~";
/// Printable ASCII that a target cannot contain. A `?` begins the query.
const NOT_IN_TARGETS: &[u8] = b"\"#<>\\^`{|}";

/// Headers that depend on the body, which the client sends by itself.
const FRAMING: &[&str] = &["content-length", "transfer-encoding"];

/// A request as an input describes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written<'a> {
    send: Units,
    #[serde(borrow, default)]
    query: Option<&'a RawValue>,
    #[serde(borrow, default)]
    headers: Option<Members<'a>>,
    #[serde(borrow, default)]
    body: Option<&'a RawValue>,
}

/// The request that an input describes; none when it cannot be sent.
pub(super) fn read(written: &Written<'_>) -> Option<CaseStep> {
    // Lone surrogates in a path are replaced; other bytes can be percent-encoded.
    let send = String::from_utf8_lossy(&written.send.0);
    let (method, target) = send.split_once(' ')?;
    // An answer to `CONNECT` begins a tunnel.
    if !is_token(method.as_bytes()) || method == "CONNECT" || !target.starts_with('/') {
        return None;
    }
    let mut path = encoded(target);
    if let Some(query) = written.query {
        let query = self::query(query)?;
        if !query.is_empty() {
            path.push(if path.contains('?') { '&' } else { '?' });
            path.push_str(&query);
        }
    }
    let body = written.body.map(RawValue::get);
    let input = match body {
        Some(text) if text.starts_with('"') => Some(serde_json::from_str::<Units>(text).ok()?.0),
        other => other.map(|json| json.as_bytes().to_vec()),
    };
    Some(CaseStep {
        input,
        method: Some(method.to_owned()),
        path: Some(path),
        headers: written.headers.as_ref().map(headers).unwrap_or_default(),
        ..CaseStep::default()
    })
}

/// Reads `METHOD /path` as a request without a body.
pub(in crate::generate) fn without_body(send: &str) -> Option<CaseStep> {
    read(&Written {
        send: Units(send.as_bytes().to_vec()),
        query: None,
        headers: None,
        body: None,
    })
}

/// The characters that a path or query cannot contain percent-encoded, including a stray `%`.
/// `{case}` and existing codes are unchanged.
pub(in crate::generate) fn encoded(target: &str) -> String {
    let mut out = String::new();
    for (index, piece) in target.split("{case}").enumerate() {
        if index > 0 {
            out.push_str("{case}");
        }
        for (at, byte) in piece.bytes().enumerate() {
            let is_code = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
            let is_stray =
                byte == b'%' && !piece.as_bytes().get(at + 1..at + 3).is_some_and(is_code);
            if !is_stray && byte.is_ascii_graphic() && !NOT_IN_TARGETS.contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// The query of an object: `a=1&b=2`. The elements of an array repeat the name, and a name whose
/// value is `null` is alone. Any other value than an object is the query itself.
fn query(written: &RawValue) -> Option<String> {
    let text = written.get();
    if !text.starts_with('{') {
        return match text {
            "null" => Some(String::new()),
            _ => Some(encoded(&String::from_utf8_lossy(&units(text)?))),
        };
    }
    let mut pairs = Vec::new();
    for (name, value) in serde_json::from_str::<Members<'_>>(text).ok()?.0 {
        let name = component(&name.0);
        for value in values(value)? {
            pairs.push(match value {
                None => name.clone(),
                Some(value) => format!("{name}={}", component(&value)),
            });
        }
    }
    Some(pairs.join("&"))
}

/// The elements of an array, or the value alone; none for `null`.
fn values(written: &RawValue) -> Option<Vec<Option<Vec<u8>>>> {
    let text = written.get();
    let all = if text.starts_with('[') {
        serde_json::from_str::<Vec<&RawValue>>(text).ok()?
    } else {
        vec![written]
    };
    let value = |one: &&RawValue| match one.get() {
        "null" => Some(None),
        text => units(text).map(Some),
    };
    all.iter().map(value).collect()
}

/// The bytes of a string, or the JSON of any other value.
fn units(json: &str) -> Option<Vec<u8>> {
    if json.starts_with('"') {
        return serde_json::from_str::<Units>(json).ok().map(|text| text.0);
    }
    Some(json.as_bytes().to_vec())
}

/// A name or value of a query. `{case}` is unchanged.
fn component(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = bytes;
    while let Some((byte, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(b"{case}") {
            out.push_str("{case}");
            rest = after;
            continue;
        }
        if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) {
            out.push(char::from(*byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        rest = after;
    }
    out
}

/// The headers that can be sent, without the characters that a header cannot contain. The elements
/// of an array repeat the name. A name that is not a token, a header that frames the body, or a value
/// of `null` is left out.
fn headers(written: &Members<'_>) -> BTreeMap<String, Vec<String>> {
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &written.0 {
        let name = String::from_utf8_lossy(&name.0).to_lowercase();
        if !is_token(name.as_bytes()) || FRAMING.contains(&name.as_str()) {
            continue;
        }
        for value in values(value).into_iter().flatten().flatten() {
            let value = header_value(&String::from_utf8_lossy(&value));
            headers.entry(name.clone()).or_default().push(value);
        }
    }
    headers
}

/// Without control characters, and without the braces that would make a word a placeholder.
fn header_value(text: &str) -> String {
    let pieces: Vec<String> = text
        .split("{case}")
        .map(|piece| piece.replace(|c: char| c.is_ascii_control() || "{}".contains(c), ""))
        .collect();
    pieces.join("{case}")
}

fn is_token(text: &[u8]) -> bool {
    let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || IN_TOKENS.contains(byte);
    !text.is_empty() && text.iter().all(is_allowed)
}

/// The members of an object, in order.
struct Members<'a>(Vec<(Units, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut all = Vec::new();
                while let Some(member) = map.next_entry::<Units, &'de RawValue>()? {
                    all.push(member);
                }
                Ok(Members(all))
            }
        }
        deserializer.deserialize_map(Object)
    }
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

#[cfg(test)]
mod tests {
    use crate::config::CaseStep;
    use crate::generate::steps::read;

    fn sent(request: &str) -> Option<CaseStep> {
        read(format!("[{request}]").as_bytes())?.pop()
    }

    #[test]
    fn targets_are_encoded() {
        for (request, expected) in [
            (
                r#"{"send":"GET /x/é %41{x}?%4"}"#,
                "/x/%C3%A9%20%41%7Bx%7D?%254",
            ),
            (
                r#"{"send":"GET /{case}?a={case}&b#?"}"#,
                "/{case}?a={case}&b%23?",
            ),
            (
                r#"{"send":"GET /x","query":{"a b":"ü&=?/","c":1.0}}"#,
                "/x?a%20b=%C3%BC%26%3D%3F%2F&c=1.0",
            ),
            (
                r#"{"send":"GET /x?z","query":{"a":["{case}",null,[]],"b":null}}"#,
                "/x?z&a={case}&a&a=%5B%5D&b",
            ),
            (r#"{"send":"GET /x","query":"a=b c&%"}"#, "/x?a=b%20c&%25"),
            (
                r#"{"send":"GET /x","query":"\ud800"}"#,
                "/x?%EF%BF%BD%EF%BF%BD%EF%BF%BD",
            ),
            (r#"{"send":"GET /x","query":{}}"#, "/x"),
            (r#"{"send":"GET /x","query":null}"#, "/x"),
        ] {
            let step = sent(request).unwrap_or_else(|| panic!("{request} can be sent"));
            assert_eq!(step.path.as_deref(), Some(expected), "{request}");
        }
    }

    #[test]
    fn headers_have_only_characters_that_can_be_sent() {
        let step = sent(
            r#"{"send":"HEAD /x","headers":{"X-A":"é{case}\r\n{name}","b":[2,"",null],"c d":"x","e":null,"Content-Length":9}}"#,
        );
        let step = step.expect("it can be sent");
        assert_eq!(step.method.as_deref(), Some("HEAD"));
        let headers: Vec<(&str, Vec<&str>)> = step
            .headers
            .iter()
            .map(|(name, values)| (&name[..], values.iter().map(String::as_str).collect()))
            .collect();
        let expected = [("b", vec!["2", ""]), ("x-a", vec!["é{case}name"])];
        assert_eq!(headers, expected);
    }

    #[test]
    fn malformed_requests_are_rejected() {
        for request in [
            "{}",
            r#"{"send":"PUT"}"#,
            r#"{"send":" /x"}"#,
            r#"{"send":"P(T /x"}"#,
            r#"{"send":"CONNECT /x"}"#,
            r#"{"send":"PUT x"}"#,
            r#"{"send":"PUT /x","to":1}"#,
            r#"{"send":"PUT /x","headers":"a"}"#,
            r#"{"send":"PUT /x""#,
        ] {
            assert!(sent(request).is_none(), "{request}");
        }
    }
}
