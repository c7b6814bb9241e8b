//! Request targets: a path and its query, which are sent byte for byte.

use std::fmt::Write as _;

use hyper::http::uri::PathAndQuery;
use lakehouse_rig::error::Error;
use lakehouse_rig::source::{Source, Spanned};

/// Checks that a path can be sent as it is written.
///
/// # Errors
///
/// It cannot; the message has the percent-encoded form.
pub(super) fn check(source: &Source, path: &Spanned<String>) -> Result<(), Error> {
    let text = path.get_ref();
    let wrong = |message, help| Err(source.error(path.span(), message, "this path", help));
    if !text.starts_with('/') {
        return wrong(
            format!("the path `{text}` does not begin with `/`"),
            Some(format!("write `/{text}`")),
        );
    }
    if let Some(encoded) = encoded(text) {
        return wrong(
            format!("the path `{text}` cannot be sent as it is written"),
            Some(format!(
                "percent-encode what a request line cannot hold: `{encoded}`"
            )),
        );
    }
    match PathAndQuery::try_from(text.as_str()) {
        Ok(_) => Ok(()),
        Err(error) => wrong(format!("the path `{text}` cannot be sent: {error}"), None),
    }
}

/// The target with everything percent-encoded that a request line cannot hold; none if it can hold
/// all of the target.
pub(crate) fn encoded(target: &str) -> Option<String> {
    let query = target.find('?').unwrap_or(target.len());
    let mut encoded = String::new();
    for (at, byte) in target.bytes().enumerate() {
        let before = if at > query { "/?" } else { "/" };
        if can_be_sent(before, byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    (encoded != target).then_some(encoded)
}

/// Whether a byte can be sent after `before`. A `#` would end the target.
fn can_be_sent(before: &str, byte: u8) -> bool {
    let target = format!("{before}{}", char::from(byte));
    byte.is_ascii() && byte != b'#' && PathAndQuery::try_from(target).is_ok()
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn only_what_cannot_be_sent_is_encoded() {
        for target in [
            "/",
            "//a/../b/./%2e%2e/c",
            r"/a\b;c=[1]{2}|^~!$&'()*+,:@%zz",
            "/?a=`^|{}[]\\?/%23",
        ] {
            assert_eq!(encoded(target), None);
        }
        for (target, expected) in [
            ("/a b", "/a%20b"),
            ("/x#frag", "/x%23frag"),
            ("/x?y=<\"é\">\n", "/x?y=%3C%22%C3%A9%22%3E%0A"),
            ("/<`>?`", "/%3C%60%3E?`"),
        ] {
            assert_eq!(encoded(target).as_deref(), Some(expected));
        }
    }
}
