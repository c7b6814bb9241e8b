//! The provider `ollama`: its requests, the answers that it reads, and its errors.

use std::time::Duration;

use lakehouse_base::chat::{ChatModel, ChatOptions, Message, Reply, Role};
use lakehouse_models::chat::OllamaChat;
use lakehouse_rig::model_server::Raw;

use crate::support::{LONG_TIMEOUT, SHORT_TIMEOUT, closed_url, fixed};

async fn reply(url: &str, timeout: Duration, options: &ChatOptions) -> Result<Reply, String> {
    let model = OllamaChat::new(url, timeout).unwrap();
    let message = |role, content: &str| Message {
        role,
        content: content.to_owned(),
    };
    let messages = [
        message(Role::System, "be\nbrief"),
        message(Role::User, "\"hi\" \u{7f}"),
    ];
    model
        .reply("m/1", &messages, options)
        .await
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn answers() {
    let malformed = Err("ollama: answer is malformed");
    let cases: [(u16, &[u8], Result<&str, &str>); 17] = [
        (
            200,
            br#"{"message":{"role":"assistant","content":"{\"a\":1}\n"},"done":true}"#,
            Ok("{\"a\":1}\n"),
        ),
        (200, br#"{"message":{"content":""}}"#, Ok("")),
        (
            200,
            br#"{"message":1,"message":{"content":2,"content":"b"}}"#,
            Ok("b"),
        ),
        (
            200,
            br#"{"message":{"content":"\ud83d\ude00 \ud83d"}}"#,
            Ok("😀 \u{fffd}"),
        ),
        (200, br#"{"message":{"content":null}}"#, malformed),
        (200, br#"{"message":{"content":["a"]}}"#, malformed),
        (200, br#"{"message":{}}"#, malformed),
        (200, br#"{"message":"a"}"#, malformed),
        (200, br#"{"Message":{"content":"a"}}"#, malformed),
        (200, br#"{"message":{"content":"a"}}{"#, malformed),
        (200, br#"{"message":{"content":"a"}"#, malformed),
        (200, b"{\"message\":{\"content\":\"\xFF\"}}", malformed),
        (200, b"", malformed),
        (
            404,
            br#"{"message":{"content":"a"}}"#,
            Err("ollama: answered status 404"),
        ),
        (
            500,
            br#"{"message":{"content":"a"}}"#,
            Err("ollama: answered status 500"),
        ),
        (204, b"", Err("ollama: answered status 204")),
        (302, b"", Err("ollama: answered status 302")),
    ];
    for (status, body, want) in cases {
        let (_server, url) = fixed(status, body).await;
        let got = reply(&url, LONG_TIMEOUT, &ChatOptions::default()).await;
        let want = want.map(Reply::whole).map_err(str::to_owned);
        assert_eq!(got, want, "{status} {}", String::from_utf8_lossy(body));
    }
}

#[tokio::test]
async fn a_reply_that_ended_at_the_limit_is_cut_off() {
    let cases = [
        (r#""length""#, true),
        (r#""leng\u0074h""#, true),
        (r#""stop""#, false),
        (r#""LENGTH""#, false),
        (r#"["length"]"#, false),
        ("null", false),
    ];
    for (done_reason, is_cut_off) in cases {
        let body = format!(r#"{{"message":{{"content":"a"}},"done_reason":{done_reason}}}"#);
        let (_server, url) = fixed(200, body.leak().as_bytes()).await;
        let got = reply(&url, LONG_TIMEOUT, &ChatOptions::default()).await;
        let text = "a".to_owned();
        assert_eq!(got, Ok(Reply { text, is_cut_off }), "{done_reason}");
    }
}

#[tokio::test]
async fn separate_reasoning_is_not_part_of_the_reply() {
    let body =
        br#"{"message":{"thinking":"b","reasoning":"c","reasoning_content":"d","content":"a"}}"#;
    let (_server, url) = fixed(200, body).await;
    let got = reply(&url, LONG_TIMEOUT, &ChatOptions::default()).await;
    assert_eq!(got, Ok(Reply::whole("a")));
}

#[tokio::test]
async fn connection_failures_have_distinct_errors() {
    let got = reply(&closed_url(), LONG_TIMEOUT, &ChatOptions::default()).await;
    assert_eq!(got, Err("ollama: cannot connect".to_owned()));

    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"message\":";
    let cases = [
        (Some(""), LONG_TIMEOUT, "ollama: connection interrupted"),
        (
            Some("HTTP/1.1 20"),
            LONG_TIMEOUT,
            "ollama: connection interrupted",
        ),
        (Some(cut), LONG_TIMEOUT, "ollama: connection interrupted"),
        (None, SHORT_TIMEOUT, "ollama: timed out after 50 ms"),
    ];
    for (answer, timeout, want) in cases {
        let raw = Raw::start(answer.map(str::as_bytes)).await.unwrap();
        let got = reply(&raw.url(), timeout, &ChatOptions::default()).await;
        assert_eq!(got, Err(want.to_owned()), "{answer:?}");
    }
}

#[tokio::test]
async fn requests_match_the_contract() {
    let temperature = || Some("2.0e-1".to_owned());
    let cases = [
        (None, None, ""),
        (temperature(), None, r#","options":{"temperature":2.0e-1}"#),
        (None, Some(512), r#","options":{"num_predict":512}"#),
        (
            temperature(),
            Some(1),
            r#","options":{"temperature":2.0e-1,"num_predict":1}"#,
        ),
    ];
    let raw = Raw::start(Some(b"")).await.unwrap();
    for (temperature, max_tokens, options) in cases {
        reply(
            &raw.url(),
            LONG_TIMEOUT,
            &ChatOptions {
                temperature,
                max_tokens,
            },
        )
        .await
        .unwrap_err();
        let request = raw.requests().pop().unwrap();
        assert!(
            request.starts_with("POST /api/chat HTTP/1.1\r\n"),
            "{request}"
        );
        let messages = "[{\"role\":\"system\",\"content\":\"be\\nbrief\"},\
                        {\"role\":\"user\",\"content\":\"\\\"hi\\\" \u{7f}\"}]";
        let body = format!(
            "\r\n\r\n{{\"model\":\"m/1\",\"messages\":{messages},\"stream\":false{options}}}"
        );
        assert!(request.ends_with(&body), "{request}");
    }
}
