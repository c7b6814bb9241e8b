//! The changes of a ranking by the playbook.

use std::collections::HashSet;

use futures::future::join_all;
use lakehouse_text::squeezed;
use lakehouse_vector::{Item, Metadata, VectorError};

use super::cold::{QueryVectors, Searched, longer_ranking, rank};
use super::corpus_of;
use super::plan::offset;
use crate::{
    answer::{MatrixHit, PlaybookUse, Rejected, Shape, Why},
    error::MatrixError,
    judge::{Proposal, is_unavailable},
    matrix::Matrix,
    playbook::{AnswerState, Considered, Reason, Recording, Verdict, consider},
    query::MatrixQuery,
    role::{FoundRole, KnownTerms, Places, Reading, RoleKey, RoleSource},
};

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
        let Reading { role, places } = Reading::of(query.query_text, &known);
        let role = self
            .role_of(query.query_role, query.query_text, role, &known)
            .await;
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
        let recordings = recordings_for(query.query_text, &role, recordings, &known);
        let asked = Asked {
            query,
            places: &places,
            known: &known,
        };
        let good_answers: HashSet<_> = recordings
            .iter()
            .filter(|considered| considered.is_same_question)
            .map(|considered| &considered.recording)
            .filter(|recording| recording.score.value() > 0.0)
            .map(|recording| recording.id.clone())
            .collect();
        let meaning = role.key.as_ref().map(|role| known.meaning(role));
        let considered = consider(recordings, meaning.as_ref(), |considered| {
            answer_state(considered, &asked, searched, hits)
        });
        let judged = self
            .judge_all(considered, query.query_text, role.key.as_ref(), &known)
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
                Verdict::Propose(item) | Verdict::Repeat(item) => {
                    match inject(&recording, &item, searched, vectors).await? {
                        Some(mut hit) => {
                            self.apply(&recording, Shape::Injected, &mut hit);
                            injected.push(hit);
                        }
                        None => {
                            let rejected = Rejected::new(recording, Reason::AnswerGone);
                            playbook.rejected.push(rejected);
                        }
                    }
                }
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
        let is_kept = |hit: &MatrixHit| {
            let recording = hit.why.playbook.as_ref();
            recording.is_some_and(|recording| good_answers.contains(recording))
        };
        *hits = rank_keeping(std::mem::take(hits), query.k, is_kept);
        Ok(playbook)
    }

    /// Judges the proposed documents concurrently.
    async fn judge_all(
        &self,
        considered: Vec<(Recording, Verdict)>,
        query_text: &str,
        role: Option<&RoleKey>,
        known: &KnownTerms,
    ) -> Vec<(Recording, Verdict)> {
        let judged = considered.into_iter().map(|(recording, verdict)| async {
            let verdict = match (verdict, role) {
                (Verdict::Propose(item), Some(role)) => {
                    let proposal = Proposal {
                        query_text,
                        role,
                        known,
                        text: item.text.as_deref(),
                        metadata: &item.metadata,
                    };
                    match self.parts.judge.judge(proposal).await {
                        Ok(()) => Verdict::Propose(item),
                        Err(reason) => Verdict::Reject(reason),
                    }
                }
                (Verdict::Repeat(item), _) if is_unavailable(&item.metadata) => {
                    Verdict::Reject(Reason::JudgeUnavailable)
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
        if factor > 1.0 {
            hit.distance += offset(hit.tier);
        }
        hit.why = Why {
            shape,
            playbook: Some(recording.id.clone()),
            score: Some(score),
            factor,
        };
    }
}

/// The nearest `k` hits, with those that are kept in place of the last others.
fn rank_keeping(
    hits: Vec<MatrixHit>,
    k: usize,
    is_kept: impl Fn(&MatrixHit) -> bool,
) -> Vec<MatrixHit> {
    let count = hits.len();
    let mut hits = rank(hits, count);
    let kept = hits.iter().filter(|hit| is_kept(hit)).count();
    let (mut kept, mut others) = (kept.min(k), k - kept.min(k));
    hits.retain(|hit| {
        let left = if is_kept(hit) { &mut kept } else { &mut others };
        let has_room = *left > 0;
        *left -= usize::from(has_room);
        has_room
    });
    hits
}

/// A query and what was read in it.
struct Asked<'a> {
    query: &'a MatrixQuery<'a>,
    places: &'a Places,
    known: &'a KnownTerms,
}

/// The recordings, with what the query makes of them. The very question that was recorded is answered
/// whatever the rules read in it, unless the request says another role.
fn recordings_for(
    query_text: &str,
    query_role: &FoundRole,
    recordings: Vec<Recording>,
    known: &KnownTerms,
) -> Vec<Considered> {
    let question = squeezed(query_text);
    let query_meaning = query_role.key.as_ref().map(|role| known.meaning(role));
    let considered = |recording: Recording| {
        let role = recording.role.as_ref().map(|role| known.meaning(role));
        let says_another = query_role.source == RoleSource::Request && query_meaning != role;
        let is_same_question = !says_another && squeezed(&recording.query_text) == question;
        Considered {
            recording,
            role,
            is_same_question,
        }
    };
    recordings.into_iter().map(considered).collect()
}

/// The state of a recording's answer.
fn answer_state(
    considered: &Considered,
    asked: &Asked<'_>,
    searched: &[Searched],
    ranking: &[MatrixHit],
) -> AnswerState {
    let recording = &considered.recording;
    let id = &*recording.answer_id;
    let Some(one) = corpus_of(&recording.answer_corpus, searched) else {
        return AnswerState::Ineligible(Reason::CorpusNotSearched);
    };
    let is_elsewhere = |document: &Metadata| {
        let recorded = || Reading::of(&recording.query_text, asked.known).places;
        !considered.is_same_question && asked.places.are_elsewhere(document, asked.known, recorded)
    };
    let is_answer = |hit: &MatrixHit| *hit.id == *id && hit.corpus == recording.answer_corpus;
    if let Some(place) = ranking.iter().position(is_answer) {
        if is_elsewhere(&ranking[place].metadata) {
            return AnswerState::Ineligible(Reason::JudgeCity);
        }
        return AnswerState::Ranked(place);
    }
    match one.corpus.index.get(id) {
        None => AnswerState::Ineligible(Reason::AnswerGone),
        Some(item) if !asked.query.allows(id, &item.metadata) => {
            AnswerState::Ineligible(Reason::Filtered)
        }
        Some(item) if is_elsewhere(&item.metadata) => AnswerState::Ineligible(Reason::JudgeCity),
        // What was understood of the query.
        Some(item) if !considered.is_same_question && !one.plan.allows(id, &item.metadata) => {
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
    let Some(one) = corpus_of(&recording.answer_corpus, searched) else {
        return Ok(None);
    };
    let hit = one.only(&item.id, vectors).await?;
    Ok(hit.map(|hit| one.hit_that_fits(hit)))
}

/// The unique key of a hit.
fn key_of(hit: &MatrixHit) -> (&str, &str) {
    (&hit.corpus, &hit.id)
}
