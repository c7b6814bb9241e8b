//! Search, and search again for others than those.

use super::check;
use super::fault::Fault;
use super::request::Search;
use super::user::User;

/// How many a coordinator looks at.
const K: usize = 10;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.demand();
    let search = Search::cold(&demand.text, &user.corpora, K);
    let first = user.session.search(&search).await?;
    check::search(&user.house, &search, &first)?;
    let others = Search {
        exclude: first.hits.into_iter().map(|hit| hit.id).collect(),
        ..search
    };
    let second = user.session.search(&others).await?;
    check::search(&user.house, &others, &second)
}
