//! Reports show each request as it was sent, without its secrets, and the cause of a crash.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::servers::server;
use crate::support::{ECHO, TestRoot};

const PROBE: &str = "about = \"x\"\ntransports = [\"http\"]\n[http]\npath = \"/echo\"\nheaders = { \"x-id\" = \"id-{case}\" }\n";

/// Two servers of which `right` answers with the hook.
fn pair(hook: &str, cases: &str) -> TestRoot {
    TestRoot::new()
        .server("left", &server(""))
        .server("right", &server(hook))
        .probe("s", PROBE)
        .cases("s", cases)
}

#[test]
fn reports_show_the_request_as_it_was_sent() {
    let cases = "[[case]]\nname = \"a\"\nmethod = \"PUT\"\npath = \"/echo/{case}\"\nquery = { all = \"\", q = \"a b\" }\ninput = '{\"x\":1}'\n";
    let root = pair("return send(200, '{\"x\":2}');", cases);
    let ran = root.run(&[]).ends(3, "fail");
    let input = &ran.case("a", "right")["inputs"][0];
    assert_eq!(input["request"], "PUT /echo/a?all=&q=a%20b");
    assert_eq!(input["headers"][0][0], "x-id");
    assert_eq!(input["headers"][0][1], "id-a");
    assert_eq!(
        input["curl"][1],
        "curl -sS --path-as-is --globoff -i -X PUT \"http://127.0.0.1:$PORT\"'/echo/a?all=&q=a%20b' -H 'x-id: id-a' -H accept: -H user-agent: -H content-type: --data-binary '{\"x\":1}'"
    );
    for text in [
        ran.text,
        root.read("target/parity/latest/summary.md"),
        root.read("target/parity/latest/junit.xml")
            .replace("&amp;", "&")
            .replace("&quot;", "\""),
    ] {
        assert!(
            text.contains("PUT /echo/a?all=&q=a%20b {\"x\":1}"),
            "{text}"
        );
        assert!(text.contains("x-id: id-a"), "{text}");
    }
    let described = root.run(&["describe", "s/a"]).text;
    assert!(
        described.contains("request: PUT /echo/a?all=&q=a%20b\n  x-id: id-a\n"),
        "{described}"
    );
}

#[test]
fn curl_sends_what_the_harness_sends() {
    let seen = |name: &str| {
        format!(
            "return send(200, JSON.stringify(['{name}', request.method, request.url, request.headers['x-id'], request.headers['content-type'] ?? null, body]));"
        )
    };
    let cases = "[[case]]\nname = \"a\"\npath = \"/echo/a\"\nquery = { q = \"[1-2]{a,b}$HOME!\" }\ninput = \"it's\"\n";
    let root = TestRoot::new()
        .server("left", &server(&seen("left")))
        .server("right", &server(&seen("right")))
        .probe("s", PROBE)
        .cases("s", cases);
    let ran = root.run(&[]).ends(3, "fail");
    let case = ran.case("a", "right");
    let received = case["left"][0]["body"].as_str().unwrap().to_owned();
    let curl = case["inputs"][0]["curl"][0].as_str().unwrap().to_owned();

    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let folder = tempfile::tempdir().unwrap();
    let mut node = Command::new("node")
        .arg(root.path("left.mjs"))
        .args([&port.to_string(), &folder.path().display().to_string(), ""])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let shown = crate::support::wait_until("the server does not answer", || {
        let output = Command::new("sh")
            .args(["-c", &curl])
            .env("PORT", port.to_string())
            .output()
            .unwrap();
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    });
    node.kill().unwrap();
    node.wait().unwrap();
    assert!(
        shown.ends_with(&received),
        "{curl}: {shown} instead of {received}"
    );
}

