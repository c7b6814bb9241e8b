//! One HTTP connection, which is reopened after it was lost.

use anyhow::{Context, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use reqwest::Url;
use tokio::net::TcpStream;

use super::fault::{Fault, FaultKind};

/// An HTTP/1.1 connection to one server, for one request at a time.
#[derive(Debug)]
pub struct Connection {
    address: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    /// Creates a connection that opens with its first request.
    ///
    /// # Errors
    /// `url` is not a URL with a host.
    pub fn new(url: &str) -> Result<Self> {
        let parsed = Url::parse(url).with_context(|| format!("`{url}`"))?;
        let host = parsed
            .host_str()
            .with_context(|| format!("`{url}` has no host"))?;
        let port = parsed.port_or_known_default().unwrap_or(80);
        Ok(Self {
            address: format!("{host}:{port}"),
            sender: None,
        })
    }

    /// Opens the connection.
    ///
    /// # Errors
    /// The server does not accept it.
    pub async fn open(&mut self) -> Result<()> {
        let address = &self.address;
        let sender = connect(address).await;
        self.sender = Some(sender.with_context(|| format!("cannot connect to `{address}`"))?);
        Ok(())
    }

    /// Sends a POST request and reads the whole answer.
    ///
    /// # Errors
    /// The answer is missing or incomplete.
    pub async fn post(&mut self, path: &str, body: &Bytes) -> Result<(StatusCode, Bytes), Fault> {
        match self.send(path, body).await {
            Ok(answer) => Ok(answer),
            Err(error) => {
                self.close();
                let body = String::from_utf8_lossy(body);
                let detail = format_args!("{error:#}; request: POST {path} {body}");
                Err(Fault::new(FaultKind::NoAnswer, detail))
            }
        }
    }

    /// Drops the connection and any answer in flight; the next request opens another.
    pub fn close(&mut self) {
        self.sender = None;
    }

    async fn send(&mut self, path: &str, body: &Bytes) -> Result<(StatusCode, Bytes)> {
        let sender = match &mut self.sender {
            Some(sender) => sender,
            closed => closed.insert(connect(&self.address).await?),
        };
        let request = Request::post(path)
            .header("host", &self.address)
            .header("content-type", "application/json")
            .body(Full::new(body.clone()))?;
        sender.ready().await?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}

async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (sender, driver) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(driver);
    Ok(sender)
}
