//! One connection, opened again after it was lost.

use anyhow::Result;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::flows::{Fault, FaultKind};

pub(super) struct Connection {
    address: String,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    pub(super) async fn open(address: &str) -> Result<Self> {
        Ok(Self {
            sender: Some(connect(address).await?),
            address: address.to_owned(),
        })
    }

    /// Posts and reads the whole answer.
    pub(super) async fn ask(
        &mut self,
        path: &str,
        body: &Bytes,
    ) -> Result<(StatusCode, Bytes), Fault> {
        match self.send(path, body).await {
            Ok(answer) => Ok(answer),
            Err(error) => {
                self.sender = None;
                let asked = String::from_utf8_lossy(body);
                let what = format_args!("{error:#}; asked `POST {path}` {asked}");
                Err(Fault::new(FaultKind::NoAnswer, what))
            }
        }
    }

    async fn send(&mut self, path: &str, body: &Bytes) -> Result<(StatusCode, Bytes)> {
        let sender = match &mut self.sender {
            Some(sender) => sender,
            lost => lost.insert(connect(&self.address).await?),
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
