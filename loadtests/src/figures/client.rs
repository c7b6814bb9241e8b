//! A closed-loop client: each connection sends its next request when the last answer is complete.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use tokio::task::JoinSet;

use crate::flows::Connection;

const PATH: &str = "/v1/embed";

/// Sends one request and returns its answer.
pub(crate) async fn once(port: u16, body: &Bytes) -> Result<Bytes> {
    post(&mut connection(port)?, body).await
}

/// Requests per second of `connections` for `length`; any answer other than `expected` is an error.
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
            let mut connection = connection(port)?;
            let mut answers = 0_u64;
            while began.elapsed() < length {
                let answer = post(&mut connection, &body).await?;
                ensure!(answer == expected, "port {port} changed its answer");
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

fn connection(port: u16) -> Result<Connection> {
    Connection::new(&format!("http://127.0.0.1:{port}"))
}

async fn post(connection: &mut Connection, body: &Bytes) -> Result<Bytes> {
    let (status, answer) = connection.post(PATH, body).await?;
    ensure!(
        status.is_success(),
        "status {status}: {}",
        String::from_utf8_lossy(&answer)
    );
    Ok(answer)
}
