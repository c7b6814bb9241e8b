//! Integration tests, one binary.

mod drive;
mod flows;
