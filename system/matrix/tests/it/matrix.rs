//! Corpora, searches, and the playbook.

mod corpora;
mod documents;
mod gate;
mod house;
mod judges;
mod recordings;
mod search;
