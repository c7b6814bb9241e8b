//! The matrix, over the vectors' indexes.

use std::sync::Arc;

use ::metrics::Counter;
use lakehouse_base::SystemClock;
use lakehouse_matrix::{
    IngestError, Matrix, MatrixError, MatrixParts,
    judge::{ChatJudge, Rules},
    playbook::PlaybookConfig,
    role::RoleReader,
};

use lakehouse_understand::Dictionary;

use super::{
    config::{Judge, MatrixConfig, RoleReader as RoleReaderKind},
    lexicon::{self, LexiconRefused},
    metrics,
};
use crate::{
    config::NonEmptyText,
    http::{metrics::Metrics, problem::problem_from},
    services::{
        chat::ChatProviders,
        embed::Embed,
        vectors::{
            Vectors,
            metrics::{ItemsWritten, searches},
        },
    },
};

/// The service.
pub struct MatrixService {
    pub(super) matrix: Matrix,
    pub(super) searches: Counter,
    pub(super) written: ItemsWritten,
    pub(super) metrics: Metrics,
}

impl MatrixService {
    /// The matrix of a configuration that has passed its check: it has a chat model wherever it
    /// chooses one.
    ///
    /// # Errors
    /// When the lexicon's file cannot be read.
    pub fn new(
        config: &MatrixConfig,
        vectors: &Vectors,
        embed: &Embed,
        chat: &ChatProviders,
        metrics: &Metrics,
    ) -> Result<Arc<Self>, LexiconRefused> {
        metrics.with(metrics::describe);
        let dictionary = lexicon::dictionary(config.lexicon.as_deref())?;
        Ok(Arc::new(Self {
            matrix: Matrix::new(parts(config, dictionary, vectors, embed, chat)),
            searches: searches(metrics, "matrix"),
            written: ItemsWritten::new(metrics),
            metrics: metrics.clone(),
        }))
    }
}

fn parts(
    config: &MatrixConfig,
    dictionary: Dictionary,
    vectors: &Vectors,
    embed: &Embed,
    chat: &ChatProviders,
) -> MatrixParts {
    let provider = config.chat_provider.as_str();
    let chat = chat.iter().find(|(name, _)| *name == provider);
    let chat = chat.zip(config.chat_model.as_ref().map(NonEmptyText::as_str));
    let chat = chat.map(|((_, provider), model)| (Arc::clone(provider), model));
    MatrixParts {
        engine: Arc::clone(vectors.engine()),
        embedders: embed.embedders().clone(),
        clock: Arc::new(SystemClock),
        judge: match (config.judge, &chat) {
            (Judge::Chat, Some((provider, model))) => {
                Arc::new(ChatJudge::new(Arc::clone(provider), *model))
            }
            _ => Arc::new(Rules),
        },
        role_reader: chat
            .filter(|_| config.role_reader == RoleReaderKind::Chat)
            .map(|(provider, model)| RoleReader::new(provider, model)),
        config: PlaybookConfig {
            max_distance: config.playbook_distance.get(),
            half_life_days: config.playbook_half_life_days.get(),
            ..PlaybookConfig::default()
        },
        dictionary: Arc::new(dictionary.with_parts(config.understand.parts())),
        looks_up: config.understand.look_up.0,
        cache_bytes: config.cache_bytes.get(),
    }
}

problem_from!(MatrixError, IngestError);
