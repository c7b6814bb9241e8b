//! Sends one request and reads its answer.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt::Write as _;

use lakehouse_rig::template::{Values, fill};

use crate::config::probe::Http;
use crate::config::{Case, CaseStep};
use crate::observation::{Failure, Step};

/// The longest body that is read, in bytes: twice what a case may send.
const MAX_BODY: usize = 128 << 20;

/// Sends a step's request to the server at `base`.
pub(super) async fn send(
    client: &reqwest::Client,
    base: &str,
    http: &Http,
    case: &Case,
    expected: &CaseStep,
) -> Step {
    let method = expected.method.as_deref().unwrap_or(&http.method);
    let Ok(method) = reqwest::Method::from_bytes(method.as_bytes()) else {
        return failed(Failure::NoAnswer {
            what: format!("`{method}` is not an HTTP method"),
        });
    };
    let url = url(base, http, case, expected);
    let mut request = client.request(method, url).timeout(http.timeout);
    for (name, value) in headers(http, case, expected) {
        request = request.header(name, value);
    }
    if let Some(input) = &expected.input {
        request = request.body(input.clone());
    }
    let after_ms = u64::try_from(http.timeout.as_millis()).unwrap_or(u64::MAX);
    let failure = |error: reqwest::Error| {
        if error.is_timeout() {
            Failure::Timeout { after_ms }
        } else {
            Failure::Connection {
                what: chain(&error),
            }
        }
    };
    let mut response = match request.send().await {
        Ok(response) => response,
        Err(error) => return failed(failure(error)),
    };
    let mut step = Step {
        status: Some(response.status().as_u16()),
        headers: observed(response.headers(), &http.observe_headers),
        ..Step::default()
    };
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) => step.body.extend_from_slice(&chunk),
            Ok(None) => return step,
            Err(error) => {
                step.failure = Some(failure(error));
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
}

/// The URL of a step's request, with its query.
pub(crate) fn url(base: &str, http: &Http, case: &Case, expected: &CaseStep) -> String {
    let values = Values::from([("case", case.name.clone())]);
    let path = expected.path.as_deref().unwrap_or(&http.path);
    format!(
        "{base}{}{}",
        fill(path, &values),
        query(&expected.query, &values)
    )
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

/// The causes of an error. Its own message has the URL, whose port changes from run to run.
fn chain(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut at = error.source();
    while let Some(cause) = at {
        causes.push(cause.to_string());
        at = cause.source();
    }
    if causes.is_empty() {
        "the request failed".to_owned()
    } else {
        causes.join(": ")
    }
}

fn observed(headers: &reqwest::header::HeaderMap, names: &[String]) -> BTreeMap<String, String> {
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

fn query(query: &BTreeMap<String, String>, values: &Values) -> String {
    let mut text = String::new();
    for (name, value) in query {
        text.push(if text.is_empty() { '?' } else { '&' });
        encode(&mut text, name);
        text.push('=');
        encode(&mut text, &fill(value, values));
    }
    text
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
    use lakehouse_rig::template::Values;

    use super::query;

    #[test]
    fn queries_are_encoded() {
        let pairs = [("a b", "ü&=1"), ("z", "{case}")];
        let map = pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let values = Values::from([("case", "c1".to_owned())]);
        assert_eq!(query(&map, &values), "?a%20b=%C3%BC%26%3D1&z=c1");
    }
}
