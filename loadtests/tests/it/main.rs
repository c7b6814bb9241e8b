//! Integration tests, one binary.

mod compare;
mod drive;
mod flows;
mod gates;
mod measured;
mod merge;
mod pipes;
mod reference;
mod relevance;
mod report;
mod runs;
mod schema;
mod stand_in;
