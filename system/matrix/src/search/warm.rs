//! What the playbook makes of a cold ranking.

use std::collections::HashSet;

use futures::future::join_all;
use lakehouse_vector::{Item, VectorError};

use super::cold::{QueryVectors, Searched, next_of_ranking, rank};
use crate::{
    answer::{MatrixHit, PlaybookUse, Rejected, Shape, Why},
    error::MatrixError,
    judge::Proposal,
    matrix::Matrix,
    playbook::{Reason, Recording, Standing, Verdict, consider},
    query::MatrixQuery,
    role::RoleKey,
};
use lakehouse_models::embed::words::words;

impl Matrix {
    /// Lets the recordings nearest to the query move, and add to, the cold ranking `hits`.
    ///
    /// # Errors
    /// When the recordings or a corpus cannot be searched.
    pub(super) async fn use_playbook(
        &self,
        query: &MatrixQuery<'_>,
        searched: &[Searched],
        vectors: &mut QueryVectors<'_>,
        hits: &mut Vec<MatrixHit>,
    ) -> Result<PlaybookUse, MatrixError> {
        let known = self.known_now().await;
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
            // The cold ranking is there, and better than none. A model fails as well whose vectors
            // are not those of the index.
            Err(MatrixError::Embed(_) | MatrixError::Vector(VectorError::Vector(_))) => {
                return Ok(PlaybookUse {
                    role,
                    ..PlaybookUse::NOT_USED
                });
            }
            recordings => recordings?,
        };
        let considered = consider(recordings, role.key.as_ref(), |recording| {
            standing(recording, query, searched, hits)
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
            let next = next_of_ranking(searched, query, vectors, moved_away).await?;
            let is_there: HashSet<_> = hits.iter().map(place_of).collect();
            let next: Vec<_> = next
                .into_iter()
                .filter(|hit| !is_there.contains(&place_of(hit)))
                .collect();
            hits.extend(next);
        }
        *hits = rank(std::mem::take(hits), query.k);
        Ok(playbook)
    }

    /// Puts what is proposed to the judge, all at the same time.
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

    /// Moves a hit by a recording.
    fn apply(&self, recording: &Recording, shape: Shape, hit: &mut MatrixHit) {
        let days = recording.age_days(self.parts.clock.now());
        let score = self.parts.config.faded(recording.score.value(), days);
        let factor = self.parts.config.factor(score);
        hit.distance = (f64::from(hit.base_distance) * factor) as f32;
        hit.why = Why {
            shape,
            playbook: Some(recording.id.clone()),
            score: Some(score),
            factor,
        };
    }
}

/// Where a recording's answer stands.
fn standing(
    recording: &Recording,
    query: &MatrixQuery<'_>,
    searched: &[Searched],
    ranking: &[MatrixHit],
) -> Standing {
    let id = &*recording.answer_id;
    let Some(one) = corpus_of(recording, searched) else {
        return Standing::Out(Reason::CorpusNotSearched);
    };
    let is_answer = |hit: &MatrixHit| *hit.id == *id && hit.corpus == recording.answer_corpus;
    if let Some(place) = ranking.iter().position(is_answer) {
        return Standing::Ranked(place);
    }
    match one.corpus.index.get(id) {
        None => Standing::Out(Reason::AnswerGone),
        Some(item) if !query.allows(id, &item.metadata) => Standing::Out(Reason::Filtered),
        Some(item) => Standing::Unranked(item),
    }
}

/// A remembered answer as a hit; `None` when it is gone.
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

/// What tells a hit from every other.
fn place_of(hit: &MatrixHit) -> (&str, &str) {
    (&hit.corpus, &hit.id)
}
