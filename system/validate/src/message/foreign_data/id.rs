//! Ids of workers.

use std::ops::Range;

use super::{Search, is_alnum, other};
use crate::roster::Worker;

/// The maximum number of pieces between underscores that an id has.
const MAX_PIECES: usize = 8;

pub(super) fn find<'r>(text: &[char], search: &Search<'_, 'r>) -> Option<&'r Worker> {
    let is_in_token = |c: &char| is_alnum(*c) || matches!(c, '-' | '_');
    let tokens = text.split(|c| !is_in_token(c));
    tokens.filter(|token| !token.is_empty()).find_map(|token| {
        let pieces = pieces(token);
        (0..pieces.len()).find_map(|first| {
            let last = pieces.len().min(first + MAX_PIECES);
            (first + 1..=last).rev().find_map(|end| {
                let candidate = pieces[first].start..pieces[end - 1].end;
                let id: String = token[candidate].iter().collect();
                let id = id.trim_matches('-');
                other(search.roster.owner_of_id(id, search.recipient)?)
            })
        })
    })
}

/// The longest parts without `_`.
fn pieces(token: &[char]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for piece in token.split(|c| *c == '_') {
        if !piece.is_empty() {
            pieces.push(start..start + piece.len());
        }
        start += piece.len() + 1;
    }
    pieces
}
