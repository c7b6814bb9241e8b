//! Integration tests, one binary.

mod attend;
mod bless;
mod coverage;
mod depth;
mod evidence;
mod folders;
mod generate;
mod hello;
mod inspect;
mod kept;
mod ledgers;
mod liar;
mod lifecycle;
mod mutate;
mod noise;
mod pipes;
mod progress;
mod recordings;
mod report;
mod schemas;
mod servers;
mod support;
mod terminal;
mod trials;
mod usage;
mod verdicts;
