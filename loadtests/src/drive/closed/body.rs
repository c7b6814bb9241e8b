//! Bodies that are sent, and what answers to them must be.

use std::path::Path;
use std::sync::OnceLock;

use anyhow::Result;
use bytes::Bytes;
use hyper::StatusCode;
use serde_json::json;

use super::super::plan::{Load, Plan};
use super::{EMBED, SEARCH};
use crate::flows::{Embeddings, Fault, FaultKind, House, Search, Session, check};

/// How many hits are asked for.
const K: usize = 10;

/// A body, and the first answer to it, which all others must be like.
pub(super) struct Body {
    sent: Bytes,
    kind: Kind,
    first: OnceLock<Bytes>,
}

enum Kind {
    Search { text: String },
    Embed,
    Any,
}

impl Body {
    /// The bodies of a plan for one of its routes, each another.
    pub(super) fn all(plan: &Plan, house: &House, path: &str) -> Vec<Self> {
        let bodies = match &plan.load {
            Load::Flows | Load::Open { .. } => 0,
            Load::Search { bodies } | Load::Mixed { bodies } => *bodies as usize,
            Load::Repeat { body, .. } => return vec![Self::new(body.clone().into(), Kind::Any)],
        };
        let texts = texts(house, bodies).into_iter();
        match path {
            SEARCH => texts.map(|text| Self::search(plan, text)).collect(),
            EMBED => texts.map(|text| Self::embed(&text)).collect(),
            _ => Vec::new(),
        }
    }

    fn new(sent: Bytes, kind: Kind) -> Self {
        Self {
            sent,
            kind,
            first: OnceLock::new(),
        }
    }

    fn search(plan: &Plan, text: String) -> Self {
        let search = Search::cold(&text, &plan.corpora, K);
        let sent = serde_json::to_vec(&search).expect("a search has JSON");
        Self::new(sent.into(), Kind::Search { text })
    }

    fn embed(text: &str) -> Self {
        let sent = json!({ "texts": [text] }).to_string();
        Self::new(sent.into(), Kind::Embed)
    }

    pub(super) fn bytes(&self) -> &Bytes {
        &self.sent
    }

    /// Checks an answer. The first is looked at; of the others it is enough that they are the same.
    pub(super) fn check(
        &self,
        house: &House,
        corpora: &[String],
        status: StatusCode,
        answer: Bytes,
    ) -> Result<(), Fault> {
        if let Some(first) = self.first.get()
            && status.is_success()
            && *first == answer
        {
            return Ok(());
        }
        let asked = String::from_utf8_lossy(&self.sent);
        if !status.is_success() {
            let answer = String::from_utf8_lossy(&answer);
            let what = format_args!("{status} {answer}; asked for {asked}");
            return Err(Fault::new(FaultKind::Status, what));
        }
        match &self.kind {
            Kind::Search { text } => {
                let search = Search::cold(text, corpora, K);
                check::search(house, &search, &Session::read_search(&search, &answer)?)?;
            }
            Kind::Embed => {
                let read: Result<Embeddings, _> = serde_json::from_slice(&answer);
                let unreadable = |error| {
                    let what = format_args!("{error}; asked for {asked}");
                    Fault::new(FaultKind::Unreadable, what)
                };
                check::vectors(&asked, 1, &read.map_err(unreadable)?)?;
            }
            Kind::Any => {}
        }
        let first = self.first.get_or_init(|| answer.clone());
        check::same_bytes(&asked, first, &answer)
    }
}

/// The bodies of searches, as they are sent to corpora of these names.
pub fn search_bodies(house: &Path, corpora: &[String], bodies: u32) -> Result<Vec<String>> {
    let house = House::read(house, corpora)?;
    let texts = texts(&house, bodies as usize).into_iter();
    let search = |text: String| serde_json::to_string(&Search::cold(&text, corpora, K));
    Ok(texts.map(search).collect::<serde_json::Result<_>>()?)
}

/// So many different texts: what coordinators typed, and, where that is too few, the same for
/// another order.
fn texts(house: &House, count: usize) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let demands = house.demands().iter().map(|demand| demand.text.to_string());
    let mut texts: Vec<String> = demands.filter(|text| seen.insert(text.clone())).collect();
    let different = texts.len();
    for number in different..count {
        texts.push(format!("{} PO {number}", texts[number % different]));
    }
    texts.truncate(count);
    texts
}
