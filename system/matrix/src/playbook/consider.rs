//! What each of the nearest recordings does to a ranking.

use std::collections::HashSet;

use lakehouse_vector::Item;

use super::Recording;
use crate::role::RoleKey;

/// Why a recording moved nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The query has no role.
    NoQueryRole,
    /// The recording has none.
    NoRecordedRole,
    /// The two roles are not the same.
    RoleMismatch,
    /// An earlier one has the same answer.
    Superseded,
    /// The answer's corpus was not searched, or failed.
    CorpusNotSearched,
    /// The corpus has no such document any more.
    AnswerGone,
    /// The answer is excluded, or does not pass the filter.
    Filtered,
    /// It would have been injected, but the answer was wrong.
    Negative,
    /// The document's role is not the query's.
    JudgeRole,
    /// The document's city is none of the query's.
    JudgeCity,
    /// The document says that it is unavailable.
    JudgeUnavailable,
    /// The model said no.
    JudgeRejected,
    /// The model could not be asked.
    JudgeUnreachable,
}

impl Reason {
    /// Its name on the wire.
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

/// Where a recording's answer stands in a search.
#[derive(Debug)]
pub(crate) enum Standing {
    /// It is at this place of the cold ranking.
    Ranked(usize),
    /// It could be found, and is not in the cold ranking.
    Unranked(Item),
    /// It cannot be found.
    Out(Reason),
}

/// What becomes of a recording.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It moves the answer at this place of the cold ranking.
    Boost(usize),
    /// It brings this document in, if the judge lets it.
    Propose(Item),
    /// It does nothing.
    Reject(Reason),
}

/// Puts the gate to the recordings, which are in their order, and looks at where the answers of
/// those stand that it lets through.
pub(crate) fn consider(
    recordings: Vec<Recording>,
    query_role: Option<&RoleKey>,
    standing: impl Fn(&Recording) -> Standing,
) -> Vec<(Recording, Verdict)> {
    let mut answers = HashSet::new();
    let mut verdict = |recording: &Recording| {
        if let Err(reason) = gate(query_role, recording.role.as_ref()) {
            return Verdict::Reject(reason);
        }
        let answer = (recording.answer_corpus.clone(), recording.answer_id.clone());
        if !answers.insert(answer) {
            return Verdict::Reject(Reason::Superseded);
        }
        match standing(recording) {
            Standing::Ranked(place) => Verdict::Boost(place),
            Standing::Unranked(_) if recording.score.value() <= 0.0 => {
                Verdict::Reject(Reason::Negative)
            }
            Standing::Unranked(item) => Verdict::Propose(item),
            Standing::Out(reason) => Verdict::Reject(reason),
        }
    };
    recordings
        .into_iter()
        .map(|recording| {
            let verdict = verdict(&recording);
            (recording, verdict)
        })
        .collect()
}

/// The cross-role gate: only what was learned of a role counts for a query about that role.
fn gate(query_role: Option<&RoleKey>, recorded_role: Option<&RoleKey>) -> Result<(), Reason> {
    let query_role = query_role.ok_or(Reason::NoQueryRole)?;
    let recorded_role = recorded_role.ok_or(Reason::NoRecordedRole)?;
    if query_role != recorded_role {
        return Err(Reason::RoleMismatch);
    }
    Ok(())
}
