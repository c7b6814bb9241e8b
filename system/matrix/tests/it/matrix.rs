//! Corpora, searches, and the playbook.

mod corpora;
mod documents;
mod fixture;
mod gate;
mod judges;
mod recordings;
mod search;
