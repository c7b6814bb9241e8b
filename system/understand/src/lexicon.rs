//! The lexicon: the words of the trade, of places and of sentences, as TOML files have them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The files that are built in.
const BUILT_IN: [&str; 5] = [
    include_str!("../../../fixtures/lexicon/roles.toml"),
    include_str!("../../../fixtures/lexicon/places.toml"),
    include_str!("../../../fixtures/lexicon/certificates.toml"),
    include_str!("../../../fixtures/lexicon/words.toml"),
    include_str!("../../../fixtures/lexicon/names.toml"),
];

/// The words by which queries are understood.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lexicon {
    #[serde(rename = "role")]
    pub(crate) roles: Vec<RoleWords>,
    #[serde(rename = "state")]
    pub(crate) states: Vec<StateWords>,
    #[serde(rename = "words")]
    pub(crate) state_words: Codes,
    pub(crate) city: Cities,
    #[serde(rename = "certificate")]
    pub(crate) certificates: Vec<NamedTerms>,
    #[serde(rename = "shift")]
    pub(crate) shifts: Vec<ShiftWords>,
    pub(crate) unavailable: Terms,
    pub(crate) any_availability: Terms,
    pub(crate) not: Terms,
    pub(crate) filler: Words,
    pub(crate) optional: Optional,
    pub(crate) place: PlaceCues,
    pub(crate) bound: BoundCues,
    pub(crate) numbers: BTreeMap<String, u32>,
    pub(crate) units: Units,
    pub(crate) client: ClientCues,
    pub(crate) name: NameWords,
    pub(crate) common: Words,
    pub(crate) abbreviations: BTreeMap<String, String>,
}

/// A lexicon file is not one.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LexiconError(String);

macro_rules! section {
    ($(#[$about:meta] $name:ident { $($field:ident: $type:ty),* $(,)? })*) => { $(
        #[$about]
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub(crate) struct $name { $(pub(crate) $field: $type),* }
    )* };
}

section! {
    /// A role with its words.
    RoleWords { name: String, terms: Vec<String>, hints: Vec<String>, related: Vec<String> }
    /// A state with its names.
    StateWords { code: String, name: String, terms: Vec<String> }
    /// Codes of states that are also words.
    Codes { codes: Vec<String>, strict: Vec<String> }
    /// Cities as `Detroit, MI`, the largest first.
    Cities { large: Vec<String>, small: Vec<String>, nicknames: Vec<Nickname>, words: Vec<String> }
    /// Other names of places.
    Nickname { terms: Vec<String>, places: Vec<String> }
    /// A certificate with its words.
    NamedTerms { name: String, terms: Vec<String> }
    /// A shift with its words.
    ShiftWords { value: String, terms: Vec<String> }
    /// Terms.
    Terms { terms: Vec<String>, join: Vec<String> }
    /// Single words.
    Words { words: Vec<String>, join: Vec<String> }
    /// What makes a certificate a wish.
    Optional { after: Vec<String>, before: Vec<String> }
    /// What stands before a place.
    PlaceCues { before: Vec<String> }
    /// What bounds a number.
    BoundCues { most: Vec<String>, below: Vec<String>, least: Vec<String>, above: Vec<String>, after_most: Vec<String>, after_least: Vec<String> }
    /// Units of numbers.
    Units {
        year: Vec<String>, dollar: Vec<String>, hour: Vec<String>, per: Vec<String>, day_part: Vec<String>,
        other: Vec<String>, month: Vec<String>, day: Vec<String>,
    }
    /// Names of people, and what stands around them.
    NameWords { before: Vec<String>, particles: Vec<String>, titles: Vec<String>, suffixes: Vec<String>, first: Vec<String> }
    /// What stands around a client's name.
    ClientCues { before: Vec<String>, after: Vec<String>, never: Vec<String>, end: Vec<String>, verbs: Vec<String> }
}

impl Lexicon {
    /// The built-in lexicon.
    pub fn built_in() -> Self {
        let mut lexicon = Self::default();
        for file in BUILT_IN {
            let added = lexicon.add(file);
            added.expect("a test reads the built-in files");
        }
        lexicon
    }

