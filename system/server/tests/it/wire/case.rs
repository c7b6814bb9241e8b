//! A group: a server's settings and the requests that are sent to it.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use lakehouse_rig::model_server::Answer;
use reqwest::{Client, Method, RequestBuilder};
use serde::Deserialize;

/// One `requests.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    /// The server's environment; `{upstream}`, `{closed}`, `{state}` and `{fixtures}` are filled in.
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    /// Files below `{state}`, written before the server starts.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    #[serde(rename = "case")]
    pub(super) cases: Vec<Case>,
}

/// One request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    pub(super) name: String,
    #[serde(default = "post")]
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    /// The body in hexadecimal digits, for a body that is not text.
    body_hex: Option<String>,
    /// How often the body is repeated.
    #[serde(default = "once")]
    body_times: usize,
    /// Files below `{state}`, written before the request.
    #[serde(default)]
    pub(super) files: BTreeMap<String, String>,
    /// The answers of the model server, in order.
    #[serde(default)]
    pub(super) upstream: Vec<Answer>,
    /// Another request that the model server holds until this one is answered.
    pub(super) busy_with: Option<Box<Case>>,
}

fn post() -> String {
    "POST".to_owned()
}

fn once() -> usize {
    1
}

impl Group {
    pub(super) fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap();
        let group: Self =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(!group.cases.is_empty(), "{} has no case", file.display());
        group
    }
}

impl Case {
    pub(super) fn request(&self, client: &Client, url: &str) -> RequestBuilder {
        let method = Method::from_bytes(self.method.as_bytes()).unwrap();
        let mut request = client
            .request(method, format!("{url}{}", self.path))
            .body(self.bytes());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// The request as shown in the snapshot.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{} {}\n", self.method, self.path);
        for (name, value) in &self.headers {
            writeln!(text, "{name}: {value}").unwrap();
        }
        let body = match &self.body_hex {
            Some(hex) => format!("(hexadecimal) {hex}"),
            None if self.body_times == 1 => self.body.clone(),
            None => format!("({} times) {}", self.body_times, self.body),
        };
        if !body.is_empty() {
            write!(text, "\n{body}\n").unwrap();
        }
        text
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let Some(hex) = &self.body_hex else {
            return self.body.repeat(self.body_times).into_bytes();
        };
        let digits: Vec<char> = hex.chars().collect();
        let byte = |pair: &[char]| u8::from_str_radix(&String::from_iter(pair), 16).unwrap();
        digits.chunks(2).map(byte).collect()
    }
}
