//! The model server as a process: embeddings by words, so that systems are compared and not their
//! embedders.

use anstream::println;
use anyhow::Result;
use lakehouse_rig::model_server::{ModelServer, embedding};

/// Serves on a free port and prints the URL.
///
/// # Errors
/// No port can be bound.
pub async fn run() -> Result<()> {
    let server = ModelServer::start(None).await?;
    let instance = server.instance("load");
    instance.embed_with(embedding::by_words);
    instance.stop_recording();
    println!("{}", instance.url());
    std::future::pending().await
}
