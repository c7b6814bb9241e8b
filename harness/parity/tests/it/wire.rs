//! The bytes that a server receives and sends, seen at a raw socket. `cargo xtask test` also runs
//! these tests in a build of this package alone.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::support::TestRoot;

/// Returns the bytes of the answer to a request, which is the `usize`th of its connection from 0;
/// none closes the connection instead.
pub(crate) type Answer = fn(&str, usize) -> Option<Vec<u8>>;

/// A server at a raw socket, and the requests that it received.
pub(crate) struct RawServer {
    port: u16,
    received: Arc<Mutex<Vec<String>>>,
}

impl RawServer {
    pub(crate) fn start(answer: Answer) -> RawServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&received);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let log = Arc::clone(&log);
                std::thread::spawn(move || converse(stream.unwrap(), answer, &log));
            }
        });
        RawServer { port, received }
    }

    /// A root that compares the server below `/left` with the one below `/right`.
    pub(crate) fn root(&self, probe: &str, cases: &str) -> TestRoot {
        let mut root = TestRoot::new().probe("s", probe).cases("s", cases);
        for name in ["left", "right"] {
            root = root.file(
                &format!("fixtures/implementations/{name}.toml"),
                &format!(
                    "language = \"raw\"\nurl = \"http://127.0.0.1:{}/{name}\"\n[surfaces]\ns = [\"http\"]\n",
                    self.port
                ),
            );
        }
        root
    }

    /// The number of requests to an implementation.
    fn count(&self, name: &str) -> usize {
        let received = self.received.lock().unwrap();
        let path = format!(" /{name}/");
        received.iter().filter(|one| one.contains(&path)).count()
    }

    /// The requests to `left`, sorted, each once, with `PORT` for the server's port.
    fn received(&self) -> Vec<String> {
        let received = self.received.lock().unwrap();
        let mut requests: Vec<String> = received
            .iter()
            .filter(|request| request.contains(" /left"))
            .map(|request| request.replace(&format!(":{}\r\n", self.port), ":PORT\r\n"))
            .collect();
        requests.sort();
        requests.dedup();
        requests
    }
}

fn converse(mut stream: TcpStream, answer: Answer, log: &Mutex<Vec<String>>) {
    for number in 0.. {
        let Some(request) = read_request(&mut stream) else {
            return;
        };
        log.lock().unwrap().push(request.clone());
        match answer(&request, number) {
            Some(bytes) => stream.write_all(&bytes).unwrap(),
            None => return,
        }
    }
}

/// A request as received; none when the connection ends.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        request.push(byte[0]);
    }
    let head = String::from_utf8(request).unwrap();
    let length = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

fn with_body(head: &str, body: &[u8]) -> Option<Vec<u8>> {
    let head = format!(
        "HTTP/1.1 200 OK\r\n{head}content-length: {}\r\n\r\n",
        body.len()
    );
    Some([head.as_bytes(), body].concat())
}

const PROBE: &str = "about = \"x\"\ntransports = [\"http\"]\n[http]\npath = \"/echo\"\n";

