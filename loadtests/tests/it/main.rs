//! Integration tests, one binary.

mod merge;
mod report;
