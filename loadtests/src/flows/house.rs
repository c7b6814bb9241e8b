//! The people, and what clients ask for: what `cargo xtask corpus` wrote, as servers were given it.
//!
//! It is what answers are held against, so it is read from the same files and never from a server.

mod lines;
mod person;

pub use person::{Person, Shift};

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use self::lines::{DocumentLine, QueryLine, RosterLine, Texts, lines};
use super::request::Place;

/// Everything that is known without a server.
#[derive(Debug)]
pub struct House {
    people: Vec<Person>,
    /// Where each is among them: every hit of every answer is looked up.
    by_id: HashMap<Arc<str>, usize>,
    names: Vec<String>,
    corpora: BTreeMap<String, Corpus>,
    demands: Vec<Demand>,
    /// Which demands the house has somebody for.
    fillable: Vec<u32>,
}

/// One request of a client in a coordinator's words.
#[derive(Debug, Clone)]
pub struct Demand {
    /// The words.
    pub text: Box<str>,
    /// Who is asked for, and where.
    pub place: Place,
    /// The city's state.
    pub state: Arc<str>,
    /// Who asks.
    pub client: Arc<str>,
}

#[derive(Debug, Default)]
struct Corpus {
    documents: usize,
    places: HashMap<Place, usize>,
}

impl House {
    /// Reads the folder; only these corpora, whose names servers know them by.
    pub fn read(folder: &Path, corpora: &[String]) -> Result<Self> {
        let mut texts = Texts::default();
        let mut people: Vec<Person> = Vec::new();
        lines(&folder.join("roster.jsonl"), |line: RosterLine| {
            people.push(line.into_person(&mut texts)?);
            Ok(())
        })?;
        let ids = people.iter().map(|person| Arc::clone(&person.id));
        let by_id = ids.zip(0..).collect();
        let mut demands = Vec::new();
        lines(&folder.join("queries.jsonl"), |line: QueryLine| {
            demands.push(line.into_demand(&mut texts));
            Ok(())
        })?;
        let mut house = Self {
            people,
            by_id,
            names: Vec::new(),
            corpora: BTreeMap::new(),
            demands,
            fillable: Vec::new(),
        };
        for name in corpora {
            house.read_corpus(folder, name, &mut texts)?;
        }
        house.fillable = house.find_fillable(corpora);
        ensure!(
            !house.fillable.is_empty(),
            "`{}` has nobody who could do what its queries ask for",
            folder.display()
        );
        Ok(house)
    }

    fn read_corpus(&mut self, folder: &Path, name: &str, texts: &mut Texts) -> Result<()> {
        let number = u16::try_from(self.names.len())?;
        let mut corpus = Corpus::default();
        lines(
            &folder.join(format!("{name}.jsonl")),
            |line: DocumentLine| {
                let person = *self.by_id.get(&*line.id).with_context(|| {
                    format!("document `{}` of `{name}` is not in the roster", line.id)
                })?;
                self.people[person].corpus = Some(number);
                corpus.documents += 1;
                let place = Place {
                    role: texts.shared(&line.metadata.role),
                    city: texts.shared(&line.metadata.city),
                };
                *corpus.places.entry(place).or_default() += 1;
                Ok(())
            },
        )?;
        self.names.push(name.to_owned());
        self.corpora.insert(name.to_owned(), corpus);
        Ok(())
    }

    /// Demands that somebody of the place in these corpora may be sent to on any day.
    fn find_fillable(&self, corpora: &[String]) -> Vec<u32> {
        let mut by_place: HashMap<Place, Vec<&Person>> = HashMap::new();
        let in_corpora = self.people.iter().filter(|person| person.corpus.is_some());
        for person in in_corpora {
            let role = person.roles.first().cloned().unwrap_or_default();
            let city = person.city.clone();
            by_place
                .entry(Place { role, city })
                .or_default()
                .push(person);
        }
        let can_be_filled = |demand: &Demand| {
            self.count(corpora, Some(&demand.place)) > 0
                && by_place
                    .get(&demand.place)
                    .is_some_and(|people| people.iter().any(|person| person.suits(demand)))
        };
        let numbered = self.demands.iter().zip(0..);
        let fillable = numbered.filter(|(demand, _)| can_be_filled(demand));
        fillable.map(|(_, number)| number).collect()
    }

    /// Everyone.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Who has this id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        Some(&self.people[*self.by_id.get(id)?])
    }

    /// Whom the document of this corpus is about.
    pub fn document(&self, corpus: &str, id: &str) -> Option<&Person> {
        let person = self.person(id)?;
        let name = &self.names[usize::from(person.corpus?)];
        (name == corpus).then_some(person)
    }

    /// How many documents these corpora have, of everyone or of a place.
    pub fn count(&self, corpora: &[String], place: Option<&Place>) -> usize {
        let count = |name: &String| match (self.corpora.get(name), place) {
            (None, _) => 0,
            (Some(corpus), None) => corpus.documents,
            (Some(corpus), Some(place)) => corpus.places.get(place).copied().unwrap_or(0),
        };
        corpora.iter().map(count).sum()
    }

    /// What clients ask for; never empty.
    pub fn demands(&self) -> &[Demand] {
        &self.demands
    }

    /// What clients ask for and the house has somebody for; never empty.
    pub fn fillable(&self) -> impl ExactSizeIterator<Item = &Demand> {
        self.fillable
            .iter()
            .map(|number| &self.demands[*number as usize])
    }
}
