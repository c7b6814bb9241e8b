//! The scripted model server over real HTTP.

use std::time::{Duration, Instant};

use lakehouse_rig::model_server::{Answer, Instance, ModelServer, Raw};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const MODEL: &str = "nomic-embed-text";

fn script(toml: &str) -> Vec<Answer> {
    #[derive(serde::Deserialize)]
    struct Case {
        upstream: Vec<Answer>,
    }
    toml::from_str::<Case>(toml).unwrap().upstream
}

async fn post(instance: &Instance, path: &str, body: Value) -> Response {
    Client::new()
        .post(format!("{}{path}", instance.url()))
        .json(&body)
        .send()
        .await
        .unwrap()
}

async fn chat(instance: &Instance, stream: bool) -> Response {
    let body = json!({
        "model": "qwen2.5",
        "messages": [{"role": "user", "content": "hello"}],
        "stream": stream,
    });
    post(instance, "/api/chat", body).await
}

fn text_of(answer: &Value) -> &str {
    answer["message"]["content"].as_str().unwrap()
}

#[tokio::test]
async fn default_embeddings_depend_on_the_text_alone() {
    let server = ModelServer::start(None).await.unwrap();
    let (rust, go) = (server.instance("rust"), server.instance("go"));
    let body = json!({"model": MODEL, "input": ["fork lift", "picker"], "truncate": false});
    let left = post(&rust, "/api/embed", body.clone()).await;
    assert_eq!(left.status(), StatusCode::OK);
    assert_eq!(
        left.headers()["content-type"],
        "application/json; charset=utf-8"
    );
    let left: Value = left.json().await.unwrap();
    let right: Value = post(&go, "/api/embed", body).await.json().await.unwrap();
    assert_eq!(left, right);
    assert_eq!(left["model"], MODEL);
    assert_eq!(left["prompt_eval_count"], 3);
    let vectors = left["embeddings"].as_array().unwrap();
    assert_eq!(vectors.len(), 2);
    assert_ne!(vectors[0], vectors[1]);
    assert_eq!(vectors[0].as_array().unwrap().len(), 16);

    let one: Value = post(
        &rust,
        "/api/embed",
        json!({"model": format!("{MODEL}:latest"), "input": "picker"}),
    )
    .await
    .json()
    .await
    .unwrap();
    assert_eq!(one["embeddings"][0], vectors[1]);
    server.stop().await;
}

#[tokio::test]
async fn errors_are_those_of_ollama() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    let cases = [
        (
            json!({"model": "nope", "input": "a"}),
            404,
            "model \"nope\" not found, try pulling it first",
        ),
        (json!({"input": "a"}), 400, "model is required"),
        (
            json!({"model": MODEL, "input": 7}),
            400,
            "invalid input type",
        ),
        (
            json!({"model": MODEL, "input": [7]}),
            400,
            "invalid input type",
        ),
    ];
    for (body, status, message) in cases {
        let answer = post(&instance, "/api/embed", body).await;
        assert_eq!(answer.status(), status);
        assert_eq!(
            answer.json::<Value>().await.unwrap(),
            json!({"error": message})
        );
    }
    let empty = Client::new()
        .post(format!("{}/api/chat", instance.url()))
        .send()
        .await
        .unwrap();
    assert_eq!(empty.status(), 400);
    assert_eq!(
        empty.json::<Value>().await.unwrap(),
        json!({"error": "missing request body"})
    );
    let wrong_method = reqwest::get(format!("{}/api/chat", instance.url()))
        .await
        .unwrap();
    assert_eq!(wrong_method.status(), 405);
    let unknown = reqwest::get(format!("{}/api/nothing", instance.url()))
        .await
        .unwrap();
    assert_eq!(unknown.status(), 404);
    server.stop().await;
}

#[tokio::test]
async fn chat_streams_unless_the_request_turns_it_off() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    let whole: Value = chat(&instance, false).await.json().await.unwrap();
    assert_eq!(whole["done"], true);
    assert_eq!(whole["done_reason"], "stop");
    assert_eq!(whole["message"]["role"], "assistant");

    let streamed = post(
        &instance,
        "/api/chat",
        json!({"model": "qwen2.5", "messages": []}),
    )
    .await;
    assert_eq!(streamed.headers()["content-type"], "application/x-ndjson");
    let body = streamed.text().await.unwrap();
    let lines: Vec<Value> = body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let joined: String = lines.iter().map(text_of).collect();
    assert_eq!(joined, text_of(&whole));
    let (last, before) = lines.split_last().unwrap();
    assert_eq!(last["done"], true);
    assert!(before.len() > 1 && before.iter().all(|line| line["done"] == false));
    server.stop().await;
}

