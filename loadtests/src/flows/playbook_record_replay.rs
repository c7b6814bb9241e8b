//! Search, record one of the first hits as a good answer, and see it boosted when the query repeats.

use rand::RngExt;

use super::check;
use super::fault::{Fault, FaultKind};
use super::request::{Recording, Search};
use super::user::User;

/// Up to 16 other recordings, of this order or similar ones, may be boosted past the recorded hit,
/// which is one of the first [`CANDIDATES`]; a smaller `k` could drop it correctly.
const K: usize = 30;

/// Number of hits from which the recorded one is drawn.
const CANDIDATES: usize = 5;

pub(super) async fn run(user: &mut User) -> Result<(), Fault> {
    // The order number makes the query unique, so that the user's own recordings are the nearest.
    let (demand, text) = user.order();
    let score = user.score();
    let corpora = user.corpora.clone();
    let cold = Search::cold(&text, &corpora, K);
    let answer = user.session.search(&cold).await?;
    check::search(&user.dataset, &cold, &answer)?;
    let candidates = answer.hits.len().min(CANDIDATES);
    if candidates == 0 {
        let detail = format_args!("no hits; query `{text}`");
        return Err(Fault::new(FaultKind::TooFewHits, detail));
    }
    let chosen = &answer.hits[user.random().random_range(0..candidates)];

    let recording = Recording {
        text: &text,
        answer_id: &chosen.id,
        answer_corpus: &chosen.corpus,
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
    check::search(&user.dataset, &warm, &answer)?;
    check::replay(chosen, &recorded.id, score, &warm, &answer)
}
