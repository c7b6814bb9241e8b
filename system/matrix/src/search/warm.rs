//! The changes of a ranking by the playbook.

use std::collections::HashSet;

use futures::future::join_all;
use lakehouse_vector::{Item, VectorError};

use super::cold::{QueryVectors, Searched, longer_ranking, rank};
use crate::{
    answer::{MatrixHit, PlaybookUse, Rejected, Shape, Why},
    error::MatrixError,
    judge::Proposal,
    matrix::Matrix,
    playbook::{AnswerState, Reason, Recording, Verdict, consider},
    query::MatrixQuery,
    role::RoleKey,
};
use lakehouse_models::embed::words::words;

impl Matrix {
    /// Applies the recordings nearest to the query to the cold ranking `hits`.
    ///
    /// # Errors
    /// If the recordings or a corpus cannot be searched.
    pub(super) async fn use_playbook(
        &self,
        query: &MatrixQuery<'_>,
        searched: &[Searched],
        vectors: &mut QueryVectors<'_>,
        hits: &mut Vec<MatrixHit>,
    ) -> Result<PlaybookUse, MatrixError> {
        let known = self.known_terms().await;
        let words = words(query.query_text);
        let role = self
            .role_of(query.query_role, query.query_text, &words, &known)
            .await;
        let cities = known.cities_of(&words);
        let recordings = self
            .memory
            .nearest(query.query_text, &self.parts.config)
            .await;
        let recordings = match recordings {
            // The cold ranking is better than none. A model whose vectors the index rejects counts as
            // failed.
            Err(MatrixError::Embed(_) | MatrixError::Vector(VectorError::Vector(_))) => {
                return Ok(PlaybookUse {
                    role,
                    ..PlaybookUse::NOT_USED
                });
            }
            recordings => recordings?,
        };
        let considered = consider(recordings, role.key.as_ref(), |recording| {
            answer_state(recording, query, searched, hits)
        });
        let judged = self
            .judge_all(considered, query.query_text, role.key.as_ref(), &cities)
            .await;
        let mut playbook = PlaybookUse {
            used: true,
            role,
            ..PlaybookUse::NOT_USED
        };
        let mut injected = Vec::new();
        let mut moved_away = 0;
        for (recording, verdict) in judged {
            match verdict {
                Verdict::Boost(place) => {
                    let hit = &mut hits[place];
                    self.apply(&recording, Shape::Boosted, hit);
                    moved_away += usize::from(hit.why.factor > 1.0);
                    playbook.boosted += 1;
                }
                Verdict::Propose(item) => match inject(&recording, &item, searched, vectors).await?
                {
                    Some(mut hit) => {
                        self.apply(&recording, Shape::Injected, &mut hit);
                        injected.push(hit);
                    }
                    None => {
                        let rejected = Rejected::new(recording, Reason::AnswerGone);
                        playbook.rejected.push(rejected);
                    }
                },
                Verdict::Reject(reason) => {
                    playbook.rejected.push(Rejected::new(recording, reason));
                }
            }
        }
        playbook.injected = injected.len();
        hits.append(&mut injected);
        if moved_away > 0 {
            let next = longer_ranking(searched, query, vectors, moved_away).await?;
            let ranked: HashSet<_> = hits.iter().map(key_of).collect();
            let next: Vec<_> = next
                .into_iter()
                .filter(|hit| !ranked.contains(&key_of(hit)))
                .collect();
            hits.extend(next);
        }
        *hits = rank(std::mem::take(hits), query.k);
        Ok(playbook)
    }

    /// Judges the proposed documents concurrently.
    async fn judge_all(
        &self,
        considered: Vec<(Recording, Verdict)>,
        query_text: &str,
        role: Option<&RoleKey>,
        cities: &HashSet<String>,
    ) -> Vec<(Recording, Verdict)> {
        let judged = considered.into_iter().map(|(recording, verdict)| async {
            let verdict = match (verdict, role) {
                (Verdict::Propose(item), Some(role)) => {
                    let proposal = Proposal {
                        query_text,
                        role,
                        cities,
                        text: item.text.as_deref(),
                        metadata: &item.metadata,
                    };
                    match self.parts.judge.judge(proposal).await {
                        Ok(()) => Verdict::Propose(item),
                        Err(reason) => Verdict::Reject(reason),
                    }
                }
                (verdict, _) => verdict,
            };
            (recording, verdict)
        });
        join_all(judged).await
    }

    /// Applies a recording to a hit.
    fn apply(&self, recording: &Recording, shape: Shape, hit: &mut MatrixHit) {
        let days = recording.age_days(self.parts.clock.now());
        let score = self.parts.config.decayed(recording.score.value(), days);
        let factor = self.parts.config.factor(score);
        hit.distance = hit.base_distance * factor;
        hit.why = Why {
            shape,
            playbook: Some(recording.id.clone()),
            score: Some(score),
            factor,
        };
    }
}

/// The state of a recording's answer.
fn answer_state(
    recording: &Recording,
    query: &MatrixQuery<'_>,
    searched: &[Searched],
    ranking: &[MatrixHit],
) -> AnswerState {
    let id = &*recording.answer_id;
    let Some(one) = corpus_of(recording, searched) else {
        return AnswerState::Ineligible(Reason::CorpusNotSearched);
    };
    let is_answer = |hit: &MatrixHit| *hit.id == *id && hit.corpus == recording.answer_corpus;
    if let Some(place) = ranking.iter().position(is_answer) {
        return AnswerState::Ranked(place);
    }
    match one.corpus.index.get(id) {
        None => AnswerState::Ineligible(Reason::AnswerGone),
        Some(item) if !query.allows(id, &item.metadata) => {
            AnswerState::Ineligible(Reason::Filtered)
        }
        Some(item) => AnswerState::Unranked(item),
    }
}

/// A recorded answer as a hit; `None` if it no longer exists.
async fn inject(
    recording: &Recording,
    item: &Item,
    searched: &[Searched],
    vectors: &mut QueryVectors<'_>,
) -> Result<Option<MatrixHit>, MatrixError> {
    let Some(one) = corpus_of(recording, searched) else {
        return Ok(None);
    };
    let hit = one.only(&item.id, vectors).await?;
    Ok(hit.map(|hit| one.hit(hit)))
}

fn corpus_of<'s>(recording: &Recording, searched: &'s [Searched]) -> Option<&'s Searched> {
    let is_corpus = |one: &&Searched| *one.corpus.name() == *recording.answer_corpus;
    searched.iter().find(is_corpus)
}

/// The unique key of a hit.
fn key_of(hit: &MatrixHit) -> (&str, &str) {
    (&hit.corpus, &hit.id)
}
