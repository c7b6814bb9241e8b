//! A deterministic staffing corpus.

fn main() {}
