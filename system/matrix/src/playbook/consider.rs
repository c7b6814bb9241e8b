//! The effect of each recording on a ranking.

use std::collections::HashSet;

use lakehouse_vector::Item;

use super::Recording;
use crate::role::RoleKey;

/// Why a recording had no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The query has no role.
    NoQueryRole,
    /// The recording has no role.
    NoRecordedRole,
    /// The two roles differ.
    RoleMismatch,
    /// A nearer recording has the same answer.
    Superseded,
    /// The answer's corpus was not searched, or its search failed.
    CorpusNotSearched,
    /// The corpus no longer has the document.
    AnswerGone,
    /// The query excludes the answer, by id or by the filter.
    Filtered,
    /// The answer is not among the hits, and was wrong.
    Negative,
    /// The document has another role than the query.
    JudgeRole,
    /// The document is not in one of the query's places.
    JudgeCity,
    /// The document is marked as unavailable.
    JudgeUnavailable,
    /// The model rejected the document.
    JudgeRejected,
    /// The model could not be reached.
    JudgeUnreachable,
}

impl Reason {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoQueryRole => "no_query_role",
            Self::NoRecordedRole => "no_recorded_role",
            Self::RoleMismatch => "role_mismatch",
            Self::Superseded => "superseded",
            Self::CorpusNotSearched => "corpus_not_searched",
            Self::AnswerGone => "answer_gone",
            Self::Filtered => "filtered",
            Self::Negative => "negative",
            Self::JudgeRole => "judge_role",
            Self::JudgeCity => "judge_city",
            Self::JudgeUnavailable => "judge_unavailable",
            Self::JudgeRejected => "judge_rejected",
            Self::JudgeUnreachable => "judge_unreachable",
        }
    }
}

/// The state of a recording's answer in a search.
#[derive(Debug)]
pub(crate) enum AnswerState {
    /// It has this position in the cold ranking.
    Ranked(usize),
    /// It is eligible, but not in the cold ranking.
    Unranked(Item),
    /// It is not eligible.
    Ineligible(Reason),
}

/// The effect of a recording.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Change the distance of the answer at this position of the cold ranking.
    Boost(usize),
    /// Add this document, if the judge accepts it.
    Propose(Item),
    /// Add this document, unless it is unavailable: the very question was recorded.
    Repeat(Item),
    /// Do nothing.
    Reject(Reason),
}

/// A recording near a query.
#[derive(Debug)]
pub(crate) struct Considered {
    pub(crate) recording: Recording,
    /// What the recording's role means today.
    pub(crate) role: Option<RoleKey>,
    /// Whether the query is the very question that was recorded.
    pub(crate) is_same_question: bool,
}

/// Determines the effect of each recording, given nearest first, by what the query's role means.
pub(crate) fn consider(
    recordings: Vec<Considered>,
    query_role: Option<&RoleKey>,
    state_of: impl Fn(&Considered) -> AnswerState,
) -> Vec<(Recording, Verdict)> {
    let mut answers = HashSet::new();
    let mut verdict = |considered: &Considered| {
        let recording = &considered.recording;
        if !considered.is_same_question
            && let Err(reason) = gate(query_role, considered.role.as_ref())
        {
            return Verdict::Reject(reason);
        }
        let answer = (recording.answer_corpus.clone(), recording.answer_id.clone());
        if !answers.insert(answer) {
            return Verdict::Reject(Reason::Superseded);
        }
        match state_of(considered) {
            AnswerState::Ranked(position) => Verdict::Boost(position),
            AnswerState::Unranked(_) if recording.score.value() <= 0.0 => {
                Verdict::Reject(Reason::Negative)
            }
            AnswerState::Unranked(item) if considered.is_same_question => Verdict::Repeat(item),
            AnswerState::Unranked(item) => Verdict::Propose(item),
            AnswerState::Ineligible(reason) => Verdict::Reject(reason),
        }
    };
    recordings
        .into_iter()
        .map(|considered| {
            let verdict = verdict(&considered);
            (considered.recording, verdict)
        })
        .collect()
}

/// The cross-role gate: a recording only applies to queries about its role.
fn gate(query_role: Option<&RoleKey>, recorded_role: Option<&RoleKey>) -> Result<(), Reason> {
    let query_role = query_role.ok_or(Reason::NoQueryRole)?;
    let recorded_role = recorded_role.ok_or(Reason::NoRecordedRole)?;
    if query_role != recorded_role {
        return Err(Reason::RoleMismatch);
    }
    Ok(())
}
