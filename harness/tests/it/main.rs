//! Integration tests, one binary.

mod folders;
mod hello;
mod inspect;
mod ledgers;
mod lifecycle;
mod recordings;
mod report;
mod servers;
mod support;
mod upstream;
mod usage;
mod verdicts;
