//! The people who are right for a question, by the metadata of the corpus.

use std::collections::BTreeMap;

use super::people::{Metadata, People, Person};
use super::question::{Asked, Availability, By, Question, Shift};

/// Gain of a person who works in the role, or is the one who is looked up.
pub(super) const FULL_GAIN: u32 = 2;
/// Gain of a person who works in the role besides another one.
pub(super) const SECOND_GAIN: u32 = 1;

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
        is_in_place(self.asked, metadata)
    }

    /// Whether a person has what the question excludes.
    pub(super) fn is_excluded(&self, metadata: &Metadata) -> bool {
        is_excluded(self.asked, metadata)
    }

    /// Whether people who are not available must not be shown; a look-up shows whom it asks for.
    pub(super) fn needs_available(&self) -> bool {
        self.asked.availability == Availability::Available && self.asked.person.is_none()
    }
}

fn looked_up(by: By, person: &Person, candidate: &Person) -> Option<u32> {
    let is_same = match by {
        By::Name => candidate.metadata.name == person.metadata.name,
        By::Phone => candidate.metadata.phone == person.metadata.phone,
        By::Email => candidate.metadata.email == person.metadata.email,
        By::Id => candidate.id == person.id,
    };
    is_same.then_some(FULL_GAIN)
}

/// The gain of a person who is right, by the role.
fn gain(asked: &Asked, metadata: &Metadata) -> Option<u32> {
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

fn is_in_place(asked: &Asked, metadata: &Metadata) -> bool {
    let allows = |list: &[String], name: &String| list.is_empty() || list.contains(name);
    allows(&asked.city, &metadata.city)
        && allows(&asked.state, &metadata.state)
        && !asked.not_city.contains(&metadata.city)
        && !asked.not_state.contains(&metadata.state)
}

fn is_excluded(asked: &Asked, metadata: &Metadata) -> bool {
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

/// Rejects names that no person of the corpus has, which are misspelled or need another corpus.
fn check_names(asked: &Asked, people: &People) -> Result<(), String> {
    type Has = fn(&People, &str) -> bool;
    let checks: [(&str, [&[String]; 2], Has); 5] = [
        ("role", [&asked.roles, &asked.not_roles], People::has_role),
        ("city", [&asked.city, &asked.not_city], People::has_city),
        ("state", [&asked.state, &asked.not_state], People::has_state),
        (
            "certification",
            [&asked.certs, &asked.not_certs],
            People::has_certification,
        ),
        ("skill", [&asked.skills, &[]], People::has_skill),
    ];
    for (what, lists, has) in checks {
        for name in lists.into_iter().flatten() {
            if !has(people, name) {
                return Err(format!("no person of the corpus has the {what} `{name}`"));
            }
        }
    }
    Ok(())
}

fn fill_in(text: &str, person: &Person) -> String {
    let Metadata {
        name,
        city,
        phone,
        email,
        ..
    } = &person.metadata;
    let (first, last) = name.split_once(' ').unwrap_or((name, ""));
    let (area, line) = phone.split_once('-').unwrap_or((phone, ""));
    text.replace("{id}", &person.id)
        .replace("{name}", name)
        .replace("{lower_name}", &name.to_lowercase())
        .replace("{upper_name}", &name.to_uppercase())
        .replace("{first}", first)
        .replace("{last}", last)
        .replace("{city}", city)
        .replace("{phone}", phone)
        .replace("{area}", area)
        .replace("{line}", line)
        .replace("{dotted_phone}", &phone.replace('-', "."))
        .replace("{phone_digits}", &phone.replace('-', ""))
        .replace("{email}", email)
        .replace("{upper_email}", &email.to_uppercase())
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

    #[test]
    fn placeholders_are_filled_in() {
        let person = person("w-1", "Welder", &json!({}));
        for (text, expected) in [
            ("{last}, {first}", "Poe, Ada"),
            ("{upper_name} {lower_name}", "ADA POE ada poe"),
            ("({area}) {line}", "(313) 555-0101"),
            ("{dotted_phone} {phone_digits}", "313.555.0101 3135550101"),
            ("{upper_email} {id} {city}", "ADA@EXAMPLE.COM w-1 Detroit"),
        ] {
            assert_eq!(fill_in(text, &person), expected);
        }
    }
}
