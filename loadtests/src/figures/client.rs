//! A closed-loop client: each connection sends its next request when the last answer is whole.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// One request, and the answer once.
pub(crate) async fn once(port: u16, body: &Bytes) -> Result<Bytes> {
    let mut connection = connect(port).await?;
    send(&mut connection, port, body).await
}

/// Requests per second of `connections` for `length`; an answer other than `expected` is an error.
pub(crate) async fn rate(
    port: u16,
    body: &Bytes,
    expected: &Bytes,
    connections: usize,
    length: Duration,
) -> Result<f64> {
    let mut tasks = JoinSet::new();
    let began = Instant::now();
    for _ in 0..connections {
        let (body, expected) = (body.clone(), expected.clone());
        tasks.spawn(async move {
            let mut connection = connect(port).await?;
            let mut answers = 0_u64;
            while began.elapsed() < length {
                let answer = send(&mut connection, port, &body).await?;
                ensure!(
                    answer == expected,
                    "port {port} gave another answer than at first"
                );
                answers += 1;
            }
            Ok::<u64, anyhow::Error>(answers)
        });
    }
    let mut answers = 0;
    while let Some(task) = tasks.join_next().await {
        answers += task??;
    }
    Ok(answers as f64 / began.elapsed().as_secs_f64())
}

type Connection = http1::SendRequest<Full<Bytes>>;

async fn connect(port: u16) -> Result<Connection> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (sender, driver) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(driver);
    Ok(sender)
}

async fn send(connection: &mut Connection, port: u16, body: &Bytes) -> Result<Bytes> {
    let request = Request::post("/v1/embed")
        .header("host", format!("127.0.0.1:{port}"))
        .header("content-type", "application/json")
        .body(Full::new(body.clone()))?;
    connection.ready().await?;
    let response = connection
        .send_request(request)
        .await
        .context("no answer")?;
    let status = response.status();
    let answer = response.into_body().collect().await?.to_bytes();
    ensure!(
        status.is_success(),
        "status {status}: {}",
        String::from_utf8_lossy(&answer)
    );
    Ok(answer)
}
