//! How good one answer is.

use serde::{Deserialize, Serialize};

use super::people::People;
use super::truth::Truth;

/// Hits that count.
pub(super) const DEPTH: usize = 10;

/// The figures of one answer; those that do not apply to the question are absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Score {
    /// Right people that could be among the first ten hits: ten, or all if there are fewer.
    pub(super) possible: usize,
    /// Right people that are among them.
    pub(super) found: usize,
    /// Hits, at most ten.
    pub(super) hits: usize,
    /// Whether the first hit is right.
    pub(super) first: Option<bool>,
    /// Normalised discounted cumulative gain of the first ten hits.
    pub(super) ndcg: Option<f64>,
    /// Hits that live where the question does not allow.
    pub(super) wrong_place: Option<usize>,
    /// Hits that have what the question excludes.
    pub(super) excluded: Option<usize>,
    /// Hits that are not available, though the question does not ask for such people.
    pub(super) unavailable: Option<usize>,
    /// Whether the answer reports that there is no such person, if that is so.
    pub(super) reported: Option<bool>,
}

impl Score {
    /// Scores the ids of an answer's hits, the best first.
    pub(super) fn of(truth: &Truth<'_>, people: &People, hits: &[&str], reported: bool) -> Self {
        let hits = &hits[..hits.len().min(DEPTH)];
        let count = |is_wrong: &dyn Fn(&super::people::Metadata) -> bool| {
            // A hit that is not in the corpus is wrong in every respect.
            let wrong = hits.iter().filter(|id| {
                people
                    .get(id)
                    .is_none_or(|person| is_wrong(&person.metadata))
            });
            wrong.count()
        };
        let asked = truth.asked;
        let mut score = Self {
            hits: hits.len(),
            ..Self::default()
        };
        if truth.needs_available() {
            score.unavailable = Some(count(&|metadata| !metadata.available));
        }
        if asked.has_exclusion() {
            score.excluded = Some(count(&|metadata| truth.is_excluded(metadata)));
        }
        if truth.is_hopeless {
            score.reported = Some(reported);
        }
        if asked.none {
            return score;
        }
        if asked.has_place() {
            score.wrong_place = Some(count(&|metadata| !truth.is_in_place(metadata)));
        }
        if truth.right.is_empty() {
            return score;
        }
        let gains: Vec<u32> = hits
            .iter()
            .enumerate()
            .map(|(index, id)| {
                // The same person twice is found once.
                let is_first = !hits[..index].contains(id);
                let gain = truth.right.get(*id).filter(|_| is_first);
                gain.copied().unwrap_or(0)
            })
            .collect();
        score.possible = truth.right.len().min(DEPTH);
        score.found = gains.iter().filter(|gain| **gain > 0).count();
        score.first = Some(gains.first().is_some_and(|gain| *gain > 0));
        let mut ideal: Vec<u32> = truth.right.values().copied().collect();
        ideal.sort_unstable_by(|a, b| b.cmp(a));
        ideal.truncate(DEPTH);
        score.ndcg = Some(discounted(&gains) / discounted(&ideal));
        score
    }
}

