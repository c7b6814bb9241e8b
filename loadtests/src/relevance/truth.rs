//! The people who are right for a question, by the metadata of the corpus.

mod names;
mod placeholders;
mod right;

use std::collections::BTreeMap;

use super::people::{Metadata, People};
use super::question::{Asked, Availability, Question};
use names::check_names;
use placeholders::fill_in;
use right::{gain, looked_up};

/// A question that is ready to be asked of a corpus.
#[derive(Debug)]
pub(super) struct Truth<'q> {
    pub(super) group: &'q str,
    /// The text with its placeholders filled in.
    pub(super) text: String,
    pub(super) asked: &'q Asked,
    /// Gain of each right person by id; empty for a question that is marked `none`.
    pub(super) right: BTreeMap<String, u32>,
    /// Whether no person has what must be had, which the answer must report. A shift and skills are
    /// wishes: people without them may be shown.
    pub(super) is_hopeless: bool,
}

impl<'q> Truth<'q> {
    /// Finds the right people.
    ///
    /// # Errors
    /// The question names something that no person of the corpus has and is not marked `none`, or is
    /// marked `none` although a person is right. A question whose parts all exist may have no right person
    /// in a small corpus; that is not an error here.
    pub(super) fn of(question: &'q Question, people: &People) -> Result<Self, String> {
        let Question { group, asked } = question;
        let person = match &asked.person {
            None => None,
            Some(id) => Some(
                people
                    .get(id)
                    .ok_or_else(|| format!("the corpus has no person `{id}`"))?,
            ),
        };
        let demands = asked.person.is_some() || !asked.roles.is_empty() || asked.has_place();
        let right: BTreeMap<String, u32> = if asked.none && !demands {
            BTreeMap::new()
        } else {
            people
                .iter()
                .filter_map(|candidate| {
                    let gain = match (person, asked.by) {
                        (Some(person), Some(by)) => looked_up(by, person, candidate),
                        _ => gain(asked, &candidate.metadata),
                    };
                    Some((candidate.id.clone(), gain?))
                })
                .collect()
        };
        if asked.none {
            if let Some((id, _)) = right.first_key_value() {
                return Err(format!("it is marked `none`, but `{id}` is right"));
            }
        } else {
            check_names(asked, people)?;
        }
        let wanted = Asked {
            shift: None,
            not_shift: None,
            skills: Vec::new(),
            ..asked.clone()
        };
        let is_hopeless = right.is_empty()
            && !people
                .iter()
                .any(|person| !asked.none && gain(&wanted, &person.metadata).is_some());
        let text = person.map_or(asked.q.clone(), |person| fill_in(&asked.q, person));
        if text.contains(['{', '}']) {
            return Err("it has an unknown placeholder".to_owned());
        }
        Ok(Self {
            group,
            text,
            asked,
            right,
            is_hopeless,
        })
    }

    /// Whether a person lives where the question allows.
    pub(super) fn is_in_place(&self, metadata: &Metadata) -> bool {
        right::is_in_place(self.asked, metadata)
    }

    /// Whether a person has what the question excludes.
    pub(super) fn is_excluded(&self, metadata: &Metadata) -> bool {
        right::is_excluded(self.asked, metadata)
    }

