//! Properties of written corpora.

mod command;
mod demand;
mod determinism;
mod natural;
mod people;
mod queries;
mod roster;
mod support;
