//! Search, remember one of the first as a good answer, and see it move when the same is asked for.

use rand::RngExt;

use super::check;
use super::fault::{Fault, FaultKind};
use super::request::{Recording, Search};
use super::user::User;

/// How many are asked for. What else was recorded for this order or like ones, sixteen at most, may
/// come before ours, which is one of the first [`RECORDED`]: with fewer it could be pushed out by
/// right.
const K: usize = 30;

/// Of how many one is remembered.
const RECORDED: usize = 5;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    // With an order's number in it nobody else asks for the same, so that ours are the nearest.
    let (demand, text) = user.order();
    let score = user.score();
    let corpora = user.corpora.clone();
    let cold = Search::cold(&text, &corpora, K);
    let answer = user.session.search(&cold).await?;
    check::search(&user.house, &cold, &answer)?;
    let first = answer.hits.len().min(RECORDED);
    if first == 0 {
        let what = format_args!("nobody at all; asked for `{text}`");
        return Err(Fault::new(FaultKind::TooFewHits, what));
    }
    let right = &answer.hits[user.random().random_range(0..first)];

    let recording = Recording {
        text: &text,
        answer_id: &right.id,
        answer_corpus: &right.corpus,
        score,
        role: &demand.place.role,
    };
    let recorded = user.session.record(&recording).await?;
    check::recorded(&recording, &recorded)?;

    let warm = Search {
        playbook_role: Some(&demand.place.role),
        ..cold
    };
    let answer = user.session.search(&warm).await?;
    check::search(&user.house, &warm, &answer)?;
    check::replay(right, &recorded.id, score, &warm, &answer)
}
