//! Which implementation is the odd one out.

use super::side::Side;
use crate::compare::compare;
use crate::config::{Case, Probe};

/// Which implementations agree, if there are three or more answers.
pub(super) fn attribute(probe: &Probe, case: &Case, sides: &[Side]) -> Option<String> {
    let answered: Vec<&Side> = sides
        .iter()
        .filter(|side| side.broken.is_empty() && side.noise.is_empty() && side.prepared.is_some())
        .collect();
    if answered.len() < 3 {
        return None;
    }
    let mut groups: Vec<Vec<&Side>> = Vec::new();
    for side in answered {
        let group = groups
            .iter_mut()
            .find(|group| match (&group[0].prepared, &side.prepared) {
                (Some(one), Some(other)) => {
                    compare(one, other, &probe.compare, case.sequence).is_empty()
                }
                _ => false,
            });
        match group {
            Some(group) => group.push(side),
            None => groups.push(vec![side]),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let names = |sides: &[&Side]| -> String {
        let names: Vec<&str> = sides
            .iter()
            .map(|side| side.implementation.as_str())
            .collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => names.concat(),
        }
    };
    let (most, rest) = groups.split_first()?;
    let second = rest.first()?;
    if most.len() == 1 {
        return Some("all differ from each other".to_owned());
    }
    if most.len() == second.len() {
        return Some(format!("{} agree; {} agree", names(most), names(second)));
    }
    let odd: Vec<&Side> = rest.iter().flatten().copied().collect();
    let verb = if odd.len() == 1 { "differs" } else { "differ" };
    Some(format!("{} {verb}; {} agree", names(&odd), names(most)))
}
