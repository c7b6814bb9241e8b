//! `fixtures/corpus/natural.toml`: the words in which people describe themselves.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Natural {
    pub(crate) share: Share,
    #[serde(rename = "language")]
    pub(crate) languages: Vec<Language>,
    /// What people in a role call themselves, by role and language.
    #[serde(rename = "role")]
    pub(crate) roles: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Other names of certifications.
    #[serde(rename = "certification")]
    pub(crate) certifications: BTreeMap<String, Vec<String>>,
    /// Names of states by their codes.
    #[serde(rename = "state")]
    pub(crate) states: BTreeMap<String, String>,
    /// Other names of cities, by `City, ST`.
    #[serde(rename = "city")]
    pub(crate) cities: BTreeMap<String, Vec<String>>,
}

/// Percentages of people with a habit, or who mention a part.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Share {
    pub(crate) own_role: u32,
    pub(crate) own_place: u32,
    pub(crate) own_certification: u32,
    pub(crate) misspelled: u32,
    pub(crate) lower_case: u32,
    pub(crate) upper_case: u32,
    pub(crate) place: u32,
    pub(crate) years: u32,
    pub(crate) skills: u32,
    pub(crate) certifications: u32,
    pub(crate) second_role: u32,
    pub(crate) shift: u32,
    pub(crate) not_available: u32,
}

/// Templates of a language's parts, with `{role}`, `{place}`, `{years}`, `{skills}`, `{certifications}`
/// and `{shift}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Language {
    pub(crate) name: String,
    pub(crate) weight: u32,
    pub(crate) and: String,
    pub(crate) openings: Vec<String>,
    pub(crate) places: Vec<String>,
    pub(crate) years: Vec<String>,
    /// For less than a year.
    pub(crate) beginner: Vec<String>,
    pub(crate) skills: Vec<String>,
    pub(crate) certifications: Vec<String>,
    pub(crate) second_role: Vec<String>,
    pub(crate) available: Vec<String>,
    pub(crate) not_available: Vec<String>,
    pub(crate) days: Vec<String>,
    pub(crate) nights: Vec<String>,
    pub(crate) weekends: Vec<String>,
}

/// The names of the other fixtures, which the words belong to.
pub(crate) struct Names<'f> {
    pub(crate) roles: BTreeSet<&'f str>,
    pub(crate) certifications: BTreeSet<&'f str>,
    /// Cities and the codes of their states.
    pub(crate) cities: BTreeSet<(&'f str, &'f str)>,
}

impl Natural {
    pub(crate) fn check(&self, names: &Names<'_>) -> Result<()> {
        ensure!(
            self.share.all().iter().all(|share| *share <= 100),
            "a share is not 0 to 100 percent"
        );
        ensure!(
            !self.languages.is_empty(),
            "there must be at least one language"
        );
        for language in &self.languages {
            language.check()?;
            for name in &names.roles {
                let words = self
                    .roles
                    .get(*name)
                    .and_then(|own| own.get(&language.name));
                ensure!(
                    words.is_some_and(|words| !words.is_empty()),
                    "role `{name}` has no words in `{}`",
                    language.name
                );
            }
        }
        let mut places = BTreeSet::new();
        for (name, state) in &names.cities {
            ensure!(
                self.states.contains_key(*state),
                "state `{state}` has no name"
            );
            places.insert(format!("{name}, {state}"));
        }
        for (place, own) in &self.cities {
            ensure!(
                places.contains(place) && !own.is_empty(),
                "`{place}` is not a city, or has no other names"
            );
        }
        for (certification, own) in &self.certifications {
            ensure!(
                names.certifications.contains(certification.as_str()) && !own.is_empty(),
                "certification `{certification}` is in no role, or has no other names"
            );
        }
        Ok(())
    }
}

impl Share {
    fn all(&self) -> [u32; 13] {
        [
            self.own_role,
            self.own_place,
            self.own_certification,
            self.misspelled,
            self.lower_case,
            self.upper_case,
            self.place,
            self.years,
            self.skills,
            self.certifications,
            self.second_role,
            self.shift,
            self.not_available,
        ]
    }
}

impl Language {
    fn check(&self) -> Result<()> {
        let name = &self.name;
        ensure!(self.weight > 0, "language `{name}` needs a weight");
        for (list, placeholder) in [
            (&self.openings, "{role}"),
            (&self.places, "{place}"),
            (&self.years, "{years}"),
            (&self.beginner, ""),
            (&self.skills, "{skills}"),
            (&self.certifications, "{certifications}"),
            (&self.second_role, "{role}"),
            (&self.available, "{shift}"),
            (&self.not_available, ""),
            (&self.days, ""),
            (&self.nights, ""),
            (&self.weekends, ""),
        ] {
            ensure!(
                !list.is_empty() && list.iter().all(|form| form.contains(placeholder)),
                "language `{name}` has an empty list, or a template without `{placeholder}`"
            );
        }
        Ok(())
    }
}
