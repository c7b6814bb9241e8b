//! The HTTP transport, with servers written for Node.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use crate::support::{TestRoot, is_running};

/// A server that echoes bodies, with a hook that can replace the answer.
pub(crate) fn server(hook: &str) -> String {
    format!(
        r#"
import http from "node:http";
import fs from "node:fs";
const [port, state, upstream] = process.argv.slice(2);
const server = http.createServer((request, response) => {{
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", async () => {{
    const body = Buffer.concat(chunks).toString();
    const send = (status, text, headers = {{}}) => {{
      response.writeHead(status, {{ "content-type": "application/json", ...headers }});
      response.end(text);
    }};
    if (request.url === "/health") return send(200, "{{}}");
    {hook}
    send(200, body || "{{}}");
  }});
}});
process.on("SIGTERM", () => server.close(() => process.exit(0)));
server.listen(Number(port), "127.0.0.1", () => console.log(server.address().port));
"#
    )
}

const PROBE: &str = "about = \"x\"\ntransports = [\"http\"]\n[http]\npath = \"/echo\"\nheaders = { \"x-id\" = \"id-{case}\" }\n";
const CASES: &str =
    "[[case]]\nname = \"a\"\ninput = '{\"x\":1}'\n[[case]]\nname = \"b\"\ninput = '{\"x\":2}'\n";

fn pair(left: &str, right: &str) -> TestRoot {
    TestRoot::new()
        .server("left", &server(left))
        .server("right", &server(right))
        .probe("s", PROBE)
        .cases("s", CASES)
}

#[test]
fn status_headers_and_bodies_are_compared() {
    let probe = PROBE.replace(
        "headers",
        "observe_headers = [\"Content-Type\", \"x-id\"]\nheaders",
    );
    let left = "return send(200, body, { 'x-id': request.headers['x-id'] });";
    let root = pair(left, left).probe("s", &probe);
    root.run(&[]).ends(0, "pass");
    assert!(root.leftover_folders().is_empty());

    let right = "return send(201, '{\"x\":1.0}', { 'x-id': 'other' });";
    let ran = pair(left, right)
        .probe("s", &probe)
        .run(&["--case", "a"])
        .ends(3, "fail");
    assert_eq!(
        ran.differences("a"),
        [
            "status status",
            "header:x-id header",
            "body:$.x number_lexeme"
        ]
    );
    assert_eq!(ran.case("a", "right")["inputs"][0]["request"], "POST /echo");
}

#[test]
fn a_case_chooses_its_own_request() {
    let cases = "[[case]]\nname = \"a\"\nmethod = \"GET\"\npath = \"/other\"\nquery = { q = \"a b\" }\nheaders = { \"x-id\" = \"\", \"x-more\" = \"m\" }\nexpect = \"error\"\nstatus = 404\n";
    let hook = "return send(404, JSON.stringify([request.method, request.url, request.headers['x-id'] ?? null, request.headers['x-more']]));";
    let left = "return send(404, '{}');";
    let ran = pair(left, hook).cases("s", cases).run(&[]).ends(3, "fail");
    let shown = ran.case("a", "right")["right"].to_string();
    assert!(shown.contains("/other?q=a%20b"), "{shown}");
    assert!(shown.contains("null,\\\"m\\\""), "{shown}");
}

#[test]
fn a_dead_server_is_reported_and_restarted() {
    let ran = pair("", "if (body.includes('2')) process.exit(5);")
        .run(&[])
        .ends(4, "inconclusive");
    assert_eq!(
        ran.outcome("b"),
        "invalid: `right`: crashed on this case (exit code 5)"
    );
    assert_eq!(ran.outcome("a"), "match: ");
}

#[test]
fn a_cut_connection_and_a_late_answer_are_reported() {
    let probe = PROBE.replace("path =", "timeout_ms = 5000\npath =");
    let hook = "if (body.includes('1')) return request.socket.destroy(); return;";
    let ran = pair("", hook)
        .probe("s", &probe)
        .run(&[])
        .ends(4, "inconclusive");
    assert!(
        ran.outcome("a")
            .starts_with("invalid: `right`: the connection failed: "),
        "{ran:#?}"
    );
    assert_eq!(ran.outcome("b"), "invalid: `right`: no answer within 5 s");
}

