//! One user's dealings with one server, as a stranger has them: requests out, answers read.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

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

/// After that no answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A way to ask one server.
#[derive(Debug, Clone)]
pub struct Session(Transport);

#[derive(Debug, Clone)]
enum Transport {
    Client { client: Client, url: Arc<str> },
    Connection(Arc<Mutex<Connection>>),
}

impl Session {
    /// By this client, which [`Session::client`] built, with the server at this URL.
    pub fn by_client(client: Client, url: &str) -> Self {
        let url = Arc::from(url.trim_end_matches('/'));
        Self(Transport::Client { client, url })
    }

    /// By a connection alone, which takes less of the machine.
    pub fn by_connection(connection: Connection) -> Self {
        Self(Transport::Connection(Arc::new(Mutex::new(connection))))
    }

    /// How a session's client is: no proxy, and a failed request is not sent again in silence.
    pub fn client() -> ClientBuilder {
        Client::builder()
            .no_proxy()
            .retry(reqwest::retry::never())
            .timeout(PATIENCE)
    }

    /// `POST /v1/matrix/search`.
    pub async fn search(&self, search: &Search<'_>) -> Result<SearchAnswer, Fault> {
        read(SEARCH, search, &self.search_bytes(search).await?)
    }

    /// The same, not read.
    pub async fn search_bytes(&self, search: &Search<'_>) -> Result<Bytes, Fault> {
        let (status, body) = self.post(SEARCH, search).await?;
        successful(SEARCH, search, status, body)
    }

    /// Reads what [`Session::search_bytes`] gave.
    pub fn read_search(search: &Search<'_>, body: &[u8]) -> Result<SearchAnswer, Fault> {
        read(SEARCH, search, body)
    }

    /// `POST /v1/matrix/playbooks/record`.
    pub async fn record(&self, recording: &Recording<'_>) -> Result<Recorded, Fault> {
        let (status, body) = self.post(RECORD, recording).await?;
        read(
            RECORD,
            recording,
            &successful(RECORD, recording, status, body)?,
        )
    }

    /// `POST /v1/validate`.
    pub async fn validate(&self, draft: &Draft<'_>) -> Result<Verdict, Fault> {
        let (status, body) = self.post(VALIDATE, draft).await?;
        let verdict = match status {
            StatusCode::OK => Verdict::passed(&body),
            StatusCode::UNPROCESSABLE_ENTITY => Verdict::refused(&body),
            _ => return Err(unsuccessful(VALIDATE, draft, status, &body)),
        };
        verdict.ok_or_else(|| unreadable(VALIDATE, draft, "no verdict", &body))
    }

    async fn post(&self, path: &str, body: &impl Serialize) -> Result<(StatusCode, Bytes), Fault> {
        let sent = serde_json::to_vec(body).expect("requests have JSON");
        match &self.0 {
            Transport::Client { client, url } => {
                let answer = post(client, &format!("{url}{path}"), sent).await;
                answer.map_err(|error| {
                    let reasons: Vec<String> = chain(&error).collect();
                    let reasons = reasons.join(": ");
                    Fault::new(
                        FaultKind::NoAnswer,
                        format_args!("{reasons}; asked {}", asked(path, body)),
                    )
                })
            }
            Transport::Connection(connection) => {
                let sent = Bytes::from(sent);
                let mut connection = connection.lock().await;
                let answer = tokio::time::timeout(PATIENCE, connection.ask(path, &sent)).await;
                answer.unwrap_or_else(|_| {
                    connection.close();
                    Err(Fault::new(
                        FaultKind::NoAnswer,
                        format_args!("no answer in {PATIENCE:?}; asked {}", asked(path, body)),
                    ))
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

fn successful(
    path: &str,
    body: &impl Serialize,
    status: StatusCode,
    answer: Bytes,
) -> Result<Bytes, Fault> {
    if status == StatusCode::OK {
        return Ok(answer);
    }
    Err(unsuccessful(path, body, status, &answer))
}

fn unsuccessful(path: &str, body: &impl Serialize, status: StatusCode, answer: &[u8]) -> Fault {
    let answer = String::from_utf8_lossy(answer);
    let what = format_args!("{status} {answer}; asked {}", asked(path, body));
    Fault::new(FaultKind::Status, what)
}

fn read<T: DeserializeOwned>(path: &str, body: &impl Serialize, answer: &[u8]) -> Result<T, Fault> {
    serde_json::from_slice(answer).map_err(|error| unreadable(path, body, error, answer))
}

fn unreadable(path: &str, body: &impl Serialize, why: impl Display, answer: &[u8]) -> Fault {
    let beginning = &answer[..answer.len().min(300)];
    let beginning = String::from_utf8_lossy(beginning);
    let what = format_args!("{why}: {beginning}; asked {}", asked(path, body));
    Fault::new(FaultKind::Unreadable, what)
}

fn asked(path: &str, body: &impl Serialize) -> String {
    let body = serde_json::to_string(body).unwrap_or_default();
    format!("`POST {path}` {body}")
}

/// The error and everything below it.
fn chain(error: &dyn std::error::Error) -> impl Iterator<Item = String> {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string)
}
