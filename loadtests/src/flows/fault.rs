//! What can be wrong with an answer.

use std::fmt;

/// The longest example, in characters.
const LONGEST: usize = 600;

/// The first wrong answer of a flow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {example}")]
pub struct Fault {
    /// How it was wrong.
    pub kind: FaultKind,
    /// What was asked and what came.
    pub example: String,
}

impl Fault {
    /// A fault with its example, which is cut to a readable length.
    pub fn new(kind: FaultKind, example: impl fmt::Display) -> Self {
        let example = shortened(&example.to_string(), LONGEST);
        Self { kind, example }
    }
}

/// The text, or its beginning where it is longer.
pub(super) fn shortened(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
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
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// Its name in results.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// No whole answer came.
    NoAnswer => "no_answer",
    /// The status is none that the contract has for this request.
    Status => "status",
    /// The body is not of its form.
    Unreadable => "unreadable",
    /// A corpus was not searched.
    FailedCorpus => "failed_corpus",
    /// Fewer hits than were asked for while there are as many.
    TooFewHits => "too_few_hits",
    /// More hits than were asked for, or than there can be.
    TooManyHits => "too_many_hits",
    /// A hit is no document of the corpora that were searched.
    UnknownHit => "unknown_hit",
    /// A document stands among the hits twice.
    RepeatedHit => "repeated_hit",
    /// A distance that no two texts can have.
    WrongDistance => "wrong_distance",
    /// The hits are not ordered by distance.
    OutOfOrder => "out_of_order",
    /// A hit was to be left out.
    ExcludedHit => "excluded_hit",
    /// A hit does not pass the filter.
    UnfilteredHit => "unfiltered_hit",
    /// Something was remembered although it was not asked for.
    UnaskedPlaybook => "unasked_playbook",
    /// A recording was answered with another role, or without an id.
    WrongRecording => "wrong_recording",
    /// What was recorded did not come back.
    LostPlaybook => "lost_playbook",
    /// A boost that is not `1 - 0.5·score`.
    WrongBoost => "wrong_boost",
    /// A distance before the boost that is not the cold one.
    WrongBaseDistance => "wrong_base_distance",
    /// The same request gave other bytes.
    ChangedAnswer => "changed_answer",
    /// A draft that is as it should be did not pass.
    RefusedDraft => "refused_draft",
    /// A phone number was taken for a social security number.
    PhoneAsSsn => "phone_as_ssn",
    /// A fill that names nobody of the house passed.
    UnknownWorkerPassed => "unknown_worker_passed",
    /// A text with a social security number passed.
    SsnPassed => "ssn_passed",
    /// A social security number was printed.
    SsnPrinted => "ssn_printed",
    /// What had to be refused was, for another reason.
    WrongRefusal => "wrong_refusal",
    /// Vectors that are not one unit vector for each text.
    WrongVector => "wrong_vector",
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
