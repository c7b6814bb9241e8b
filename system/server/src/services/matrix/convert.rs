//! Between the wire's types and the matrix's.

mod understood;

pub(super) use understood::understanding;

use lakehouse_matrix::{
    Answer, CorpusDescription, CorpusReport, Match as HitMatch, MatrixHit, MatrixQuery,
    NewRecording, PlaybookUse, Recorded, Rejected, Shape as HitShape, Why,
    playbook::{Reason, Recording, Score},
    role::{RoleKey, RoleSource},
};
use lakehouse_wire::{
    AtLeast, Decimal, MemberName, Nullable, Read, ReadError,
    matrix::{
        self as wire, CorpusStatus, Match, MatrixSearch, RejectionReason, Shape, Understand,
        legacy::{LegacyHybridResult, LegacyResult},
    },
    playbook as wire_playbook,
};

use crate::services::vectors::convert::{carried, filter, notices};

pub(super) fn query<'a>(request: &MatrixSearch<'a>) -> MatrixQuery<'a> {
    let MatrixSearch {
        query_text,
        corpora,
        k,
        exclude_ids,
        filter: condition,
        use_playbook,
        query_role,
        explain: _,
        understand,
        max_distance,
    } = request;
    MatrixQuery {
        query_text: query_text.0,
        corpora: corpora.0.clone(),
        k: k.as_usize(),
        exclude_ids: exclude_ids
            .as_ref()
            .map_or_else(Vec::new, |ids| ids.0.clone()),
        filter: condition.as_ref().map(filter),
        sql_filter: None,
        use_playbook: *use_playbook,
        query_role: *query_role,
        understand: *understand == Understand::Auto,
        max_distance: max_distance.and_then(|distance| distance.lexeme().parse().ok()),
    }
}

/// The members that a hit has besides those that all have.
#[derive(Clone, Copy)]
pub(super) struct Members {
    pub(super) text: bool,
    pub(super) explain: bool,
    pub(super) matches: bool,
}

pub(super) fn answer(found: &Answer, members: Members) -> wire::MatrixSearchAnswer<'_> {
    wire::MatrixSearchAnswer {
        hits: found.hits.iter().map(|found| hit(found, members)).collect(),
        playbook: playbook(&found.playbook),
        corpora: found.corpora.iter().map(report).collect(),
        understood: found.understood.as_ref().map(understood::understood),
        notices: notices(&found.notices),
    }
}

fn hit(hit: &MatrixHit, members: Members) -> wire::MatrixHit<'_> {
    wire::MatrixHit {
        id: &hit.id,
        corpus: &hit.corpus,
        text: members.text.then_some(Nullable(hit.text.as_deref())),
        distance: hit.distance,
        base_distance: hit.base_distance,
        metadata: carried(&hit.metadata),
        matches: members
            .matches
            .then(|| hit.matches.iter().copied().map(matched).collect()),
        why: members.explain.then(|| why(&hit.why)),
    }
}

fn matched(matched: HitMatch) -> Match {
    match matched {
        HitMatch::Person => Match::Person,
        HitMatch::Role => Match::Role,
        HitMatch::SecondRole => Match::SecondRole,
        HitMatch::Related => Match::Related,
        HitMatch::Place => Match::Place,
        HitMatch::Shift => Match::Shift,
        HitMatch::Certificates => Match::Certificates,
    }
}

fn why(why: &Why) -> wire::Why<'_> {
    wire::Why {
        shape: match why.shape {
            HitShape::Cold => Shape::Cold,
            HitShape::Boosted => Shape::Boosted,
            HitShape::Injected => Shape::Injected,
        },
        playbook: Nullable(why.playbook.as_deref()),
        score: Nullable(why.score),
        factor: why.factor,
    }
}

fn playbook(playbook: &PlaybookUse) -> wire::PlaybookUse<'_> {
    wire::PlaybookUse {
        used: playbook.used,
        role: role(playbook.role.key.as_ref()),
        role_source: role_source(playbook.role.source),
        boosted: AtLeast::from_length(playbook.boosted),
        injected: AtLeast::from_length(playbook.injected),
        rejected: playbook.rejected.iter().map(rejected).collect(),
    }
}

