//! Search, draft an email to the first hit, and validate it.

use super::check;
use super::draft::Draft;
use super::fault::{Fault, FaultKind};
use super::request::Search;
use super::user::User;

const K: usize = 10;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.demand();
    let shift = user.shift();
    let search = Search::cold(&demand.text, &user.corpora, K);
    let answer = user.session.search(&search).await?;
    check::search(&user.dataset, &search, &answer)?;
    let first = answer.hits.first();
    let first = first.and_then(|hit| user.dataset.document(&hit.corpus, &hit.id));
    let Some(person) = first else {
        let detail = format_args!("no hits; query `{}`", demand.text);
        return Err(Fault::new(FaultKind::TooFewHits, detail));
    };
    let email = Draft::email(person, &demand, &shift);
    let verdict = user.session.validate(&email).await?;
    check::passes(&email, &verdict)
}
