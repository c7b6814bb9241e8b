//! Searches by what the query asks for (`matrix_search.md`, "Understanding").

use std::collections::HashSet;
use std::sync::Arc;

use lakehouse_understand::{Nobody, Understanding, What};
use lakehouse_vector::{Hit, Scalar};

use super::cold::{QueryVectors, Searched, ranking};
use super::conditions::is_note;
use super::look_up::{Asked, LookUp};
use super::plan::{Grade, Plan};
use crate::answer::{CorpusReport, Match, Understood};
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
        let pool = self.parts.engine.pool();
        let knowledge = self.vocabularies.knowledge(corpora.clone(), pool).await;
        let mut understood = Understood {
            person: None,
            understanding: knowledge.understander.understand(query.query_text),
        };
        let understanding = &mut understood.understanding;
        let asked = Asked {
            query: query.query_text,
            corpora: &corpora,
            knowledge: &knowledge,
        };
        let looks_up = self.parts.looks_up;
        let reports_nobody = self.parts.dictionary.parts().nobody;
        let looked_up = if looks_up {
            asked.look_up(understanding, pool).await
        } else {
            LookUp::None
        };
        let plan = match looked_up {
            LookUp::Found(person, plan) => {
                understanding.nobody.clear();
                understood.person = Some(person);
                plan
            }
            LookUp::Nobody(person, nobody) if reports_nobody => {
                understanding.nobody = vec![nobody];
                understood.person = person;
                Plan::of_people(Vec::new())
            }
            LookUp::Nobody(..) | LookUp::None => {
                if looks_up
                    && reports_nobody
                    && let Some(nobody) = asked.name_of_nobody(understanding)
                {
                    understanding.nobody = vec![nobody];
                }
                Plan::of(understanding)
            }
        };
        let plan = Arc::new(plan);
        let mut found = self.search_cold(query, &plan, vectors).await?;
        if reports_nobody && understood.person.is_none() {
            report_nobody(&mut understood.understanding, &plan, query.k, &mut found);
        }
        Ok((understood, found))
    }
}

fn nobody(what: What, text: &str) -> Nobody {
    Nobody {
        what,
        text: text.to_owned(),
        nearest: Vec::new(),
    }
}

/// Reports what nobody has of what is asked for. People with a related role are then named, and no hits.
fn report_nobody(understood: &mut Understanding, plan: &Plan, k: usize, found: &mut Found) {
    if !understood.nobody.is_empty() {
        return;
    }
    let has_roles = understood.roles.iter().any(|role| !role.values.is_empty());
    let asked_for = if has_roles { Grade::Role } else { Grade::Any };
    let (searched, _) = &*found;
    let is_full_before_role = searched.iter().any(|one| is_full(one, plan, k));
    let hits = || searched.iter().flat_map(|one| &one.hits);
    let asked_for: Vec<_> = hits()
        .filter(|hit| plan.grade(hit.tier) == asked_for)
        .collect();
    let wants_something = !understood.places.is_empty()
        || !understood.certificates.is_empty()
        || understood.years.is_some()
        || understood.pay.is_some();
    if has_roles && asked_for.is_empty() && !is_full_before_role {
        let mut entry = nobody(What::Together, "");
        entry.nearest = nearest_roles(plan, searched);
        understood.nobody.push(entry);
        leave_out_related(plan, found);
    } else if !has_roles && wants_something && hits().next().is_none() {
        understood.nobody.push(nobody(What::Together, ""));
    } else if let Some(first) = understood.shifts.first() {
        let has = |hit: &&Hit| {
            let matches = plan.matches(hit.tier, &hit.metadata);
            matches.contains(&Match::Shift)
        };
        let is_someone_else =
            || is_full_before_role || asked_for.iter().any(|hit| !is_note(&hit.metadata));
        if !asked_for.iter().any(has) && is_someone_else() {
            understood.nobody.push(nobody(What::Shift, &first.text));
        }
    }
}

/// Whether a corpus has `k` hits before its last tier of a wanted role, so that this tier may hold people
/// who are no hits.
fn is_full(one: &Searched, plan: &Plan, k: usize) -> bool {
    let last = one.hits.last().filter(|_| one.hits.len() == k);
    let before = |hit: &Hit| plan.last_of_role().is_some_and(|role| hit.tier < role);
    last.is_some_and(before)
}

/// The roles of the hits that have done the work, or could.
fn nearest_roles(plan: &Plan, searched: &[Searched]) -> Vec<String> {
    let mut nearest = Vec::new();
    for hit in ranking(searched, usize::MAX) {
        let is_near = matches!(plan.grade(hit.tier), Grade::SecondRole | Grade::Related);
        let role = match hit.metadata.get("role") {
            Some(Scalar::Text(role)) if is_near => role.to_string(),
            _ => continue,
        };
        if nearest.len() < NEAREST && !nearest.contains(&role) {
            nearest.push(role);
        }
    }
    nearest
}

fn leave_out_related(plan: &Plan, (searched, reports): &mut Found) {
    for one in searched {
        one.hits
            .retain(|hit| plan.grade(hit.tier) != Grade::Related);
        let mut reports = reports.iter_mut();
        let report = reports.find(|report| report.corpus == one.corpus.name());
        if let Some(report) = report {
            report.outcome = Ok(one.hits.len());
        }
    }
}