#[test]
fn an_unready_server_is_reported_with_its_log() {
    let root = pair("", "").server(
        "right",
        "console.log('no config'); setInterval(() => {}, 1000);",
    );
    let file = "fixtures/implementations/right.toml";
    root.write(
        file,
        &root
            .read(file)
            .replace("ready_timeout_ms = 60000", "ready_timeout_ms = 10000"),
    );
    let ran = root.run(&[]).ends(1, "inconclusive");
    let message = ran.list("infrastructure").concat();
    assert!(
        message.starts_with("`right` was not ready after "),
        "{message}"
    );
    for part in [
        "`/health` does not answer",
        "command: node ",
        "right.s.http.log",
        "no config",
    ] {
        assert!(message.contains(part), "no `{part}` in {message}");
    }
    assert_eq!(ran.outcome("a"), "invalid: `right` was not reached");

    let root = pair("", "").server("right", "console.error('bad flag'); process.exit(9);");
    let ran = root.run(&[]).ends(1, "inconclusive");
    let message = ran.list("infrastructure").concat();
    assert!(
        message.starts_with("`right` ended before it was ready (exit code 9)"),
        "{message}"
    );
    assert!(message.contains("bad flag"), "{message}");
}

#[test]
fn a_server_that_ignores_sigterm_is_killed_and_reported() {
    let root = pair("", "");
    root.write(
        "right.mjs",
        &server("").replace("() => server.close(() => process.exit(0))", "() => {}"),
    );
    let file = "fixtures/implementations/right.toml";
    root.write(
        file,
        &root
            .read(file)
            .replace("stop_timeout_ms = 60000", "stop_timeout_ms = 200"),
    );
    let ran = root.run(&[]).ends(0, "pass");
    assert_eq!(
        ran.list("notices"),
        ["`right` did not stop within 200 ms of SIGTERM and was killed"]
    );
}

#[test]
fn files_below_the_state_are_observed() {
    let append = |value: &str| {
        format!(
            "fs.appendFileSync(`${{state}}/log.jsonl`, JSON.stringify({{ body, v: {value} }}) + '\\n');"
        )
    };
    let probe = PROBE.replace("path =", "observe_files = [\"log.jsonl\"]\npath =");
    // A server handles all cases, in an order that differs between rounds; only what each case
    // appends is compared.
    pair(&append("1"), &append("1"))
        .probe("s", &probe)
        .run(&[])
        .ends(0, "pass");
    let ran = pair(&append("1"), &append("2"))
        .probe("s", &probe)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(ran.differences("a"), ["file:log.jsonl:$[0].v value"]);

    let cases = "[[case]]\nname = \"a\"\ninput = '{}'\nfiles = { \"log.jsonl\" = \"{\\\"old\\\":1}\\n\" }\n[[case]]\nname = \"b\"\ninput = '{}'\n";
    let restart = format!("reset = \"restart\"\n{probe}");
    let root = pair(&append("1"), "")
        .cases("s", cases)
        .probe("s", &restart);
    let ran = root.run(&[]).ends(3, "fail");
    assert_eq!(ran.differences("a"), ["file:log.jsonl line_count"]);
    assert_eq!(ran.differences("b"), ["file:log.jsonl missing"]);
}

