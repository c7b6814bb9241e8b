//! The people of a corpus by their metadata, which say who is right.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::Value;

use crate::flows::CORPORA;

/// A person.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) metadata: Metadata,
}

/// The metadata that questions ask about.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Metadata {
    pub(super) name: String,
    pub(super) role: String,
    pub(super) second_role: Option<String>,
    pub(super) city: String,
    pub(super) state: String,
    pub(super) skills: String,
    pub(super) available: bool,
    pub(super) shift: String,
    pub(super) weekends: bool,
    pub(super) years: u64,
    pub(super) rate: f64,
    pub(super) phone: String,
    pub(super) email: String,
    /// Everything else, among it the certifications, such as `cert_osha_10`.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

/// All people, and the words that their metadata use.
#[derive(Debug, Default)]
pub(super) struct People {
    people: BTreeMap<String, Person>,
    roles: BTreeSet<String>,
    places: BTreeSet<(String, String)>,
    certifications: BTreeSet<String>,
    skills: BTreeSet<String>,
}

impl People {
    /// Reads the people of a folder written by `cargo xtask corpus`.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let mut people = Self::default();
        for corpus in CORPORA {
            let path = folder.join(format!("{corpus}.jsonl"));
            let file = std::fs::File::open(&path);
            let file = file.with_context(|| format!("cannot open `{}`", path.display()))?;
            for line in BufReader::new(file).lines() {
                let person = serde_json::from_str(&line?);
                people.add(person.with_context(|| format!("`{}`", path.display()))?);
            }
        }
        ensure!(
            !people.people.is_empty(),
            "`{}` has no people",
            folder.display()
        );
        Ok(people)
    }

    pub(super) fn add(&mut self, person: Person) {
        let metadata = &person.metadata;
        self.roles.insert(metadata.role.clone());
        self.places
            .insert((metadata.city.clone(), metadata.state.clone()));
        self.certifications.extend(
            metadata
                .others
                .keys()
                .filter(|key| key.starts_with("cert_"))
                .cloned(),
        );
        self.skills.extend(metadata.skills().map(str::to_owned));
        self.people.insert(person.id.clone(), person);
    }

    pub(super) fn get(&self, id: &str) -> Option<&Person> {
        self.people.get(id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    pub(super) fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }

    pub(super) fn has_city(&self, city: &str) -> bool {
        self.places.iter().any(|(name, _)| name == city)
    }

    pub(super) fn has_state(&self, state: &str) -> bool {
        self.places.iter().any(|(_, code)| code == state)
    }

    pub(super) fn has_certification(&self, name: &str) -> bool {
        self.certifications.contains(&member(name))
    }

    pub(super) fn has_skill(&self, skill: &str) -> bool {
        self.skills.contains(skill)
    }
}

impl Metadata {
    pub(super) fn holds(&self, certification: &str) -> bool {
        self.others.get(&member(certification)) == Some(&Value::Bool(true))
    }

    pub(super) fn skills(&self) -> impl Iterator<Item = &str> {
        self.skills.split(", ")
    }
}

/// The metadata member of a certification, such as `cert_osha_10` for `OSHA 10`.
fn member(certification: &str) -> String {
    let key = certification
        .to_ascii_lowercase()
        .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
    format!("cert_{key}")
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// A person of `Detroit, MI` who works days, with members replaced.
    pub(in super::super) fn person(id: &str, role: &str, changes: &Value) -> Person {
        let mut metadata = json!({
            "name": "Ada Poe", "role": role, "city": "Detroit", "state": "MI", "skills": "TIG, stick",
            "available": true, "shift": "days", "weekends": false, "years": 4, "rate": 18.5,
            "phone": "313-555-0101", "email": "ada@example.com", "cert_osha_10": true,
        });
        for (member, value) in changes.as_object().unwrap() {
            metadata[member] = value.clone();
        }
        serde_json::from_value(json!({ "id": id, "metadata": metadata })).unwrap()
    }

    #[test]
    fn certifications_and_skills_are_found_by_their_names() {
        let mut people = People::default();
        people.add(person("w-1", "Welder", &json!({})));
        assert!(people.has_certification("OSHA 10") && !people.has_certification("OSHA 30"));
        assert!(people.has_skill("stick") && !people.has_skill("MIG"));
        assert!(people.has_city("Detroit") && people.has_state("MI"));
        let metadata = &people.get("w-1").unwrap().metadata;
        assert!(metadata.holds("OSHA 10") && !metadata.holds("CPR"));
    }
}
