//! Providers of model servers with fixed answers.

use std::time::Duration;

use lakehouse_models::embed::{OllamaEmbedder, OpenAiEmbedder};
use lakehouse_rig::model_server::{Answer, ModelServer};

/// Ends a test that hangs.
pub(crate) const LONG_TIMEOUT: Duration = Duration::from_secs(60);

/// For servers that never answer.
pub(crate) const SHORT_TIMEOUT: Duration = Duration::from_millis(50);

pub(crate) fn ollama(url: &str) -> OllamaEmbedder {
    ollama_within(LONG_TIMEOUT, url)
}

pub(crate) fn ollama_within(timeout: Duration, url: &str) -> OllamaEmbedder {
    OllamaEmbedder::new(url, timeout).unwrap()
}

pub(crate) fn openai(url: &str, api_key: Option<&str>) -> OpenAiEmbedder {
    let api_key = api_key.map(str::to_owned);
    OpenAiEmbedder::new(url, LONG_TIMEOUT, api_key).unwrap()
}

/// A model server that answers every request with this status and body. It runs as long as the
/// returned server lives; its URL is the second part.
pub(crate) async fn fixed(status: u16, body: &'static [u8]) -> (ModelServer, String) {
    let server = ModelServer::start(None).await.unwrap();
    let instance = server.instance("fixed");
    instance.always(Some(Answer::body(status, body)));
    (server, instance.url())
}

/// The URL of a port without a listener.
pub(crate) fn closed_url() -> String {
    format!(
        "http://127.0.0.1:{}",
        lakehouse_rig::port::allocate().unwrap()
    )
}
