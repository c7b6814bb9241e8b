//! Which requests may come at all: a web page must not reach a server on a loopback address, neither
//! from its own origin nor under a name that its owner lets point there.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, Version,
        header::{HOST, ORIGIN, TRANSFER_ENCODING},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use lakehouse_base::ErrorCode;

use crate::http::{
    config::HostNames,
    problem::{Problem, shown},
};

/// The configured names under which the server may be asked, beside the loopback ones.
#[derive(Debug, Clone)]
pub(crate) struct OwnHosts(Arc<[String]>);

impl OwnHosts {
    pub(crate) fn new(names: &HostNames) -> Self {
        Self(names.as_slice().into())
    }

    /// Checks what every request must have right, in the contract's order.
    fn check(&self, request: &Request) -> Result<(), Problem> {
        let authorities = authorities(request)?;
        check_transfer_encoding(request.headers())?;
        for authority in authorities {
            if !host_of(&authority).is_some_and(|host| self.is_own(host)) {
                return Err(refused("host", &authority));
            }
        }
        for origin in request.headers().get_all(ORIGIN) {
            let origin = shown(origin);
            if !self.is_own_origin(&origin) {
                return Err(refused("origin", &origin));
            }
        }
        Ok(())
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        let authority = ["http://", "https://"]
            .iter()
            .find_map(|scheme| origin.strip_prefix(scheme));
        authority
            .and_then(host_of)
            .is_some_and(|host| self.is_own(host))
    }

    fn is_own(&self, host: &str) -> bool {
        if let Some(address) = in_brackets(host) {
            return address.parse() == Ok(Ipv6Addr::LOCALHOST);
        }
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            return address.is_loopback();
        }
        let is_called = |name: &str| host.eq_ignore_ascii_case(name);
        is_called("localhost") || self.0.iter().any(|name| is_called(name))
    }
}

/// Answers a request that must not be served with a problem.
pub(crate) async fn check_hosts(
    State(hosts): State<OwnHosts>,
    request: Request,
    next: Next,
) -> Response {
    match hosts.check(&request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// The hosts that the request names, each with its port: that of its header, and that of a target
/// that is a URL.
fn authorities(request: &Request) -> Result<Vec<String>, Problem> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let header = match (hosts.next(), hosts.next()) {
        (Some(host), None) => Some(shown(host)),
        (None, _) if request.version() != Version::HTTP_11 => None,
        _ => return Err(Problem::bad_request("request must have one Host header")),
    };
    let target = request.uri().authority().map(ToString::to_string);
    let authorities: Vec<_> = header.into_iter().chain(target).collect();
    if authorities
        .iter()
        .all(|authority| host_of(authority).is_some())
    {
        return Ok(authorities);
    }
    Err(Problem::bad_request("Host header is not valid"))
}

fn check_transfer_encoding(headers: &HeaderMap) -> Result<(), Problem> {
    let encodings: Vec<_> = headers
        .get_all(TRANSFER_ENCODING)
        .iter()
        .map(shown)
        .collect();
    match &encodings[..] {
        [] => Ok(()),
        [encoding] if encoding.trim().eq_ignore_ascii_case("chunked") => Ok(()),
        _ => {
            let encodings = encodings.join(", ");
            let detail =
                format!("transfer encoding `{encodings}` is not supported; send `chunked`");
            Err(Problem::new(ErrorCode::NotImplemented, detail))
        }
    }
}

fn refused(header: &str, value: &str) -> Problem {
    let detail = format!(
        "{header} `{value}` is not served; this server answers for localhost and its configured \
         hosts"
    );
    Problem::new(ErrorCode::Forbidden, detail)
}

/// The host of `host` or `host:port`; none when it is neither.
fn host_of(authority: &str) -> Option<&str> {
    let end = match authority.starts_with('[') {
        true => authority.find(']')? + 1,
        false => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at(end);
    let is_port = match port.strip_prefix(':') {
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()),
        None => port.is_empty(),
    };
    let is_host = match in_brackets(host) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => host.bytes().all(is_of_a_name),
    };
    (is_port && is_host).then_some(host)
}

fn in_brackets(host: &str) -> Option<&str> {
    host.strip_prefix('[')?.strip_suffix(']')
}

