//! HTTP calls to other programs, with JSON bodies, and their errors.

mod words;

use std::time::Duration;

use lakehouse_base::{UpstreamError, UpstreamFault};
use reqwest::{Client, Response, StatusCode, header, redirect::Policy};

/// The largest answer that is read. 256 vectors of 8192 dimensions as text are smaller, and chat
/// replies are much smaller.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// How long idle connections stay open: shorter than in most servers, so that calls rarely use a
/// connection that the server is closing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// The largest body of another status that is read, and the time to wait for it.
const MAX_WORDS_BYTES: usize = 64 * 1024;
const WORDS_TIMEOUT: Duration = Duration::from_secs(1);

/// The timeout of a check whether the program is reachable.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// A program that is called over HTTP.
#[derive(Debug, Clone)]
pub(crate) struct Upstream {
    provider: &'static str,
    client: Client,
    base_url: String,
    timeout: Duration,
    api_key: Option<String>,
}

/// The HTTP client could not be created.
#[derive(Debug, thiserror::Error)]
#[error("{provider}: cannot create an HTTP client: {source}")]
pub struct ClientError {
    provider: &'static str,
    source: reqwest::Error,
}

impl Upstream {
    /// The program at `base_url` (`http://127.0.0.1:11434`); a complete answer must arrive within
    /// `timeout`. Its errors begin with `provider`.
    ///
    /// # Errors
    /// If the HTTP client cannot be created.
    pub(crate) fn new(
        provider: &'static str,
        base_url: &str,
        timeout: Duration,
        api_key: Option<String>,
    ) -> Result<Self, ClientError> {
        // Only the configured address is called: proxies of the environment are ignored, and
        // redirects are not followed.
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build()
            .map_err(|source| ClientError { provider, source })?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        Ok(Self {
            provider,
            client,
            base_url,
            timeout,
            api_key,
        })
    }

    /// The provider's name.
    pub(crate) fn provider(&self) -> &'static str {
        self.provider
    }

    /// An error of this provider.
    pub(crate) fn error(&self, fault: UpstreamFault) -> UpstreamError {
        UpstreamError::new(self.provider, fault)
    }

    /// Posts `body` and returns the body of the answer.
    ///
    /// # Errors
    /// If the connection fails, the answer is not complete in time, or its status is not 200.
    pub(crate) async fn post(&self, path: &str, body: String) -> Result<Vec<u8>, UpstreamError> {
        let answer = tokio::time::timeout(self.timeout, self.exchange(path, body)).await;
        let limit_ms = u64::try_from(self.timeout.as_millis()).unwrap_or(u64::MAX);
        answer
            .unwrap_or(Err(UpstreamFault::TimedOut { limit_ms }))
            .map_err(|fault| self.error(fault))
    }

    /// Checks that the program answers; any answer will do.
    ///
    /// # Errors
    /// If the connection fails, or there is no answer within two seconds.
    pub(crate) async fn check(&self) -> Result<(), UpstreamError> {
        let limit = self.timeout.min(CHECK_TIMEOUT);
        let limit_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
        let answer = tokio::time::timeout(limit, self.client.get(&self.base_url).send()).await;
        match answer {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.error(fault_of(&error))),
            Err(_) => Err(self.error(UpstreamFault::TimedOut { limit_ms })),
        }
    }

    async fn exchange(&self, path: &str, body: String) -> Result<Vec<u8>, UpstreamFault> {
        let mut request = self
            .client
            .post(format!("{}{path}", self.base_url))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(api_key) = &self.api_key {
            request = request.bearer_auth(api_key);
        }
        let mut response = request.send().await.map_err(|error| fault_of(&error))?;
        if response.status() != StatusCode::OK {
            let status = response.status().as_u16();
            let body = read_body(&mut response, MAX_WORDS_BYTES);
            let body = tokio::time::timeout(WORDS_TIMEOUT.min(self.timeout / 2), body).await;
            let words = match body {
                Ok(Ok(body)) => words::of(&body),
                Ok(Err(_)) | Err(_) => String::new(),
            };
            return Err(UpstreamFault::Status { status, words });
        }
        read_body(&mut response, MAX_ANSWER_BYTES).await
    }
}

async fn read_body(response: &mut Response, max_bytes: usize) -> Result<Vec<u8>, UpstreamFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|_| UpstreamFault::Interrupted)?
    {
        if body.len() + chunk.len() > max_bytes {
            return Err(UpstreamFault::Malformed);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn fault_of(error: &reqwest::Error) -> UpstreamFault {
    if error.is_connect() {
        UpstreamFault::CannotConnect
    } else {
        UpstreamFault::Interrupted
    }
}
