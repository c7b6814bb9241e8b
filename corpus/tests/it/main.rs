//! What a corpus promises, asked of written ones.

mod command;
mod demand;
mod determinism;
mod people;
mod queries;
mod roster;
mod support;
