//! The tiers of a search: which documents are hits, and in which order (`matrix_search.md`, "Tiers").

use lakehouse_understand::{How, Place, Understanding};
use lakehouse_vector::{Filter, Metadata};

use super::conditions::{
    conditions, has_any_shift, has_role, in_place, in_places, is_role, not, notes,
};
use crate::answer::Match;

/// What a tier adds to the distance of its hits.
const TIER_DISTANCE: f64 = 2.0;

/// A plan of a search.
#[derive(Debug)]
pub(crate) struct Plan {
    /// In order; a document is in the first that it fits.
    pub(super) tiers: Vec<Tier>,
    /// The conditions that every hit meets.
    pub(super) conditions: Option<Filter>,
    /// The ids of a person who is looked up.
    pub(super) only_ids: Option<Vec<Box<str>>>,
    /// Those that a profile may match besides its role.
    other_matches: Vec<(Match, Filter)>,
    is_look_up: bool,
}

/// Documents that come before others.
#[derive(Debug)]
pub(super) struct Tier {
    /// What the tier's documents meet, besides the conditions; `None` if all do.
    pub(super) filter: Option<Filter>,
    pub(super) grade: Grade,
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
        Self::of_tiers(vec![Tier::ALL], None)
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
            filter: Some(filter.clone()),
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
                filter: Some(notes()),
                grade: Grade::Notes,
            };
            return Self::of_tiers(vec![notes], conditions(understood));
        }
        let mut tiers = role_tiers(understood);
        if !understood.shifts.is_empty() {
            tiers = ordered_by_shift(tiers, has_any_shift(&understood.shifts));
        }
        if is_ranked(&understood.places) {
            // A city without a state contains those of the name with one.
            let places = &understood.places;
            let part = |(at, place): (usize, &Place)| {
                Filter::And(vec![in_place(place), not(in_places(&places[..at]))])
            };
            let mut parts: Vec<_> = places.iter().enumerate().map(part).collect();
            parts.push(not(in_places(places)));
            tiers = divided(&tiers, &parts);
        }
        let mut plan = Self::of_tiers(tiers, conditions(understood));
        let wants = [
            (Match::Place, !understood.places.is_empty()),
            (Match::Shift, !understood.shifts.is_empty()),
            (Match::Certificates, !understood.certificates.is_empty()),
        ];
        for (kind, _) in wants.into_iter().filter(|(_, is_wanted)| *is_wanted) {
            let filter = match kind {
                Match::Shift => has_any_shift(&understood.shifts),
                _ => Filter::And(Vec::new()),
            };
            let profile = Filter::And(vec![not(notes()), filter]);
            plan.other_matches.push((kind, profile));
        }
        plan
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

    /// The filter of a tier's search, within the request's own filter.
    pub(super) fn filter_of(&self, tier: &Tier, request: Option<&Filter>) -> Option<Filter> {
        let parts = [request, self.conditions.as_ref(), tier.filter.as_ref()];
        let mut parts: Vec<_> = parts.into_iter().flatten().cloned().collect();
        match parts.len() {
            0 | 1 => parts.pop(),
            _ => Some(Filter::And(parts)),
        }
    }

    /// The last tier of a wanted role.
    pub(super) fn last_of_role(&self) -> Option<usize> {
        let is_of_role = |tier: &Tier| tier.grade == Grade::Role;
        self.tiers.iter().rposition(is_of_role)
    }

    /// The number of tiers before that of a document.
    pub(super) fn tier_of(&self, metadata: &Metadata) -> usize {
        let fits = |tier: &Tier| {
            let filter = tier.filter.as_ref();
            filter.is_none_or(|filter| filter.passes(metadata))
        };
        let tier = self.tiers.iter().position(fits);
        tier.unwrap_or(self.tiers.len())
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
        let grade = self.tiers.get(tier).map(|tier| tier.grade);
        let role = match grade {
            Some(Grade::Role) => Some(Match::Role),
            Some(Grade::SecondRole) => Some(Match::SecondRole),
            Some(Grade::Related) => Some(Match::Related),
            Some(Grade::Any | Grade::Notes) | None => None,
        };
        let others = self.other_matches.iter();
        let others = others.filter(|(_, filter)| filter.passes(metadata));
        role.into_iter()
            .chain(others.map(|(kind, _)| *kind))
            .collect()
    }
}

/// What tiers before a hit's add to its distance.
pub(super) fn offset(tier: usize) -> f64 {
    TIER_DISTANCE * tier as f64
}

impl Tier {
    const ALL: Self = Self {
        filter: None,
        grade: Grade::Any,
    };
}

/// The tiers of the wanted roles. Each leaves out the documents of those before it.
fn role_tiers(understood: &Understanding) -> Vec<Tier> {
    let known = understood
        .roles
        .iter()
        .filter(|role| !role.values.is_empty());
    let known: Vec<_> = known.collect();
    if known.is_empty() {
        return vec![Tier::ALL];
    }
    let mut all: Vec<_> = known
        .iter()
        .map(|role| (has_role("role", [*role]), Grade::Role))
        .collect();
    all.push((has_role("second_role", known), Grade::SecondRole));
    all.push((is_role(&understood.related), Grade::Related));
    all.push((notes(), Grade::Notes));
    let mut before: Vec<Filter> = Vec::new();
    let mut tiers = Vec::new();
    for (filter, grade) in all {
        let others = before.iter().cloned().map(not);
        let parts: Vec<_> = std::iter::once(filter.clone()).chain(others).collect();
        tiers.push(Tier {
            filter: Some(Filter::And(parts)),
            grade,
        });
        before.push(filter);
    }
    tiers
}

/// The tiers with and without a shift. People who have done the work and have the shift come before those
/// with the very role and another shift.
fn ordered_by_shift(tiers: Vec<Tier>, has: Filter) -> Vec<Tier> {
    let parts = [has.clone(), not(has)];
    let (able, others): (Vec<_>, Vec<_>) = tiers
        .into_iter()
        .partition(|tier| matches!(tier.grade, Grade::Any | Grade::Role | Grade::SecondRole));
    let by_part = parts
        .iter()
        .map(|part| divided(&able, std::slice::from_ref(part)));
    let mut tiers: Vec<_> = by_part.flatten().collect();
    tiers.extend(divided(&others, &parts));
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

/// Each tier divided into parts that exclude each other.
fn divided(tiers: &[Tier], parts: &[Filter]) -> Vec<Tier> {
    let divide = |tier: &Tier| -> Vec<Tier> {
        let part = |part: &Filter| {
            let both = tier.filter.iter().chain([part]).cloned();
            Tier {
                filter: Some(Filter::And(both.collect())),
                grade: tier.grade,
            }
        };
        parts.iter().map(part).collect()
    };
    tiers.iter().flat_map(divide).collect()
}