#[tokio::test]
async fn a_prompt_can_script_the_reply() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    let cases = [
        ("Reply with: {}", "{}", "stop"),
        ("Do it. Reply with: a\n\nContext: {}", "a", "stop"),
        ("Reply cut off with: {\"a", "{\"a", "length"),
        ("Reply with: ", "", "stop"),
    ];
    for (prompt, reply, reason) in cases {
        let messages = json!([
            {"role": "system", "content": "Reply with: system"},
            {"role": "user", "content": prompt},
            {"role": "assistant", "content": reply},
            {"role": "user", "content": "Again."},
        ]);
        let body = json!({"model": "qwen2.5", "messages": messages, "stream": false});
        let answer = post(&instance, "/api/chat", body).await;
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(text_of(&answer), reply, "{prompt}");
        assert_eq!(answer["done_reason"], reason, "{prompt}");
    }
    server.stop().await;
}

#[tokio::test]
async fn tags_and_version() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    let get = async |path: &str| -> Value {
        reqwest::get(format!("{}{path}", instance.url()))
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    };
    let tags = get("/api/tags").await;
    let names: Vec<&str> = tags["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["nomic-embed-text:latest", "qwen2.5:latest"]);
    assert!(get("/api/version").await["version"].is_string());
    server.stop().await;
}

#[tokio::test]
async fn scripted_answers_are_sent_in_order_and_by_path() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    instance.script(script(
        r#"upstream = [
            { reply = "first" },
            { path = "/api/embed", vectors = [[0.5, -0.5]] },
            { status = 503, body = '{"error":"busy"}' },
            { raw = "not json" },
            { path = "/api/chat", reply = "not requested" },
        ]"#,
    ));
    let first: Value = chat(&instance, false).await.json().await.unwrap();
    assert_eq!(text_of(&first), "first");
    assert_eq!(first["model"], "qwen2.5");

    // A list of models uses no answer up.
    let tags = reqwest::get(format!("{}/api/tags", instance.url())).await;
    assert_eq!(tags.unwrap().status(), 200);

    let embed = json!({"model": MODEL, "input": "a"});
    let vectors: Value = post(&instance, "/api/embed", embed.clone())
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(vectors["embeddings"], json!([[0.5, -0.5]]));
    let busy = post(&instance, "/api/embed", embed.clone()).await;
    assert_eq!(busy.status(), 503);
    assert_eq!(busy.text().await.unwrap(), r#"{"error":"busy"}"#);
    let raw = post(&instance, "/api/embed", embed.clone()).await;
    assert_eq!(raw.status(), 200);
    assert_eq!(raw.text().await.unwrap(), "not json");
    let beyond = post(&instance, "/api/embed", embed).await;
    assert_eq!(beyond.status(), 500);
    assert_eq!(
        beyond.json::<Value>().await.unwrap(),
        json!({"error": "script exhausted"})
    );

    let log = instance.take_log();
    assert_eq!((log.unused, log.beyond_script), (1, 1));
    let paths: Vec<&str> = log.requests.iter().map(|r| r.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/api/chat",
            "/api/tags",
            "/api/embed",
            "/api/embed",
            "/api/embed",
            "/api/embed"
        ]
    );
    assert_eq!(log.requests[1].method, "GET");
    assert_eq!(
        serde_json::from_slice::<Value>(&log.requests[2].body).unwrap(),
        json!({"model": MODEL, "input": "a"})
    );

    // Taking the log ends the script: the defaults answer again.
    assert_eq!(chat(&instance, false).await.status(), 200);
    let after = instance.take_log();
    assert_eq!(
        (after.requests.len(), after.unused, after.beyond_script),
        (1, 0, 0)
    );
    server.stop().await;
}

