//! The figures of several answers.

use serde::{Deserialize, Serialize};

use super::score::Score;
use crate::statistics::median_of_sorted;

/// The figures of a group of questions. A share is absent if no question has it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Figures {
    pub(super) questions: usize,
    /// Questions with a right person in the corpus.
    pub(super) scored: usize,
    /// Right people among the first ten hits, of all questions together.
    pub(super) found: usize,
    /// Right people that could be among them.
    pub(super) possible: usize,
    /// `found` by `possible`.
    pub(super) recall: Option<f64>,
    /// Share of the scored questions whose first hit is right.
    pub(super) first: Option<f64>,
    /// Mean of the scored questions.
    pub(super) ndcg: Option<f64>,
    /// Share of hits from a wrong place, in questions about a place.
    pub(super) wrong_place: Option<f64>,
    /// Share of hits that have what is excluded, in questions that exclude something.
    pub(super) excluded: Option<f64>,
    /// Share of hits that are not available.
    pub(super) unavailable: Option<f64>,
    /// Share of the questions without such people in which that is reported.
    pub(super) reported: Option<f64>,
    /// Median time of a search, in milliseconds.
    pub(super) p50_ms: f64,
    /// 95th percentile, by the nearest rank.
    pub(super) p95_ms: f64,
}

impl Figures {
    /// Sums up answers, each with the milliseconds that it took.
    pub(super) fn of<'s>(answers: impl Iterator<Item = (&'s Score, f64)> + Clone) -> Self {
        let scores = answers.clone().map(|(score, _)| score);
        let mut times: Vec<f64> = answers.map(|(_, milliseconds)| milliseconds).collect();
        times.sort_by(f64::total_cmp);
        let found = scores.clone().map(|score| score.found).sum();
        let possible = scores.clone().map(|score| score.possible).sum();
        let yes = |is: bool| if is { 1.0 } else { 0.0 };
        Self {
            questions: times.len(),
            scored: scores.clone().filter(|score| score.possible > 0).count(),
            found,
            possible,
            recall: (possible > 0).then(|| found as f64 / possible as f64),
            first: mean(scores.clone().filter_map(|score| score.first).map(yes)),
            ndcg: mean(scores.clone().filter_map(|score| score.ndcg)),
            wrong_place: share_of_hits(scores.clone(), |score| score.wrong_place),
            excluded: share_of_hits(scores.clone(), |score| score.excluded),
            unavailable: share_of_hits(scores.clone(), |score| score.unavailable),
            reported: mean(scores.filter_map(|score| score.reported).map(yes)),
            p50_ms: if times.is_empty() {
                0.0
            } else {
                median_of_sorted(&times)
            },
            p95_ms: nearest_rank(&times, 0.95),
        }
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    let sum: f64 = values.iter().sum();
    (!values.is_empty()).then(|| sum / values.len() as f64)
}

/// The share of hits, in the answers that have the count; no hits at all have nothing wrong.
fn share_of_hits<'s>(
    scores: impl Iterator<Item = &'s Score>,
    count: impl Fn(&Score) -> Option<usize>,
) -> Option<f64> {
    let counted: Vec<(usize, usize)> = scores
        .filter_map(|score| Some((count(score)?, score.hits)))
        .collect();
    let wrong: usize = counted.iter().map(|(wrong, _)| wrong).sum();
    let hits: usize = counted.iter().map(|(_, hits)| hits).sum();
    (!counted.is_empty()).then(|| wrong as f64 / hits.max(1) as f64)
}

/// The smallest value that the share of all values does not exceed; 0 for none.
fn nearest_rank(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn figures_are_those_by_hand() {
        let scores = [
            Score {
                possible: 10,
                found: 4,
                hits: 10,
                first: Some(true),
                ndcg: Some(0.5),
                wrong_place: Some(3),
                unavailable: Some(2),
                ..Score::default()
            },
            Score {
                possible: 2,
                found: 2,
                hits: 5,
                first: Some(false),
                ndcg: Some(0.9),
                wrong_place: Some(0),
                unavailable: Some(0),
                excluded: Some(1),
                ..Score::default()
            },
            Score {
                hits: 5,
                unavailable: Some(2),
                reported: Some(true),
                ..Score::default()
            },
        ];
        let times = [30.0, 10.0, 20.0];
        let figures = Figures::of(scores.iter().zip(times));
        assert_eq!((figures.questions, figures.scored), (3, 2));
        assert_eq!((figures.found, figures.possible), (6, 12));
        near(figures.recall, 0.5);
        near(figures.first, 0.5);
        near(figures.ndcg, 0.7);
        near(figures.wrong_place, 0.2);
        near(figures.excluded, 0.2);
        near(figures.unavailable, 0.2);
        near(figures.reported, 1.0);
        near(Some(figures.p50_ms), 20.0);
        near(Some(figures.p95_ms), 30.0);
    }

    #[test]
    fn shares_of_nothing_are_absent() {
        let figures = Figures::of(std::iter::empty());
        assert_eq!(figures, Figures::default());
        let empty = Score {
            unavailable: Some(0),
            ..Score::default()
        };
        near(Figures::of([(&empty, 1.0)].into_iter()).unavailable, 0.0);
    }

    #[test]
    fn percentiles_are_values_that_occurred() {
        let times: Vec<f64> = (1..=20).map(f64::from).collect();
        near(Some(nearest_rank(&times, 0.95)), 19.0);
        near(Some(nearest_rank(&times[..1], 0.95)), 1.0);
        near(Some(nearest_rank(&[], 0.95)), 0.0);
    }
}
