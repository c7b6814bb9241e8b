//! The kinds of damage, and what a comparison may call each of them.

use std::fmt;

use crate::difference::DifferenceKind;

/// One way to damage an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Damage {
    KeyDropped,
    KeyAdded,
    KeyRenamed,
    KeysSwapped,
    KeyRespelled,
    NumberUp,
    NumberDown,
    NumberUlp,
    LastDigit,
    Sign,
    NumberRespelled,
    NumberAsText,
    MetricMoved,
    ScoreMoved,
    Character,
    TextRespelled,
    BoolFlipped,
    Nulled,
    NullFilled,
    Emptied,
    ElementDropped,
    ElementDoubled,
    ElementsSwapped,
    RankedSwapped,
    VectorTurned,
    VectorScaled,
    VectorShortened,
    VectorLengthened,
    BodyCut,
    SeriesDropped,
    StatusChanged,
    HeaderChanged,
    HeaderDropped,
    HeaderAdded,
    ExitChanged,
    AnswerFailed,
    StepDropped,
    ScriptCounted,
    FileDropped,
    FileAdded,
    LineCut,
    LineDropped,
    LineDoubled,
    LinesSwapped,
    NewlineDropped,
    NewlineAdded,
    SpaceAdded,
    ByteChanged,
    LastByteCut,
    RequestAdded,
    RequestDropped,
    RequestDoubled,
    RequestsSwapped,
    RequestPath,
    RequestMethod,
}

