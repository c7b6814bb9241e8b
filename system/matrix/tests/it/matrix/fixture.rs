//! A matrix over an engine of its own, and short ways to fill and ask it.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use lakehouse_base::{
    Clock, UpstreamError, UpstreamFault,
    chat::{ChatModel, ChatOptions, Message},
};
use lakehouse_json::parse;
use lakehouse_matrix::{
    Answer, CorpusName, Document, Matrix, MatrixParts, MatrixQuery, NewRecording, Recorded,
    judge::{Judge, Rules},
    playbook::{PlaybookConfig, Score},
    role::RoleReader,
};
use lakehouse_models::embed::{EmbedCache, Embedder, Embedders};
use lakehouse_vector::{Engine, EngineOptions, Metadata};
use tempfile::TempDir;

use crate::counting::{Counting, counting};

/// A matrix, and what it stands on.
pub(crate) struct House {
    pub(crate) matrix: Matrix,
    pub(crate) embedders: Embedders,
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Arc<MovingClock>,
    _root: TempDir,
}

/// A clock that is moved by hand.
pub(crate) struct MovingClock(Mutex<SystemTime>);

impl Clock for MovingClock {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

impl MovingClock {
    pub(crate) fn pass(&self, time: Duration) {
        *self.0.lock().unwrap() += time;
    }

    pub(crate) fn pass_days(&self, days: u32) {
        self.pass(Duration::from_secs(u64::from(days) * 86_400));
    }
}

/// What a house is made with.
pub(crate) struct Plan {
    pub(crate) provider: Option<Arc<dyn Embedder>>,
    pub(crate) judge: Arc<dyn Judge>,
    pub(crate) role_reader: Option<RoleReader>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            provider: None,
            judge: Arc::new(Rules),
            role_reader: None,
        }
    }
}

impl House {
    /// With the hash embedder, the rules, and no model.
    pub(crate) async fn open() -> Self {
        Self::with(Plan::default()).await
    }

    /// With an upstream that counts its calls for every model but `hash-768`; `m` by default.
    pub(crate) async fn with_upstream() -> (Self, Counting) {
        let (ollama, seen) = counting().await;
        let plan = Plan {
            provider: Some(Arc::new(ollama)),
            ..Plan::default()
        };
        (Self::with(plan).await, seen)
    }

    pub(crate) async fn with(plan: Plan) -> Self {
        let root = TempDir::new().unwrap();
        let store = lakehouse_store::open("memory://", &root.path().join("cache")).unwrap();
        let mut options = EngineOptions::new(root.path().join("vectors"), store);
        Matrix::configure(&mut options);
        let engine = Engine::open(options).await.unwrap();
        let cache = EmbedCache::new(1 << 20);
        let embedders = match plan.provider {
            Some(provider) => Embedders::with_provider(cache, provider, "m"),
            None => Embedders::built_in(cache),
        };
        // 2026-11-21T08:00:00.5Z
        let now = UNIX_EPOCH + Duration::from_millis(1_795_248_000_500);
        let clock = Arc::new(MovingClock(Mutex::new(now)));
        let matrix = Matrix::new(MatrixParts {
            engine: Arc::clone(&engine),
            embedders: embedders.clone(),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            judge: plan.judge,
            role_reader: plan.role_reader,
            config: PlaybookConfig::default(),
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

    /// Makes a corpus where there is none, and puts documents into it: id, text, metadata.
    pub(crate) async fn fill(&self, corpus: &str, documents: &[(&str, &str, &str)]) {
        let name = corpus_name(corpus);
        self.matrix.create_corpus(&name, None).await.unwrap();
        let mut intake = self.matrix.take_documents(&name).unwrap();
        for (line, (id, text, metadata)) in (1..).zip(documents) {
            let metadata = Metadata::parse(metadata).unwrap();
            let document = Document::new(*id, *text, metadata).unwrap();
            intake.take(line, document).await.unwrap();
        }
        assert_eq!(intake.finish().await.unwrap(), documents.len());
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

/// A chat model that replies what a function makes of the user's message; `None` is no reply.
pub(crate) struct Scripted(pub(crate) fn(&str) -> Option<String>);

#[async_trait]
impl ChatModel for Scripted {
    async fn reply(
        &self,
        model: &str,
        messages: &[Message],
        _: &ChatOptions,
    ) -> Result<String, UpstreamError> {
        assert_eq!(model, "m");
        let [_, user] = messages else {
            panic!("a task and what it is about: {messages:?}");
        };
        (self.0)(&user.content)
            .ok_or_else(|| UpstreamError::new("scripted", UpstreamFault::CannotConnect))
    }
}