#[test]
fn upstream_requests_are_observed() {
    let ask = |model: &str| {
        format!(
            "const answer = await fetch(`${{upstream}}/api/chat`, {{ method: 'POST', body: JSON.stringify({{ model: '{model}', stream: false, messages: [] }}) }}); return send(answer.status === 200 ? 200 : 502, JSON.stringify({{ text: (await answer.json()).message?.content ?? '' }}));"
        )
    };
    let probe = PROBE.replace("path =", "observe_upstream = true\npath =");
    let cases = "[[case]]\nname = \"a\"\ninput = '{}'\nupstream = [{ path = \"/api/chat\", reply = \"hi\" }]\n";
    let root = pair(&ask("qwen2.5"), &ask("qwen2.5"))
        .cases("s", cases)
        .probe("s", &probe);
    root.run(&[]).ends(0, "pass");

    let ran = pair(&ask("qwen2.5"), &ask("other"))
        .cases("s", cases)
        .probe("s", &probe)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(ran.differences("a"), ["upstream:$[0].body.model value"]);

    let ran = pair(&ask("qwen2.5"), "return send(200, '{\"text\":\"hi\"}');")
        .cases("s", cases)
        .probe("s", &probe)
        .run(&[])
        .ends(3, "fail");
    assert_eq!(
        ran.differences("a"),
        ["upstream:$ length", "script:$.unused value"]
    );

    let mut command = root.command(&[]);
    command.env("OLLAMA_URL", "http://127.0.0.1:9");
    let ran = root.finish(command).ends(4, "inconclusive");
    assert!(
        ran.outcome("a").starts_with("skipped: `OLLAMA_URL` is set"),
        "{ran:#?}"
    );
}

#[test]
fn a_server_known_by_url_is_read_but_not_written_to() {
    let root = pair("", "");
    let mut running = Command::new("node")
        .arg(root.path("right.mjs"))
        .args(["0", "state", "upstream"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(running.stdout.take().unwrap())
        .read_line(&mut port)
        .unwrap();
    let port = port.trim();
    root.write(
        "fixtures/implementations/right.toml",
        &format!(
            "language = \"js\"\nurl = \"http://127.0.0.1:{port}\"\n[surfaces]\ns = [\"http\"]\n"
        ),
    );
    let asked = root.run(&[]);
    root.write(
        "fixtures/probes/s/probe.toml",
        &format!("writes = true\n{PROBE}"),
    );
    let skipped = root.run(&[]);
    let still_runs = is_running(&running.id().to_string());
    running.kill().unwrap();
    running.wait().unwrap();

    let asked = asked.ends(0, "pass");
    assert_eq!(asked.report["implementations"][1]["kind"], "url");
    let skipped = skipped.ends(4, "inconclusive");
    assert!(
        skipped
            .outcome("a")
            .starts_with("skipped: `right` is only a URL: the probe writes"),
        "{skipped:#?}"
    );
    let inconclusive = skipped.list("inconclusive").concat();
    assert!(
        inconclusive.starts_with("every case of `s` over `http` was skipped for `right`: "),
        "{inconclusive}"
    );
    assert!(
        still_runs,
        "a server that the harness did not start was stopped"
    );
}

#[test]
fn sigterm_stops_servers_and_frees_their_ports() {
    let hook = "fs.writeFileSync('asked', `${process.pid} ${port}\\n`); return;";
    let root = pair("", hook);
    let child = root.start(&[]);
    let asked = root.wait_for("asked");
    let (pid, port) = asked.trim().split_once(' ').unwrap();
    let sent = Command::new("kill").arg(child.id().to_string()).status();
    assert!(sent.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    let ran = root
        .result(output.status.code(), String::new(), err)
        .ends(4, "inconclusive");
    assert_eq!(ran.list("infrastructure"), [""; 0]);
    assert!(!is_running(pid), "{pid} still runs");
    assert!(
        TcpListener::bind(format!("127.0.0.1:{port}")).is_ok(),
        "{port} is taken"
    );
    assert!(root.leftover_folders().is_empty());
}

#[test]
fn ports_still_in_use_are_reported() {
    // The listening process leaves the process group, so it outlives the server.
    let root = pair("", "");
    root.write(
        "right.mjs",
        &server("").replace("process.on(", "process.once("),
    );
    let file = "fixtures/implementations/right.toml";
    let text = root.read(file).replace(
        "command = [\"node\", ",
        "command = [\"sh\", \"-c\", 'setsid \"$@\" & wait', \"sh\", \"node\", ",
    );
    root.write(file, &text);
    let ran = root.run(&["--case", "a"]);
    assert_eq!(ran.code, Some(1), "{ran:#?}");
    let message = ran.list("infrastructure").join("\n");
    assert!(
        message.contains("of `right` is still in use after it was stopped"),
        "{message}"
    );
    assert!(
        message.contains("left its process group and was still running; it was killed"),
        "{message}"
    );
}
