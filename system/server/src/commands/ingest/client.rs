//! One corpus of a service.

use std::time::Duration;

use lakehouse_json::ObjectWriter;
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use serde::Deserialize;

use super::IngestError;

/// Longer than a server of the contract takes for one request.
const TIMEOUT: Duration = Duration::from_secs(660);
/// How often a request is sent that the service has no room for.
const TRIES: u32 = 10;

/// A corpus of a service.
pub(super) struct CorpusClient {
    client: Client,
    url: String,
    corpus: String,
}

/// What became of the lines of one request.
#[derive(Debug, Deserialize)]
pub(super) struct Answer {
    /// How many were taken.
    pub(super) taken: u64,
    /// How many were refused.
    pub(super) refused: u64,
    /// The first of them.
    pub(super) errors: Vec<LineError>,
}

/// Why a line was refused.
#[derive(Debug, Deserialize)]
pub(super) struct LineError {
    /// Its number within the request, counted from 1.
    pub(super) line: u64,
    /// In the service's words.
    pub(super) reason: String,
}

/// The member of a problem that is shown.
#[derive(Deserialize)]
struct Problem {
    detail: String,
}

impl CorpusClient {
    /// The corpus of that name; nobody is asked yet.
    pub(super) fn new(url: &str, corpus: &str) -> Result<Self, IngestError> {
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .timeout(TIMEOUT)
            .build();
        Ok(Self {
            client: client.map_err(|source| unreachable(url, source))?,
            url: url.to_owned(),
            corpus: corpus.to_owned(),
        })
    }

    /// Makes the corpus when it is absent; with a model, it must be that one's.
    pub(super) async fn ensure(&self, model: Option<&str>) -> Result<(), IngestError> {
        if model.is_none() {
            let (status, body) = self.ask(Method::GET, "", Vec::new()).await?;
            match status {
                StatusCode::OK => return Ok(()),
                StatusCode::NOT_FOUND => {}
                _ => return Err(self.refused(status, &body)),
            }
        }
        let mut request = String::new();
        let mut object = ObjectWriter::new(&mut request);
        object.optional_string("model", model);
        object.finish();
        let (status, body) = self.ask(Method::PUT, "", request.into_bytes()).await?;
        if status.is_success() {
            Ok(())
        } else {
            Err(self.refused(status, &body))
        }
    }

    /// Sends some lines.
    pub(super) async fn send(
        &self,
        first: u64,
        count: u64,
        lines: Vec<u8>,
    ) -> Result<Answer, IngestError> {
        let (status, body) = self.ask(Method::POST, "/documents", lines).await?;
        if status != StatusCode::OK {
            return Err(IngestError::Slice {
                first,
                last: first + count - 1,
                status: status.as_u16(),
                detail: detail(&body),
            });
        }
        serde_json::from_str(&body).map_err(|_| IngestError::Malformed {
            url: self.url.clone(),
            body: beginning(&body),
        })
    }

    /// The status and body of an answer; asks again after a second where there was no room.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<(StatusCode, String), IngestError> {
        let url = format!("{}/v1/matrix/corpora/{}{path}", self.url, self.corpus);
        let body = bytes::Bytes::from(body);
        let mut tries = 0;
        loop {
            let request = self.client.request(method.clone(), &url).body(body.clone());
            let response = request
                .send()
                .await
                .map_err(|source| unreachable(&self.url, source))?;
            let status = response.status();
            tries += 1;
            if status == StatusCode::SERVICE_UNAVAILABLE && tries < TRIES {
                tokio::time::sleep(Duration::from_secs(1)).await;
                continue;
            }
            let text = response.text().await;
            return Ok((
                status,
                text.map_err(|source| unreachable(&self.url, source))?,
            ));
        }
    }

    fn refused(&self, status: StatusCode, body: &str) -> IngestError {
        IngestError::Corpus {
            corpus: self.corpus.clone(),
            status: status.as_u16(),
            detail: detail(body),
        }
    }
}

fn unreachable(url: &str, source: reqwest::Error) -> IngestError {
    IngestError::Unreachable {
        url: url.to_owned(),
        source: source.without_url(),
    }
}

/// The detail of a problem, or the beginning of what is none.
fn detail(body: &str) -> String {
    serde_json::from_str(body).map_or_else(|_| beginning(body), |problem: Problem| problem.detail)
}

fn beginning(body: &str) -> String {
    body.chars().take(200).collect()
}