#[test]
fn the_failing_step_comes_first() {
    let hook = "if (request.method === 'DELETE') return send(200, '{\"gone\":false}');";
    let cases = "[[case]]\nname = \"a\"\n[[case.step]]\nmethod = \"PUT\"\ninput = '{\"x\":1}'\n[[case.step]]\nmethod = \"DELETE\"\npath = \"/echo/last\"\n";
    let root = pair(hook, cases);
    let ran = root.run(&[]).ends(3, "fail");
    let inputs = &ran.case("a", "right")["inputs"];
    assert_eq!(inputs[0].get("failing"), None);
    assert_eq!(inputs[1]["failing"], true);
    assert_eq!(inputs[1]["step"], 1);
    assert!(
        ran.text.contains("failed in step 1 (of 0 to 1)"),
        "{}",
        ran.text
    );
    assert!(
        ran.text.contains("input  DELETE /echo/last"),
        "{}",
        ran.text
    );
    assert!(!ran.text.contains("input  PUT"), "{}", ran.text);
    let summary = root.read("target/parity/latest/summary.md");
    assert!(
        summary.contains("step 1 (of 0 to 1), input: `DELETE /echo/last`"),
        "{summary}"
    );
    let junit = root.read("target/parity/latest/junit.xml");
    let failing = junit.find("input, failing step 1 (of 0 to 1): DELETE /echo/last");
    let other = junit.find("input, step 0 (of 0 to 1): PUT /echo");
    assert!(failing.unwrap() < other.unwrap(), "{junit}");
}

#[test]
fn no_report_has_the_secrets_of_a_request() {
    let cases = "[[case]]\nname = \"a\"\nheaders = { authorization = \"Bearer sesame\", cookie = \"id=sesame\", x-api-key = \"sesame\" }\ninput = '{\"x\":1}'\n[[case]]\nname = \"b\"\nheaders = { Authorization = \"Bearer sesame\" }\ninput = { repeat = \"a\", times = 5000 }\n";
    let root = pair("return send(200, '{\"x\":2}');", cases);
    let ran = root.run(&[]);
    assert_ne!(ran.code, Some(0), "{}", ran.text);
    assert!(!ran.text.contains("sesame"), "{}", ran.text);
    assert!(
        ran.text.contains("authorization: <redacted>"),
        "{}",
        ran.text
    );
    let written = files(&root.path("target/parity"));
    assert!(written.len() >= 4, "{written:?}");
    for file in written {
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!text.contains("sesame"), "{}: {text}", file.display());
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path);
        }
    }
    all
}

#[test]
fn a_crash_is_shown_with_its_cause_and_log() {
    let crash = "read -r line; echo 'listening' >&2; echo 'TypeError: no <such> function' >&2; echo '    at f' >&2; echo '    at g' >&2; echo 'bye' >&2; exit 3";
    let cases = "[[case]]\nname = \"one\"\ninput = '1'\n";
    let root = TestRoot::pair(ECHO, crash, cases);
    let ran = root.run(&[]).ends(4, "inconclusive");
    let head = "right crashed (exit code 3): TypeError: no <such> function";
    assert!(ran.text.contains(head), "{}", ran.text);
    for line in ["    at f", "    at g", "bye"] {
        assert!(
            ran.text.contains(&format!("  stderr {line}\n")),
            "{}",
            ran.text
        );
    }
    assert!(!ran.text.contains("stderr listening"), "{}", ran.text);
    let log = ran
        .text
        .lines()
        .find_map(|line| line.strip_prefix("  log    "));
    let log = fs::read_to_string(root.path(log.unwrap())).unwrap();
    assert!(log.contains("TypeError: no <such> function"), "{log}");
    let junit = root.read("target/parity/latest/junit.xml");
    assert!(
        junit.contains("right crashed (exit code 3): TypeError: no &lt;such&gt; function"),
        "{junit}"
    );
    let summary = root.read("target/parity/latest/summary.md");
    assert!(
        summary.contains("right crashed (exit code 3): TypeError: no &lt;such> function"),
        "{summary}"
    );
}
