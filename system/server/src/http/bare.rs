//! Answers to what is not a request: the HTTP library sends its own before any handler runs, with a
//! status and nothing else. On their way to the client they become problems with a trace id.
//!
//! The library offers no hook for them, so [`WithProblems`] looks at what is written to a
//! connection. A bare answer is recognised by being a head at the end of a write, with one of the
//! library's statuses and without the trace id that every other answer has.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::http::header;
use bytes::{Buf, Bytes};
use lakehouse_base::{ErrorCode, TraceId};
use lakehouse_wire::problem::CONTENT_TYPE;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::http::{problem::Problem, trace};

/// A connection of a server on which bare answers become problems.
#[derive(Debug)]
pub(crate) struct WithProblems<C> {
    connection: C,
    /// What has been accepted and not been sent yet.
    unsent: Bytes,
    /// Whether a bare answer was replaced, after which the connection is closed.
    has_answered: bool,
}

impl<C> WithProblems<C> {
    pub(crate) fn new(connection: C) -> Self {
        Self {
            connection,
            unsent: Bytes::new(),
            has_answered: false,
        }
    }
}

impl<C: AsyncWrite + Unpin> WithProblems<C> {
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.unsent.is_empty() {
            let sent = Pin::new(&mut self.connection).poll_write(cx, &self.unsent);
            match ready!(sent)? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => self.unsent.advance(sent),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Accepts a write that ends in a bare answer.
    fn replace(&mut self, written: &[u8], start: usize, problem: &Problem) {
        let mut bytes = written[..start].to_vec();
        bytes.extend(answer(problem).into_bytes());
        self.unsent = bytes.into();
        self.has_answered = true;
    }
}

impl<C: AsyncRead + Unpin> WithProblems<C> {
    /// Reads what has arrived of a request that was not read to its end: closing a connection with
    /// unread bytes would reset it, and the client might lose the answer.
    fn discard(&mut self, cx: &mut Context<'_>) {
        let mut space = [0; DISCARDED_AT_A_TIME];
        for _ in 0..MAX_DISCARDED / DISCARDED_AT_A_TIME {
            let mut buffer = ReadBuf::new(&mut space);
            let read = Pin::new(&mut self.connection).poll_read(cx, &mut buffer);
            if !matches!(read, Poll::Ready(Ok(()))) || buffer.filled().is_empty() {
                return;
            }
        }
    }
}

impl<C: AsyncRead + AsyncWrite + Unpin> AsyncWrite for WithProblems<C> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_send(cx))?;
        let Some((start, problem)) = bare_answer(bytes) else {
            return Pin::new(&mut self.connection).poll_write(cx, bytes);
        };
        self.replace(bytes, start, &problem);
        match self.poll_send(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            // What is left is sent by the next write, flush or shutdown.
            _ => Poll::Ready(Ok(bytes.len())),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut full = slices.iter().filter(|slice| !slice.is_empty());
        if let (Some(only), None) = (full.next(), full.next()) {
            return self.poll_write(cx, only);
        }
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.connection).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(cx))?;
        Pin::new(&mut self.connection).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_send(cx))?;
        ready!(Pin::new(&mut self.connection).poll_shutdown(cx))?;
        if self.has_answered {
            self.discard(cx);
        }
        Poll::Ready(Ok(()))
    }
}

impl<C: AsyncRead + Unpin> AsyncRead for WithProblems<C> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_read(cx, buffer)
    }
}

const DISCARDED_AT_A_TIME: usize = 8 << 10;
const MAX_DISCARDED: usize = 4 << 20;
const END_OF_HEAD: &[u8] = b"\r\n\r\n";
const START_OF_HEAD: &[u8] = b"HTTP/1.1 ";

