//! The tiers of a search: which documents are hits, and in which order (`matrix_search.md`, "Tiers").

use lakehouse_understand::{How, Place, Understanding};
use lakehouse_vector::{Filter, Metadata};

use super::conditions::{conditions, has_any_shift, has_role, in_place, is_note, is_role, notes};
use crate::answer::Match;

/// What a tier adds to the distance of its hits.
const TIER_DISTANCE: f64 = 2.0;

/// A plan of a search.
#[derive(Debug)]
pub(crate) struct Plan {
    /// In order; a document is in the first that it fits. Without tiers, all documents are alike.
    tiers: Vec<Tier>,
    /// The conditions that every hit meets.
    conditions: Option<Filter>,
    /// The ids of a person who is looked up.
    only_ids: Option<Vec<Box<str>>>,
    /// What a profile matches besides its role, if it passes the filter.
    other_matches: Vec<(Match, Option<Filter>)>,
    is_look_up: bool,
}

/// Documents that come before others.
#[derive(Debug)]
struct Tier {
    filter: Filter,
    grade: Grade,
}

/// How the role of a tier's documents is the one asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grade {
    /// No role is asked for.
    Any,
    Role,
    SecondRole,
    Related,
    Notes,
}

impl Plan {
    /// A plan that searches all documents.
    pub(super) fn everything() -> Self {
        Self::of_tiers(Vec::new(), None)
    }

    /// A plan that finds the documents with these ids.
    pub(super) fn of_ids(ids: Vec<Box<str>>) -> Self {
        Self {
            only_ids: Some(ids),
            is_look_up: true,
            ..Self::everything()
        }
    }

    /// A plan that finds the documents of people, tier by tier.
    pub(super) fn of_people(tiers: Vec<Filter>) -> Self {
        let tier = |filter: &Filter| Tier {
            filter: filter.clone(),
            grade: Grade::Any,
        };
        Self {
            is_look_up: true,
            ..Self::of_tiers(tiers.iter().map(tier).collect(), Some(Filter::Or(tiers)))
        }
    }

    /// The plan for what is understood.
    pub(super) fn of(understood: &Understanding) -> Self {
        if !understood.nobody.is_empty() {
            let notes = Tier {
                filter: notes(),
                grade: Grade::Notes,
            };
            return Self::of_tiers(vec![notes], conditions(understood));
        }
        let mut tiers = role_tiers(understood);
        let mut other_matches = Vec::new();
        if !understood.places.is_empty() {
            other_matches.push((Match::Place, None));
        }
        if !understood.shifts.is_empty() {
            let has = has_any_shift(&understood.shifts);
            tiers = ordered_by_shift(tiers, &has);
            other_matches.push((Match::Shift, Some(has)));
        }
        if is_ranked(&understood.places) {
            let places: Vec<_> = understood.places.iter().map(in_place).collect();
            tiers = divided(tiers, &places);
        }
        if !understood.certificates.is_empty() {
            other_matches.push((Match::Certificates, None));
        }
        Self {
            other_matches,
            ..Self::of_tiers(tiers, conditions(understood))
        }
    }

    fn of_tiers(tiers: Vec<Tier>, conditions: Option<Filter>) -> Self {
        Self {
            tiers,
            conditions,
            only_ids: None,
            other_matches: Vec::new(),
            is_look_up: false,
        }
    }

    /// The filter of a search, within the request's own filter.
    pub(super) fn filter(&self, request: Option<&Filter>) -> Option<Filter> {
        match (request, &self.conditions) {
            (Some(request), Some(conditions)) => {
                Some(Filter::And(vec![request.clone(), conditions.clone()]))
            }
            (one, other) => one.or(other.as_ref()).cloned(),
        }
    }

    /// The filters of the tiers.
    pub(super) fn tiers(&self) -> Vec<&Filter> {
        self.tiers.iter().map(|tier| &tier.filter).collect()
    }

    /// The ids of a person who is looked up.
    pub(super) fn only_ids(&self) -> Option<Vec<&str>> {
        let ids = self.only_ids.as_ref()?;
        Some(ids.iter().map(|id| &**id).collect())
    }

    /// The last tier of a wanted role.
    pub(super) fn last_of_role(&self) -> Option<usize> {
        let is_of_role = |tier: &Tier| tier.grade == Grade::Role;
        self.tiers.iter().rposition(is_of_role)
    }

