//! A user's requests to one server, and the parsing of the answers.

use std::fmt::{Debug, Display};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, ClientBuilder, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::answer::{Recorded, SearchAnswer, Verdict};
use super::connection::Connection;
use super::draft::Draft;
use super::fault::{Fault, FaultKind};
use super::request::{Recording, Search};

const SEARCH: &str = "/v1/matrix/search";
const RECORD: &str = "/v1/matrix/playbooks/record";
const VALIDATE: &str = "/v1/validate";

/// Time limit for an answer.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Receives the time of each request of a session.
pub trait RequestLog: Debug + Send + Sync {
    /// Records a request that has ended. It failed if there was no answer or a status of 5xx; other
    /// wrong answers are failures of the flow.
    fn record(&self, path: &'static str, latency: Duration, failed: bool);
}

/// Access to one server.
#[derive(Debug, Clone)]
pub struct Session {
    transport: Transport,
    log: Option<Arc<dyn RequestLog>>,
}

#[derive(Debug, Clone)]
enum Transport {
    Client { client: Client, url: Arc<str> },
    Connection(Arc<Mutex<Connection>>),
}

impl Session {
    /// A session that uses a client from [`Session::client`].
    pub fn from_client(client: Client, url: &str) -> Self {
        let url = Arc::from(url.trim_end_matches('/'));
        Self::new(Transport::Client { client, url })
    }

    /// A session on one plain connection, which takes less processor time than a client.
    pub fn from_connection(connection: Connection) -> Self {
        Self::new(Transport::Connection(Arc::new(Mutex::new(connection))))
    }

    fn new(transport: Transport) -> Self {
        Self {
            transport,
            log: None,
        }
    }

    /// The session, with the times of its requests recorded in `log`.
    #[must_use]
    pub fn with_log(self, log: Arc<dyn RequestLog>) -> Self {
        Self {
            log: Some(log),
            ..self
        }
    }

    /// A builder for a session's client, which uses no proxy and never retries by itself.
    pub fn client() -> ClientBuilder {
        Client::builder()
            .no_proxy()
            .retry(reqwest::retry::never())
            .timeout(TIMEOUT)
    }

    /// `POST /v1/matrix/search`.
    pub async fn search(&self, search: &Search<'_>) -> Result<SearchAnswer, Fault> {
        parse(SEARCH, search, &self.search_bytes(search).await?)
    }

    /// `POST /v1/matrix/search` without parsing the answer.
    pub async fn search_bytes(&self, search: &Search<'_>) -> Result<Bytes, Fault> {
        let (status, body) = self.post(SEARCH, search).await?;
        require_ok(SEARCH, search, status, body)
    }

    /// Parses the bytes from [`Session::search_bytes`].
    pub fn parse_search(search: &Search<'_>, body: &[u8]) -> Result<SearchAnswer, Fault> {
        parse(SEARCH, search, body)
    }

    /// `POST /v1/matrix/playbooks/record`.
    pub async fn record(&self, recording: &Recording<'_>) -> Result<Recorded, Fault> {
        let (status, body) = self.post(RECORD, recording).await?;
        let body = require_ok(RECORD, recording, status, body)?;
        parse(RECORD, recording, &body)
    }

    /// `POST /v1/validate`.
    pub async fn validate(&self, draft: &Draft<'_>) -> Result<Verdict, Fault> {
        let (status, body) = self.post(VALIDATE, draft).await?;
        let verdict = match status {
            StatusCode::OK => Verdict::from_ok(&body),
            StatusCode::UNPROCESSABLE_ENTITY => Verdict::from_unprocessable(&body),
            _ => return Err(wrong_status(VALIDATE, draft, status, &body)),
        };
        verdict.ok_or_else(|| unreadable(VALIDATE, draft, "not a verdict", &body))
    }

    async fn post(
        &self,
        path: &'static str,
        body: &impl Serialize,
    ) -> Result<(StatusCode, Bytes), Fault> {
        let began = Instant::now();
        let answer = self.send(path, body).await;
        if let Some(log) = &self.log {
            let failed = !matches!(&answer, Ok((status, _)) if !status.is_server_error());
            log.record(path, began.elapsed(), failed);
        }
        answer
    }

    async fn send(&self, path: &str, body: &impl Serialize) -> Result<(StatusCode, Bytes), Fault> {
        let bytes = serde_json::to_vec(body).expect("requests serialize");
        match &self.transport {
            Transport::Client { client, url } => {
                let answer = post(client, &format!("{url}{path}"), bytes).await;
                answer.map_err(|error| {
                    let error = anyhow::Error::from(error);
                    let detail = format_args!("{error:#}; request: {}", describe(path, body));
                    Fault::new(FaultKind::NoAnswer, detail)
                })
            }
            Transport::Connection(connection) => {
                let bytes = Bytes::from(bytes);
                let mut connection = connection.lock().await;
                let answer = tokio::time::timeout(TIMEOUT, connection.post(path, &bytes)).await;
                answer.unwrap_or_else(|_| {
                    connection.close();
                    let request = describe(path, body);
                    let detail = format_args!("no answer within {TIMEOUT:?}; request: {request}");
                    Err(Fault::new(FaultKind::NoAnswer, detail))
                })
            }
        }
    }
}

async fn post(client: &Client, url: &str, body: Vec<u8>) -> reqwest::Result<(StatusCode, Bytes)> {
    let request = client.post(url).header(CONTENT_TYPE, "application/json");
    let response = request.body(body).send().await?;
    Ok((response.status(), response.bytes().await?))
}

fn require_ok(
    path: &str,
    body: &impl Serialize,
    status: StatusCode,
    answer: Bytes,
) -> Result<Bytes, Fault> {
    if status == StatusCode::OK {
        return Ok(answer);
    }
    Err(wrong_status(path, body, status, &answer))
}

fn wrong_status(path: &str, body: &impl Serialize, status: StatusCode, answer: &[u8]) -> Fault {
    let answer = String::from_utf8_lossy(answer);
    let detail = format_args!("{status} {answer}; request: {}", describe(path, body));
    Fault::new(FaultKind::Status, detail)
}

fn parse<T: DeserializeOwned>(
    path: &str,
    body: &impl Serialize,
    answer: &[u8],
) -> Result<T, Fault> {
    serde_json::from_slice(answer).map_err(|error| unreadable(path, body, error, answer))
}

fn unreadable(path: &str, body: &impl Serialize, error: impl Display, answer: &[u8]) -> Fault {
    let answer = String::from_utf8_lossy(&answer[..answer.len().min(300)]);
    let detail = format_args!("{error}: {answer}; request: {}", describe(path, body));
    Fault::new(FaultKind::Unreadable, detail)
}

fn describe(path: &str, body: &impl Serialize) -> String {
    let body = serde_json::to_string(body).unwrap_or_default();
    format!("POST {path} {body}")
}