/// RFC 3986, `reg-name`.
fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=%".contains(&byte)
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::request::Builder};

    use super::*;

    const HOST_REFUSED: &str = "is not served; this server answers for localhost";

    fn check(request: Builder) -> Result<(), (u16, String)> {
        let names = serde_json::from_str(r#"["People.Example.com"]"#).unwrap();
        let request = request.body(Body::empty()).unwrap();
        let checked = OwnHosts::new(&names).check(&request);
        checked.map_err(|problem| (problem.status().as_u16(), problem.detail().to_owned()))
    }

    #[test]
    fn own_hosts_are_loopback_and_configured_ones() {
        let own = [
            "localhost",
            "LocalHost:1",
            "127.0.0.1:3110",
            "127.8.9.1",
            "127.0.0.1:",
            "[::1]:3110",
            "[0:0:0:0:0:0:0:1]",
            "people.example.com",
            "PEOPLE.EXAMPLE.COM:443",
        ];
        for host in own {
            assert_eq!(
                check(Request::get("/").header(HOST, host)),
                Ok(()),
                "{host}"
            );
            for scheme in ["http", "https"] {
                let origin = format!("{scheme}://{host}");
                let request = Request::get("/").header(HOST, host).header(ORIGIN, origin);
                assert_eq!(check(request), Ok(()), "{scheme} {host}");
            }
        }
        let foreign = [
            "",
            ":3110",
            "evil.example",
            "localhost.evil.example",
            "evil-localhost",
            "localhost.",
            "people.example.com.evil.example",
            "127.0.0.1.evil.example",
            "10.0.0.1:3110",
            "0.0.0.0",
            "127.1",
            "2130706433",
            "0177.0.0.1",
            "[::]",
            "[::ffff:127.0.0.1]",
        ];
        for host in foreign {
            let (status, detail) = check(Request::get("/").header(HOST, host)).unwrap_err();
            assert_eq!(status, 403, "{host}");
            assert!(
                detail.starts_with(&format!("host `{host}` {HOST_REFUSED}")),
                "{detail}"
            );
            let origin = format!("http://{host}");
            let request = Request::get("/").header(HOST, "localhost");
            let (status, _) = check(request.header(ORIGIN, &origin)).unwrap_err();
            assert_eq!(status, 403, "{origin}");
        }
    }

    #[test]
    fn origins_that_are_not_urls_of_own_hosts_are_refused() {
        for origin in [
            "null",
            "",
            "localhost",
            "file://",
            "ftp://localhost",
            "http:localhost",
            "HTTP://localhost",
            "http://localhost/",
            "http://user@localhost",
            "chrome-extension://abc",
        ] {
            let request = Request::get("/").header(HOST, "localhost");
            let (status, _) = check(request.header(ORIGIN, origin)).unwrap_err();
            assert_eq!(status, 403, "{origin}");
        }
        let twice = Request::get("/").header(HOST, "localhost");
        let twice = twice.header(ORIGIN, "http://localhost");
        let refused = check(twice.header(ORIGIN, "https://evil.example"));
        assert_eq!(refused.unwrap_err().0, 403);
    }

    #[test]
    fn requests_have_one_valid_host() {
        let one = (400, "request must have one Host header".to_owned());
        assert_eq!(check(Request::get("/")), Err(one.clone()));
        let twice = Request::get("/").header(HOST, "localhost");
        assert_eq!(check(twice.header(HOST, "localhost")), Err(one));
        assert_eq!(check(Request::get("/").version(Version::HTTP_10)), Ok(()));
        for host in [
            "a b",
            "localhost/x",
            "me@localhost",
            "localhost:x",
            "[::1",
            "[::1]x",
            "[x]",
        ] {
            let invalid = (400, "Host header is not valid".to_owned());
            assert_eq!(
                check(Request::get("/").header(HOST, host)),
                Err(invalid),
                "{host}"
            );
        }
        let target = Request::get("http://evil.example/health").header(HOST, "localhost");
        assert_eq!(check(target).unwrap_err().0, 403);
        let target = Request::get("http://localhost/health").header(HOST, "localhost");
        assert_eq!(check(target), Ok(()));
    }

    #[test]
    fn only_chunks_are_a_transfer_encoding() {
        let request = || Request::post("/").header(HOST, "localhost");
        for encoding in ["chunked", "Chunked"] {
            assert_eq!(check(request().header(TRANSFER_ENCODING, encoding)), Ok(()));
        }
        for encoding in ["gzip, chunked", "identity", "chunked, chunked", ""] {
            let want = format!("transfer encoding `{encoding}` is not supported; send `chunked`");
            let got = check(request().header(TRANSFER_ENCODING, encoding));
            assert_eq!(got, Err((501, want)));
        }
        // The encoding is reported before a foreign host.
        let foreign = Request::post("/").header(HOST, "evil.example");
        let refused = check(foreign.header(TRANSFER_ENCODING, "gzip"));
        assert_eq!(refused.unwrap_err().0, 501);
    }
}
