//! A search, and what its answer shows.

use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::score::DEPTH;
use super::variant::Variant;
use crate::api::Api;
use crate::flows::CORPORA;

/// What an answer shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Answer {
    /// Ids of the hits, the best first.
    pub(super) hits: Vec<String>,
    /// Whether it reports that the corpora have no such person.
    pub(super) reported: bool,
    pub(super) milliseconds: f64,
}

/// Asks a question. The time is that of the whole request over loopback.
pub(super) async fn ask(api: &Api, text: &str, variant: &Variant) -> Result<Answer> {
    let mut body = json!({ "query_text": text, "corpora": CORPORA, "k": DEPTH });
    for (member, value) in &variant.members {
        body[member] = value.clone();
    }
    let began = Instant::now();
    let answer = api.post("/v1/matrix/search", &body).await?;
    let milliseconds = began.elapsed().as_secs_f64() * 1e3;
    let (hits, reported) = read(&answer).with_context(|| format!("`{text}`: {answer}"))?;
    Ok(Answer {
        hits,
        reported,
        milliseconds,
    })
}

/// The hits, and whether the answer reports that there is no such person: by an entry in `nobody` of what was
/// understood (`docs/contract/understand.md`), or by having no hits.
fn read(answer: &Value) -> Option<(Vec<String>, bool)> {
    let hits = answer["hits"].as_array()?;
    let ids = hits.iter().map(|hit| hit["id"].as_str().map(str::to_owned));
    let nobody = answer["understood"]["nobody"].as_array();
    let reported = hits.is_empty() || nobody.is_some_and(|entries| !entries.is_empty());
    Some((ids.collect::<Option<_>>()?, reported))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_such_person_is_reported_by_an_entry_or_by_no_hits() {
        for (answer, expected) in [
            (json!({ "hits": [{ "id": "w-1" }] }), Some((1, false))),
            (json!({ "hits": [] }), Some((0, true))),
            (
                json!({ "hits": [{ "id": "w-1" }], "understood": { "nobody": [] } }),
                Some((1, false)),
            ),
            (
                json!({ "hits": [{ "id": "w-1" }], "understood": { "nobody": [{ "what": "role" }] } }),
                Some((1, true)),
            ),
            (json!({ "hits": [{}] }), None),
            (json!({}), None),
        ] {
            let found = read(&answer).map(|(hits, reported)| (hits.len(), reported));
            assert_eq!(found, expected, "{answer}");
        }
    }
}
