//! The bodies of requests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use serde_json::json;

/// Whether the server understands queries. Earlier builds reject the member that turns it off.
static UNDERSTANDS: AtomicBool = AtomicBool::new(false);

/// Finds out whether the server understands queries, which the flows then turn off: they check the
/// ranking by distance, with and without the playbook.
///
/// # Errors
/// The server does not answer.
pub async fn detect_understanding(url: &str) -> reqwest::Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let document = client.get(format!("{url}/openapi.json")).send().await?;
    let describes = document.text().await?.contains("\"understand\"");
    UNDERSTANDS.store(describes, Ordering::Relaxed);
    Ok(())
}

/// The body of `POST /v1/matrix/search`.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// The query.
    pub text: &'a str,
    /// Names of the corpora to search.
    pub corpora: &'a [String],
    /// Number of hits to return.
    pub k: usize,
    /// Ids to leave out.
    pub exclude: Vec<String>,
    /// The role and city that every hit must have.
    pub filter: Option<Place>,
    /// The role of the playbook to use; also requests explanations.
    pub playbook_role: Option<&'a str>,
}

impl<'a> Search<'a> {
    /// A search without exclusions, filter or playbook.
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
        let mut body = serializer.serialize_struct("Search", 8)?;
        body.serialize_field("query_text", self.text)?;
        body.serialize_field("corpora", self.corpora)?;
        body.serialize_field("k", &self.k)?;
        if UNDERSTANDS.load(Ordering::Relaxed) {
            body.serialize_field("understand", "off")?;
        }
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

/// A role in a city.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The role's name.
    pub role: Arc<str>,
    /// The city's name.
    pub city: Arc<str>,
}

/// The body of `POST /v1/matrix/playbooks/record`.
#[derive(Debug, Clone, Serialize)]
pub struct Recording<'a> {
    /// The query.
    #[serde(rename = "query_text")]
    pub text: &'a str,
    /// The answer's document.
    pub answer_id: &'a str,
    /// The document's corpus.
    pub answer_corpus: &'a str,
    /// Quality of the answer, from -1 to 1.
    pub score: f64,
    /// The role that the query asks for.
    pub role: &'a str,
}
