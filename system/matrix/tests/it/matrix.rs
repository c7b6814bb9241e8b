//! Corpora, searches, and the playbook.

mod corpora;
mod documents;
mod fixture;
mod gate;
mod judges;
mod notices;
mod recordings;
mod search;
mod understood;
