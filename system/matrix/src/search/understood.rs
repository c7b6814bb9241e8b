//! Searches by what the query asks for (`matrix_search.md`, "Understanding").

use std::collections::HashSet;
use std::sync::Arc;

use lakehouse_understand::{Nobody, Understanding, What};
use lakehouse_vector::Scalar;

use super::cold::{QueryVectors, Searched, ranking};
use super::look_up::{LookUp, is_like_an_id, look_up};
use super::plan::{Grade, Plan};
use crate::answer::{CorpusReport, Understood};
use crate::error::MatrixError;
use crate::matrix::Matrix;
use crate::query::MatrixQuery;

/// The largest number of nearest roles.
const NEAREST: usize = 5;

type Found = (Vec<Searched>, Vec<CorpusReport>);

impl Matrix {
    /// Searches each corpus by what the query asks for.
    ///
    /// # Errors
    /// The first error, if every corpus fails.
    pub(super) async fn search_understood(
        &self,
        query: &MatrixQuery<'_>,
        vectors: &mut QueryVectors<'_>,
    ) -> Result<(Understood, Found), MatrixError> {
        let mut names = HashSet::new();
        let names = query.corpora.iter().filter(|name| names.insert(**name));
        let corpora: Vec<_> = names.filter_map(|name| self.find(name).ok()).collect();
        let understander = self
            .vocabularies
            .understander(corpora.clone(), self.parts.engine.pool())
            .await;
        let mut understood = Understood {
            person: None,
            understanding: understander.understand(query.query_text),
        };
        let understanding = &mut understood.understanding;
        let plan = match look_up(query.query_text, &corpora) {
            LookUp::Ids(person, ids) => {
                understanding.nobody.clear();
                understood.person = Some(person);
                Plan::of_ids(ids)
            }
            LookUp::Contact(person, filter) => {
                let plan = Arc::new(Plan::of_person(filter));
                let found = self.search_cold(query, &plan, vectors).await?;
                understanding.nobody.clear();
                if found.0.iter().all(|one| one.hits.is_empty()) {
                    understanding
                        .nobody
                        .push(nobody(What::Person, &person.text));
                }
                understood.person = Some(person);
                return Ok((understood, found));
            }
            LookUp::Names(names) => {
                let plan = Arc::new(Plan::of_person(names.filter()));
                let found = self.search_cold(query, &plan, vectors).await?;
                let hits = found.0.iter().flat_map(|one| &one.hits);
                understood.person = names.person(hits.map(|(hit, _)| &hit.metadata));
                if understood.person.is_some() {
                    understanding.nobody.clear();
                    return Ok((understood, found));
                }
                plan_of(query, understanding)
            }
            LookUp::None => plan_of(query, understanding),
        };
        let plan = Arc::new(plan);
        let mut found = self.search_cold(query, &plan, vectors).await?;
        if understood.person.is_none() {
            report_together(&mut understood.understanding, &plan, &mut found);
        }
        Ok((understood, found))
    }
}

/// The plan for a query that looks up no one.
fn plan_of(query: &MatrixQuery<'_>, understood: &mut Understanding) -> Plan {
    let names_something = !understood.roles.is_empty()
        || !understood.places.is_empty()
        || !understood.shifts.is_empty()
        || !understood.certificates.is_empty();
    match is_like_an_id(query.query_text) {
        Some(id) if !names_something => {
            understood.nobody = vec![nobody(What::Person, id)];
            Plan::nothing()
        }
        _ => Plan::of(understood),
    }
}

fn nobody(what: What, text: &str) -> Nobody {
    Nobody {
        what,
        text: text.to_owned(),
        nearest: Vec::new(),
    }
}

/// Reports that nobody is all that is asked for; people with a related role are then named, and no hits.
fn report_together(understood: &mut Understanding, plan: &Plan, found: &mut Found) {
    if !understood.nobody.is_empty() {
        return;
    }
    let (searched, reports) = found;
    let grade = |tier: usize| plan.tiers[tier].grade;
    let mut hits = searched.iter().flat_map(|one| &one.hits);
    if understood.roles.iter().any(|role| !role.values.is_empty()) {
        let is_asked_for = |tier| matches!(grade(tier), Grade::Role | Grade::SecondRole);
        if hits.any(|(_, tier)| is_asked_for(*tier)) {
            return;
        }
        let mut entry = nobody(What::Together, "");
        for hit in ranking(searched, usize::MAX) {
            let role = match hit.metadata.get("role") {
                Some(Scalar::Text(role)) if grade(hit.tier) == Grade::Related => role.to_string(),
                _ => continue,
            };
            if entry.nearest.len() < NEAREST && !entry.nearest.contains(&role) {
                entry.nearest.push(role);
            }
        }
        understood.nobody.push(entry);
        for one in searched {
            one.hits.retain(|(_, tier)| grade(*tier) != Grade::Related);
            let report = reports
                .iter_mut()
                .find(|report| report.corpus == one.corpus.name());
            if let Some(report) = report {
                report.outcome = Ok(one.hits.len());
            }
        }
        return;
    }
    let wants_something = !understood.places.is_empty()
        || !understood.certificates.is_empty()
        || understood.years.is_some()
        || understood.pay.is_some();
    if wants_something && hits.next().is_none() {
        understood.nobody.push(nobody(What::Together, ""));
    }
}
