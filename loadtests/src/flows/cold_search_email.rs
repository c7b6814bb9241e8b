//! Search, write to the first who comes up, have the email checked.

use super::check;
use super::draft::Draft;
use super::fault::{Fault, FaultKind};
use super::request::Search;
use super::user::User;

/// How many a coordinator looks at.
const K: usize = 10;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    let demand = user.demand();
    let shift = user.shift();
    let search = Search::cold(&demand.text, &user.corpora, K);
    let answer = user.session.search(&search).await?;
    check::search(&user.house, &search, &answer)?;
    let first = answer.hits.first();
    let first = first.and_then(|hit| user.house.document(&hit.corpus, &hit.id));
    let Some(person) = first else {
        let what = format_args!("nobody at all; asked for `{}`", demand.text);
        return Err(Fault::new(FaultKind::TooFewHits, what));
    };
    let email = Draft::email(person, &demand, &shift);
    let verdict = user.session.validate(&email).await?;
    check::passes(&email, &verdict)
}
