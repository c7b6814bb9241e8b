//! The segments of a request's path.

use axum::http::Uri;
use percent_encoding::percent_decode_str;

/// A segment of the path as received, counted from 0; empty when there is none.
///
/// The router's own extractor decodes segments and rejects those that are not UTF-8; names must not
/// be decoded, and both cases have error texts of the contract.
pub(crate) fn segment(uri: &Uri, index: usize) -> &str {
    // The path begins with a slash, so the first part is empty.
    uri.path().split('/').nth(index + 1).unwrap_or_default()
}

/// A segment with its percent-encoding removed; none when the result is not UTF-8.
pub(crate) fn decoded(segment: &str) -> Option<String> {
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded_one_by_one() {
        let uri = Uri::from_static("/v1/items/a%2Fb%25?x=/y");
        assert_eq!(segment(&uri, 0), "v1");
        assert_eq!(segment(&uri, 2), "a%2Fb%25");
        assert_eq!(segment(&uri, 3), "");
        let cases = [
            ("a%2Fb%25", Some("a/b%")),
            ("%F0%9F%98%80", Some("😀")),
            ("a+b%zz%4", Some("a+b%zz%4")),
            ("%FF", None),
            ("%ED%A0%80", None),
        ];
        for (segment, want) in cases {
            assert_eq!(decoded(segment).as_deref(), want, "{segment}");
        }
    }
}
