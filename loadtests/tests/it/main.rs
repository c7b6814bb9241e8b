//! Integration tests, one binary.

mod compare;
mod gates;
mod measured;
mod reference;
