//! The connection to a service.

use std::time::Duration;

use bytes::Bytes;
use lakehouse_json::{self as json, Json};
use lakehouse_wire::ReadError;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};

use crate::ClientError;

/// Longer than the time limit of any server.
const TIMEOUT: Duration = Duration::from_secs(660);
/// The number of attempts if the service is overloaded.
const ATTEMPTS: u32 = 10;
/// The pause before the next attempt if the service specifies none.
const RETRY_AFTER_SECONDS: u64 = 1;
/// Allows for the levels of an answer above metadata of the maximum depth.
const MAX_ANSWER_DEPTH: usize = json::MAX_DEPTH + 8;

/// The characters of names and ids that are not encoded in paths.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

pub(crate) const JSON: &str = "application/json";
pub(crate) const NDJSON: &str = "application/x-ndjson";

/// A service of the contract, reached over HTTP.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
}

/// A request before it is sent.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The path and the query.
    pub(crate) path: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
}

impl Call {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            content_type: JSON,
            body: Bytes::new(),
        }
    }

    pub(crate) fn post(path: impl Into<String>, body: String) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            ..Self::get(path)
        }
    }
}

impl Client {
    /// The service at a URL such as `http://127.0.0.1:3110`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ClientError::Setup`].
    pub fn new(url: &str) -> Result<Self, ClientError> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .build();
        Ok(Self {
            http: http.map_err(|error| ClientError::Setup(error.to_string()))?,
            url: url.trim_end_matches('/').to_owned(),
        })
    }

    /// The URL of the service.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends a request and reads the answer, which must be a success.
    pub(crate) async fn call<T>(
        &self,
        call: Call,
        read: impl FnOnce(&Json<'_>) -> Result<T, ReadError>,
    ) -> Result<T, ClientError> {
        let (status, body) = self.send(call).await?;
        if !status.is_success() {
            return Err(ClientError::from_answer(&self.url, status.as_u16(), &body));
        }
        self.read(status, &body, read)
    }

    /// Reads an answer.
    pub(crate) fn read<T>(
        &self,
        status: StatusCode,
        body: &str,
        read: impl FnOnce(&Json<'_>) -> Result<T, ReadError>,
    ) -> Result<T, ClientError> {
        let json = json::parse(body, MAX_ANSWER_DEPTH).ok();
        json.and_then(|json| read(&json).ok())
            .ok_or_else(|| ClientError::malformed(&self.url, status.as_u16(), body))
    }

    /// Sends a request, and retries while the service is overloaded. A service that is unavailable for
    /// another reason names no time after which to try again.
    pub(crate) async fn send(&self, call: Call) -> Result<(StatusCode, String), ClientError> {
        for _ in 1..ATTEMPTS {
            let response = self.request(&call).await?;
            let is_overloaded = response.status() == StatusCode::SERVICE_UNAVAILABLE
                && response.headers().contains_key(RETRY_AFTER);
            if !is_overloaded {
                return self.body(response).await;
            }
            tokio::time::sleep(retry_after(&response)).await;
        }
        self.send_once(call).await
    }

    /// Sends a request once.
    pub(crate) async fn send_once(&self, call: Call) -> Result<(StatusCode, String), ClientError> {
        let response = self.request(&call).await?;
        self.body(response).await
    }

    async fn request(&self, call: &Call) -> Result<Response, ClientError> {
        let url = format!("{}{}", self.url, call.path);
        let request = self
            .http
            .request(call.method.clone(), url)
            .header(CONTENT_TYPE, call.content_type)
            .body(call.body.clone());
        let response = request.send().await;
        response.map_err(|error| ClientError::from_transport(&self.url, &error))
    }

    async fn body(&self, response: Response) -> Result<(StatusCode, String), ClientError> {
        let status = response.status();
        let body = response.text().await;
        let body = body.map_err(|error| ClientError::from_transport(&self.url, &error))?;
        Ok((status, body))
    }
}

/// A name or an id as a segment of a path.
pub(crate) fn segment(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}

fn retry_after(response: &Response) -> Duration {
    let seconds = response.headers().get(RETRY_AFTER);
    let seconds = seconds.and_then(|seconds| seconds.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(RETRY_AFTER_SECONDS))
}
