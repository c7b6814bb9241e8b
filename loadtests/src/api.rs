//! A small client of the HTTP surfaces.

use std::fmt::Display;
use std::path::Path;

use anyhow::{Context, Result, bail};
use reqwest::{Body, Client, Method, StatusCode};
use serde_json::{Value, json};

/// The API of one server.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    base: String,
}

impl Api {
    /// The API of the server at a URL.
    pub(crate) fn new(url: &str) -> Result<Self> {
        Ok(Self {
            client: Client::builder().no_proxy().build()?,
            base: url.to_owned(),
        })
    }

    /// The API of the server on a loopback port.
    pub(crate) fn on(port: u16) -> Result<Self> {
        Self::new(&format!("http://127.0.0.1:{port}"))
    }

    /// Sends a request that must succeed, and parses the answer.
    pub(crate) async fn request(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let (status, answer) = self.send(method.clone(), path, body.to_string()).await?;
        if !status.is_success() {
            bail!("`{method} {path}` answered {status}: {answer}");
        }
        serde_json::from_str(&answer).with_context(|| format!("`{method} {path}`: {answer}"))
    }

    /// Sends a POST request that must succeed, and parses the answer.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.request(Method::POST, path, body).await
    }

    /// Sends a request; any status is accepted.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        body: impl Into<Body>,
    ) -> Result<(StatusCode, String)> {
        let url = format!("{}{path}", self.base);
        let response = self.client.request(method, url).body(body).send().await?;
        let status = response.status();
        Ok((status, response.text().await?))
    }

    /// Creates an index of vectors.
    pub(crate) async fn create_index(&self, index: &str, dimension: usize) -> Result<()> {
        let path = format!("/v1/vectors/indexes/{index}");
        let body = json!({ "dimension": dimension });
        self.request(Method::PUT, &path, &body).await?;
        Ok(())
    }

    /// The number of items that an index reports.
    pub(crate) async fn items(&self, index: &str) -> Result<u64> {
        let path = format!("/v1/vectors/indexes/{index}");
        let description = self.request(Method::GET, &path, &Value::Null).await?;
        description["items"].as_u64().context("no `items`")
    }

    /// The metadata of an item, if it exists.
    pub(crate) async fn metadata(&self, index: &str, id: impl Display) -> Result<Option<Value>> {
        let path = format!("/v1/vectors/indexes/{index}/items/{id}");
        let (status, answer) = self.send(Method::GET, &path, "").await?;
        match status {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => {
                let mut item: Value = serde_json::from_str(&answer)?;
                Ok(Some(item["metadata"].take()))
            }
            _ => bail!("`GET {path}` answered {status}: {answer}"),
        }
    }

    /// Creates a corpus and ingests its file from a dataset's folder.
    pub(crate) async fn fill_corpus_from(&self, corpus: &str, dataset: &Path) -> Result<u64> {
        let path = dataset.join(format!("{corpus}.jsonl"));
        let file = tokio::fs::File::open(&path).await.with_context(|| {
            format!(
                "cannot open `{}`; `cargo xtask corpus` writes it",
                path.display()
            )
        })?;
        self.fill_corpus(corpus, Body::from(file)).await
    }

    /// Creates a corpus and ingests documents, all of which must be accepted.
    pub(crate) async fn fill_corpus(
        &self,
        corpus: &str,
        documents: impl Into<Body>,
    ) -> Result<u64> {
        let path = format!("/v1/matrix/corpora/{corpus}");
        self.request(Method::PUT, &path, &json!({})).await?;
        let path = format!("{path}/documents");
        let (status, answer) = self.send(Method::POST, &path, documents).await?;
        let answer: Value = serde_json::from_str(&answer)
            .with_context(|| format!("`POST {path}` answered {status}"))?;
        if !status.is_success() || answer["refused"] != 0 {
            bail!("`POST {path}` answered {status}: {answer}");
        }
        answer["taken"].as_u64().context("no `taken`")
    }
}
