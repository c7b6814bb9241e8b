//! A matrix for tests, with short calls to fill and search it.

use std::{
    sync::{Arc, LazyLock, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use lakehouse_base::{
    Clock, UpstreamError, UpstreamFault,
    chat::{ChatModel, ChatOptions, Message, Reply},
};
use lakehouse_json::parse;
use lakehouse_matrix::{
    Answer, CorpusName, Document, Matrix, MatrixParts, MatrixQuery, NewRecording, Recorded,
    judge::{Judge, Rules},
    playbook::{PlaybookConfig, Score},
    role::RoleReader,
};
use lakehouse_models::embed::{EmbedCache, Embedder, Embedders};
use lakehouse_understand::{Dictionary, Lexicon, Parts};
use lakehouse_vector::{Engine, EngineOptions, Metadata};
use tempfile::TempDir;

use crate::counting::{Counting, counting};

/// A matrix and its services.
pub(crate) struct Fixture {
    pub(crate) matrix: Matrix,
    pub(crate) embedders: Embedders,
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Arc<ManualClock>,
    _root: TempDir,
}

/// A clock that tests advance.
pub(crate) struct ManualClock(Mutex<SystemTime>);

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

impl ManualClock {
    pub(crate) fn advance(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }

    pub(crate) fn advance_days(&self, days: u32) {
        self.advance(Duration::from_secs(u64::from(days) * 86_400));
    }
}

/// The options of a fixture.
pub(crate) struct Options {
    pub(crate) provider: Option<Arc<dyn Embedder>>,
    pub(crate) judge: Arc<dyn Judge>,
    pub(crate) role_reader: Option<RoleReader>,
    pub(crate) parts: Parts,
    pub(crate) looks_up: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            provider: None,
            judge: Arc::new(Rules),
            role_reader: None,
            parts: Parts::ALL,
            looks_up: true,
        }
    }
}

impl Fixture {
    /// A fixture with the hash embedder, the rules, and no model.
    pub(crate) async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// A fixture with an upstream that counts its calls, for all models but `hash-768`. The default
    /// model is `m`.
    pub(crate) async fn with_upstream() -> (Self, Counting) {
        let (ollama, seen) = counting().await;
        let options = Options {
            provider: Some(Arc::new(ollama)),
            ..Options::default()
        };
        (Self::with(options).await, seen)
    }

    pub(crate) async fn with(options: Options) -> Self {
        let root = TempDir::new().unwrap();
        let store = lakehouse_store::open("memory://", &root.path().join("cache")).unwrap();
        let mut engine_options = EngineOptions::new(root.path().join("vectors"), store);
        Matrix::configure(&mut engine_options);
        let engine = Engine::open(engine_options).await.unwrap();
        let cache = EmbedCache::new(1 << 20);
        let embedders = match options.provider {
            Some(provider) => Embedders::with_provider(cache, provider, "m"),
            None => Embedders::built_in(cache),
        };
        // 2026-11-21T08:00:00.5Z
        let now = UNIX_EPOCH + Duration::from_millis(1_795_248_000_500);
        let clock = Arc::new(ManualClock(Mutex::new(now)));
        let matrix = Matrix::new(MatrixParts {
            engine: Arc::clone(&engine),
            embedders: embedders.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            judge: options.judge,
            role_reader: options.role_reader,
            config: PlaybookConfig::default(),
            dictionary: dictionary_of(options.parts),
            looks_up: options.looks_up,
            cache_bytes: 1 << 20,
        });
        Self {
            matrix,
            embedders,
            engine,
            clock,
            _root: root,
        }
    }

    /// Creates a corpus if it does not exist, and ingests documents: id, text, metadata.
    pub(crate) async fn fill(&self, corpus: &str, documents: &[(&str, &str, &str)]) {
        let name = corpus_name(corpus);
        self.matrix.create_corpus(&name, None).await.unwrap();
        let mut ingestion = self.matrix.ingest(&name).unwrap();
        for (line, (id, text, metadata)) in (1..).zip(documents) {
            let metadata = Metadata::parse(metadata).unwrap();
            let document = Document::new(*id, *text, metadata).unwrap();
            ingestion.add(line, document).await.unwrap();
        }
        assert_eq!(ingestion.finish().await.unwrap().count, documents.len());
    }

    pub(crate) async fn search(&self, query: MatrixQuery<'_>) -> Answer {
        self.matrix.search(query).await.unwrap()
    }

    /// Searches with the playbook.
    pub(crate) async fn warm(&self, text: &str, corpora: &[&str], k: usize) -> Answer {
        self.search(MatrixQuery {
            k,
            use_playbook: true,
            ..MatrixQuery::new(text, corpora.to_vec())
        })
        .await
    }

    pub(crate) async fn cold(&self, text: &str, corpora: &[&str], k: usize) -> Answer {
        self.search(MatrixQuery {
            k,
            ..MatrixQuery::new(text, corpora.to_vec())
        })
        .await
    }

    /// Records an answer, `corpus/id`.
    pub(crate) async fn record(
        &self,
        query_text: &str,
        answer: &str,
        score: &str,
        role: Option<&str>,
    ) -> Recorded {
        let (answer_corpus, answer_id) = answer.split_once('/').unwrap();
        let new = NewRecording {
            query_text,
            answer_id,
            answer_corpus,
            score: score_of(score),
            role,
        };
        self.matrix.record(new).await.unwrap()
    }
}

pub(crate) fn corpus_name(name: &str) -> CorpusName {
    CorpusName::parse(name).unwrap()
}

pub(crate) fn score_of(text: &str) -> Score {
    Score::read(&parse(text, 1).unwrap()).unwrap()
}

/// The ids of an answer's hits, in order.
pub(crate) fn ids(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| &*hit.id).collect()
}

/// Each rejected recording's answer and reason, in order.
pub(crate) fn rejected(answer: &Answer) -> Vec<(&str, &str)> {
    let rejected = answer.playbook.rejected.iter();
    rejected
        .map(|one| (&*one.answer_id, one.reason.as_str()))
        .collect()
}

/// A chat model whose replies are a function of the user's message; `None` is an error.
pub(crate) struct Scripted(pub(crate) fn(&str) -> Option<String>);

#[async_trait]
impl ChatModel for Scripted {
    async fn reply(
        &self,
        model: &str,
        messages: &[Message],
        _: &ChatOptions,
    ) -> Result<Reply, UpstreamError> {
        assert_eq!(model, "m");
        let [_, user] = messages else {
            panic!("not a task and its input: {messages:?}");
        };
        (self.0)(&user.content)
            .map(Reply::whole)
            .ok_or_else(|| UpstreamError::new("scripted", UpstreamFault::CannotConnect))
    }
}

/// The built-in dictionary, compiled once.
pub(crate) fn dictionary() -> Arc<Dictionary> {
    static DICTIONARY: LazyLock<Arc<Dictionary>> =
        LazyLock::new(|| Arc::new(Dictionary::new(&Lexicon::built_in())));
    Arc::clone(&DICTIONARY)
}

/// The built-in dictionary, for understanding by these parts alone.
fn dictionary_of(parts: Parts) -> Arc<Dictionary> {
    let all = dictionary();
    if parts == Parts::ALL {
        return all;
    }
    Arc::new(Dictionary::clone(&all).with_parts(parts))
}
