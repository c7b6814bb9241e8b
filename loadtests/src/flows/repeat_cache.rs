//! One query again and again, as when several look at the same board.

use super::check;
use super::fault::Fault;
use super::request::Search;
use super::session::Session;
use super::user::User;

/// How many a coordinator looks at.
const K: usize = 10;

/// How often it is asked.
const TIMES: usize = 5;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.demand();
    let search = Search::cold(&demand.text, &user.corpora, K);
    let first = user.session.search_bytes(&search).await?;
    check::search(
        &user.house,
        &search,
        &Session::read_search(&search, &first)?,
    )?;
    for _ in 1..TIMES {
        let again = user.session.search_bytes(&search).await?;
        check::same_bytes(format_args!("`{}`", demand.text), &first, &again)?;
    }
    Ok(())
}
