//! Search, then search again without the first hits.

use super::check;
use super::fault::Fault;
use super::request::Search;
use super::user::User;

const K: usize = 10;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.demand();
    let search = Search::cold(&demand.text, &user.corpora, K);
    let first = user.session.search(&search).await?;
    check::search(&user.dataset, &search, &first)?;
    let without_first = Search {
        exclude: first.hits.into_iter().map(|hit| hit.id).collect(),
        ..search
    };
    let second = user.session.search(&without_first).await?;
    check::search(&user.dataset, &without_first, &second)
}