    /// Adds a file to the lexicon. Entries of the same name are joined, so a file may also add words to a
    /// built-in role.
    ///
    /// # Errors
    /// If the text is not a lexicon file.
    pub fn add(&mut self, file: &str) -> Result<(), LexiconError> {
        let added = toml::from_str(file);
        let added: Self =
            added.map_err(|error| LexiconError(error.to_string().trim_end().to_owned()))?;
        for role in added.roles {
            match self.roles.iter_mut().find(|known| known.name == role.name) {
                Some(known) => {
                    known.terms.extend(role.terms);
                    known.hints.extend(role.hints);
                    known.related.extend(role.related);
                }
                None => self.roles.push(role),
            }
        }
        for state in added.states {
            match self
                .states
                .iter_mut()
                .find(|known| known.code == state.code)
            {
                Some(known) => known.terms.extend(state.terms),
                None => self.states.push(state),
            }
        }
        for certificate in added.certificates {
            let name = &certificate.name;
            match self
                .certificates
                .iter_mut()
                .find(|known| known.name == *name)
            {
                Some(known) => known.terms.extend(certificate.terms),
                None => self.certificates.push(certificate),
            }
        }
        for shift in added.shifts {
            match self
                .shifts
                .iter_mut()
                .find(|known| known.value == shift.value)
            {
                Some(known) => known.terms.extend(shift.terms),
                None => self.shifts.push(shift),
            }
        }
        self.numbers.extend(added.numbers);
        self.abbreviations.extend(added.abbreviations);
        self.city.nicknames.extend(added.city.nicknames);
        for (list, more) in [
            (&mut self.state_words.codes, added.state_words.codes),
            (&mut self.state_words.strict, added.state_words.strict),
            (&mut self.city.large, added.city.large),
            (&mut self.city.small, added.city.small),
            (&mut self.city.words, added.city.words),
            (&mut self.unavailable.terms, added.unavailable.terms),
            (
                &mut self.any_availability.terms,
                added.any_availability.terms,
            ),
            (&mut self.not.terms, added.not.terms),
            (&mut self.filler.words, added.filler.words),
            (&mut self.filler.join, added.filler.join),
            (&mut self.optional.after, added.optional.after),
            (&mut self.optional.before, added.optional.before),
            (&mut self.place.before, added.place.before),
            (&mut self.bound.most, added.bound.most),
            (&mut self.bound.below, added.bound.below),
            (&mut self.bound.least, added.bound.least),
            (&mut self.bound.above, added.bound.above),
            (&mut self.bound.after_most, added.bound.after_most),
            (&mut self.bound.after_least, added.bound.after_least),
            (&mut self.units.year, added.units.year),
            (&mut self.units.dollar, added.units.dollar),
            (&mut self.units.hour, added.units.hour),
            (&mut self.units.per, added.units.per),
            (&mut self.units.day_part, added.units.day_part),
            (&mut self.units.other, added.units.other),
            (&mut self.units.month, added.units.month),
            (&mut self.units.day, added.units.day),
            (&mut self.client.before, added.client.before),
            (&mut self.client.after, added.client.after),
            (&mut self.client.never, added.client.never),
            (&mut self.client.end, added.client.end),
            (&mut self.client.verbs, added.client.verbs),
            (&mut self.name.before, added.name.before),
            (&mut self.name.particles, added.name.particles),
            (&mut self.name.titles, added.name.titles),
            (&mut self.name.suffixes, added.name.suffixes),
            (&mut self.name.first, added.name.first),
            (&mut self.common.words, added.common.words),
        ] {
            list.extend(more);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::Dictionary;
    use crate::words::key_of;

    #[test]
    fn related_roles_exist() {
        let lexicon = Lexicon::built_in();
        let names: HashSet<_> = lexicon.roles.iter().map(|role| &role.name).collect();
        for role in &lexicon.roles {
            for related in &role.related {
                assert!(names.contains(related), "`{}`: `{related}`", role.name);
            }
        }
    }

    #[test]
    fn terms_of_roles_are_no_shifts_or_cues() {
        let lexicon = Lexicon::built_in();
        let dictionary = Dictionary::new(&lexicon);
        for role in &lexicon.roles {
            for term in role.terms.iter().chain([&role.name]) {
                let meaning = &dictionary.terms[&key_of(term)];
                let is_other = meaning.shift.is_some() || meaning.cue.is_some();
                assert!(!is_other, "`{}`: `{term}`", role.name);
            }
        }
    }

    #[test]
    fn first_names_are_no_words_of_the_trade() {
        let lexicon = Lexicon::built_in();
        let dictionary = Dictionary::new(&lexicon);
        for name in &lexicon.name.first {
            let Some(meaning) = dictionary.terms.get(&key_of(name)) else {
                continue;
            };
            let is_work = !meaning.roles.is_empty()
                || !meaning.hints.is_empty()
                || meaning.certificate.is_some()
                || meaning.shift.is_some()
                || meaning.cue.is_some();
            assert!(!is_work, "`{name}`");
        }
    }
}
