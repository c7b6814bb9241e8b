//! Reading the whole body of a request, up to the limit.

use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, header::CONTENT_TYPE},
};
use futures::StreamExt;
use lakehouse_base::{ErrorCode, Limits};
use lakehouse_json::{self as json, BodyError, Json};

use crate::http::{
    problem::{Problem, shown},
    route::RequestForm,
};

/// How many times the limit is read and discarded before the answer. A client that is still
/// sending when the connection closes sees a broken connection instead of the status 413.
pub(crate) const DRAIN_FACTOR: usize = 16;

/// The body of a request, no larger than the configuration allows.
pub(crate) struct WholeBody {
    bytes: Bytes,
    limits: Limits,
}

impl WholeBody {
    /// The body as JSON.
    ///
    /// # Errors
    /// When the body is not UTF-8, not JSON, or nested too deeply.
    pub(crate) fn json(&self) -> Result<Json<'_>, Problem> {
        Ok(json::read_body(&self.bytes, &self.limits)?)
    }
}

impl<S: Send + Sync> FromRequest<S> for WholeBody {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let limits = limits_of(&request);
        let content_type = check_content_type(request.headers(), RequestForm::Json);
        // Read in any case, so that a client that is still sending sees the answer.
        let bytes = read(request.into_body(), limits.body_bytes).await;
        content_type?;
        Ok(Self {
            bytes: bytes?,
            limits,
        })
    }
}

/// The limits on the body, which the router attaches to each request.
pub(crate) fn limits_of(request: &Request) -> Limits {
    request.extensions().get().copied().unwrap_or_default()
}

/// Checks that the content type is absent or one of the body's form. Pages of any origin can send
/// the others without asking.
pub(crate) fn check_content_type(headers: &HeaderMap, form: RequestForm) -> Result<(), Problem> {
    let values: Vec<_> = headers.get_all(CONTENT_TYPE).iter().map(shown).collect();
    match &values[..] {
        [] => return Ok(()),
        [value] if is_accepted(value, form) => return Ok(()),
        _ => {}
    }
    let expected = match form {
        RequestForm::Json => "application/json",
        RequestForm::Lines => "application/x-ndjson",
    };
    let detail = format!(
        "content type `{}` is not accepted; send `{expected}` (curl: `-H 'content-type: {expected}'`)",
        values.join(", ")
    );
    Err(Problem::new(ErrorCode::UnsupportedType, detail))
}

fn is_accepted(value: &str, form: RequestForm) -> bool {
    let essence = value.split(';').next().unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    let Some(subtype) = essence.strip_prefix("application/") else {
        return value.trim().is_empty();
    };
    let is_json = subtype == "json" || subtype.ends_with("+json");
    let is_lines = matches!(subtype, "x-ndjson" | "ndjson" | "jsonl");
    is_json || is_lines && form == RequestForm::Lines
}

/// The problem of a body that ends before its length.
pub(crate) fn cut_off(_: axum::Error) -> Problem {
    Problem::bad_request("request body was cut off")
}

async fn read(body: Body, limit: usize) -> Result<Bytes, Problem> {
    let mut chunks = body.into_data_stream();
    let mut kept = Bytes::new();
    let mut length = 0_usize;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(cut_off)?;
        length += chunk.len();
        if length > limit {
            kept = Bytes::new();
            if length > limit.saturating_mul(DRAIN_FACTOR) {
                break;
            }
        } else if kept.is_empty() {
            // A small body is one chunk and is not copied.
            kept = chunk;
        } else {
            kept = joined(kept, &chunk);
        }
    }
    if length > limit {
        return Err(BodyError::TooLarge { limit }.into());
    }
    Ok(kept)
}

/// `head` followed by `tail`; `head` grows in place when no other handle to it exists.
fn joined(head: Bytes, tail: &[u8]) -> Bytes {
    let mut whole = bytes::BytesMut::from(head);
    whole.extend_from_slice(tail);
    whole.freeze()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn check(values: &[&[u8]], form: RequestForm) -> Result<(), String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(CONTENT_TYPE, HeaderValue::from_bytes(value).unwrap());
        }
        check_content_type(&headers, form).map_err(|problem| problem.detail().to_owned())
    }

    #[test]
    fn only_json_and_lines_of_json_are_read() {
        let json: [&[&[u8]]; 7] = [
            &[],
            &[b""],
            &[b"application/json"],
            &[b"Application/JSON ; charset=utf-8"],
            &[b"application/json;"],
            &[b"application/merge-patch+json"],
            &[b" "],
        ];
        let lines: [&[u8]; 4] = [
            b"application/x-ndjson",
            b"application/ndjson; charset=utf-8",
            b"application/jsonl",
            b"APPLICATION/X-NDJSON",
        ];
        for values in json {
            assert_eq!(check(values, RequestForm::Json), Ok(()), "{values:?}");
            assert_eq!(check(values, RequestForm::Lines), Ok(()), "{values:?}");
        }
        for value in lines {
            assert!(check(&[value], RequestForm::Json).is_err(), "{value:?}");
            assert_eq!(check(&[value], RequestForm::Lines), Ok(()), "{value:?}");
        }
        let refused: [(&[&[u8]], &str); 9] = [
            (&[b"text/plain"], "text/plain"),
            (
                &[b"text/plain;application/json"],
                "text/plain;application/json",
            ),
            (&[b"text/json"], "text/json"),
            (
                &[b"application/x-www-form-urlencoded"],
                "application/x-www-form-urlencoded",
            ),
            (
                &[b"multipart/form-data; boundary=x"],
                "multipart/form-data; boundary=x",
            ),
            (
                &[b"application/json, text/plain"],
                "application/json, text/plain",
            ),
            (
                &[b"application/json", b"application/json"],
                "application/json, application/json",
            ),
            (&[b"application/\xE9"], "application/?"),
            (&[b";"], ";"),
        ];
        for (values, shown) in refused {
            let detail = check(values, RequestForm::Json).unwrap_err();
            let want = format!(
                "content type `{shown}` is not accepted; send `application/json` (curl: `-H \
                 'content-type: application/json'`)"
            );
            assert_eq!(detail, want);
            let detail = check(values, RequestForm::Lines).unwrap_err();
            assert!(detail.contains("send `application/x-ndjson`"), "{detail}");
        }
    }
}
