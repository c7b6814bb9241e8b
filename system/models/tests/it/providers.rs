//! The HTTP providers: their requests, the answers that they read, and their errors.

use std::borrow::Cow;

use lakehouse_models::embed::{EmbedRequest, Embedder};
use lakehouse_rig::model_server::Raw;

use crate::support::{
    LONG_TIMEOUT, SHORT_TIMEOUT, closed_url, fixed, ollama, ollama_within, openai,
};

/// A status, a body, and the result for two texts.
type Case<'a> = (u16, &'a [u8], Result<&'a [[f32; 2]], &'a str>);

async fn embed(embedder: &dyn Embedder, texts: &[&str]) -> Result<Vec<Vec<f32>>, String> {
    let texts: Vec<_> = texts.iter().map(|text| Cow::Borrowed(*text)).collect();
    let request = EmbedRequest {
        model: "m\n",
        prefix: "",
        texts: &texts,
    };
    let embeddings = embedder
        .embed(request)
        .await
        .map_err(|error| error.to_string())?;
    Ok(embeddings
        .iter()
        .map(|embedding| embedding.values().to_vec())
        .collect())
}

#[tokio::test]
async fn answers_of_ollama() {
    let malformed = Err("ollama: answer is malformed");
    let cases: [Case<'_>; 28] = [
        (
            200,
            br#"{"embeddings":[[3,4],[-1e0,0.0]]}"#,
            Ok(&[[0.6, 0.8], [-1.0, 0.0]]),
        ),
        (
            200,
            b" {\"x\\ud800\" : {\"embeddings\":1}, \"embeddings\":\n[[1,0],[0,1]] } ",
            Ok(&[[1.0, 0.0], [0.0, 1.0]]),
        ),
        (
            200,
            br#"{"embeddings":null,"embeddings":[[1,0],[0,1]]}"#,
            Ok(&[[1.0, 0.0], [0.0, 1.0]]),
        ),
        (
            200,
            br#"{"embedd\u0069ngs":[[1,0],[0,1]]}"#,
            Ok(&[[1.0, 0.0], [0.0, 1.0]]),
        ),
        (
            200,
            br#"{"embeddings":[[1,0],[0,1]],"embeddings":[]}"#,
            malformed,
        ),
        (200, br#"{"embeddings":[[1,0]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[0,1],[1,1]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[0,1,0]]}"#, malformed),
        (200, br#"{"embeddings":[[],[]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[NaN,1]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[null,1]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[1e999,1]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[-1e999,1]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],["1",1]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[0,0]]}"#, malformed),
        (200, br#"{"embeddings":[[1,0],null]}"#, malformed),
        (200, br#"{"embeddings":{"0":[1,0]}}"#, malformed),
        (200, br#"{"embeddings":[[1,0],[0,1]]} x"#, malformed),
        (200, br#"{"embeddings":[[1,0],[0,1]]"#, malformed),
        (
            200,
            b"{\"embeddings\":[[1,0],[0,1]],\"a\":\"\xFF\"}",
            malformed,
        ),
        (200, br#"{"Embeddings":[[1,0],[0,1]]}"#, malformed),
        (200, br#"{"embedding":[1,0]}"#, malformed),
        (200, br#"[[1,0],[0,1]]"#, malformed),
        (200, b"", malformed),
        (
            404,
            br#"{"error":"model not found"}"#,
            Err(
                "unknown model `m\n`: ollama answered status 404 to `POST /api/embed`: model not found",
            ),
        ),
        (
            500,
            br#"{"embeddings":[[1,0],[0,1]]}"#,
            Err("ollama: answered status 500"),
        ),
        (
            201,
            br#"{"embeddings":[[1,0],[0,1]]}"#,
            Err("ollama: answered status 201"),
        ),
        (307, b"", Err("ollama: answered status 307")),
    ];
    for (status, body, want) in cases {
        let (_server, url) = fixed(status, body).await;
        let got = embed(&ollama(&url), &["a", "b"]).await;
        let want = want.map(|vectors| vectors.iter().map(|vector| vector.to_vec()).collect());
        let want = want.map_err(str::to_owned);
        assert_eq!(got, want, "{status} {}", String::from_utf8_lossy(body));
    }
}

#[tokio::test]
async fn answers_of_openai() {
    let malformed = Err("openai: answer is malformed");
    let cases: [Case<'_>; 13] = [
        (
            200,
            br#"{"data":[{"index":1,"embedding":[0,2]},{"embedding":[2,0],"index":0.0}]}"#,
            Ok(&[[1.0, 0.0], [0.0, 1.0]]),
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]},{"embedding":[2,0],"index":0}]}"#,
            malformed,
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]},{"embedding":[2,0],"index":2}]}"#,
            malformed,
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]},{"embedding":[2,0],"index":-1}]}"#,
            malformed,
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]},{"embedding":[2,0],"index":1.5}]}"#,
            malformed,
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]},{"embedding":[2,0]}]}"#,
            malformed,
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]},{"index":1}]}"#,
            malformed,
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]},{"index":1,"embedding":[null,1]}]}"#,
            malformed,
        ),
        (
            200,
            br#"{"data":[{"index":0,"embedding":[0,2]}]}"#,
            malformed,
        ),
        (200, br#"{"embeddings":[[1,0],[0,1]]}"#, malformed),
        (
            404,
            b"404 page not found",
            Err(
                "unknown model `m\n`: openai answered status 404 to `POST /v1/embeddings`: 404 page not found",
            ),
        ),
        (
            404,
            b"",
            Err("unknown model `m\n`: openai answered status 404 to `POST /v1/embeddings`"),
        ),
        (
            401,
            br#"{"error":{"message":"Incorrect API key"}}"#,
            Err("openai: answered status 401: Incorrect API key"),
        ),
    ];
    for (status, body, want) in cases {
        let (_server, url) = fixed(status, body).await;
        let got = embed(&openai(&url, None), &["a", "b"]).await;
        let want = want.map(|vectors| vectors.iter().map(|vector| vector.to_vec()).collect());
        let want = want.map_err(str::to_owned);
        assert_eq!(got, want, "{status} {}", String::from_utf8_lossy(body));
    }
}