    /// Whether people who are not available must not be shown; a look-up shows whom it asks for.
    pub(super) fn needs_available(&self) -> bool {
        self.asked.availability == Availability::Available && self.asked.person.is_none()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::people::tests::person;
    use super::*;

    /// A welder of Detroit, a packer who can weld, one who is not available, one of Ohio, and a packer.
    fn people() -> People {
        let mut people = People::default();
        for person in [
            person("w-1", "Welder", &json!({})),
            person(
                "w-2",
                "Packer",
                &json!({ "second_role": "Welder", "rate": 16 }),
            ),
            person("w-3", "Welder", &json!({ "available": false })),
            person(
                "w-4",
                "Welder",
                &json!({ "city": "Toledo", "state": "OH", "shift": "nights", "name": "Bo Li" }),
            ),
            person(
                "w-5",
                "Packer",
                &json!({ "weekends": true, "cert_osha_10": false }),
            ),
        ] {
            people.add(person);
        }
        people
    }

    fn right(asked: Value) -> Result<Vec<(String, u32)>, String> {
        let question = Question {
            group: "own".to_owned(),
            asked: serde_json::from_value(asked).unwrap(),
        };
        let truth = Truth::of(&question, &people())?;
        Ok(truth.right.into_iter().collect())
    }

    #[test]
    fn each_member_limits_who_is_right() {
        for (asked, expected) in [
            (json!({ "roles": ["Welder"] }), "w-1:2 w-2:1 w-4:2"),
            (
                json!({ "roles": "Welder", "city": "Detroit" }),
                "w-1:2 w-2:1",
            ),
            (json!({ "roles": "Welder", "state": ["OH"] }), "w-4:2"),
            (
                json!({ "roles": "Welder", "not_state": "OH" }),
                "w-1:2 w-2:1",
            ),
            (json!({ "roles": "Welder", "not_city": "Detroit" }), "w-4:2"),
            (
                json!({ "roles": "Welder", "not_roles": "Packer" }),
                "w-1:2 w-4:2",
            ),
            (json!({ "roles": "Welder", "shift": "nights" }), "w-4:2"),
            (json!({ "roles": "Packer", "shift": "weekends" }), "w-5:2"),
            (
                json!({ "roles": "Packer", "not_shift": "weekends" }),
                "w-2:2",
            ),
            (json!({ "roles": "Packer", "certs": "OSHA 10" }), "w-2:2"),
            (
                json!({ "roles": "Packer", "not_certs": "OSHA 10" }),
                "w-5:2",
            ),
            (
                json!({ "roles": "Packer", "skills": "TIG", "max_rate": 16 }),
                "w-2:2",
            ),
            (json!({ "roles": "Packer", "below_rate": 16 }), ""),
            (json!({ "roles": "Packer", "min_years": 5 }), ""),
            (
                json!({ "roles": "Welder", "availability": "unavailable" }),
                "w-3:2",
            ),
            (
                json!({ "roles": "Welder", "city": "Detroit", "availability": "any" }),
                "w-1:2 w-2:1 w-3:2",
            ),
            (json!({ "person": "w-4", "by": "name" }), "w-4:2"),
            (
                json!({ "person": "w-3", "by": "name" }),
                "w-1:2 w-2:2 w-3:2 w-5:2",
            ),
            (json!({ "person": "w-3", "by": "id" }), "w-3:2"),
            (
                json!({ "roles": "Welder", "city": "Reno", "none": true }),
                "",
            ),
            (json!({ "none": true }), ""),
        ] {
            let mut asked = asked;
            asked["q"] = json!("a question");
            let found = right(asked.clone()).unwrap();
            let found: Vec<_> = found
                .iter()
                .map(|(id, gain)| format!("{id}:{gain}"))
                .collect();
            assert_eq!(found.join(" "), expected, "{asked}");
        }
    }

    #[test]
    fn questions_that_cannot_have_their_truth_are_rejected() {
        for (asked, expected) in [
            (
                json!({ "roles": "Weldor" }),
                "no person of the corpus has the role `Weldor`",
            ),
            (
                json!({ "roles": "Welder", "city": "Reno" }),
                "the city `Reno`",
            ),
            (
                json!({ "roles": "Welder", "not_state": "Ohio" }),
                "the state `Ohio`",
            ),
            (
                json!({ "roles": "Welder", "certs": "OSHA 11" }),
                "the certification `OSHA 11`",
            ),
            (
                json!({ "roles": "Welder", "skills": "MIG" }),
                "the skill `MIG`",
            ),
            (
                json!({ "roles": "Welder", "none": true }),
                "marked `none`, but `w-1` is right",
            ),
            (
                json!({ "person": "w-9", "by": "id" }),
                "the corpus has no person `w-9`",
            ),
            (
                json!({ "q": "{nickname}", "person": "w-1", "by": "name" }),
                "an unknown placeholder",
            ),
        ] {
            let mut asked = asked;
            if asked.get("q").is_none() {
                asked["q"] = json!("a question");
            }
            let error = right(asked.clone()).unwrap_err();
            assert!(error.contains(expected), "{asked}: {error}");
        }
    }

    #[test]
    fn shifts_and_skills_are_wishes() {
        let people = people();
        for (asked, expected) in [
            (json!({ "roles": "Welder" }), false),
            (
                json!({ "roles": "Welder", "city": "Reno", "none": true }),
                true,
            ),
            (json!({ "none": true }), true),
            (json!({ "roles": "Packer", "shift": "nights" }), false),
            (json!({ "roles": "Packer", "city": "Toledo" }), true),
            (json!({ "roles": "Packer", "min_years": 9 }), true),
        ] {
            let mut asked = asked;
            asked["q"] = json!("a question");
            let question = Question {
                group: "own".to_owned(),
                asked: serde_json::from_value(asked.clone()).unwrap(),
            };
            let truth = Truth::of(&question, &people).unwrap();
            assert_eq!(truth.is_hopeless, expected, "{asked}");
        }
    }
}
