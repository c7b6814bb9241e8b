//! Request bodies (`README.md`, "Reading a request body", steps 1 to 5).

use super::{Json, ParseError, parse};
use lakehouse_base::{ErrorCode, Limits};

/// Why a request body is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// It exceeds the size limit.
    #[error("request body is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// It is not UTF-8.
    #[error("request body is not valid UTF-8")]
    NotUtf8,
    /// It is not JSON.
    #[error("request body is not valid JSON")]
    NotJson,
    /// It exceeds the depth limit.
    #[error("request body nests deeper than {limit} levels")]
    TooDeep {
        /// The limit in levels.
        limit: usize,
    },
    /// It is JSON, but not an object.
    #[error("request body must be a JSON object")]
    NotAnObject,
}

impl BodyError {
    /// [`ErrorCode::TooLarge`] for the size, [`ErrorCode::BadRequest`] for the rest.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::TooLarge { .. } => ErrorCode::TooLarge,
            _ => ErrorCode::BadRequest,
        }
    }
}

/// Reads a body that must be a JSON object; the returned value always is one.
///
/// # Errors
/// The first applicable [`BodyError`], in the order of the enum.
pub fn read_body<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Json<'a>, BodyError> {
    if bytes.len() > limits.body_bytes {
        return Err(BodyError::TooLarge {
            limit: limits.body_bytes,
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| BodyError::NotUtf8)?;
    let json = parse(text, limits.depth).map_err(|e| match e {
        ParseError::Invalid => BodyError::NotJson,
        ParseError::TooDeep => BodyError::TooDeep {
            limit: limits.depth,
        },
    })?;
    match json.as_object() {
        Some(_) => Ok(json),
        None => Err(BodyError::NotAnObject),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failing_step_is_reported() {
        let limits = Limits {
            body_bytes: 12,
            depth: 2,
        };
        let cases: [(&[u8], &str); 8] = [
            (
                b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
                "request body is larger than 12 bytes",
            ),
            (b"{\"a\":\"\xFF\"}", "request body is not valid UTF-8"),
            (b"", "request body is not valid JSON"),
            (b"\xEF\xBB\xBF{}", "request body is not valid JSON"),
            (b"{} {}", "request body is not valid JSON"),
            (b"[[[", "request body is not valid JSON"),
            (b"[[[]]]", "request body nests deeper than 2 levels"),
            (b"[]", "request body must be a JSON object"),
        ];
        for (bytes, want) in cases {
            let got = read_body(bytes, &limits).map_err(|e| e.to_string());
            assert_eq!(
                got,
                Err(want.to_owned()),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
        assert_eq!(
            read_body(b" {\"a\": []} \n", &limits).unwrap().source(),
            "{\"a\": []}"
        );
    }
}
