//! Request bodies and the checks of their answers.

use std::collections::HashSet;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::Result;
use bytes::Bytes;
use hyper::StatusCode;
use serde_json::json;

use super::super::plan::{Load, Plan};
use super::{EMBED, SEARCH};
use crate::flows::{Dataset, Embeddings, Fault, FaultKind, Search, Session, Users, check};

const K: usize = 10;

/// A request body, with the first answer to it.
pub(super) struct Body {
    bytes: Bytes,
    kind: Kind,
    first_answer: OnceLock<Bytes>,
}

enum Kind {
    Search { text: String },
    Embed,
}

impl Body {
    /// The different bodies that a plan sends to one route.
    pub(super) fn all(plan: &Plan, dataset: &Dataset, path: &str) -> Vec<Self> {
        let count = match &plan.load {
            Load::Flows | Load::Open { .. } => 0,
            Load::Search { bodies } | Load::Mixed { bodies } => *bodies as usize,
        };
        let texts = texts(dataset, count).into_iter();
        match path {
            SEARCH => texts.map(|text| Self::search(plan, text)).collect(),
            EMBED => texts.map(|text| Self::embed(&text)).collect(),
            _ => Vec::new(),
        }
    }

    fn new(bytes: Bytes, kind: Kind) -> Self {
        Self {
            bytes,
            kind,
            first_answer: OnceLock::new(),
        }
    }

    fn search(plan: &Plan, text: String) -> Self {
        let search = Search::cold(&text, &plan.corpora, K);
        let bytes = serde_json::to_vec(&search).expect("a search serializes");
        Self::new(bytes.into(), Kind::Search { text })
    }

    fn embed(text: &str) -> Self {
        let bytes = json!({ "texts": [text] }).to_string();
        Self::new(bytes.into(), Kind::Embed)
    }

    pub(super) fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Checks an answer: the first one by its content, later ones by comparison with the first.
    pub(super) fn check(
        &self,
        users: &Users,
        status: StatusCode,
        answer: Bytes,
    ) -> Result<(), Fault> {
        if let Some(first) = self.first_answer.get()
            && status.is_success()
            && *first == answer
        {
            return Ok(());
        }
        let request = String::from_utf8_lossy(&self.bytes);
        if !status.is_success() {
            let answer = String::from_utf8_lossy(&answer);
            let detail = format_args!("{status} {answer}; request: {request}");
            return Err(Fault::new(FaultKind::Status, detail));
        }
        match &self.kind {
            Kind::Search { text } => {
                let search = Search::cold(text, &users.corpora, K);
                let answer = Session::parse_search(&search, &answer)?;
                check::search(&users.dataset, &search, &answer)?;
            }
            Kind::Embed => {
                let answer: Embeddings = serde_json::from_slice(&answer).map_err(|error| {
                    let detail = format_args!("{error}; request: {request}");
                    Fault::new(FaultKind::Unreadable, detail)
                })?;
                check::vectors(&request, 1, &answer)?;
            }
        }
        let first = self.first_answer.get_or_init(|| answer.clone());
        check::same_bytes(&request, first, &answer)
    }
}

/// The bodies of a search load over these corpora.
pub fn search_bodies(dataset: &Path, corpora: &[String], count: u32) -> Result<Vec<String>> {
    let dataset = Dataset::read(dataset, corpora)?;
    let texts = texts(&dataset, count as usize).into_iter();
    let body = |text: String| serde_json::to_string(&Search::cold(&text, corpora, K));
    Ok(texts.map(body).collect::<serde_json::Result<_>>()?)
}

/// `count` different texts: the queries of the dataset, then the same with order numbers.
fn texts(dataset: &Dataset, count: usize) -> Vec<String> {
    let mut seen = HashSet::new();
    let demands = dataset.demands().iter();
    let demands = demands.map(|demand| demand.text.to_string());
    let mut texts: Vec<String> = demands.filter(|text| seen.insert(text.clone())).collect();
    let different = texts.len();
    for number in different..count {
        texts.push(format!("{} PO {number}", texts[number % different]));
    }
    texts.truncate(count);
    texts
}
