//! A line of a recording: what was answered in one step.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lakehouse_rig::implementation::Transport;
use serde::{Deserialize, Serialize};

use crate::observation::{Failure, Headers, ScriptUse, Step, UpstreamRequest};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) case: String,
    pub(super) transport: Transport,
    pub(super) step: usize,
    pub(super) input_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, Values>,
    body: Bytes,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    trailers: BTreeMap<String, Values>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, Bytes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    upstream: Option<Vec<Request>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    script: Option<ScriptUse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exit: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failure: Option<Failure>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    method: String,
    path: String,
    body: Bytes,
}

/// The values of a header; a single one is not a list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Values {
    One(Bytes),
    Many(Vec<Bytes>),
}

impl Values {
    fn of(headers: &Headers) -> BTreeMap<String, Values> {
        let values = |values: &Vec<Vec<u8>>| match values.as_slice() {
            [one] => Values::One(Bytes::new(one)),
            many => Values::Many(many.iter().map(|value| Bytes::new(value)).collect()),
        };
        let headers = headers.iter();
        headers
            .map(|(name, all)| (name.clone(), values(all)))
            .collect()
    }

    fn read(headers: BTreeMap<String, Values>) -> Result<Headers, String> {
        let values = |values: Values| -> Result<Vec<Vec<u8>>, String> {
            match values {
                Values::One(one) => Ok(vec![one.read()?]),
                Values::Many(many) => many.into_iter().map(Bytes::read).collect(),
            }
        };
        let headers = headers.into_iter();
        headers
            .map(|(name, all)| Ok((name, values(all)?)))
            .collect()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Bytes {
    Text(String),
    Base64 { base64: String },
}

impl Bytes {
    fn new(bytes: &[u8]) -> Bytes {
        match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Base64 {
                base64: STANDARD.encode(bytes),
            },
        }
    }

    fn read(self) -> Result<Vec<u8>, String> {
        match self {
            Bytes::Text(text) => Ok(text.into_bytes()),
            Bytes::Base64 { base64 } => STANDARD.decode(base64).map_err(|error| error.to_string()),
        }
    }
}

impl Entry {
    pub(super) fn new(
        case: &str,
        transport: Transport,
        index: usize,
        hash: String,
        step: &Step,
    ) -> Entry {
        Entry {
            case: case.to_owned(),
            transport,
            step: index,
            input_sha256: hash,
            status: step.status,
            headers: Values::of(&step.headers),
            body: Bytes::new(&step.body),
            trailers: Values::of(&step.trailers),
            files: step
                .files
                .iter()
                .map(|(name, content)| (name.clone(), Bytes::new(content)))
                .collect(),
            upstream: step.upstream.as_ref().map(|requests| {
                let request = |request: &UpstreamRequest| Request {
                    method: request.method.clone(),
                    path: request.path.clone(),
                    body: Bytes::new(&request.body),
                };
                requests.iter().map(request).collect()
            }),
            script: step.script,
            exit: step.exit,
            failure: step.failure.clone(),
        }
    }

    pub(super) fn step(self) -> Result<Step, String> {
        let files = self
            .files
            .into_iter()
            .map(|(name, content)| Ok((name, content.read()?)));
        let upstream = match self.upstream {
            None => None,
            Some(requests) => Some(
                requests
                    .into_iter()
                    .map(|request| {
                        Ok(UpstreamRequest {
                            method: request.method,
                            path: request.path,
                            body: request.body.read()?,
                        })
                    })
                    .collect::<Result<_, String>>()?,
            ),
        };
        Ok(Step {
            status: self.status,
            headers: Values::read(self.headers)?,
            body: self.body.read()?,
            trailers: Values::read(self.trailers)?,
            files: files.collect::<Result<_, String>>()?,
            upstream,
            script: self.script,
            exit: self.exit,
            stderr_tail: String::new(),
            log: None,
            failure: self.failure,
        })
    }
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::implementation::Transport;

    use super::Entry;
    use crate::observation::{Headers, Step};

    #[test]
    fn headers_and_trailers_survive_byte_for_byte() {
        let values = |values: &[&[u8]]| values.iter().map(|value| value.to_vec()).collect();
        let headers = |pairs: &[(&str, &[&[u8]])]| -> Headers {
            let pairs = pairs.iter();
            pairs
                .map(|(name, all)| ((*name).to_owned(), values(all)))
                .collect()
        };
        let step = Step {
            status: Some(200),
            headers: headers(&[
                ("set-cookie", &[b"a=1", b"b=2", b"\xe9"]),
                ("x", &[b""]),
                ("y", &[b"\xff"]),
            ]),
            trailers: headers(&[("digest", &[b"z"])]),
            ..Step::default()
        };
        let entry = Entry::new("c", Transport::Http, 0, String::new(), &step);
        let line = serde_json::to_string(&entry).expect("it is JSON");
        assert!(
            line.contains(
                r#""set-cookie":["a=1","b=2",{"base64":"6Q=="}],"x":"","y":{"base64":"/w=="}"#
            ),
            "{line}"
        );
        let read: Entry = serde_json::from_str(&line).expect("it was written so");
        assert_eq!(read.step(), Ok(step));
    }

    #[test]
    fn recordings_with_plain_headers_are_read() {
        let line = r#"{"case":"c","transport":"http","step":0,"input_sha256":"","status":200,"headers":{"allow":"GET, HEAD"},"body":""}"#;
        let read: Entry = serde_json::from_str(line).expect("it is an entry");
        let step = read.step().expect("it is a step");
        assert_eq!(step.headers["allow"], [b"GET, HEAD"]);
        assert!(step.trailers.is_empty());
    }
}
