//! Trace ids (`operations.md`).

use std::fmt;

use uuid::Uuid;

/// The id that follows one request through headers, bodies, logs and records.
///
/// 1 to 128 characters of `A–Z a–z 0–9 . _ -`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TraceId(String);

impl TraceId {
    /// The id of a request: from its `X-Lakehouse-Trace-Id` header, else from its `traceparent`
    /// header, else a new one. Malformed headers are ignored.
    pub fn resolve(own_header: Option<&str>, traceparent: Option<&str>) -> Self {
        own_header
            .and_then(Self::parse)
            .or_else(|| traceparent.and_then(Self::parse_traceparent))
            .unwrap_or_else(Self::mint)
    }

    /// Parses a value of `X-Lakehouse-Trace-Id`.
    pub fn parse(value: &str) -> Option<Self> {
        let permitted = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        let fits = (1..=128).contains(&value.len()) && value.bytes().all(permitted);
        fits.then(|| Self(value.to_owned()))
    }

    /// Parses the trace id of a W3C `traceparent` value, `hh-<32 hex>-<16 hex>-hh`.
    pub fn parse_traceparent(value: &str) -> Option<Self> {
        let mut parts = value.split('-');
        let version = parts.next().filter(|part| is_lower_hex(part, 2))?;
        let trace = parts.next().filter(|part| is_lower_hex(part, 32))?;
        let span = parts.next().filter(|part| is_lower_hex(part, 16))?;
        parts.next().filter(|part| is_lower_hex(part, 2))?;
        let all_zeros = |id: &str| id.bytes().all(|b| b == b'0');
        if parts.next().is_some() || version == "ff" || all_zeros(trace) || all_zeros(span) {
            return None;
        }
        Some(Self(trace.to_owned()))
    }

    /// A new id: a UUID of version 7 as 32 lower-case hexadecimal digits. The first 12 are the
    /// milliseconds since 1970-01-01 UTC, so ids sort by the time of their creation.
    pub fn mint() -> Self {
        Self(Uuid::now_v7().simple().to_string())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_lower_hex(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_own_header_takes_precedence_over_traceparent() {
        let long = "a".repeat(128);
        let too_long = "a".repeat(129);
        let zero_trace = format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32));
        let zero_span = format!("00-{TRACE}-{}-01", "0".repeat(16));
        let cases = [
            (
                Some("18abbabdc2306a83-c2306aa9"),
                Some(PARENT),
                Some("18abbabdc2306a83-c2306aa9"),
            ),
            (Some("A.z_9-"), None, Some("A.z_9-")),
            (Some(long.as_str()), None, Some(long.as_str())),
            (Some(""), Some(PARENT), Some(TRACE)),
            (Some("with space"), Some(PARENT), Some(TRACE)),
            (Some("ümlaut"), Some(PARENT), Some(TRACE)),
            (Some(too_long.as_str()), Some(PARENT), Some(TRACE)),
            (None, Some(&PARENT.to_uppercase()), None),
            (None, Some(&PARENT.replacen("00", "ff", 1)), None),
            (None, Some(&PARENT.replacen("00", "cc", 1)), Some(TRACE)),
            (None, Some(&format!("{PARENT}-x")), None),
            (None, Some(&zero_trace), None),
            (None, Some(&zero_span), None),
            (None, Some(""), None),
        ];
        for (own, parent, want) in cases {
            let got = TraceId::resolve(own, parent);
            match want {
                Some(want) => assert_eq!(got.as_str(), want, "{own:?} {parent:?}"),
                None => assert!(is_lower_hex(got.as_str(), 32), "{own:?} {parent:?}: {got}"),
            }
        }
    }

    #[test]
    fn new_ids_start_with_the_time_and_sort() {
        let before = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_millis();
        let ids: Vec<_> = (0..100).map(|_| TraceId::mint().0).collect();
        let first = u128::from_str_radix(&ids[0][..12], 16).unwrap();
        assert!(
            first >= before && first < before + 60_000,
            "{first} {before}"
        );
        assert!(ids.is_sorted(), "{ids:?}");
    }
}