    /// The number of tiers before that of a document.
    pub(super) fn tier_of(&self, metadata: &Metadata) -> usize {
        let fits = |tier: &Tier| tier.filter.passes(metadata);
        let tier = self.tiers.iter().position(fits);
        tier.unwrap_or(self.tiers.len())
    }

    /// How the role of a tier's documents is the one asked for.
    pub(super) fn grade(&self, tier: usize) -> Grade {
        self.tiers.get(tier).map_or(Grade::Any, |tier| tier.grade)
    }

    /// Whether a document meets the conditions.
    pub(super) fn allows(&self, id: &str, metadata: &Metadata) -> bool {
        let only = self.only_ids.as_ref();
        let conditions = self.conditions.as_ref();
        only.is_none_or(|ids| ids.iter().any(|only| **only == *id))
            && conditions.is_none_or(|conditions| conditions.passes(metadata))
    }

    /// What a hit of a tier matches.
    pub(super) fn matches(&self, tier: usize, metadata: &Metadata) -> Vec<Match> {
        if self.is_look_up {
            return vec![Match::Person];
        }
        let grade = self.grade(tier);
        let role = match grade {
            Grade::Role => Some(Match::Role),
            Grade::SecondRole => Some(Match::SecondRole),
            Grade::Related => Some(Match::Related),
            Grade::Any | Grade::Notes => None,
        };
        let mut matches: Vec<_> = role.into_iter().collect();
        // Documents with one of the roles are profiles.
        let is_profile = || matches!(grade, Grade::Role | Grade::Related) || !is_note(metadata);
        if !self.other_matches.is_empty() && is_profile() {
            let passes = |filter: &Filter| filter.passes(metadata);
            let others = self.other_matches.iter();
            let others = others.filter(|(_, filter)| filter.as_ref().is_none_or(passes));
            matches.extend(others.map(|(kind, _)| *kind));
        }
        matches
    }
}

/// What tiers before a hit's add to its distance.
pub(super) fn offset(tier: usize) -> f64 {
    TIER_DISTANCE * tier as f64
}

impl Tier {
    fn new(filter: Filter, grade: Grade) -> Self {
        Self { filter, grade }
    }

    /// The documents of the tier that pass a filter, too.
    fn and(&self, filter: &Filter) -> Self {
        let both = vec![self.filter.clone(), filter.clone()];
        Self::new(Filter::And(both), self.grade)
    }
}

/// The tiers of the wanted roles that documents have, or one of all documents.
fn role_tiers(understood: &Understanding) -> Vec<Tier> {
    let known = understood
        .roles
        .iter()
        .filter(|role| !role.values.is_empty());
    let known: Vec<_> = known.collect();
    if known.is_empty() {
        return vec![Tier::new(Filter::And(Vec::new()), Grade::Any)];
    }
    let mut tiers: Vec<_> = known
        .iter()
        .map(|role| Tier::new(has_role("role", [*role]), Grade::Role))
        .collect();
    tiers.push(Tier::new(has_role("second_role", known), Grade::SecondRole));
    tiers.push(Tier::new(is_role(&understood.related), Grade::Related));
    tiers.push(Tier::new(notes(), Grade::Notes));
    tiers
}

/// The tiers with and without a shift. People who have done the work and have the shift come before those
/// with the very role and another shift.
fn ordered_by_shift(tiers: Vec<Tier>, has: &Filter) -> Vec<Tier> {
    let (able, others): (Vec<_>, Vec<_>) = tiers
        .into_iter()
        .partition(|tier| matches!(tier.grade, Grade::Any | Grade::Role | Grade::SecondRole));
    let mut tiers: Vec<_> = able.iter().map(|tier| tier.and(has)).collect();
    tiers.extend(able);
    tiers.extend(divided(others, std::slice::from_ref(has)));
    tiers
}

/// Whether the wanted places are the cities of one name.
fn is_ranked(places: &[Place]) -> bool {
    let is_city_of_name = |place: &Place| {
        place.city.is_some()
            && place.text == places[0].text
            && matches!(place.how, How::Name | How::Spelling)
    };
    places.len() > 1 && places.iter().all(is_city_of_name)
}

/// Each tier divided: its documents that pass the first filter, the second, and so on, then its others.
fn divided(tiers: Vec<Tier>, filters: &[Filter]) -> Vec<Tier> {
    let divide = |tier: Tier| {
        let mut parts: Vec<_> = filters.iter().map(|filter| tier.and(filter)).collect();
        parts.push(tier);
        parts
    };
    tiers.into_iter().flat_map(divide).collect()
}