#[test]
fn requests_are_sent_byte_for_byte() {
    let server = RawServer::start(|_, _| with_body("", b"{}"));
    let cases = r#"
[[case]]
name = "get"
method = "GET"
query = { q = "a b", r = "ü&" }
[[case]]
name = "post"
path = "/json?all=1"
query = { q = "1" }
headers = { content-type = "application/json" }
input = '{"a": "é"}'
[[case]]
name = "odd"
method = "DELETE"
path = '//a/../b/./%2e%2E/c\d/[1]{2}|^~!$&()*+,;=:@%zz?x=?'
[[case]]
name = "repeated"
method = "GET"
path = "/repeated"
headers = { X-A = ["1", "2"], x-empty = [""] }
[[case]]
name = "bare"
[[case]]
name = "nothing"
path = "/nothing"
input = ""
headers = { host = "example.org", accept = "*/*" }
"#;
    server.root(PROBE, cases).run(&[]).ends(0, "pass");
    let host = "host: 127.0.0.1:PORT\r\n";
    let expected = [
        format!(
            "DELETE /left//a/../b/./%2e%2E/c\\d/[1]{{2}}|^~!$&()*+,;=:@%zz?x=? HTTP/1.1\r\n{host}\r\n"
        ),
        format!("GET /left/echo?q=a%20b&r=%C3%BC%26 HTTP/1.1\r\n{host}\r\n"),
        format!(
            "GET /left/repeated HTTP/1.1\r\n{host}x-a: 1\r\nx-a: 2\r\nx-empty: \r\n\r\n"
        ),
        format!("POST /left/echo HTTP/1.1\r\n{host}\r\n"),
        format!(
            "POST /left/json?all=1&q=1 HTTP/1.1\r\n{host}content-type: application/json\r\ncontent-length: 11\r\n\r\n{{\"a\": \"é\"}}"
        ),
        "POST /left/nothing HTTP/1.1\r\naccept: */*\r\nhost: example.org\r\ncontent-length: 0\r\n\r\n".to_owned(),
    ];
    assert_eq!(server.received(), expected);
}

#[test]
fn paths_that_cannot_be_sent_are_refused() {
    let server = RawServer::start(|_, _| with_body("", b"{}"));
    server
        .root(PROBE, "[[case]]\nname = \"a\"\npath = \"/x#y\"\n")
        .run(&[])
        .refuses(&[
            "the path `/x#y` cannot be sent as it is written",
            "`/x%23y`",
        ]);
    assert_eq!(server.received(), [""; 0]);
}

#[test]
fn bodies_are_the_bytes_that_were_sent() {
    // Two gzip streams of the same text, with different times in their heads.
    let server = RawServer::start(|request, _| {
        let mut zipped = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00".to_vec();
        zipped[4] = u8::from(request.contains(" /right"));
        with_body("content-encoding: gzip\r\n", &zipped)
    });
    let probe = format!("{PROBE}[compare]\nbody = \"bytes\"\n");
    let ran = server
        .root(&probe, "[[case]]\nname = \"a\"\ninput = '1'\n")
        .run(&[])
        .ends(3, "fail");
    assert_eq!(ran.differences("a"), ["body bytes"]);
    let shown = &ran.case("a", "right")["right"][0]["body"];
    assert_eq!(shown, "hex:1f8b08000100000002ffabae050043bfa6a302000000");
}

/// An answer to the case that its path names: one kind of header on the left, another on the right.
fn with_headers(request: &str, is_left: bool) -> Option<Vec<u8>> {
    let head: &[u8] = match (
        request.contains("/trailers"),
        request.contains("/bytes"),
        is_left,
    ) {
        (true, _, is_left) => {
            let sum = if is_left { "1" } else { "2" };
            let answer = format!(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\nx-sum: {sum}\r\nx-sum: 3\r\n\r\n"
            );
            return Some(answer.into_bytes());
        }
        (_, true, true) => b"x: caf\xe9\r\n",
        (_, true, false) => b"x: caf\xe8\r\n",
        (_, _, true) if request.contains("/order") => b"x: a=1\r\nx: b=2\r\n",
        (_, _, false) if request.contains("/order") => b"x: b=2\r\nx: a=1\r\n",
        (_, _, true) => b"x: a=1\r\nX: b=2\r\n",
        (_, _, false) => b"x: a=1, b=2\r\n",
    };
    let first = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n";
    let parts = [first.as_slice(), head, b"\r\n{}"];
    Some(parts.concat())
}

const HEADER_CASES: &str = "[[case]]\nname = \"joined\"\n[[case]]\nname = \"order\"\npath = \"/order\"\n[[case]]\nname = \"bytes\"\npath = \"/bytes\"\n[[case]]\nname = \"trailers\"\npath = \"/trailers\"\n";