/// Discounted cumulative gain: each gain divided by the binary logarithm of its rank plus one
/// (Järvelin and Kekäläinen, 2002).
fn discounted(gains: &[u32]) -> f64 {
    let ranks = 2_u32..;
    gains
        .iter()
        .zip(ranks)
        .map(|(gain, rank)| f64::from(*gain) / f64::from(rank).log2())
        .sum()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::people::tests::person;
    use super::super::question::Question;
    use super::*;

    fn people() -> People {
        let mut people = People::default();
        for number in 1..=12 {
            let id = format!("w-{number}");
            people.add(person(&id, "Welder", &json!({})));
        }
        for (id, role, changes) in [
            ("p-1", "Packer", json!({ "second_role": "Loader" })),
            ("p-2", "Loader", json!({})),
            ("p-3", "Loader", json!({ "available": false })),
            ("p-4", "Loader", json!({ "city": "Toledo", "state": "OH" })),
        ] {
            people.add(person(id, role, &changes));
        }
        people
    }

    fn score(asked: &Value, hits: &[&str], reported: bool) -> Score {
        let mut asked = asked.clone();
        asked["q"] = json!("a question");
        let question = Question {
            group: "own".to_owned(),
            asked: serde_json::from_value(asked).unwrap(),
        };
        let people = people();
        Score::of(
            &Truth::of(&question, &people).unwrap(),
            &people,
            hits,
            reported,
        )
    }

    fn near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn ten_of_twelve_right_people_are_all_that_could_be_found() {
        let ids: Vec<String> = (1..=12).map(|number| format!("w-{number}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let score = score(&json!({ "roles": "Welder" }), &ids, false);
        assert_eq!((score.found, score.possible, score.hits), (10, 10, 10));
        assert_eq!(score.first, Some(true));
        near(score.ndcg, 1.0);
    }

    #[test]
    fn gains_are_discounted_by_rank() {
        // Gains 0, 1 and 2 of the ideal 2 and 1: (1/log2(3) + 2/2) / (2 + 1/log2(3)).
        let asked = json!({ "roles": "Loader", "city": "Detroit" });
        let score = score(&asked, &["w-1", "p-1", "p-2"], false);
        assert_eq!((score.found, score.possible), (2, 2));
        assert_eq!(score.first, Some(false));
        near(
            score.ndcg,
            (0.630_929_753_571_457_4 + 1.0) / 2.630_929_753_571_457_4,
        );
        assert_eq!(score.wrong_place, Some(0));
        assert_eq!(score.unavailable, Some(0));
        assert_eq!((score.excluded, score.reported), (None, None));
    }

    #[test]
    fn a_person_who_is_shown_twice_is_found_once() {
        let asked = json!({ "roles": "Loader", "city": "Detroit" });
        let score = score(&asked, &["p-2", "p-2"], false);
        assert_eq!((score.found, score.possible), (1, 2));
        near(score.ndcg, 2.0 / 2.630_929_753_571_457_4);
    }

    #[test]
    fn wrong_hits_are_counted_by_their_fault() {
        let asked = json!({ "roles": "Loader", "not_state": "OH" });
        let score = score(&asked, &["p-4", "p-3", "p-2", "stranger"], false);
        assert_eq!(score.wrong_place, Some(2));
        assert_eq!(score.excluded, Some(2));
        assert_eq!(score.unavailable, Some(2));
        assert_eq!((score.found, score.possible), (1, 2));
    }

    #[test]
    fn no_hit_finds_no_one() {
        let score = score(&json!({ "roles": "Loader" }), &[], true);
        assert_eq!((score.found, score.possible), (0, 3));
        assert_eq!(score.first, Some(false));
        near(score.ndcg, 0.0);
    }

    #[test]
    fn questions_without_such_people_count_the_report_alone() {
        let asked = json!({ "roles": "Loader", "city": "Reno", "none": true });
        for reported in [false, true] {
            let score = score(&asked, &["p-3"], reported);
            assert_eq!(score.reported, Some(reported));
            assert_eq!(score.unavailable, Some(1));
            assert_eq!((score.possible, score.first, score.ndcg), (0, None, None));
            assert_eq!(score.wrong_place, None);
        }
    }

    #[test]
    fn a_place_without_such_people_must_be_reported_too() {
        let asked = json!({ "roles": "Packer", "city": "Toledo" });
        let score = score(&asked, &["p-1"], false);
        assert_eq!((score.reported, score.wrong_place), (Some(false), Some(1)));
        assert_eq!((score.possible, score.first), (0, None));
    }

    #[test]
    fn unavailable_people_are_right_when_they_are_asked_for() {
        let asked = json!({ "roles": "Loader", "availability": "unavailable" });
        let score = score(&asked, &["p-3"], false);
        assert_eq!((score.found, score.possible), (1, 1));
        assert_eq!(score.unavailable, None);
    }
}