impl Damage {
    fn name(self) -> &'static str {
        match self {
            Damage::KeyDropped => "key dropped",
            Damage::KeyAdded => "key added",
            Damage::KeyRenamed => "key renamed",
            Damage::KeysSwapped => "keys swapped",
            Damage::KeyRespelled => "key escaped otherwise",
            Damage::NumberUp => "number plus 1",
            Damage::NumberDown => "number minus 1",
            Damage::NumberUlp => "number by 1 ulp",
            Damage::LastDigit => "last digit changed",
            Damage::Sign => "sign flipped",
            Damage::NumberRespelled => "number written otherwise",
            Damage::NumberAsText => "number as text",
            Damage::MetricMoved => "metric beyond its tolerance",
            Damage::ScoreMoved => "score beyond its tolerance",
            Damage::Character => "character changed",
            Damage::TextRespelled => "text escaped otherwise",
            Damage::BoolFlipped => "boolean flipped",
            Damage::Nulled => "value nulled",
            Damage::NullFilled => "null filled",
            Damage::Emptied => "value emptied",
            Damage::ElementDropped => "element dropped",
            Damage::ElementDoubled => "element doubled",
            Damage::ElementsSwapped => "elements swapped",
            Damage::RankedSwapped => "ranked elements swapped",
            Damage::VectorTurned => "vector turned",
            Damage::VectorScaled => "vector scaled",
            Damage::VectorShortened => "vector shortened",
            Damage::VectorLengthened => "vector lengthened",
            Damage::BodyCut => "body cut",
            Damage::SeriesDropped => "series dropped",
            Damage::StatusChanged => "status changed",
            Damage::HeaderChanged => "header changed",
            Damage::HeaderDropped => "header dropped",
            Damage::HeaderAdded => "header added",
            Damage::ExitChanged => "exit code changed",
            Damage::AnswerFailed => "answer lost",
            Damage::StepDropped => "step dropped",
            Damage::ScriptCounted => "upstream script miscounted",
            Damage::FileDropped => "file dropped",
            Damage::FileAdded => "file added",
            Damage::LineCut => "line cut",
            Damage::LineDropped => "line dropped",
            Damage::LineDoubled => "line doubled",
            Damage::LinesSwapped => "lines swapped",
            Damage::NewlineDropped => "newline dropped",
            Damage::NewlineAdded => "newline added",
            Damage::SpaceAdded => "space added",
            Damage::ByteChanged => "byte changed",
            Damage::LastByteCut => "last byte cut",
            Damage::RequestAdded => "upstream request added",
            Damage::RequestDropped => "upstream request dropped",
            Damage::RequestDoubled => "upstream request doubled",
            Damage::RequestsSwapped => "upstream requests swapped",
            Damage::RequestPath => "upstream path changed",
            Damage::RequestMethod => "upstream method changed",
        }
    }

    /// The kinds of difference this damage may be told as. A comparison that calls a lost key a
    /// reordering would pin the wrong thing.
    pub(super) fn told_as(self) -> &'static [DifferenceKind] {
        use DifferenceKind as Kind;
        match self {
            Damage::KeyDropped | Damage::SeriesDropped | Damage::FileDropped => {
                &[Kind::Missing, Kind::DuplicateKey]
            }
            Damage::KeyAdded | Damage::FileAdded => &[Kind::Extra],
            Damage::KeyRenamed => &[Kind::Missing, Kind::Extra],
            Damage::KeysSwapped => &[Kind::KeyOrder],
            Damage::KeyRespelled | Damage::TextRespelled => &[Kind::Escape],
            // A number may be a score, and a number or a text an id.
            Damage::NumberUp | Damage::NumberDown | Damage::Sign => {
                &[Kind::Value, Kind::RankingScore, Kind::RankingOverlap]
            }
            Damage::NumberUlp | Damage::LastDigit | Damage::Character => {
                &[Kind::Value, Kind::RankingOverlap]
            }
            Damage::BoolFlipped
            | Damage::RequestPath
            | Damage::RequestMethod
            | Damage::ScriptCounted => &[Kind::Value],
            Damage::NumberRespelled => &[Kind::NumberLexeme],
            Damage::NumberAsText | Damage::Nulled | Damage::NullFilled => {
                &[Kind::Type, Kind::RankingOverlap]
            }
            Damage::MetricMoved => &[Kind::Metric],
            Damage::ScoreMoved => &[Kind::RankingScore],
            Damage::RankedSwapped => &[Kind::RankingOrder],
            Damage::Emptied => &[
                Kind::Value,
                Kind::Missing,
                Kind::Length,
                Kind::Type,
                Kind::RankingLength,
                Kind::RankingOverlap,
            ],
            Damage::ElementDropped
            | Damage::ElementDoubled
            | Damage::RequestAdded
            | Damage::RequestDropped
            | Damage::RequestDoubled => &[Kind::Length, Kind::RankingLength],
            Damage::ElementsSwapped | Damage::LinesSwapped | Damage::RequestsSwapped => &[
                Kind::Value,
                Kind::Type,
                Kind::Missing,
                Kind::Extra,
                Kind::Length,
                Kind::KeyOrder,
                Kind::DuplicateKey,
                Kind::NumberLexeme,
                Kind::Escape,
                Kind::Metric,
                Kind::Direction,
                Kind::Norm,
                Kind::Dimension,
                Kind::Bytes,
                Kind::TrailingBytes,
            ],
            Damage::VectorTurned => &[Kind::Direction],
            Damage::VectorScaled => &[Kind::Norm],
            Damage::VectorShortened | Damage::VectorLengthened => &[Kind::Dimension, Kind::Type],
            Damage::BodyCut | Damage::LineCut => &[Kind::Bytes],
            Damage::StatusChanged => &[Kind::Status],
            Damage::HeaderChanged | Damage::HeaderDropped | Damage::HeaderAdded => &[Kind::Header],
            Damage::ExitChanged => &[Kind::Exit],
            Damage::AnswerFailed | Damage::StepDropped => &[Kind::Failure],
            Damage::LineDropped | Damage::LineDoubled => {
                &[Kind::LineCount, Kind::Bytes, Kind::TrailingBytes]
            }
            Damage::NewlineDropped | Damage::NewlineAdded => {
                &[Kind::TrailingBytes, Kind::LineCount]
            }
            Damage::SpaceAdded => &[Kind::TrailingBytes],
            Damage::ByteChanged | Damage::LastByteCut => &[Kind::Bytes, Kind::TrailingBytes],
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
