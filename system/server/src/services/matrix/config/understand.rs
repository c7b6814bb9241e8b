//! `[matrix.understand]`

use lakehouse_understand::Parts;
use serde::{Deserialize, Serialize};

use crate::config::{MustBe, Raw};

/// `[matrix.understand]`: the parts by which queries are understood, all of them `true` by default. A part that
/// finds fewer of the right people in a corpus can be switched off; its members of an answer are then empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UnderstandConfig {
    /// `matrix.understand.roles`: roles decide who is found, and in which order.
    pub roles: Used,
    /// `matrix.understand.synonyms`: other words for roles, and abbreviations.
    pub synonyms: Used,
    /// `matrix.understand.hints`: words that suggest a role where no title is found.
    pub hints: Used,
    /// `matrix.understand.related`: people in related roles are hits behind those of the role.
    pub related: Used,
    /// `matrix.understand.places`: only people in the place are hits.
    pub places: Used,
    /// `matrix.understand.nicknames`: nicknames of places.
    pub nicknames: Used,
    /// `matrix.understand.shifts`: people with the shift come first.
    pub shifts: Used,
    /// `matrix.understand.certificates`: only people who hold the certificates are hits.
    pub certificates: Used,
    /// `matrix.understand.negation`: what is not wanted; without it, that is read as wanted.
    pub negation: Used,
    /// `matrix.understand.numbers`: limits on pay and years; dates, times and the number of people.
    pub numbers: Used,
    /// `matrix.understand.client`: the client's name, which is no role or place.
    pub client: Used,
    /// `matrix.understand.availability`: only people who are available are hits, unless others are
    /// asked for.
    pub availability: Used,
    /// `matrix.understand.correction`: misspelled words are corrected.
    pub correction: Used,
    /// `matrix.understand.nobody`: what nobody has is reported, instead of other people.
    pub nobody: Used,
    /// `matrix.understand.look_up`: a name, phone number, e-mail address or id finds its person.
    pub look_up: Used,
}

/// Whether a part is used, by default `true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Used(pub bool);

impl UnderstandConfig {
    /// The parts of the understanding itself; the look-up is one of the search.
    pub(in crate::services::matrix) fn parts(self) -> Parts {
        let Self {
            roles,
            synonyms,
            hints,
            related,
            places,
            nicknames,
            shifts,
            certificates,
            negation,
            numbers,
            client,
            availability,
            correction,
            nobody,
            look_up: _,
        } = self;
        Parts {
            roles: roles.0,
            synonyms: synonyms.0,
            hints: hints.0,
            related: related.0,
            places: places.0,
            nicknames: nicknames.0,
            shifts: shifts.0,
            certificates: certificates.0,
            negation: negation.0,
            numbers: numbers.0,
            client: client.0,
            availability: availability.0,
            correction: correction.0,
            nobody: nobody.0,
        }
    }
}

impl Default for Used {
    fn default() -> Self {
        Self(true)
    }
}

impl TryFrom<Raw> for Used {
    type Error = MustBe;

    fn try_from(raw: Raw) -> Result<Self, MustBe> {
        match raw {
            Raw::Boolean(used) => Ok(Self(used)),
            _ => Err("`true` or `false`".into()),
        }
    }
}
