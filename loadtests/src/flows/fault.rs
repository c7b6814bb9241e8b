//! The ways in which an answer can be wrong.

use std::fmt;

/// Maximum length of an example, in characters.
const MAX_EXAMPLE: usize = 600;

/// The wrong answer that ended a flow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {example}")]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The request and its answer.
    pub example: String,
}

impl Fault {
    /// Creates a fault and truncates its example to a readable length.
    pub fn new(kind: FaultKind, example: impl fmt::Display) -> Self {
        let mut example = example.to_string();
        if let Some((end, _)) = example.char_indices().nth(MAX_EXAMPLE) {
            example.truncate(end);
            example.push('…');
        }
        Self { kind, example }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $name:literal,)*) => {
        /// A way for an answer to be wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum FaultKind {
            $($(#[$doc])* $kind,)*
        }

        impl FaultKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Name in results.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// The answer is missing or incomplete.
    NoAnswer => "no_answer",
    /// The contract does not have this status for the request.
    Status => "status",
    /// The body does not parse.
    Unreadable => "unreadable",
    /// A corpus was not searched.
    FailedCorpus => "failed_corpus",
    /// Fewer hits than requested, although more documents match.
    TooFewHits => "too_few_hits",
    /// More hits than requested, or than documents that match.
    TooManyHits => "too_many_hits",
    /// A hit is not a document of the corpora that were searched.
    UnknownHit => "unknown_hit",
    /// A document appears twice among the hits.
    RepeatedHit => "repeated_hit",
    /// A distance is outside the range of cosine distances.
    WrongDistance => "wrong_distance",
    /// The hits are not ordered by distance.
    OutOfOrder => "out_of_order",
    /// A hit was excluded by the request.
    ExcludedHit => "excluded_hit",
    /// A hit does not match the filter.
    UnfilteredHit => "unfiltered_hit",
    /// The playbook was used although the request did not ask for it.
    UnaskedPlaybook => "unasked_playbook",
    /// The answer to a recording lacks an id or has another role source.
    WrongRecording => "wrong_recording",
    /// A recording had no effect on the query it was made for.
    LostPlaybook => "lost_playbook",
    /// A boost is not `1 - 0.5·score`.
    WrongBoost => "wrong_boost",
    /// The base distance differs from the distance of the cold search.
    WrongBaseDistance => "wrong_base_distance",
    /// A repeated request returned other bytes.
    ChangedAnswer => "changed_answer",
    /// A valid draft was rejected.
    RefusedDraft => "refused_draft",
    /// A phone number was mistaken for a social security number.
    PhoneAsSsn => "phone_as_ssn",
    /// A fill with an unknown worker passed.
    UnknownWorkerPassed => "unknown_worker_passed",
    /// A text with a social security number passed.
    SsnPassed => "ssn_passed",
    /// The rejection repeats the social security number.
    SsnPrinted => "ssn_printed",
    /// An invalid draft was rejected for another reason.
    WrongRefusal => "wrong_refusal",
    /// The answer does not have one unit vector for each text.
    WrongVector => "wrong_vector",
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
