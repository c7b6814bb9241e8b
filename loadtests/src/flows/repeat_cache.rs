//! Repeat one query, as when several coordinators look at the same board.

use super::check;
use super::fault::Fault;
use super::request::Search;
use super::session::Session;
use super::user::User;

const K: usize = 10;

/// Number of requests, the first included.
const REPEATS: usize = 5;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.demand();
    let search = Search::cold(&demand.text, &user.corpora, K);
    let first = user.session.search_bytes(&search).await?;
    let answer = Session::parse_search(&search, &first)?;
    check::search(&user.dataset, &search, &answer)?;
    for _ in 1..REPEATS {
        let again = user.session.search_bytes(&search).await?;
        check::same_bytes(format_args!("`{}`", demand.text), &first, &again)?;
    }
    Ok(())
}
