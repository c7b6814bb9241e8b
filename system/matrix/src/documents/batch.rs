//! The embeddings of a batch, whatever single texts the model does not take.

use std::{borrow::Cow, ops::Range};

use lakehouse_models::embed::{EmbedError, Embedders, Embedding};

/// The number of single texts that fail for a doubtful reason before any text was embedded, after
/// which the model is taken to fail.
const MAX_DOUBTFUL: usize = 3;

/// Embeds texts, one result for each. After a failure that may be due to a text, each half of the
/// texts is tried alone, so one text does not fail the others; `n` texts take at most `2n - 1`
/// calls.
///
/// # Errors
/// A failure of the model rather than of single texts.
pub(super) async fn embed(
    embedders: &Embedders,
    model: &str,
    texts: &[Cow<'_, str>],
) -> Result<Vec<Result<Embedding, EmbedError>>, EmbedError> {
    let mut results = Vec::with_capacity(texts.len());
    let mut first_failure = None;
    let mut doubtful = 0;
    let mut is_any_embedded = false;
    // The parts that are left, the first one on top.
    let all = 0..texts.len();
    let mut left = vec![all];
    while let Some(part) = left.pop() {
        match embedders.embed(Some(model), &texts[part.clone()]).await {
            Ok(embedded) => {
                is_any_embedded = true;
                results.extend(embedded.embeddings.into_iter().map(Ok));
            }
            Err(error) if !error.may_be_of_a_text() => return Err(error),
            Err(_) if part.len() > 1 => {
                let (first, second) = halves(&part);
                left.extend([second, first]);
            }
            Err(error) => {
                doubtful += usize::from(!error.is_of_a_text());
                first_failure.get_or_insert_with(|| error.clone());
                results.push(Err(error));
            }
        }
        let is_decided = doubtful >= MAX_DOUBTFUL || left.is_empty();
        match &first_failure {
            Some(failure) if !is_any_embedded && doubtful > 0 && is_decided => {
                return Err(failure.clone());
            }
            _ => {}
        }
    }
    Ok(results)
}

/// The halves of a part; the first one has the odd element.
fn halves(part: &Range<usize>) -> (Range<usize>, Range<usize>) {
    let middle = part.start + part.len().div_ceil(2);
    (part.start..middle, middle..part.end)
}
