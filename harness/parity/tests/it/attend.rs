//! Working on a failure: logs of one case, `--hold` and `--attach`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::support::{TestRoot, is_running};

/// A server that wraps each body in an object with its name, and logs the body on standard error.
fn server(by: &str) -> String {
    format!(
        r#"
import http from "node:http";
const [port] = process.argv.slice(2);
const server = http.createServer((request, response) => {{
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {{
    const body = Buffer.concat(chunks).toString();
    if (request.url !== "/health") console.error("{by} got " + body);
    response.writeHead(200);
    response.end(request.url === "/health" ? "ok" : `{{"by":"{by}","got":${{body}}}}`);
  }});
}});
process.on("SIGTERM", () => {{ server.closeAllConnections(); server.close(() => process.exit(0)); }});
server.listen(Number(port), "127.0.0.1", () => console.log(server.address().port));
"#
    )
}

const PROBE: &str =
    "about = \"x\"\ntransports = [\"http\"]\n[http]\nmethod = \"POST\"\npath = \"/echo\"\n";
const CASES: &str =
    "[[case]]\nname = \"a\"\ninput = '\"first\"'\n[[case]]\nname = \"b\"\ninput = '\"second\"'\n";

fn pair(left: &str, right: &str) -> TestRoot {
    TestRoot::new()
        .server("left", &server(left))
        .server("right", &server(right))
        .probe("s", PROBE)
        .cases("s", CASES)
}

/// Sends a body to a server and returns the answer.
fn ask(address: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "POST /echo HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn send_signal(child: &Child, signal: &str) {
    let status = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn a_failure_shows_only_its_own_log_lines() {
    let ran = pair("x", "y").run(&[]).ends(3, "fail");
    for (case, own, other) in [("a", "first", "second"), ("b", "second", "first")] {
        let log = ran.case(case, "right")["right"][0]["stderr_tail"]
            .as_str()
            .unwrap();
        assert_eq!(log, format!("y got \"{own}\""), "not {other}");
    }
}

#[test]
fn held_servers_answer_until_interrupted() {
    let root = pair("x", "y");
    let mut child = root.start(&["--hold", "--case", "a"]);
    let mut printed = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        printed.push(line.clone());
        if line == "held until Ctrl-C" {
            break;
        }
    }
    let text = printed.join("\n");
    let mut logs = Vec::new();
    for by in ["left", "right"] {
        let at = printed
            .iter()
            .position(|line| line.starts_with(&format!("{by} serves s at http://")))
            .unwrap_or_else(|| panic!("`{by}` is not held: {text}"));
        let address = printed[at].rsplit_once("//").unwrap().1;
        let name = if by == "left" { "x" } else { "y" };
        let answer = ask(address, "\"by hand\"");
        assert!(
            answer.contains(&format!("{{\"by\":\"{name}\",\"got\":\"by hand\"}}")),
            "{answer}"
        );
        logs.push(
            printed[at + 1]
                .trim()
                .strip_prefix("log: ")
                .unwrap()
                .to_owned(),
        );
        let curl = printed[at + 3].trim();
        let output = Command::new("sh")
            .args(["-c", curl])
            .stdin(Stdio::null())
            .output();
        let shown = String::from_utf8_lossy(&output.unwrap().stdout).into_owned();
        assert!(shown.contains("\"got\":\"first\""), "{curl}: {shown}");
    }
    for log in &logs {
        let log = std::fs::read_to_string(log).unwrap();
        assert!(log.contains("got \"by hand\""), "{log}");
    }
    assert!(is_running(&child.id().to_string()));
    send_signal(&child, "-INT");
    // The exit code is still that of the run: the two differ.
    assert_eq!(child.wait().unwrap().code(), Some(3));
    assert!(root.leftover_folders().is_empty());
}

#[test]
fn hold_requires_a_surface_or_a_case() {
    pair("x", "x")
        .run(&["--hold"])
        .refuses(&["`--hold` needs a selection", "`--surface` or `--case`"]);
}

#[test]
fn an_attached_server_replaces_a_started_one() {
    // The program in the description differs; the attached server does not.
    let root = pair("x", "y").file("running.mjs", &server("x"));
    let mut running = Command::new("node")
        .arg(root.path("running.mjs"))
        .arg("0")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(running.stdout.take().unwrap())
        .read_line(&mut port)
        .unwrap();
    let attach = format!("right=http://127.0.0.1:{}", port.trim());
    let ran = root.run(&["--attach", &attach]).ends(0, "pass");
    assert_eq!(ran.report["results"][0]["kind"], "url");
    assert_eq!(ran.report["results"][0]["matched"], 2);
    assert!(
        is_running(&running.id().to_string()),
        "the attached server was stopped"
    );
    send_signal(&running, "-TERM");
    running.wait().unwrap();
    root.run(&[]).ends(3, "fail");
}

#[test]
fn invalid_attach_arguments_are_rejected() {
    let root = pair("x", "x");
    for (attach, wanted) in [
        ("right", "`--attach` needs NAME=URL"),
        ("rigt=http://127.0.0.1:1", "did you mean `right`?"),
        ("right=127.0.0.1:1", "`127.0.0.1:1` is not a URL"),
    ] {
        root.run(&["--attach", attach]).refuses(&[wanted]);
    }
    root.helper("lines", "cat")
        .probe("s", &PROBE.replace("[\"http\"]", "[\"http\", \"line\"]"))
        .run(&["--attach", "lines=http://127.0.0.1:1"])
        .refuses(&["`lines` has no surface over `http`"]);
}

#[test]
fn an_attached_server_that_is_down_is_reported_before_the_run() {
    let root = pair("x", "x");
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let ran = root.run(&["--attach", &format!("right={url}")]);
    ran.refuses(&[
        &format!("nothing listens at `{url}` (`--attach right={url}`)"),
        "start the server of `right` there",
    ]);
    assert!(!root.path("target/parity/latest").exists());
}

#[test]
fn surfaces_that_cannot_be_attached_are_named_before_the_run() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let root = pair("x", "x").probe("s", &format!("writes = true\n{PROBE}"));
    let attach = format!("right={url}");
    root.run(&["--attach", &attach]).refuses(&[
        "`s` is skipped for `right`, which is only a URL: the probe writes",
        "no selected case can be sent to a server that is already running",
        "omit `--attach`",
    ]);

    for name in ["left", "right"] {
        let file = format!("fixtures/implementations/{name}.toml");
        let text = root
            .read(&file)
            .replace("[surfaces]", "[surfaces]\nt = [\"http\"]");
        root.write(&file, &text);
    }
    let root = root.probe("t", PROBE).cases("t", CASES);
    root.run(&["--attach", &attach, "--surface", "s"])
        .refuses(&["surfaces of `right` that can be: `t`"]);
}
