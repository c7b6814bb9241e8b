//! Request headers whose values no report may contain.

/// What a report shows instead of a value.
pub(crate) const REDACTED: &str = "<redacted>";

/// Parts of the names of headers that carry secrets.
const SECRET: &[&str] = &[
    "authentic",
    "authoriz",
    "cookie",
    "credential",
    "key",
    "passw",
    "secret",
    "session",
    "signature",
    "token",
    "x-auth",
];

/// Names that have such a part without being secret.
const PUBLIC: &[&str] = &["idempotency-key", "sec-websocket-key", "surrogate-key"];

/// Whether the header's value is a secret, by its name. Unknown names with a suspicious part count
/// as secret, because a report that hides too much can be read beside the case.
pub(crate) fn is_secret(header: &str) -> bool {
    let name = header.to_ascii_lowercase();
    !PUBLIC.contains(&name.as_str()) && SECRET.iter().any(|part| name.contains(part))
}

/// The value of a header as a report shows it.
pub(crate) fn redacted(header: &str, value: String) -> String {
    if is_secret(header) {
        REDACTED.to_owned()
    } else {
        value
    }
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn headers_with_secrets_are_recognised() {
        for name in [
            "authorization",
            "Proxy-Authorization",
            "Cookie",
            "X-Api-Key",
            "x-auth-token",
            "x-amz-security-token",
            "x-csrf-token",
            "client-secret",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["content-type", "accept", "x-trace-id", "Idempotency-Key"] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