#[test]
fn every_value_of_headers_and_trailers_is_compared() {
    let probe = format!("{PROBE}observe_headers = [\"x\"]\n");
    let server = RawServer::start(|request, _| with_headers(request, request.contains(" /left")));
    let ran = server.root(&probe, HEADER_CASES).run(&[]).ends(3, "fail");
    for case in ["joined", "order", "bytes"] {
        assert_eq!(ran.differences(case), ["header:x header"]);
    }
    assert_eq!(ran.differences("trailers"), ["trailer:x-sum header"]);
    let shown = |case: &str| ran.case(case, "right")["left"][0]["headers"]["x"].to_string();
    assert_eq!(shown("joined"), r#"["a=1","b=2"]"#);
    assert_eq!(shown("bytes"), r#""caf\\xe9""#);
}

#[test]
fn damaged_headers_and_trailers_are_noticed() {
    let probe = format!("{PROBE}observe_headers = [\"x\", \"y\"]\n");
    let server = RawServer::start(|request, _| with_headers(request, true));
    let ran = server
        .root(&probe, HEADER_CASES)
        .run(&["--mutate"])
        .ends(0, "pass");
    let mutation = ran.report["mutation"].to_string();
    for damage in [
        "header changed",
        "header dropped",
        "header added",
        "headers swapped",
        "trailer changed",
        "trailer dropped",
        "trailer added",
        "trailers swapped",
    ] {
        assert!(mutation.contains(damage), "no `{damage}` in {mutation}");
    }
}

#[test]
fn a_url_with_tls_is_refused() {
    let server = RawServer::start(|_, _| with_body("", b"{}"));
    let root = server.root(PROBE, "[[case]]\nname = \"a\"\ninput = '1'\n");
    let file = "fixtures/implementations/right.toml";
    root.write(file, &root.read(file).replace("http:", "https:"));
    root.run(&[])
        .refuses(&["needs TLS, which the harness does not have"]);
    root.run(&["--attach", "left=https://127.0.0.1:1"])
        .refuses(&["needs TLS, which the harness does not have"]);
}

/// 150 cases, each with an input of its own.
fn many_cases() -> String {
    let case = |number: u32| format!("[[case]]\nname = \"c{number}\"\ninput = '{number}'\n");
    (0..150).map(case).collect()
}

#[test]
fn connections_that_close_without_announcement_invalidate_no_case() {
    // Each connection ends after one answer, sometimes before and sometimes after the next request.
    let server =
        RawServer::start(|_, number| (number == 0).then(|| with_body("", b"{}")).flatten());
    let ran = server.root(PROBE, &many_cases()).run(&[]).ends(0, "pass");
    let cases = ran.report["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 150);
}

#[test]
fn requests_that_are_sent_again_are_reported() {
    // `right` reads the second request of each connection and closes it.
    let server = RawServer::start(|request, number| {
        let is_answered = number == 0 || request.contains(" /left");
        is_answered.then(|| with_body("", b"{}")).flatten()
    });
    let ran = server.root(PROBE, &many_cases()).run(&[]).ends(0, "pass");
    let lost = server.count("right") - server.count("left");
    assert!(lost >= 149, "{lost}");
    let notice = format!(
        "`right` closed reused connections on `s` without an answer; {lost} requests were sent again on a new connection"
    );
    assert_eq!(ran.list("notices"), [notice]);
}

#[test]
fn a_new_connection_without_an_answer_is_a_failure() {
    let server = RawServer::start(|request, _| {
        let is_answered = !request.ends_with("\r\n\r\n7");
        is_answered.then(|| with_body("", b"{}")).flatten()
    });
    let ran = server
        .root(PROBE, &many_cases())
        .run(&["--case", "c7", "--case", "c8"])
        .ends(4, "inconclusive");
    let lost = "the connection failed: connection closed before message completed";
    assert_eq!(
        ran.outcome("c7"),
        format!("invalid: `left`: {lost}; `right`: {lost}")
    );
    assert_eq!(ran.outcome("c8"), "match: ");
    assert_eq!(ran.list("notices"), [""; 0]);
}
