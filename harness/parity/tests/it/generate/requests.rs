//! Generated sequences of requests.

use serde_json::Value;

use super::only_finding;
use crate::servers::server;
use crate::support::TestRoot;

/// The requests of a finding with several steps.
fn requests(finding: &Value) -> Vec<String> {
    let requests: Vec<Value> = serde_json::from_str(finding["input"].as_str().unwrap()).unwrap();
    let send = |request: &Value| request["send"].as_str().unwrap().to_owned();
    requests.iter().map(send).collect()
}

/// Stores each PUT body, returns it to GET, and counts the PUTs since the last DELETE.
const KEEPS: &str = r#"
    globalThis.kept ??= {};
    globalThis.count ??= 0;
    if (request.method === "DELETE") { count = 0; return send(200, "{}"); }
    if (request.method === "PUT") { count += 1; kept[request.url] = body; return send(200, "{}"); }
    let found = request.url === "/count" ? `{"count":${count}}` : kept[request.url] ?? "{}";
"#;

const REQUESTS: &str = r#"
transport = "http"
steps = true
clean = ["DELETE /count"]
root = { chain = [{ array = "$put", length = [1, 5] }, { object = { send = "GET /things/{case}-b" } }, { object = { send = "GET /count" } }] }
[shapes]
put = { object = { send = { join = ["PUT /things/{case}-", { one = ["a", "b"] }] }, body = { object = { n = { integer = [0, 9] }, text = "$chaos" } } } }
"#;

fn servers(right: &str) -> TestRoot {
    let give = "return send(200, found);";
    TestRoot::new()
        .server("left", &server(&format!("{KEEPS}{give}")))
        .server("right", &server(&format!("{KEEPS}{right}{give}")))
        .probe(
            "s",
            "about = \"x\"\ntransports = [\"http\"]\n[http]\npath = \"/count\"\n[coverage]\nroutes = [\"/things/{id}\"]\n",
        )
        .file("fixtures/probes/s/generate.toml", REQUESTS)
}

