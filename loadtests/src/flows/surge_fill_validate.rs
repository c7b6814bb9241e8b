//! Search with a filter, propose a fill from the free people among the hits, validate it, validate
//! it again with an unknown worker, and record the first person as a good answer.

use rand::RngExt;

use super::check;
use super::dataset::Person;
use super::draft::Draft;
use super::fault::{Fault, FaultKind};
use super::request::{Recording, Search};
use super::user::User;

const K: usize = 50;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.fillable_demand();
    let mut shift = user.shift();
    let count = user.random().random_range(1..=8_usize);
    let dataset = user.dataset.clone();
    let corpora = user.corpora.clone();
    let search = Search {
        filter: Some(demand.place.clone()),
        ..Search::cold(&demand.text, &corpora, K)
    };
    let answer = user.session.search(&search).await?;
    check::search(&dataset, &search, &answer)?;

    let suitable = answer.hits.iter().filter_map(|hit| {
        let person = dataset.document(&hit.corpus, &hit.id)?;
        person.suits(&demand).then_some((hit, person))
    });
    let suitable: Vec<_> = suitable.collect();
    if !suitable.iter().any(|(_, person)| person.is_free(&shift)) {
        shift = user.shift_without_bookings();
    }
    let free = suitable.iter().filter(|(_, person)| person.is_free(&shift));
    let chosen: Vec<_> = free.take(count).collect();
    let Some((first, _)) = chosen.first() else {
        return without_suitable_person(user, &search, answer.hits.len());
    };

    let people: Vec<&Person> = chosen.iter().map(|(_, person)| *person).collect();
    let fill = Draft::fill(&people, &demand, &shift);
    let verdict = user.session.validate(&fill).await?;
    check::passes(&fill, &verdict)?;

    let unknown = format!("w-0{}", user.random().random_range(1..1_000_000_u32));
    let fill = fill.with_last(&unknown);
    let verdict = user.session.validate(&fill).await?;
    check::unknown_worker_is_rejected(&fill, &unknown, &verdict)?;

    let recording = Recording {
        text: &demand.text,
        answer_id: &first.id,
        answer_corpus: &first.corpus,
        score: user.score(),
        role: &demand.place.role,
    };
    let recorded = user.session.record(&recording).await?;
    check::recorded(&recording, &recorded)
}

/// Checks hits without a suitable person: correct if more documents match than were requested.
///
/// The demand is fillable, so all matching documents together have a suitable person.
fn without_suitable_person(user: &User, search: &Search<'_>, hits: usize) -> Result<(), Fault> {
    let matching = user.dataset.count(search.corpora, search.filter.as_ref());
    if hits < matching {
        return Ok(());
    }
    let detail = format_args!(
        "no suitable person among all {matching} documents; query `{}`",
        search.text
    );
    Err(Fault::new(FaultKind::TooFewHits, detail))
}
