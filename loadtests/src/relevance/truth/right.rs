//! Who is right for a question, and why someone is not.

use super::super::people::{Metadata, Person};
use super::super::question::{Asked, Availability, By, Shift};

/// Gain of a person who works in the role, or is the one who is looked up.
const FULL_GAIN: u32 = 2;
/// Gain of a person who works in the role besides another one.
const SECOND_GAIN: u32 = 1;

pub(super) fn looked_up(by: By, person: &Person, candidate: &Person) -> Option<u32> {
    let is_same = match by {
        By::Name => candidate.metadata.name == person.metadata.name,
        By::Phone => candidate.metadata.phone == person.metadata.phone,
        By::Email => candidate.metadata.email == person.metadata.email,
        By::Id => candidate.id == person.id,
    };
    is_same.then_some(FULL_GAIN)
}

/// The gain of a person who is right, by the role.
pub(super) fn gain(asked: &Asked, metadata: &Metadata) -> Option<u32> {
    let has_role = |role: &str| asked.roles.iter().any(|asked| asked == role);
    let gain = if asked.roles.is_empty() || has_role(&metadata.role) {
        FULL_GAIN
    } else if metadata.second_role.as_deref().is_some_and(has_role) {
        SECOND_GAIN
    } else {
        return None;
    };
    let is_available = match asked.availability {
        Availability::Available => metadata.available,
        Availability::Unavailable => !metadata.available,
        Availability::Any => true,
    };
    let is_right = is_available
        && is_in_place(asked, metadata)
        && !is_excluded(asked, metadata)
        && asked.shift.is_none_or(|shift| works(metadata, shift))
        && asked.certs.iter().all(|name| metadata.holds(name))
        && asked
            .skills
            .iter()
            .all(|skill| metadata.skills().any(|has| has == skill))
        && asked.max_rate.is_none_or(|rate| metadata.rate <= rate)
        && asked.below_rate.is_none_or(|rate| metadata.rate < rate)
        && asked.min_years.is_none_or(|years| metadata.years >= years);
    is_right.then_some(gain)
}

pub(super) fn is_in_place(asked: &Asked, metadata: &Metadata) -> bool {
    let allows = |list: &[String], name: &String| list.is_empty() || list.contains(name);
    allows(&asked.city, &metadata.city)
        && allows(&asked.state, &metadata.state)
        && !asked.not_city.contains(&metadata.city)
        && !asked.not_state.contains(&metadata.state)
}

pub(super) fn is_excluded(asked: &Asked, metadata: &Metadata) -> bool {
    asked.not_city.contains(&metadata.city)
        || asked.not_state.contains(&metadata.state)
        || asked.not_roles.contains(&metadata.role)
        || asked.not_certs.iter().any(|name| metadata.holds(name))
        || asked.not_shift.is_some_and(|shift| works(metadata, shift))
}

fn works(metadata: &Metadata, shift: Shift) -> bool {
    match shift {
        Shift::Days => metadata.shift == "days",
        Shift::Nights => metadata.shift == "nights",
        Shift::Weekends => metadata.weekends,
    }
}
