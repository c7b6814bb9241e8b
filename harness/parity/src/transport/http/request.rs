//! Sends one request and reads its answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue};
use hyper::http::uri::PathAndQuery;
use hyper::{Method, Request, Uri};
use lakehouse_rig::template::{Values, fill};
use tokio::time::{Instant, timeout_at};

use super::client::{Client, chain};
use crate::config::probe::Http;
use crate::config::target::encoded;
use crate::config::{Case, CaseStep};
use crate::observation::{Failure, Step};

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
                if let Ok(data) = frame.into_data() {
                    step.body.extend_from_slice(&data);
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
    for (name, value) in &own {
        let key = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| format!("`{name}` is not the name of a header"))?;
        let value = HeaderValue::from_bytes(value.as_bytes())
            .map_err(|_| format!("`{value:?}` is not a value of the header `{name}`"))?;
        all.append(key, value);
    }
    if let Some(input) = &expected.input
        && !own.contains_key("transfer-encoding")
    {
        all.insert(CONTENT_LENGTH, HeaderValue::from(input.len()));
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

/// The headers of a step's request: those of the probe, overridden by its own. An empty value
/// removes a header.
pub(crate) fn headers(http: &Http, case: &Case, expected: &CaseStep) -> BTreeMap<String, String> {
    let values = Values::from([("case", case.name.clone())]);
    let mut headers = http.headers.clone();
    headers.extend(expected.headers.clone());
    headers.retain(|_, value| !value.is_empty());
    for value in headers.values_mut() {
        *value = fill(value, &values);
    }
    headers
}

fn failed(failure: Failure) -> Step {
    Step {
        failure: Some(failure),
        ..Step::default()
    }
}

fn observed(headers: &HeaderMap, names: &[String]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for name in names {
        let values: Vec<String> = headers
            .get_all(name.as_str())
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        if !values.is_empty() {
            found.insert(name.clone(), values.join(", "));
        }
    }
    found
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
