//! Sends one request and reads its answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Request, Uri};
use lakehouse_rig::template::{Values, fill};
use tokio::time::{Instant, timeout_at};

use super::client::{Client, chain};
use crate::config::probe::Http;
use crate::config::target::encoded;
use crate::config::{Case, CaseStep};
use crate::observation::{Failure, Headers, Step};

/// The longest body that is read, in bytes: twice what a case may send.
const MAX_BODY: usize = 128 << 20;

/// Sends a step's request to a server.
pub(super) async fn send(
    client: &mut Client,
    http: &Http,
    case: &Case,
    expected: &CaseStep,
) -> Step {
    let request = match request(client, http, case, expected) {
        Ok(request) => request,
        Err(what) => return failed(Failure::NoAnswer { what }),
    };
    let deadline = Instant::now() + http.timeout;
    let late = || Failure::Timeout {
        after_ms: u64::try_from(http.timeout.as_millis()).unwrap_or(u64::MAX),
    };
    let (response, connection) = match timeout_at(deadline, client.send(request)).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(what)) => return failed(Failure::Connection { what }),
        Err(_) => return failed(late()),
    };
    let mut step = Step {
        status: Some(response.status().as_u16()),
        headers: observed(response.headers(), &http.observe_headers),
        ..Step::default()
    };
    let mut body = response.into_body();
    loop {
        match timeout_at(deadline, body.frame()).await {
            Ok(None) => break,
            Ok(Some(Ok(frame))) => {
                if let Some(data) = frame.data_ref() {
                    step.body.extend_from_slice(data);
                }
                if let Some(trailers) = frame.trailers_ref() {
                    let names = trailers.keys().map(HeaderName::as_str);
                    step.trailers = values(trailers, names);
                }
            }
            Ok(Some(Err(error))) => {
                step.failure = Some(Failure::Connection {
                    what: chain(&error),
                });
                return step;
            }
            Err(_) => {
                step.failure = Some(late());
                return step;
            }
        }
        if step.body.len() > MAX_BODY {
            step.failure = Some(Failure::NoAnswer {
                what: format!("the body is longer than {} MiB", MAX_BODY >> 20),
            });
            step.body.clear();
            return step;
        }
    }
    client.reuse(connection);
    step
}

/// The request of a step, with all its headers.
fn request(
    client: &Client,
    http: &Http,
    case: &Case,
    expected: &CaseStep,
) -> Result<Request<Full<Bytes>>, String> {
    let method = expected.method.as_deref().unwrap_or(&http.method);
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| format!("`{method}` is not an HTTP method"))?;
    let target = format!("{}{}", client.path(), self::target(http, case, expected));
    // `http` cuts a target at `#`.
    let path = PathAndQuery::try_from(target.as_str()).ok();
    let Some(path) = path.filter(|path| path.as_str() == target) else {
        return Err(match encoded(&target) {
            Some(encoded) => {
                format!("the path `{target}` cannot be sent as it is written; write `{encoded}`")
            }
            None => format!("a path of {} bytes is too long", target.len()),
        });
    };
    let own = headers(http, case, expected);
    let mut all = HeaderMap::new();
    if !own.contains_key(HOST.as_str()) {
        let authority = HeaderValue::from_str(client.authority());
        all.insert(HOST, authority.map_err(|error| error.to_string())?);
    }
    for (name, values) in &own {
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not the name of a header"))?;
        for value in values {
            let value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| format!("{value:?} is not a value of the header `{name}`"))?;
            all.append(&key, value);
        }
    }
    match (
        &expected.input,
        own.contains_key(TRANSFER_ENCODING.as_str()),
    ) {
        (Some(input), false) => {
            all.insert(CONTENT_LENGTH, HeaderValue::from(input.len()));
        }
        // hyper would not send the header.
        (None, true) => return Err("`transfer-encoding` needs an `input`".to_owned()),
        _ => {}
    }
    let input = expected.input.clone().unwrap_or_default();
    let mut request = Request::new(Full::new(Bytes::from(input)));
    *request.method_mut() = method;
    *request.uri_mut() = Uri::from(path);
    *request.headers_mut() = all;
    Ok(request)
}

/// The URL of a step's request to the server at `base`.
pub(crate) fn url(base: &str, http: &Http, case: &Case, expected: &CaseStep) -> String {
    format!("{base}{}", target(http, case, expected))
}

/// The path of a step's request, with its query.
fn target(http: &Http, case: &Case, expected: &CaseStep) -> String {
    let values = Values::from([("case", case.name.clone())]);
    let path = expected.path.as_deref().unwrap_or(&http.path);
    let mut text = fill(path, &values);
    let mut between = if text.contains('?') { '&' } else { '?' };
    for (name, value) in &expected.query {
        text.push(between);
        encode(&mut text, name);
        text.push('=');
        encode(&mut text, &fill(value, &values));
        between = '&';
    }
    text
}

/// The values of the headers of a step's request: those of the probe, replaced by its own.
pub(crate) fn headers(
    http: &Http,
    case: &Case,
    expected: &CaseStep,
) -> BTreeMap<String, Vec<String>> {
    let names = Values::from([("case", case.name.clone())]);
    let mut headers = http.headers.clone();
    headers.extend(expected.headers.clone());
    headers.retain(|_, values| !values.is_empty());
    for value in headers.values_mut().flatten() {
        *value = fill(value, &names);
    }
    headers
}

fn failed(failure: Failure) -> Step {
    Step {
        failure: Some(failure),
        ..Step::default()
    }
}

/// The values of these headers, as far as the answer has them.
fn observed(headers: &HeaderMap, names: &[String]) -> Headers {
    let names = names.iter().map(String::as_str);
    values(headers, names.filter(|name| headers.contains_key(*name)))
}

fn values<'a>(headers: &HeaderMap, names: impl Iterator<Item = &'a str>) -> Headers {
    let all = |name: &str| {
        let values = headers.get_all(name).iter();
        values.map(|value| value.as_bytes().to_vec()).collect()
    };
    names.map(|name| (name.to_owned(), all(name))).collect()
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use lakehouse_rig::source::Source;

    use super::target;
    use crate::config::{Case, CaseStep, Probe};

    #[test]
    fn queries_are_encoded_and_follow_the_path() {
        let source = Source {
            name: "probe.toml".to_owned(),
            text: "about = \"\"\ntransports = [\"http\"]\n[http]\npath = \"/{case}\"\n".to_owned(),
        };
        let http = Probe::read("s", &source).expect("it is valid").http;
        let case = Case {
            name: "c1".to_owned(),
            ..Case::default()
        };
        let pairs = [("a b", "ü&=1"), ("z", "{case}")];
        let query = pairs.map(|(k, v)| (k.to_owned(), v.to_owned()));
        let mut step = CaseStep {
            query: query.into(),
            ..CaseStep::default()
        };
        assert_eq!(target(&http, &case, &step), "/c1?a%20b=%C3%BC%26%3D1&z=c1");
        step.path = Some("/a/../b?q".to_owned());
        assert_eq!(
            target(&http, &case, &step),
            "/a/../b?q&a%20b=%C3%BC%26%3D1&z=c1"
        );
    }
}
