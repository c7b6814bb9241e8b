//! Many at once: search those of a role in a city, propose whom the roster has free, have the fill
//! checked, and remember the first of them as a good answer.

use rand::RngExt;

use super::check;
use super::draft::Draft;
use super::fault::{Fault, FaultKind};
use super::house::Person;
use super::request::{Recording, Search};
use super::user::User;

/// How many a coordinator looks at.
const K: usize = 50;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.fillable_demand();
    let mut shift = user.shift();
    let wanted = user.random().random_range(1..=8_usize);
    let house = user.house.clone();
    let corpora = user.corpora.clone();
    let search = Search {
        filter: Some(demand.place.clone()),
        ..Search::cold(&demand.text, &corpora, K)
    };
    let answer = user.session.search(&search).await?;
    check::search(&house, &search, &answer)?;

    let found = answer.hits.iter().filter_map(|hit| {
        let person = house.document(&hit.corpus, &hit.id)?;
        person.suits(&demand).then_some((hit, person))
    });
    let found: Vec<_> = found.collect();
    if !found.iter().any(|(_, person)| person.is_free(&shift)) {
        shift = user.quiet_shift();
    }
    let free = found.iter().filter(|(_, person)| person.is_free(&shift));
    let chosen: Vec<_> = free.take(wanted).collect();
    // With so many of the place that none of the first K suits, there is nothing to propose.
    let Some((first, _)) = chosen.first() else {
        return everyone_was_looked_at(user, &search, answer.hits.len());
    };

    let people: Vec<&Person> = chosen.iter().map(|(_, person)| *person).collect();
    let fill = Draft::fill(&people, &demand, &shift);
    let verdict = user.session.validate(&fill).await?;
    check::passes(&fill, &verdict)?;

    let nobody = format!("w-0{}", user.random().random_range(1..1_000_000_u32));
    let fill = fill.with_last(&nobody);
    let verdict = user.session.validate(&fill).await?;
    check::unknown_worker_is_refused(&fill, &nobody, &verdict)?;

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

/// Somebody suits, by the roster; who was not among all of the place did not come.
fn everyone_was_looked_at(user: &User, search: &Search<'_>, came: usize) -> Result<(), Fault> {
    let there = user.house.count(search.corpora, search.filter.as_ref());
    if came < there {
        return Ok(());
    }
    let what = format_args!(
        "nobody who suits among all {there}; asked for `{}`",
        search.text
    );
    Err(Fault::new(FaultKind::TooFewHits, what))
}
