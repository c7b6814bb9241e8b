//! The parts of the understanding, each of which can be switched off.

/// The parts that are used. The words of a part that is switched off stay known words, which are neither
/// corrected nor reported as a role that nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Roles.
    pub roles: bool,
    /// Other words for roles than their names in the lexicon and in the documents, and abbreviations.
    pub synonyms: bool,
    /// Words that suggest a role where no title is found.
    pub hints: bool,
    /// Related roles.
    pub related: bool,
    /// Places.
    pub places: bool,
    /// Nicknames of places.
    pub nicknames: bool,
    /// Shifts.
    pub shifts: bool,
    /// Certificates.
    pub certificates: bool,
    /// What is not wanted; without this part it is read as wanted.
    pub negation: bool,
    /// How many people, years, pay, dates and times.
    pub numbers: bool,
    /// The client.
    pub client: bool,
    /// Who is available; without this part all people are asked for.
    pub availability: bool,
    /// The correction of misspelled words.
    pub correction: bool,
    /// Reports of what nobody has.
    pub nobody: bool,
}

impl Parts {
    /// All of them.
    pub const ALL: Self = Self {
        roles: true,
        synonyms: true,
        hints: true,
        related: true,
        places: true,
        nicknames: true,
        shifts: true,
        certificates: true,
        negation: true,
        numbers: true,
        client: true,
        availability: true,
        correction: true,
        nobody: true,
    };
}

impl Default for Parts {
    fn default() -> Self {
        Self::ALL
    }
}
