//! The providers that are configured.

use std::sync::Arc;

use lakehouse_base::chat::ChatModel;
use lakehouse_models::{
    ClientError,
    chat::{OllamaChat, ollama},
};

use super::config::ChatConfig;

/// The configured providers by name.
pub type ChatProviders = Arc<[(&'static str, Arc<dyn ChatModel>)]>;

/// The providers of a configuration. This sends nothing to them.
///
/// # Errors
/// When no HTTP client can be built for a provider.
pub fn providers(config: &ChatConfig) -> Result<ChatProviders, ClientError> {
    let mut providers: Vec<(_, Arc<dyn ChatModel>)> = Vec::new();
    if let Some(config) = &config.ollama {
        let timeout = config.timeout_ms.duration();
        let model = OllamaChat::new(config.url.as_str(), timeout)?;
        providers.push((ollama::PROVIDER, Arc::new(model)));
    }
    Ok(providers.into())
}
