//! What is asked.

use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serde_json::json;

/// The body of `POST /v1/matrix/search`.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// What a coordinator typed.
    pub text: &'a str,
    /// Where to look.
    pub corpora: &'a [String],
    /// How many are wanted.
    pub k: usize,
    /// Who is not.
    pub exclude: Vec<String>,
    /// Whom all hits must be like.
    pub filter: Option<Place>,
    /// Asks for what is remembered for this role, and how hits came to be there.
    pub playbook_role: Option<&'a str>,
}

impl<'a> Search<'a> {
    /// A search without anything besides.
    pub fn cold(text: &'a str, corpora: &'a [String], k: usize) -> Self {
        Self {
            text,
            corpora,
            k,
            exclude: Vec::new(),
            filter: None,
            playbook_role: None,
        }
    }
}

impl Serialize for Search<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_struct("Search", 7)?;
        body.serialize_field("query_text", self.text)?;
        body.serialize_field("corpora", self.corpora)?;
        body.serialize_field("k", &self.k)?;
        if !self.exclude.is_empty() {
            body.serialize_field("exclude_ids", &self.exclude)?;
        }
        if let Some(Place { role, city }) = &self.filter {
            let filter = json!({ "and": [
                { "eq": { "field": "role", "value": &**role } },
                { "eq": { "field": "city", "value": &**city } },
            ] });
            body.serialize_field("filter", &filter)?;
        }
        if let Some(role) = self.playbook_role {
            body.serialize_field("use_playbook", &true)?;
            body.serialize_field("query_role", role)?;
            body.serialize_field("explain", &true)?;
        }
        body.end()
    }
}

/// People of a role in a city.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The role.
    pub role: Arc<str>,
    /// The city.
    pub city: Arc<str>,
}

/// The body of `POST /v1/matrix/playbooks/record`.
#[derive(Debug, Clone, Serialize)]
pub struct Recording<'a> {
    /// What a coordinator typed.
    #[serde(rename = "query_text")]
    pub text: &'a str,
    /// Who was the right answer.
    pub answer_id: &'a str,
    /// Where they are from.
    pub answer_corpus: &'a str,
    /// How right, from -1 to 1.
    pub score: f64,
    /// The role that was asked for.
    pub role: &'a str,
}
