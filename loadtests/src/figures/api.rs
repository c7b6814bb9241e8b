//! The HTTP surfaces as a stranger uses them.

use std::fmt::Display;

use anyhow::{Context, Result, bail};
use reqwest::{Body, Client, Method, StatusCode};
use serde_json::{Value, json};

/// One server's API.
#[derive(Clone)]
pub(crate) struct Api {
    client: Client,
    base: String,
}

impl Api {
    /// The server that listens on this loopback port.
    pub(crate) fn on(port: u16) -> Result<Self> {
        Ok(Self {
            client: Client::builder().no_proxy().build()?,
            base: format!("http://127.0.0.1:{port}"),
        })
    }

    /// Asks for a 2xx and reads its JSON.
    pub(crate) async fn ask(&self, method: Method, path: &str, body: &Value) -> Result<Value> {
        let (status, answer) = self.send(method.clone(), path, body.to_string()).await?;
        if !status.is_success() {
            bail!("`{method} {path}` answered {status}: {answer}");
        }
        serde_json::from_str(&answer).with_context(|| format!("`{method} {path}`: {answer}"))
    }

    /// Posts and asks for a 2xx.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        self.ask(Method::POST, path, body).await
    }

    /// Asks, whatever the status.
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

    /// Makes an index of raw vectors.
    pub(crate) async fn make_index(&self, index: &str, dimension: usize) -> Result<()> {
        let path = format!("/v1/vectors/indexes/{index}");
        let body = json!({ "dimension": dimension });
        self.ask(Method::PUT, &path, &body).await?;
        Ok(())
    }

    /// How many items an index says that it has.
    pub(crate) async fn items(&self, index: &str) -> Result<u64> {
        let path = format!("/v1/vectors/indexes/{index}");
        let description = self.ask(Method::GET, &path, &Value::Null).await?;
        description["items"].as_u64().context("no `items`")
    }

    /// The metadata of an item; none when there is no such item.
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

    /// Makes a corpus and sends it documents; all must be taken.
    pub(crate) async fn fill_corpus(
        &self,
        corpus: &str,
        documents: impl Into<Body>,
    ) -> Result<u64> {
        let path = format!("/v1/matrix/corpora/{corpus}");
        self.ask(Method::PUT, &path, &json!({})).await?;
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