#[tokio::test]
async fn a_cut_answer_ends_after_its_first_half() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    instance.script(script(
        r#"upstream = [{ cut = true }, { raw = "0123456789", cut = true }]"#,
    ));
    let body = json!({"model": MODEL, "input": "a"});
    let default = post(&instance, "/api/embed", body.clone()).await;
    assert_eq!(default.status(), 200);
    default.bytes().await.unwrap_err();

    let mut cut = post(&instance, "/api/embed", body).await;
    assert_eq!(cut.content_length(), Some(10));
    let mut received = Vec::new();
    let end = loop {
        match cut.chunk().await {
            Ok(Some(chunk)) => received.extend_from_slice(&chunk),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert_eq!(received, b"01234");
    assert!(end.is_err(), "the end of a cut answer is an error");
    server.stop().await;
}

#[tokio::test]
async fn a_delayed_answer_is_late() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    instance.script(script(r#"upstream = [{ delay_ms = 60, reply = "late" }]"#));
    let started = Instant::now();
    let late: Value = chat(&instance, false).await.json().await.unwrap();
    assert_eq!(text_of(&late), "late");
    assert!(started.elapsed() >= Duration::from_millis(60));
    server.stop().await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_late_answers() {
    let server = ModelServer::start(None).await.unwrap();
    let delayed = server.instance("delayed");
    delayed.script(script(
        r#"upstream = [{ delay_ms = 86400000, reply = "late" }]"#,
    ));
    let held = server.instance("held");
    held.script(script(r#"upstream = [{ hold = true, reply = "late" }]"#));
    let stop = async {
        delayed.received(1).await;
        held.received(1).await;
        server.stop().await;
    };
    let (from_delayed, from_held, ()) =
        tokio::join!(chat(&delayed, false), chat(&held, false), stop);
    assert_eq!(from_delayed.status(), 200);
    assert_eq!(from_held.status(), 200);
}

#[tokio::test]
async fn held_answers_wait_for_their_release() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("rust");
    instance.hold();
    let release = async {
        instance.received(2).await;
        assert_eq!(instance.count(), 2);
        instance.release();
    };
    let (first, second, ()) = tokio::join!(chat(&instance, false), chat(&instance, false), release);
    assert_eq!(
        (first.status(), second.status()),
        (StatusCode::OK, StatusCode::OK)
    );
    assert_eq!(chat(&instance, false).await.status(), 200);
    assert_eq!(instance.take_log().requests.len(), 3);
    assert_eq!(instance.count(), 0);
    server.stop().await;
}

#[tokio::test]
async fn an_instance_has_an_embedding_of_its_own_and_may_forget_requests() {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("load");
    instance.embed_with(|text| vec![text.len() as f64, 0.0, -0.5]);
    instance.stop_recording();
    let body = json!({"model": MODEL, "input": ["ab", ""]});
    let answer: Value = post(&instance, "/api/embed", body)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(answer["embeddings"], json!([[2, 0, -0.5], [0, 0, -0.5]]));
    assert_eq!(instance.count(), 1);
    assert_eq!(instance.take_log().requests, []);
    server.stop().await;
}

#[tokio::test]
async fn a_raw_server_sends_bytes_and_closes() {
    let raw = Raw::start(Some(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf"))
        .await
        .unwrap();
    let request = Client::new().post(raw.url()).body("what");
    let answer = request.send().await.unwrap();
    answer.bytes().await.unwrap_err();
    let [request] = &raw.requests()[..] else {
        panic!("{:?}", raw.requests())
    };
    assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\nwhat"), "{request}");
}

#[tokio::test]
async fn instances_of_one_name_do_not_share_a_log() {
    let server = ModelServer::start(None).await.unwrap();
    let (first, second) = (server.instance("go"), server.instance("go"));
    assert_ne!(first.url(), second.url());
    first.script(script(r#"upstream = [{ reply = "for the first" }]"#));
    let answer: Value = chat(&second, false).await.json().await.unwrap();
    assert_ne!(text_of(&answer), "for the first");
    assert_eq!(first.take_log().requests.len(), 0);
    assert_eq!(second.take_log().requests.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn forwarding_passes_answers_through_and_still_records() {
    let real = ModelServer::start(None).await.unwrap();
    let target = real.instance("real");
    let server = ModelServer::start(Some(format!("{}/", target.url())))
        .await
        .unwrap();
    let instance = server.instance("rust");
    target.script(script(
        r#"upstream = [{ reply = "from the real one" }, { status = 404, body = '{"error":"gone"}' }]"#,
    ));
    let answer: Value = chat(&instance, false).await.json().await.unwrap();
    assert_eq!(text_of(&answer), "from the real one");
    let gone = chat(&instance, false).await;
    assert_eq!(gone.status(), 404);
    assert_eq!(gone.text().await.unwrap(), r#"{"error":"gone"}"#);
    let (outer, inner) = (instance.take_log(), target.take_log());
    assert_eq!(outer.requests, inner.requests);
    assert_eq!(outer.requests.len(), 2);

    real.stop().await;
    assert_eq!(chat(&instance, false).await.status(), 502);
    server.stop().await;
}

#[test]
fn invalid_scripts_are_rejected_with_a_reason() {
    let cases = [
        (r#"{ reply = "a", raw = "b" }"#, "an answer has one of"),
        (r#"{ body = "a" }"#, "`body` needs a `status`"),
        ("{ status = 200 }", "`status` 200 needs a `body`"),
        ("{ status = 99, body = 'x' }", "`status` is 99"),
        (r#"{ path = "api/embed" }"#, "must start with a slash"),
        ("{ vectors = [[nan]] }", "JSON cannot express"),
        ("{ replay = 'typo' }", "unknown field `replay`"),
    ];
    for (answer, expected) in cases {
        let error = toml::from_str::<Answer>(&format!("{}\n", inner(answer))).unwrap_err();
        assert!(error.to_string().contains(expected), "`{answer}`: {error}");
    }
}

/// The keys of an inline table, one per line, as a document of its own.
fn inner(table: &str) -> String {
    table
        .trim_start_matches('{')
        .trim_end_matches('}')
        .replace(", ", "\n")
}
