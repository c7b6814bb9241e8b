//! Integration tests, one binary.

mod compare;
mod measured;
mod reference;
