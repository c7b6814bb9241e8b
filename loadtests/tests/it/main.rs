//! Integration tests, one binary.

mod stand_in;
