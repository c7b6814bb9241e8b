//! The people and demands that `cargo xtask corpus` wrote: the expected content of a server.
//!
//! Answers are checked against these files, never against another answer of the server.

mod lines;
mod person;

pub use person::{Person, Shift};

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, ensure};

use self::lines::{DocumentLine, Interner, QueryLine, RosterLine, lines};
use super::request::Place;

/// The corpora of a dataset, each with its documents in `NAME.jsonl`.
pub const CORPORA: [&str; 2] = ["workers", "employees"];

/// A corpus folder in memory.
#[derive(Debug)]
pub struct Dataset {
    people: Vec<Person>,
    /// Index into `people`.
    by_id: HashMap<Arc<str>, usize>,
    names: Vec<String>,
    corpora: BTreeMap<String, Corpus>,
    demands: Vec<Demand>,
    /// Indexes into `demands`.
    fillable: Vec<u32>,
}

/// A client's request in a coordinator's words.
#[derive(Debug, Clone)]
pub struct Demand {
    /// The query.
    pub text: Box<str>,
    /// The role and city.
    pub place: Place,
    /// The city's state.
    pub state: Arc<str>,
    /// The client's name.
    pub client: Arc<str>,
}

#[derive(Debug, Default)]
struct Corpus {
    documents: usize,
    places: HashMap<Place, usize>,
}

impl Dataset {
    /// Reads a folder, with the documents of these corpora only.
    pub fn read(folder: &Path, corpora: &[String]) -> Result<Self> {
        let mut interner = Interner::default();
        let mut people: Vec<Person> = Vec::new();
        lines(&folder.join("roster.jsonl"), |line: RosterLine| {
            people.push(line.into_person(&mut interner)?);
            Ok(())
        })?;
        let ids = people.iter().map(|person| Arc::clone(&person.id));
        let by_id = ids.zip(0..).collect();
        let mut demands = Vec::new();
        lines(&folder.join("queries.jsonl"), |line: QueryLine| {
            demands.push(line.into_demand(&mut interner));
            Ok(())
        })?;
        let mut dataset = Self {
            people,
            by_id,
            names: Vec::new(),
            corpora: BTreeMap::new(),
            demands,
            fillable: Vec::new(),
        };
        for name in corpora {
            dataset.read_corpus(folder, name, &mut interner)?;
        }
        dataset.fillable = dataset.find_fillable(corpora);
        ensure!(
            !dataset.fillable.is_empty(),
            "no person in `{}` suits any of its queries",
            folder.display()
        );
        Ok(dataset)
    }

    fn read_corpus(&mut self, folder: &Path, name: &str, interner: &mut Interner) -> Result<()> {
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
                    role: interner.intern(&line.metadata.role),
                    city: interner.intern(&line.metadata.city),
                };
                *corpus.places.entry(place).or_default() += 1;
                Ok(())
            },
        )?;
        self.names.push(name.to_owned());
        self.corpora.insert(name.to_owned(), corpus);
        Ok(())
    }

    /// Demands that a person in these corpora suits.
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
        let is_fillable = |demand: &Demand| {
            self.count(corpora, Some(&demand.place)) > 0
                && by_place
                    .get(&demand.place)
                    .is_some_and(|people| people.iter().any(|person| person.suits(demand)))
        };
        let numbered = self.demands.iter().zip(0..);
        let fillable = numbered.filter(|(demand, _)| is_fillable(demand));
        fillable.map(|(_, number)| number).collect()
    }

    /// The whole roster.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The person with this id.
    pub fn person(&self, id: &str) -> Option<&Person> {
        Some(&self.people[*self.by_id.get(id)?])
    }

    /// The person that a document of this corpus describes.
    pub fn document(&self, corpus: &str, id: &str) -> Option<&Person> {
        let person = self.person(id)?;
        let name = &self.names[usize::from(person.corpus?)];
        (name == corpus).then_some(person)
    }

    /// Number of documents in these corpora, optionally of one place.
    pub fn count(&self, corpora: &[String], place: Option<&Place>) -> usize {
        let count = |name: &String| match (self.corpora.get(name), place) {
            (None, _) => 0,
            (Some(corpus), None) => corpus.documents,
            (Some(corpus), Some(place)) => corpus.places.get(place).copied().unwrap_or(0),
        };
        corpora.iter().map(count).sum()
    }

    /// All demands; never empty.
    pub fn demands(&self) -> &[Demand] {
        &self.demands
    }

    /// Demands that at least one person suits; never empty.
    pub fn fillable(&self) -> impl ExactSizeIterator<Item = &Demand> {
        self.fillable
            .iter()
            .map(|number| &self.demands[*number as usize])
    }
}
