//! Model servers with fixed answers, on ports of their own.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    http::{StatusCode, Uri},
};
use lakehouse_models::{
    embed::{OllamaEmbedder, OpenAiEmbedder},
    upstream::Upstream,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

pub(crate) fn ollama(address: SocketAddr) -> OllamaEmbedder {
    OllamaEmbedder::new(upstream("ollama", address, None))
}

pub(crate) fn openai(address: SocketAddr, api_key: Option<&str>) -> OpenAiEmbedder {
    OpenAiEmbedder::new(upstream("openai", address, api_key.map(str::to_owned)))
}

fn upstream(provider: &'static str, address: SocketAddr, api_key: Option<String>) -> Upstream {
    let url = format!("http://{address}/");
    Upstream::new(provider, &url, Duration::from_millis(700), api_key).unwrap()
}

/// An upstream that answers one status and body to everything.
pub(crate) async fn fixed(status: u16, body: &'static [u8]) -> SocketAddr {
    let fallback = move |_: Uri| async move { (StatusCode::from_u16(status).unwrap(), body) };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new().fallback(fallback);
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// An upstream that reads a request, writes these bytes and closes; `None` never writes.
/// Returns where it is; the requests' texts are pushed to `requests`.
pub(crate) async fn raw(
    answer: Option<&'static str>,
    requests: Arc<Mutex<Vec<String>>>,
) -> SocketAddr {
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
