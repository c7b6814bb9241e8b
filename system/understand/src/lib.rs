//! What a coordinator's query asks for (`docs/contract/understand.md`).
//!
//! A [`Lexicon`] has the words of the trade and of the places, from TOML. An [`Understander`] adds the
//! roles and places of the documents, a [`Vocabulary`], and turns a text into an [`Understanding`]. All of
//! it is deterministic and in memory: nothing is proportional to the vocabulary once it is built.

mod lexicon;
mod long;
mod words;

mod correction;
mod entries;
mod parts;
mod terms;

mod names;
mod understander;
mod understanding;
mod vocabulary;

mod learn;
mod lines;
mod read;

pub use entries::{NicknameOf, PlaceName, RoleNames, StateNames};
pub use lexicon::{Lexicon, LexiconError};
pub use lines::{LineError, Lines};
pub use long::read_part;
pub use names::{NameWords, PersonName, edits_when_near};
pub use parts::Parts;
pub use terms::Dictionary;
pub use understander::Understander;
pub use understanding::{
    Availability, Bounds, Certificate, How, Nobody, Number, Place, PlaceValues, PossibleName, Role,
    Shift, Understanding, What,
};
pub use vocabulary::{KnownPlace, Vocabulary};