#[tokio::test]
async fn connection_failures_have_distinct_errors() {
    let got = embed(&ollama(&closed_url()), &["a"]).await;
    assert_eq!(got, Err("ollama: cannot connect".to_owned()));

    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"embeddings\":[[1";
    let cut_chunk = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{\"embedd";
    let cases = [
        (Some(""), LONG_TIMEOUT, "ollama: connection interrupted"),
        (
            Some("HTTP/1.1 200 O"),
            LONG_TIMEOUT,
            "ollama: connection interrupted",
        ),
        (Some(cut), LONG_TIMEOUT, "ollama: connection interrupted"),
        (
            Some(cut_chunk),
            LONG_TIMEOUT,
            "ollama: connection interrupted",
        ),
        (None, SHORT_TIMEOUT, "ollama: timed out after 50 ms"),
    ];
    for (answer, timeout, want) in cases {
        let raw = Raw::start(answer.map(str::as_bytes)).await.unwrap();
        let got = embed(&ollama_within(timeout, &raw.url()), &["a"]).await;
        assert_eq!(got, Err(want.to_owned()), "{answer:?}");
    }
}

#[tokio::test]
async fn requests_match_the_contract() {
    let raw = Raw::start(Some(b"")).await.unwrap();
    let url = raw.url();
    let texts = ["a/\"\u{1}\u{2028}", "b"];
    embed(&ollama(&url), &texts).await.unwrap_err();
    embed(&openai(&url, Some("key")), &texts).await.unwrap_err();
    embed(&openai(&url, None), &texts).await.unwrap_err();
    let same_address = ["/", "/v1", "/v1/", "/v1/embeddings"];
    for ending in same_address {
        let url = format!("{url}{ending}");
        embed(&openai(&url, None), &texts).await.unwrap_err();
    }
    let requests = raw.requests();
    let [of_ollama, with_key, without_key, with_endings @ ..] = &requests[..] else {
        panic!("{requests:?}")
    };
    assert_eq!(with_endings.len(), same_address.len());
    for request in with_endings {
        assert!(
            request.starts_with("POST /v1/embeddings HTTP/1.1\r\n"),
            "{request}"
        );
    }

    let input = "\"input\":[\"a/\\\"\\u0001\u{2028}\",\"b\"]";
    assert!(
        of_ollama.starts_with("POST /api/embed HTTP/1.1\r\n"),
        "{of_ollama}"
    );
    let body = format!("\r\n\r\n{{\"model\":\"m\\n\",{input},\"truncate\":false}}");
    assert!(of_ollama.ends_with(&body), "{of_ollama}");

    assert!(
        with_key.starts_with("POST /v1/embeddings HTTP/1.1\r\n"),
        "{with_key}"
    );
    let body = format!("\r\n\r\n{{\"model\":\"m\\n\",{input},\"encoding_format\":\"float\"}}");
    assert!(with_key.ends_with(&body), "{with_key}");
    assert!(
        with_key.contains("\r\nauthorization: Bearer key\r\n"),
        "{with_key}"
    );
    assert!(!without_key.contains("authorization"), "{without_key}");
}

#[tokio::test]
async fn any_answer_passes_the_check() {
    let (_server, url) = fixed(404, b"").await;
    assert_eq!(ollama(&url).check().await, Ok(()));
    let error = openai(&closed_url(), None).check().await.unwrap_err();
    assert_eq!(error.to_string(), "openai: cannot connect");
}
