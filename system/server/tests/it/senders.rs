//! Requests as bytes on a connection: what a web page could send, and what is not a request.

use lakehouse_base::TraceId;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::process::{Process, within_limit};

/// An answer: the status line, the header, and the body.
struct Answer {
    head: String,
    body: String,
}

impl Answer {
    fn status(&self) -> u16 {
        let status = self.head.split(' ').nth(1);
        let status = status.unwrap_or_else(|| panic!("no answer: `{}`", self.head));
        status.parse().unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().skip(1);
        lines.find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The detail of a problem, whose form is checked.
    #[track_caller]
    fn detail(&self) -> String {
        let content_type = self.header("content-type");
        assert_eq!(
            content_type,
            Some("application/problem+json"),
            "{}",
            self.head
        );
        let problem: Value = serde_json::from_str(&self.body).unwrap();
        let members: Vec<_> = problem.as_object().unwrap().keys().cloned().collect();
        let mut want = ["type", "title", "status", "detail", "trace_id"].map(str::to_owned);
        want.sort();
        let mut sorted = members;
        sorted.sort();
        assert_eq!(sorted, want);
        assert_eq!(problem["status"], self.status());
        let trace_id = problem["trace_id"].as_str().unwrap();
        assert_eq!(self.header("x-lakehouse-trace-id"), Some(trace_id));
        assert_eq!(TraceId::resolve(Some(trace_id), None).as_str(), trace_id);
        problem["detail"].as_str().unwrap().to_owned()
    }
}

/// Sends bytes, and reads the answer until the server closes the connection.
async fn send(server: &Process, bytes: &[u8]) -> Answer {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(address).await.unwrap();
    // A server that answers early may close the connection before everything was sent.
    let _ = connection.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = within_limit(connection.read_to_end(&mut answer)).await;
    let text = String::from_utf8(answer).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    Answer {
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

#[tokio::test]
async fn what_is_not_a_request_is_answered_with_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let host = "Host: localhost\r\n";
    let get = |target: &str, more: &str| {
        format!("GET {target} HTTP/1.1\r\n{host}{more}Connection: close\r\n\r\n")
    };
    let not_valid = "request is not valid HTTP/1.1";
    let target_too_long = "request target is longer than 65534 bytes";
    let header_too_large = "request header has more than 100 fields or 417792 bytes";
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        (
            "two lengths",
            format!("POST /v1/validate HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{{}}").into(),
            400,
            not_valid,
        ),
        (
            "a negative length",
            format!("POST /v1/validate HTTP/1.1\r\n{host}Content-Length: -1\r\n\r\n").into(),
            400,
            not_valid,
        ),
        ("a byte in the path", b"GET /\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(), 400, not_valid),
        ("a space in the path", get("/a b", "").into(), 400, not_valid),
        ("a bad name of a header", get("/health", "a b: c\r\n").into(), 400, not_valid),
        ("no HTTP at all", b"hello\r\n\r\n".to_vec(), 400, not_valid),
        ("a long target", get(&format!("/{}", "a".repeat(70_000)), "").into(), 414, target_too_long),
        ("many fields", get("/health", &"x: y\r\n".repeat(101)).into(), 431, header_too_large),
        (
            "a large field",
            get("/health", &format!("x: {}\r\n", "y".repeat(500_000))).into(),
            431,
            header_too_large,
        ),
        (
            "an encoding that does not end in chunks",
            format!("POST /v1/validate HTTP/1.1\r\n{host}Transfer-Encoding: gzip\r\n\r\n").into(),
            400,
            not_valid,
        ),
    ];
    for (name, request, status, detail) in cases {
        let answer = send(&server, &request).await;
        assert_eq!(answer.status(), status, "{name}");
        assert_eq!(answer.detail(), detail, "{name}");
        assert_eq!(answer.header("connection"), Some("close"), "{name}");
    }
    // Behind another request on the same connection.
    let request = format!("GET /health HTTP/1.1\r\n{host}\r\nGET /a b HTTP/1.1\r\n{host}\r\n");
    let answer = send(&server, request.as_bytes()).await;
    assert_eq!(answer.status(), 200);
    let body = &answer.body;
    assert!(
        body.contains("HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json"),
        "{body}"
    );
    server.stop().await;
}

#[tokio::test]
async fn hosts_and_encodings_are_checked_before_the_route() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let cases = [
        (
            "GET /health HTTP/1.1\r\n",
            400,
            "request must have one Host header",
        ),
        (
            "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
            400,
            "request must have one Host header",
        ),
        (
            "GET /none HTTP/1.1\r\nHost: a b\r\n",
            400,
            "Host header is not valid",
        ),
        (
            "GET /none HTTP/1.1\r\nHost: evil.example\r\n",
            403,
            "host `evil.example` is not served; this server answers for localhost and its configured hosts",
        ),
        (
            "GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\n",
            403,
            "host `evil.example` is not served; this server answers for localhost and its configured hosts",
        ),
        (
            "POST /v1/validate HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n",
            501,
            "transfer encoding `gzip, chunked` is not supported; send `chunked`",
        ),
        (
            "DELETE /v1/vectors/indexes/a HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\n",
            403,
            "origin `null` is not served; this server answers for localhost and its configured hosts",
        ),
    ];
    for (head, status, detail) in cases {
        let request = format!("{head}Connection: close\r\nX-Lakehouse-Trace-Id: t-7\r\n\r\n");
        let answer = send(&server, request.as_bytes()).await;
        assert_eq!(answer.status(), status, "{head}");
        assert_eq!(answer.detail(), detail, "{head}");
        assert_eq!(answer.header("x-lakehouse-trace-id"), Some("t-7"), "{head}");
    }
    // HTTP/1.0 knows no Host.
    let answer = send(&server, b"GET /health HTTP/1.0\r\n\r\n").await;
    assert_eq!(answer.status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn configured_hosts_and_their_pages_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let hosts = (
        "LAKEHOUSE_GATEWAY__HOSTS".to_owned(),
        "people.example.com".to_owned(),
    );
    let server = Process::start_with([hosts].into(), folder.path()).await;
    for (host, origin, status) in [
        ("people.example.com", "https://people.example.com", 200),
        ("localhost", "https://People.Example.com:8443", 200),
        ("people.example.com:443", "http://127.0.0.1:5173", 200),
        ("people.example.com", "https://evil.example", 403),
        ("www.people.example.com", "https://people.example.com", 403),
    ] {
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\n\r\n"
        );
        let answer = send(&server, request.as_bytes()).await;
        assert_eq!(answer.status(), status, "{host} {origin}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_page_cannot_delete_items() {
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(folder.path()).await;
    let body = r#"{"ids":["1"]}"#;
    let length = body.len();
    for (header, status) in [
        ("Host: evil.example", 403),
        ("Host: localhost\r\nOrigin: https://evil.example", 403),
        ("Host: localhost\r\nContent-Type: text/plain", 415),
        (
            "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded",
            415,
        ),
        ("Host: localhost\r\nContent-Type: application/json", 404),
        ("Host: localhost", 404),
    ] {
        let request = format!(
            "POST /v1/vectors/indexes/us/items/delete HTTP/1.1\r\n{header}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let answer = send(&server, request.as_bytes()).await;
        assert_eq!(answer.status(), status, "{header}");
        answer.detail();
    }
    server.stop().await;
}
