//! Shrinks an input while it keeps failing in the same way.
//!
//! Candidates come from the input's structure (members, elements or characters removed, a value in
//! place of its parent), then from its bytes. They are tried in batches against the running pair,
//! so that hundreds of tries take less than a second.

use std::collections::HashSet;

use super::steps;
use super::tree::{Tree, without_chunks};

/// The longest text that is shrunk by single characters, in bytes.
const MAX_FINE: usize = 4_096;

/// The result of shrinking.
#[derive(Debug)]
pub(super) struct Shrunk {
    pub(super) input: Vec<u8>,
    pub(super) tries: usize,
}

/// How an input is shrunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Whether the input is a sequence of requests.
    pub(super) is_sequence: bool,
    /// The number of candidates in the first batch, and the largest. The first are smaller, since
    /// their candidates often fail already.
    pub(super) batches: [usize; 2],
    pub(super) max_tries: usize,
}

/// Shrinks an input. `fails` returns for each candidate of a batch whether it fails in the same way,
/// and none when the time is up.
pub(super) async fn shrink(
    input: Vec<u8>,
    plan: Plan,
    mut fails: impl AsyncFnMut(&[Vec<u8>]) -> Option<Vec<bool>>,
) -> Shrunk {
    let mut best = input;
    let mut tries = 0;
    let mut seen: HashSet<Vec<u8>> = HashSet::new();
    'smaller: loop {
        let mut candidates = candidates(&best, plan.is_sequence);
        candidates.retain(|candidate| weight(candidate) < weight(&best));
        let [mut size, largest] = plan.batches;
        let mut at = 0;
        while at < candidates.len() && tries < plan.max_tries {
            let mut batch = Vec::new();
            while batch.len() < size && at < candidates.len() {
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
            let Some(failed) = fails(&batch).await else {
                break 'smaller;
            };
            if let Some(first) = failed.iter().position(|has_failed| *has_failed) {
                best = batch.swap_remove(first);
                continue 'smaller;
            }
            size = (size * 2).min(largest);
        }
        break;
    }
    Shrunk { input: best, tries }
}

/// The order of candidates: by length, then by the number of special characters, then by bytes.
fn weight(input: &[u8]) -> (usize, usize, &[u8]) {
    let is_special = |byte: &&u8| !byte.is_ascii_alphanumeric();
    (input.len(), input.iter().filter(is_special).count(), input)
}

fn candidates(input: &[u8], is_sequence: bool) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    if let Some(tree) = Tree::read(input) {
        all.push(tree.unescaped().write());
        all.push(tree.write());
        if is_sequence {
            all.extend(steps::smaller(&tree).iter().map(Tree::write));
        }
        all.extend(tree.smaller().iter().map(Tree::write));
    }
    match std::str::from_utf8(input) {
        Ok(text) if text.len() <= MAX_FINE => {
            let characters: Vec<char> = text.chars().collect();
            for without in without_chunks(&characters) {
                all.push(without.into_iter().collect::<String>().into_bytes());
            }
        }
        _ => all.extend(coarse(input)),
    }
    all
}

/// The input without each half, each quarter, down to each 64th.
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
    use super::{Plan, shrink};

    const PLAN: Plan = Plan {
        is_sequence: false,
        batches: [4, 64],
        max_tries: 20_000,
    };

    async fn smallest(input: &str, fails: fn(&str) -> bool) -> String {
        let input = input.as_bytes().to_vec();
        let shrunk = shrink(input, PLAN, async |batch| {
            let failed = batch
                .iter()
                .map(|one| std::str::from_utf8(one).is_ok_and(fails));
            Some(failed.collect())
        })
        .await;
        String::from_utf8(shrunk.input).expect("it is text")
    }

    #[tokio::test]
    async fn irrelevant_parts_are_removed() {
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
    async fn escapes_are_removed_whole() {
        let input = r#""\ud83d\ude00 \ud800 /\/ \n""#;
        let lone = |text: &str| {
            serde_json::from_slice::<Box<serde_json::value::RawValue>>(text.as_bytes()).is_ok()
                && text.contains("\\ud800")
        };
        assert_eq!(smallest(input, lone).await, r#""\ud800""#);
    }

    #[tokio::test]
    async fn shrinking_ends_when_the_time_is_up() {
        let late = shrink(b"abc".to_vec(), PLAN, async |_| None).await;
        assert_eq!(late.input, b"abc");
    }
}
