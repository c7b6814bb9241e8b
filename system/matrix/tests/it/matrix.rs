//! Corpora, searches, and the playbook.

mod corpora;
mod documents;
mod fixture;
mod gate;
mod judges;
mod look_up;
mod notices;
mod recordings;
mod search;
mod understood;