/// Where the bare answer at the end of a write begins, if there is one, and the problem that it
/// stands for.
fn bare_answer(written: &[u8]) -> Option<(usize, Problem)> {
    if !written.ends_with(END_OF_HEAD) {
        return None;
    }
    let mut starts = written.windows(START_OF_HEAD.len());
    let start = starts.rposition(|window| window == START_OF_HEAD)?;
    let head = std::str::from_utf8(&written[start..]).ok()?;
    let problem = match head.get(START_OF_HEAD.len()..)?.get(..3)? {
        "400" => Problem::bad_request("request is not valid HTTP/1.1"),
        "414" => Problem::new(
            ErrorCode::TargetTooLong,
            "request target is longer than 65534 bytes",
        ),
        "431" => Problem::new(
            ErrorCode::HeaderTooLarge,
            "request header has more than 100 fields or 417792 bytes",
        ),
        _ => return None,
    };
    let has_trace_id = head.to_ascii_lowercase().contains(trace::HEADER.as_str());
    (!has_trace_id).then_some((start, problem))
}

/// The answer to a request that could not be read.
fn answer(problem: &Problem) -> String {
    let trace_id = TraceId::resolve(None, None);
    let (status, detail) = (problem.status(), problem.detail());
    tracing::debug!(%trace_id, status = status.as_u16(), detail, "request not read");
    let body = problem.body(&trace_id);
    format!(
        "HTTP/1.1 {status}\r\n{}: {CONTENT_TYPE}\r\n{}: {}\r\n{}: {trace_id}\r\n{}: close\r\n\r\n{body}",
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        body.len(),
        trace::HEADER,
        header::CONNECTION,
    )
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const BARE: &str =
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\ndate: x\r\n\r\n";
    const OWN: &str = "HTTP/1.1 400 Bad Request\r\nx-lakehouse-trace-id: t-1\r\n\r\n";

    /// What arrives of writes, over a connection that takes `room` bytes at a time.
    async fn arrived(writes: &[&[&str]], room: usize) -> String {
        let (near, mut far) = duplex(room);
        let mut connection = WithProblems::new(near);
        let send = async move {
            for slices in writes {
                let slices: Vec<_> = slices
                    .iter()
                    .map(|text| IoSlice::new(text.as_bytes()))
                    .collect();
                match &slices[..] {
                    [only] => connection.write_all(only).await.unwrap(),
                    _ => {
                        let all = slices.iter().flat_map(|slice| slice.to_vec());
                        let all: Vec<u8> = all.collect();
                        let sent = connection.write_vectored(&slices).await.unwrap();
                        connection.write_all(&all[sent..]).await.unwrap();
                    }
                }
            }
            connection.shutdown().await.unwrap();
        };
        let mut text = String::new();
        let (_, read) = tokio::join!(send, far.read_to_string(&mut text));
        read.unwrap();
        text
    }

    #[tokio::test]
    async fn a_bare_answer_becomes_a_problem() {
        let before = format!("{OWN}body");
        for room in [1, 7, 4096] {
            for writes in [
                &[&[BARE][..]][..],
                &[&[&before], &[BARE]],
                &[&["", BARE, ""]],
            ] {
                let text = arrived(writes, room).await;
                let problem = text.strip_prefix(&before).unwrap_or(&text);
                let head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\n";
                assert!(problem.starts_with(head), "{text}");
                let (head, body) = problem.split_once("\r\n\r\n").unwrap();
                assert!(
                    head.contains(&format!("content-length: {}", body.len())),
                    "{head}"
                );
                assert!(head.ends_with("connection: close"), "{head}");
                let trace_id = head.split("x-lakehouse-trace-id: ").nth(1).unwrap();
                let trace_id = trace_id.lines().next().unwrap();
                let end = format!(
                    "\"status\":400,\"detail\":\"request is not valid HTTP/1.1\",\"trace_id\":\"{trace_id}\"}}"
                );
                assert!(body.ends_with(&end), "{body}");
            }
        }
        // In one write behind another answer.
        let text = arrived(&[&[&format!("{before}{BARE}")]], 4096).await;
        assert!(
            text.starts_with(&before) && text.contains("problem+json"),
            "{text}"
        );
    }

    #[tokio::test]
    async fn other_writes_pass_unchanged() {
        let ok = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        for room in [1, 7, 4096] {
            for writes in [
                &[&[OWN][..]][..],
                &[&[ok]],
                &[&[ok, "body"]],
                &[&["body\r\n\r\n"]],
                &[&[BARE, "body"]],
            ] {
                let text = arrived(writes, room).await;
                assert_eq!(text, writes.concat().concat());
            }
        }
    }
}
