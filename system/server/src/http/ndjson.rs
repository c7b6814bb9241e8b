//! The lines of a request's body as they arrive: any number, each of bounded length.

use std::convert::Infallible;

use axum::{
    body::{Body, BodyDataStream},
    extract::{FromRequest, Request},
};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use lakehouse_base::Limits;

use crate::http::{
    body::{DRAIN_FACTOR, check_content_type, cut_off, limits_of},
    problem::Problem,
    route::RequestForm,
};

/// Reads a body line by line. Only the rest of the current chunk is read ahead, so a client that
/// sends faster than its lines are processed has to wait.
pub(crate) struct BodyLines {
    chunks: BodyDataStream,
    /// Bytes that have arrived and were not returned yet, without those of a line that is too long.
    arrived: BytesMut,
    /// The length of the beginning of `arrived` that has no line feed.
    searched: usize,
    limits: Limits,
    number: usize,
    is_too_long: bool,
    content_type: Result<(), Problem>,
}

impl<S: Send + Sync> FromRequest<S> for BodyLines {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        let limits = limits_of(&request);
        let content_type = check_content_type(request.headers(), RequestForm::Lines);
        Ok(Self {
            content_type,
            ..Self::new(request.into_body(), limits)
        })
    }
}

/// One line, without its line feed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BodyLine {
    /// A line within the limit.
    Whole(Bytes),
    /// A line with more bytes than the limit.
    TooLong,
}

impl BodyLines {
    /// The lines of a body; the limits apply to each line.
    pub(crate) fn new(body: Body, limits: Limits) -> Self {
        Self {
            chunks: body.into_data_stream(),
            arrived: BytesMut::new(),
            searched: 0,
            limits,
            number: 0,
            is_too_long: false,
            content_type: Ok(()),
        }
    }

    /// Checks that the request does not say that its body is something else.
    ///
    /// # Errors
    /// When it has another content type.
    pub(crate) fn check_content_type(&self) -> Result<(), Problem> {
        self.content_type.clone()
    }

    /// The limits on one line.
    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// The next line with its number, counted from 1; none at the end of the body. A last line
    /// without a line feed counts when it is not empty.
    ///
    /// # Errors
    /// When the body is cut off.
    pub(crate) async fn next(&mut self) -> Result<Option<(usize, BodyLine)>, Problem> {
        loop {
            if let Some(line) = self.take_line() {
                return Ok(Some(line));
            }
            match self.chunks.next().await {
                Some(Ok(chunk)) => self.append(chunk),
                Some(Err(error)) => return Err(cut_off(error)),
                None => return Ok(self.take_rest()),
            }
        }
    }

    /// Reads and discards more of the body, so that a client that is still sending sees the answer
    /// instead of a broken connection. The amount is limited, since a body may never end.
    pub(crate) async fn discard(mut self) {
        let limit = self.limits.body_bytes.saturating_mul(DRAIN_FACTOR);
        let mut length = 0;
        while let Some(Ok(chunk)) = self.chunks.next().await {
            length += chunk.len();
            if length > limit {
                break;
            }
        }
    }

    fn append(&mut self, chunk: Bytes) {
        if self.arrived.is_empty() {
            self.arrived = chunk.into();
        } else {
            self.arrived.extend_from_slice(&chunk);
        }
    }

    fn take_line(&mut self) -> Option<(usize, BodyLine)> {
        let unsearched = &self.arrived[self.searched..];
        let Some(length) = unsearched.iter().position(|byte| *byte == b'\n') else {
            self.searched = self.arrived.len();
            if self.searched > self.limits.body_bytes {
                // Skipped without being kept.
                self.is_too_long = true;
                self.arrived.clear();
                self.searched = 0;
            }
            return None;
        };
        let mut line = self.arrived.split_to(self.searched + length + 1);
        line.truncate(line.len() - 1);
        Some(self.numbered(line))
    }

    fn take_rest(&mut self) -> Option<(usize, BodyLine)> {
        let rest = self.arrived.split();
        (self.is_too_long || !rest.is_empty()).then(|| self.numbered(rest))
    }

    fn numbered(&mut self, line: BytesMut) -> (usize, BodyLine) {
        self.number += 1;
        self.searched = 0;
        let is_too_long =
            std::mem::take(&mut self.is_too_long) || line.len() > self.limits.body_bytes;
        let line = if is_too_long {
            BodyLine::TooLong
        } else {
            BodyLine::Whole(line.freeze())
        };
        (self.number, line)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use futures::stream;

    use super::*;

    async fn lines(chunks: Vec<Result<&'static [u8], io::Error>>) -> (Vec<String>, bool) {
        let limits = Limits {
            body_bytes: 4,
            ..Limits::CONTRACT
        };
        let mut lines = BodyLines::new(Body::from_stream(stream::iter(chunks)), limits);
        let mut seen = Vec::new();
        loop {
            match lines.next().await {
                Ok(Some((number, BodyLine::Whole(line)))) => {
                    seen.push(format!("{number} {}", String::from_utf8_lossy(&line)));
                }
                Ok(Some((number, BodyLine::TooLong))) => seen.push(format!("{number} too long")),
                Ok(None) => return (seen, true),
                Err(_) => return (seen, false),
            }
        }
    }

    #[tokio::test]
    async fn lines_do_not_depend_on_chunk_boundaries() {
        let cases: [(&'static [u8], &[&str]); 6] = [
            (b"", &[]),
            (b"\n", &["1 "]),
            (b"abcd\n\nde", &["1 abcd", "2 ", "3 de"]),
            (b"abcde\nab\r\n", &["1 too long", "2 ab\r"]),
            (b"ab\nabcdefghijklm", &["1 ab", "2 too long"]),
            (b"abcdefghi\n\nx\n", &["1 too long", "2 ", "3 x"]),
        ];
        for (body, want) in cases {
            for size in 1..=body.len().max(1) {
                let (got, ended) = lines(body.chunks(size).map(Ok).collect()).await;
                assert!(ended);
                assert_eq!(got, want, "{} by {size}", String::from_utf8_lossy(body));
            }
        }
    }

    #[tokio::test]
    async fn complete_lines_are_returned_before_a_cut() {
        let chunks = vec![Ok(&b"a\nb"[..]), Err(io::Error::other("broken"))];
        assert_eq!(lines(chunks).await, (vec!["1 a".to_owned()], false));
    }
}
