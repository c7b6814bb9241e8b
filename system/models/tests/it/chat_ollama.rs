//! The provider `ollama`: what it asks, what it reads, and how each failure is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, http::StatusCode};
use lakehouse_base::chat::{ChatModel, ChatOptions, Message, Role};
use lakehouse_models::chat::OllamaChat;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

async fn reply(address: SocketAddr, options: &ChatOptions) -> Result<String, String> {
    let model = OllamaChat::new(&format!("http://{address}"), Duration::from_millis(700)).unwrap();
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

/// An upstream that answers one status and body to everything.
async fn fixed(status: u16, body: &'static [u8]) -> SocketAddr {
    let fallback = move || async move { (StatusCode::from_u16(status).unwrap(), body) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(fallback)).await });
    address
}

/// An upstream that reads a request, writes these bytes and closes; `None` never writes.
async fn raw(answer: Option<&'static str>, requests: Arc<Mutex<Vec<String>>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 65536];
            let length = stream.read(&mut request).await.unwrap_or(0);
            requests
                .lock()
                .unwrap()
                .push(String::from_utf8_lossy(&request[..length]).into_owned());
            match answer {
                Some(answer) => {
                    // The other side may be gone already, which is what some cases are about.
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
                None => std::future::pending().await,
            }
        }
    });
    address
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
        let got = reply(fixed(status, body).await, &ChatOptions::default()).await;
        let want = want.map(str::to_owned).map_err(str::to_owned);
        assert_eq!(got, want, "{status} {}", String::from_utf8_lossy(body));
    }
}

#[tokio::test]
async fn failures_of_the_connection_are_told_apart() {
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let got = reply(closed, &ChatOptions::default()).await;
    assert_eq!(got, Err("ollama: cannot connect".to_owned()));

    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"message\":";
    let cases = [
        (Some(""), "ollama: connection interrupted"),
        (Some("HTTP/1.1 20"), "ollama: connection interrupted"),
        (Some(cut), "ollama: connection interrupted"),
        (None, "ollama: timed out after 700 ms"),
    ];
    for (answer, want) in cases {
        let address = raw(answer, Arc::default()).await;
        let got = reply(address, &ChatOptions::default()).await;
        assert_eq!(got, Err(want.to_owned()), "{answer:?}");
    }
}

#[tokio::test]
async fn requests_are_those_of_the_contract() {
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
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let address = raw(Some(""), Arc::clone(&requests)).await;
    for (temperature, max_tokens, options) in cases {
        reply(
            address,
            &ChatOptions {
                temperature,
                max_tokens,
            },
        )
        .await
        .unwrap_err();
        let request = requests.lock().unwrap().pop().unwrap();
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
