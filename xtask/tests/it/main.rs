//! Integration tests, one binary.

mod pipes;
