//! Makes an input that fails as small as it gets, as long as it goes on failing in the same way.
//!
//! Candidates come from the input's own structure (members, elements, characters taken away,
//! values put in their parent's place), then from its bytes. They are tried in groups against the
//! running pair, so that hundreds of tries take less than a second.

use std::collections::HashSet;
use std::future::Future;

use super::tree::{Tree, without_chunks};

/// Tries in one group once the first ones have failed.
const GROUP: usize = 64;
/// Longer texts are cut by whole chunks only.
const FINE: usize = 4_096;

/// What came of shrinking.
#[derive(Debug)]
pub(super) struct Shrunk {
    pub(super) input: Vec<u8>,
    pub(super) tries: usize,
}

/// Shrinks an input. `fails` tells of each of a group whether it still fails in the same way, and
/// nothing once the time is up; `one_by_one` is for failures that cost the process.
pub(super) async fn shrink<F, Fut>(
    input: Vec<u8>,
    one_by_one: bool,
    most_tries: usize,
    mut fails: F,
) -> Shrunk
where
    F: FnMut(Vec<Vec<u8>>) -> Fut,
    Fut: Future<Output = Option<Vec<bool>>>,
{
    let mut best = input;
    let mut tries = 0;
    let mut seen: HashSet<Vec<u8>> = HashSet::new();
    'smaller: loop {
        let mut candidates = candidates(&best);
        candidates.retain(|candidate| weight(candidate) < weight(&best));
        let mut group = if one_by_one { 1 } else { 4 };
        let mut at = 0;
        while at < candidates.len() && tries < most_tries {
            let mut batch = Vec::new();
            while batch.len() < group && at < candidates.len() {
                let candidate = std::mem::take(&mut candidates[at]);
                at += 1;
                if seen.insert(candidate.clone()) {
                    batch.push(candidate);
                }
            }
            if batch.is_empty() {
                break;
            }
            tries += batch.len();
            let Some(told) = fails(batch.clone()).await else {
                break 'smaller;
            };
            let first = told.iter().position(|failed| *failed);
            if let Some(found) = first {
                best = batch.swap_remove(found);
                continue 'smaller;
            }
            if !one_by_one {
                group = (group * 2).min(GROUP);
            }
        }
        break;
    }
    Shrunk { input: best, tries }
}

/// Shorter is smaller; of two that are as long, the one with more plain characters, then the one
/// with lower digits and letters.
fn weight(input: &[u8]) -> (usize, usize, &[u8]) {
    let odd = |byte: &&u8| !byte.is_ascii_alphanumeric();
    (input.len(), input.iter().filter(odd).count(), input)
}

fn candidates(input: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    if let Some(tree) = Tree::read(input) {
        all.push(tree.unescaped().write());
        all.push(tree.write());
        all.extend(tree.smaller().iter().map(Tree::write));
    }
    match std::str::from_utf8(input) {
        Ok(text) if text.len() <= FINE => {
            let characters: Vec<char> = text.chars().collect();
            for without in without_chunks(&characters) {
                all.push(without.into_iter().collect::<String>().into_bytes());
            }
        }
        _ => all.extend(coarse(input)),
    }
    all
}

/// The input without chunks, down to a 64th of it.
fn coarse(input: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    let mut parts = 2;
    while parts <= 64 && input.len() >= parts {
        let size = input.len().div_ceil(parts);
        for at in (0..input.len()).step_by(size) {
            let end = (at + size).min(input.len());
            all.push([&input[..at], &input[end..]].concat());
        }
        parts *= 2;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::shrink;

    async fn smallest(input: &str, fails: fn(&str) -> bool) -> String {
        let shrunk = shrink(
            input.as_bytes().to_vec(),
            false,
            20_000,
            |batch| async move {
                let told = batch
                    .iter()
                    .map(|one| std::str::from_utf8(one).is_ok_and(fails));
                Some(told.collect())
            },
        )
        .await;
        String::from_utf8(shrunk.input).expect("it is text")
    }

    #[tokio::test]
    async fn what_does_not_matter_is_taken_away() {
        let input = r#"{"kind": "sms", "artifact": {"to": "313-555-0142", "body": "a < b 日本"}, "n": [1, 22.5, {"x": null}]}"#;
        assert_eq!(smallest(input, |text| text.contains('<')).await, "<");
        let valid = |text: &str| {
            serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| {
                value["artifact"]["body"]
                    .as_str()
                    .is_some_and(|b| b.contains('<'))
            })
        };
        assert_eq!(smallest(input, valid).await, r#"{"artifact":{"body":"<"}}"#);
        let number = |text: &str| {
            serde_json::from_str::<serde_json::Value>(text)
                .is_ok_and(|value| value["n"][0].as_f64().is_some_and(|n| n > 20.0))
        };
        assert_eq!(smallest(input, number).await, r#"{"n":[22]}"#);
    }

    #[tokio::test]
    async fn escapes_are_taken_whole_and_the_time_is_kept() {
        let input = r#""\ud83d\ude00 \ud800 /\/ \n""#;
        let lone = |text: &str| {
            serde_json::from_slice::<Box<serde_json::value::RawValue>>(text.as_bytes()).is_ok()
                && text.contains("\\ud800")
        };
        assert_eq!(smallest(input, lone).await, r#""\ud800""#);
        let late = shrink(b"abc".to_vec(), false, 100, |_| async { None }).await;
        assert_eq!(late.input, b"abc");
    }
}