fn rejected(rejected: &Rejected) -> wire::Rejected<'_> {
    wire::Rejected {
        playbook: &rejected.playbook,
        answer_id: &rejected.answer_id,
        answer_corpus: &rejected.answer_corpus,
        reason: match rejected.reason {
            Reason::NoQueryRole => RejectionReason::NoQueryRole,
            Reason::NoRecordedRole => RejectionReason::NoRecordedRole,
            Reason::RoleMismatch => RejectionReason::RoleMismatch,
            Reason::Superseded => RejectionReason::Superseded,
            Reason::CorpusNotSearched => RejectionReason::CorpusNotSearched,
            Reason::AnswerGone => RejectionReason::AnswerGone,
            Reason::Filtered => RejectionReason::Filtered,
            Reason::Negative => RejectionReason::Negative,
            Reason::JudgeRole => RejectionReason::JudgeRole,
            Reason::JudgeCity => RejectionReason::JudgeCity,
            Reason::JudgeUnavailable => RejectionReason::JudgeUnavailable,
            Reason::JudgeRejected => RejectionReason::JudgeRejected,
            Reason::JudgeUnreachable => RejectionReason::JudgeUnreachable,
        },
    }
}

fn report(report: &CorpusReport) -> wire::CorpusReport<'_> {
    let (status, hits, reason) = match &report.outcome {
        Ok(hits) => (CorpusStatus::Ok, Some(AtLeast::from_length(*hits)), None),
        Err(reason) => (CorpusStatus::Failed, None, Some(reason.as_str())),
    };
    wire::CorpusReport {
        corpus: &report.corpus,
        status,
        hits,
        reason,
    }
}

pub(super) fn legacy_result(hit: &MatrixHit) -> LegacyResult<'_> {
    LegacyResult {
        doc_id: &hit.id,
        distance: hit.distance,
        metadata: carried(&hit.metadata),
    }
}

pub(super) fn legacy_hybrid_result(hit: &MatrixHit) -> LegacyHybridResult<'_> {
    LegacyHybridResult {
        doc_id: &hit.id,
        distance: hit.distance,
        text: Nullable(hit.text.as_deref()),
        metadata: carried(&hit.metadata),
    }
}

pub(super) fn description(corpus: &CorpusDescription) -> wire::CorpusDescription<'_> {
    wire::CorpusDescription {
        name: &corpus.name,
        model: &corpus.model,
        dimension: AtLeast::from_length(corpus.dimension),
        documents: AtLeast::from_length(corpus.documents),
    }
}

pub(super) fn new_recording<'a>(
    request: &wire_playbook::RecordAnswer<'a>,
) -> Result<NewRecording<'a>, ReadError> {
    let score = Score::parse(request.score.lexeme()).ok_or_else(|| {
        let (prefix, name) = ("", "score");
        MemberName { prefix, name }.wrong(wire_playbook::Score::must_be())
    })?;
    Ok(NewRecording {
        query_text: request.query_text.0,
        answer_id: request.answer_id.0,
        answer_corpus: request.answer_corpus,
        score,
        role: request.role,
    })
}

pub(super) fn recorded(recorded: &Recorded) -> wire_playbook::Recorded<'_> {
    wire_playbook::Recorded {
        id: &recorded.id,
        role: role(recorded.role.key.as_ref()),
        role_source: role_source(recorded.role.source),
    }
}

pub(super) fn recording(recording: &Recording) -> wire_playbook::Recording<'_> {
    wire_playbook::Recording {
        id: &recording.id,
        query_text: &recording.query_text,
        answer_id: &recording.answer_id,
        answer_corpus: &recording.answer_corpus,
        score: Decimal::carried_over(recording.score.as_str()),
        role: role(recording.role.as_ref()),
        synonym: Nullable(recording.synonym.as_deref()),
        recorded_at: &recording.recorded_at,
    }
}

fn role(role: Option<&RoleKey>) -> Nullable<&str> {
    Nullable(role.map(RoleKey::as_str))
}

fn role_source(source: RoleSource) -> wire_playbook::RoleSource {
    match source {
        RoleSource::Request => wire_playbook::RoleSource::Request,
        RoleSource::Text => wire_playbook::RoleSource::Text,
        RoleSource::None => wire_playbook::RoleSource::None,
    }
}
