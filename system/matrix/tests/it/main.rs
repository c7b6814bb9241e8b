//! Corpora, their search and the playbook.

#[expect(
    dead_code,
    reason = "only the tests of the embedding cache wait for calls"
)]
#[path = "../../../models/tests/it/counting.rs"]
mod counting;
mod matrix;
mod places;
mod roles;
mod sql_filter;