#[test]
fn requests_are_shrunk_to_those_that_matter() {
    let root = servers("found = found.replace('<', '>');");
    let ran = root
        .run(&["--generate", "200", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert!(
        finding["path"]
            .as_str()
            .unwrap()
            .starts_with("GET /things/{id} body:$"),
        "{finding:#?}"
    );
    assert_eq!(
        requests(finding),
        ["PUT /things/{case}", "GET /things/{case}"]
    );

    let saved = finding["saved"].as_str().unwrap();
    let text = root.read(saved);
    assert_eq!(text.matches("[[case.step]]").count(), 2, "{text}");
    let name = saved.rsplit('/').next().unwrap().trim_end_matches(".toml");
    root.run(&["--case", name]).ends(3, "fail");
    root.write("right.mjs", &root.read("left.mjs"));
    root.run(&["--case", name]).ends(0, "pass");
}

/// A root with two servers, whose requests have queries and headers.
fn routed(routes: &str, right: &str, shapes: &str) -> TestRoot {
    let equal = "return send(200, '{\"a\":1}');";
    TestRoot::new()
        .server("left", &server(equal))
        .server("right", &server(&format!("{right}{equal}")))
        .probe(
            "s",
            &format!("about = \"x\"\ntransports = [\"http\"]\n[http]\npath = \"/\"\n[coverage]\nroutes = [{routes}]\n"),
        )
        .file(
            "fixtures/probes/s/generate.toml",
            &format!("transport = \"http\"\nsteps = true\n{shapes}"),
        )
}

#[test]
fn paths_queries_and_headers_are_shrunk() {
    let right = "const query = new URLSearchParams(request.url.split('?')[1]); if (query.get('n') > 5 && request.headers['x-mode'] === 'b') return send(200, '{\"a\":2}');";
    let root = routed(
        "\"/items/{id}\"",
        right,
        r#"root = { array = "$get", length = [1, 2] }
[shapes]
get = { object = { send = { join = ["GET /items/", { matching = "[a-z]{3,8}" }, "?z=", "$chaos"] }, query = "$query", headers = "$headers" } }
query = { object = { n = { integer = [0, 9] }, "more?" = "$chaos" } }
headers = { object = { x-mode = { one = ["a", "b"] }, "x-note?" = "$chaos" } }
"#,
    );
    let ran = root
        .run(&["--generate", "100", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["path"], "GET /items/{id} body:$.a");
    let input: Value = serde_json::from_str(finding["input"].as_str().unwrap()).unwrap();
    let [request] = input.as_array().unwrap().as_slice() else {
        panic!("{input}");
    };
    let send = request["send"].as_str().unwrap();
    assert!(send.len() <= "GET /items/a".len(), "{send}");
    let n = request["query"]["n"].as_u64().unwrap();
    assert_eq!(request["query"], serde_json::json!({ "n": n }));
    assert_eq!(request["headers"], serde_json::json!({ "x-mode": "b" }));

    let text = root.read(finding["saved"].as_str().unwrap());
    assert!(text.contains(&format!("?n={n}\"")), "{text}");
    let name = ran.report["cases"][0]["case"].as_str().unwrap();
    let again = root.run(&["--case", name]).ends(3, "fail");
    assert_eq!(again.differences(name), ["step[0]:body:$.a value"]);
}

#[test]
fn answers_to_head_have_no_body() {
    let shapes = "root = { array = { object = { send = { one = [\"HEAD /items/a\", \"GET /items/a\"] } } }, length = [1, 1] }\n";
    let head = |status| format!("if (request.method === 'HEAD') return send({status}, '');");
    let ran = routed("", &head(200), shapes)
        .run(&["--generate", "20", "--seed", "1"])
        .ends(0, "pass");
    assert_eq!(ran.report["results"][0]["matched"], 20);
    let root = routed("", &head(404), shapes);
    let ran = root
        .run(&["--generate", "20", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["path"], "HEAD /items/a status");
    let name = ran.report["cases"][0]["case"].as_str().unwrap();
    let again = root.run(&["--case", name]).ends(3, "fail");
    assert_eq!(again.differences(name), ["step[0]:status status"]);
}

#[test]
fn empty_answers_are_compared_with_others_alone() {
    let shapes = "root = { array = { object = { send = \"GET /items/a\" } }, length = [1, 1] }\n";
    let empty = "return send(200, '');";
    let root = routed("", empty, shapes);
    let ran = root
        .run(&["--generate", "5", "--seed", "1"])
        .ends(3, "fail");
    assert!(only_finding(&ran)["kind"].is_string());

    root.write("left.mjs", &root.read("right.mjs"));
    let ran = root
        .run(&["--generate", "5", "--seed", "1"])
        .ends(4, "inconclusive");
    let failed = &ran.report["generated"]["both_failed"][0];
    assert_eq!(failed["how"], "sent an empty answer");
    assert_eq!(failed["inputs"], 5);
}

#[test]
fn paths_of_a_derived_route_are_one_finding() {
    let shapes = r#"root = { array = "$get", length = [1, 1] }
[shapes]
get = { object = { send = { one = ["GET /count", { join = ["GET /status/", { integer = [1, 9999] }, "?x=", "$chaos"] }] } } }
"#;
    let right = "if (request.url !== '/count') return send(200, '{\"a\":2}');";
    let ran = routed("", right, shapes)
        .run(&["--generate", "100", "--seed", "1", "--max-findings", "5"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["path"], "GET /status/{any} body:$.a");
    let send = requests(finding).remove(0);
    assert_eq!(send.len(), "GET /status/1".len(), "{send}");
    assert_eq!(ran.report["generated"]["inputs"], 100);
    assert!(!ran.text.contains("[coverage]"), "{}", ran.text);
}

#[test]
fn paths_without_routes_are_reported() {
    let shapes = |path: &str| {
        format!(
            "root = {{ array = {{ object = {{ send = {{ join = [\"GET \", {path}] }} }} }}, length = [1, 1] }}\n"
        )
    };
    let derived = routed("", "", &shapes("{ matching = \"/(a|bc)/[0-9]{2}\" }"))
        .run(&["--generate", "5", "--seed", "1"])
        .ends(0, "pass");
    assert!(!derived.text.contains("[coverage]"), "{}", derived.text);

    let differs = "return send(200, '{\"a\":2}');";
    let whole = shapes("{ some = { matching = \"/[a-z]\" }, length = [1, 4] }");
    let ran = routed("", differs, &whole)
        .run(&["--generate", "50", "--seed", "1"])
        .ends(3, "fail");
    assert_eq!(only_finding(&ran)["path"], "GET /{any} body:$.a");
    let notices = ran.list("notices").join("\n");
    for part in ["paths of `s`", "[coverage]", "fixtures/probes/s/probe.toml"] {
        assert!(notices.contains(part), "{notices}");
    }
}

#[test]
fn cleaning_requests_run_before_every_input() {
    let root = servers("if (count === 3 && request.url === '/count') found = '{\"count\":4}';");
    let ran = root
        .run(&["--generate", "100", "--seed", "1"])
        .ends(3, "fail");
    let finding = only_finding(&ran);
    assert_eq!(finding["path"], "GET /count body:$.count");
    assert_eq!(requests(finding).len(), 4, "{finding:#?}");
}
